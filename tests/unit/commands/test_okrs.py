"""OKRs from a file: the whole of it or nothing, and the same file again changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from connector.errors import Unauthorized, Unavailable
from mapping.interchange import parse_okrs
from sync import commands
from sync.commands import NotPossible, NotPossibleNow
from sync.commands.okrs import ImportReport
from sync.commands.table_plan import TableWish
from tests.unit.commands.stand_in import OKRS, OTHER_SITE, SITE, FakeJira, Stand, raw_issue

TABLES = ("cycle", "objective", "key_result", "check_in", "initiative", "issue", "work", "activity")


def take_over(service: Stand, text: str = OKRS, reason: str = "") -> ImportReport:
    return commands.import_okrs(service.on, service.workspace_id, text, "Rosa", reason)


def everything(service: Stand) -> dict[str, list[tuple[object, ...]]]:
    return {name: service.rows(f"SELECT * FROM {name}") for name in TABLES}


def test_a_file_is_taken_over_and_told(connected: Stand) -> None:
    report = take_over(connected)
    assert report == ImportReport(("2026-q4", "PAY-O1", "PAY-KR1", "PAY-KR2", "PAY-KR3"), (), 2, 0, 1, calls=1)
    assert connected.log() == ["Rosa: imported 2026-q4: 5 new, 0 changed, 2 links and 1 check-in added"]
    assert connected.rows("SELECT key_result_key, issue_id, role, weight FROM initiative ORDER BY id") == [
        ("PAY-KR1", "10412", "supports", "1"),
        ("PAY-KR2", "10431", "drives", "2"),
    ]


def test_linked_issues_are_kept_and_will_be_read_in_full(connected: Stand) -> None:
    take_over(connected)
    assert connected.rows("SELECT issue_key FROM issue ORDER BY id") == [("PAY-412",), ("PAY-431",)]
    assert connected.due("children") == connected.due("initiative") == ["1:10412", "1:10431"]
    assert connected.rows("SELECT kind, total, done FROM sync_run") == [("first", 2, 0)]
    assert connected.bell.rung == 1


def test_the_same_file_again_changes_nothing(connected: Stand) -> None:
    take_over(connected)
    before = everything(connected)
    connected.clock.advance(hours=1)
    assert take_over(connected).is_nothing
    assert everything(connected) == before


def test_what_a_file_leaves_out_stays(connected: Stand) -> None:
    take_over(connected)
    less = OKRS.replace("        initiatives: [PAY-412]\n", "").replace("Paying feels instant", "Paying feels fast")
    report = take_over(connected, less, reason="shorter")
    assert (report.changed, report.links_added) == (("PAY-O1",), 0)
    assert len(connected.rows("SELECT id FROM initiative")) == 2


def test_agreed_okrs_change_only_with_a_reason(connected: Stand) -> None:
    take_over(connected)
    harder = OKRS.replace("to: 20", "to: 15")
    before = everything(connected)
    with pytest.raises(NotPossible, match=r"(?s)Nothing was taken over.*PAY-KR1: target 20 → 15"):
        take_over(connected, harder)
    assert everything(connected) == before
    assert take_over(connected, harder, reason="too easy").changed == ("PAY-KR1",)
    assert any("Reason: too easy" in line for line in connected.log())


def test_a_corrected_check_in_takes_the_place_of_the_one_before(connected: Stand) -> None:
    take_over(connected)
    assert take_over(connected, OKRS.replace("value: 29", "value: 28")).check_ins_added == 1
    assert "value: 28" in commands.export_okrs(connected.on, connected.workspace_id)
    assert "value: 29" not in commands.export_okrs(connected.on, connected.workspace_id)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (OKRS.replace("ends: 2026-12-31", "ends: never"), 1),
        (OKRS.replace("from: 38", "form: 38"), 10),
        (OKRS.replace("PAY-KR2", "PAY-KR1"), 16),
        ("cycle: [", 2),
        ("", 1),
    ],
)
def test_a_malformed_file_is_refused_with_its_lines(connected: Stand, wrong: str, line: int) -> None:
    with pytest.raises(NotPossible, match=rf"(?s)Nothing was taken over.*line {line}\b"):
        take_over(connected, wrong)
    assert connected.rows("SELECT id FROM cycle") == []


def test_unknown_issues_are_told_with_their_lines_and_nothing_is_taken_over(connected: Stand) -> None:
    text = OKRS.replace("[PAY-412]", "[PAY-412, PAY-9]").replace("issue: PAY-431", "issue: GRO-7")
    with pytest.raises(NotPossible) as refused:
        take_over(connected, text)
    lines = str(refused.value).splitlines()
    assert lines[1].startswith("  line 22: GRO-7: Jira does not have it")
    assert lines[2].startswith("  line 13: PAY-9: Jira does not have it")
    assert connected.rows("SELECT id FROM cycle") == connected.rows("SELECT id FROM issue") == []


def test_an_issue_of_two_sites_is_asked_back(connected: Stand) -> None:
    connected.connected("jira", OTHER_SITE)
    connected.sites.jiras[OTHER_SITE] = FakeJira({"PAY-412": raw_issue("PAY-412", "10412")})
    with pytest.raises(NotPossible, match=f"PAY-412: it is an issue of {SITE} and of {OTHER_SITE}"):
        take_over(connected)


def test_the_same_id_in_two_sites_is_two_issues(connected: Stand) -> None:
    connected.connected("jira", OTHER_SITE)
    connected.sites.jiras[OTHER_SITE] = FakeJira({"GRO-7": raw_issue("GRO-7", "10412")})
    take_over(connected, OKRS.replace("[PAY-412]", "[PAY-412, GRO-7]"))
    rows = connected.rows("SELECT connection_id, issue_id FROM initiative WHERE key_result_key = 'PAY-KR1' ORDER BY id")
    assert rows == [(1, "10412"), (3, "10412")]


def test_an_issue_that_was_moved_is_found_by_its_old_key(connected: Stand) -> None:
    connected.jira.issues["NEW-1"] = raw_issue("NEW-1", "10500")
    connected.jira.moved["OLD-1"] = "NEW-1"
    take_over(connected, OKRS.replace("[PAY-412]", "[PAY-412, OLD-1]"))
    assert ("NEW-1",) in connected.rows("SELECT issue_key FROM issue")


def test_many_issues_are_asked_for_a_hundred_at_a_time(connected: Stand) -> None:
    connected.jira.issues |= {f"BIG-{n}": raw_issue(f"BIG-{n}", str(20_000 + n)) for n in range(1, 251)}
    keys = ", ".join(f"BIG-{n}" for n in range(1, 251))
    told: list[tuple[int, int]] = []
    report = commands.import_okrs(
        connected.on, connected.workspace_id, OKRS.replace("[PAY-412]", f"[{keys}]"), "Rosa",
        tell=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert (report.calls, told) == (3, [(100, 251), (200, 251), (251, 251)])


@pytest.mark.parametrize(
    ("error", "text"), [(Unavailable("no answer"), "no answer"), (Unauthorized("401"), "Renew it: okr connect")]
)
def test_a_jira_that_does_not_answer_keeps_everything_as_it_is(
    connected: Stand, error: Unavailable | Unauthorized, text: str
) -> None:
    connected.jira.trouble["fetch"] = error
    with pytest.raises(NotPossibleNow, match=text):
        take_over(connected)
    assert connected.rows("SELECT id FROM cycle") == []


def test_okrs_without_links_need_no_jira(service: Stand) -> None:
    text = OKRS.replace("        initiatives: [PAY-412]\n", "")
    text = text.replace("        initiatives:\n          - {issue: PAY-431, drives: 2}\n", "")
    assert take_over(service, text).calls == 0


def test_links_without_a_jira_are_refused(service: Stand) -> None:
    with pytest.raises(NotPossible, match="No Jira is connected"):
        take_over(service)


def test_pages_that_show_the_okrs_are_brought_up_to_date(connected: Stand) -> None:
    take_over(connected)
    commands.add_table(connected.on, connected.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    with connected.on.database.write() as conn:
        conn.execute(text("DELETE FROM work"))
    take_over(connected, OKRS.replace("confidence: 6", "confidence: 4"))
    assert connected.due("table") == ["1"]


def test_what_is_exported_is_imported_as_the_same(connected: Stand) -> None:
    take_over(connected)
    exported = commands.export_okrs(connected.on, connected.workspace_id)
    assert parse_okrs(exported).links == parse_okrs(OKRS).links
    assert parse_okrs(exported).key_results == parse_okrs(OKRS).key_results
    connected.clock.advance(days=1)
    assert take_over(connected, exported).is_nothing


def test_only_what_is_there_can_be_exported(connected: Stand) -> None:
    with pytest.raises(NotPossible, match="no OKRs yet"):
        commands.export_okrs(connected.on, connected.workspace_id)
    take_over(connected)
    with pytest.raises(NotPossible, match="no cycle '2027-q1'"):
        commands.export_okrs(connected.on, connected.workspace_id, "2027-q1")
