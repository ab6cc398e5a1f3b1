"""What is typed and is no check-in yet: it stays, it is said why, and a person decides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.store.tables import TableState
from mapping.okr import CheckInOrigin
from sync.commands import NotPossible, give_up_typed, pause_writing, record_check_in, resume_writing, take_typed
from sync.queries.typed import load_waiting_for
from sync.typed_accounts import UNNAMED
from sync.typed_versions import MOST_VERSIONS
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage, written
from tests.integration.typing import (
    ANA,
    CONFIDENCE,
    JONAS,
    NEXT_STEP,
    NOW,
    OWNER,
    ROSA,
    TOM,
    choose,
    findings,
    outcomes,
    said,
    told,
    type_in,
    view,
)
from tests.site.accounts import Account
from tests.site.confluence_person import WikiPerson
from tests.site.roster import OTHER_ANA, TIDY_BOT


def take(page: OkrPage, *fields: tuple[str, str]) -> int:
    taken = take_typed(page.line.on, page.line.workspace_id, page.table_id, fields or None, who="Petra Admin")
    page.line.work()
    return taken


def give_up(page: OkrPage, *fields: tuple[str, str]) -> int:
    given = give_up_typed(page.line.on, page.line.workspace_id, page.table_id, fields or None, who="Petra Admin")
    page.line.work()
    return given


# ---- not understood


def test_what_is_not_understood_stays_as_typed_over_our_writes_and_is_said(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30", CONFIDENCE: "7"})
    for number in (1, 2):
        page.line.next_poll()
        page.finish(number)
    page.line.next_poll()
    assert "about 30" in page.words()
    assert page.table.findings == (
        {"what": "not_understood", "key": "T-KR1", "column": "now", "text": "about 30", "who": ANA.display_name},
    )
    assert [(each.value, each.confidence) for each in said(page)] == [(None, 7)]
    assert [(line.text, line.author, line.outcome) for line in view(page).waiting] == [
        ("about 30", ANA.display_name, "not_understood")
    ]
    assert page.wrong() == []


def test_what_is_typed_over_it_takes_its_place(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    type_in(page, {NOW: "30"}, by=ROSA)
    page.line.next_poll()
    assert outcomes(page) == [("about 30", "superseded", ANA.display_name), ("30", "taken", ROSA.display_name)]
    assert findings(page) == []


def test_set_back_to_what_we_wrote_it_is_forgotten(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    type_in(page, {NOW: "29"})
    page.line.next_poll()
    assert outcomes(page) == [("about 30", "superseded", ANA.display_name)]
    assert (findings(page), said(page)) == ([], [])


def test_an_emptied_cell_is_filled_again_at_the_next_write(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    type_in(page, {NOW: ""})
    page.line.next_poll()
    assert (findings(page), said(page)) == ([], [])
    page.finish()
    page.line.next_poll()
    assert ">29<" in page.body()


def test_an_older_figure_typed_over_what_waits_is_news(page: OkrPage) -> None:
    """What was said by form meanwhile is newer than the figure that stood there before."""
    choose(page, check_in_by="owner")
    type_in(page, {NOW: "about 30"}, by=ROSA)
    page.line.next_poll()
    record_check_in(
        page.line.on, page.line.workspace_id, key="T-KR1", value=Decimal(24), confidence=7, done_since="", note="",
        blockers="", next_step="", author="Ana Duarte", origin=CheckInOrigin.WEB, idempotency_key="form",
    )  # fmt: skip
    page.line.work()
    type_in(page, {NOW: "29"})
    page.line.next_poll()
    assert outcomes(page)[-1] == ("29", "taken", ANA.display_name)
    assert ">29<" in page.body()


def test_a_figure_typed_over_what_waits_is_news_also_before_the_page_shows_what_was_said_meanwhile(
    page: OkrPage,
) -> None:
    """The cell said what waits, also in our own last version; the figure that was known then is not known any more."""
    type_in(page, {NOW: "about 30", CONFIDENCE: "7"})
    page.line.next_poll()
    assert page.our_versions() == 2
    record_check_in(
        page.line.on, page.line.workspace_id, key="T-KR1", value=Decimal(24), confidence=7, done_since="", note="",
        blockers="", next_step="", author="Ana Duarte", origin=CheckInOrigin.WEB, idempotency_key="form",
    )  # fmt: skip
    type_in(page, {NOW: "29"}, by=ROSA)
    page.line.next_poll()
    assert outcomes(page)[-1] == ("29", "taken", ROSA.display_name)
    assert ">29<" in page.body()


def test_what_is_typed_after_a_cell_was_set_back_is_news_also_while_nothing_is_written(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30", CONFIDENCE: "7"})
    page.line.next_poll()
    assert page.our_versions() == 2
    pause_writing(page.line.on, page.line.workspace_id, "test")
    for text, by in (("29", ROSA), ("33", ANA)):
        type_in(page, {NOW: text}, by=by)
        page.line.next_poll()
    assert outcomes(page)[-1] == ("33", "taken", ANA.display_name)
    resume_writing(page.line.on, page.line.workspace_id, "test")
    page.line.next_poll()
    assert (">33<" in page.body(), findings(page)) == (True, [])


def test_a_header_that_is_away_for_a_while_forgets_nobody(page: OkrPage) -> None:
    """The text waits on, and is still Ana's when another person puts the header back."""
    ana = WikiPerson(page.site.url, ANA)
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    ana.rename_header(page.page_id, page.table.region_id, NOW, "Wert")
    page.line.next_poll()
    assert outcomes(page) == [("about 30", "not_understood", ANA.display_name)]


def test_a_text_whose_cell_is_filled_from_jira_by_now_stands_in_nobodys_way(page: OkrPage) -> None:
    """It waited while nothing was written, so that the same version is looked at again with another table in mind."""
    pause_writing(page.line.on, page.line.workspace_id, "test")
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    drives = f"source: initiatives\n        initiatives: [{{issue: {page.first}, drives: 1}}]"
    page.line.import_text(page.okrs.replace(f"initiatives: [{page.first}]", drives))
    page.line.next_poll()
    resume_writing(page.line.on, page.line.workspace_id, "test")
    page.line.next_poll()
    assert (outcomes(page), findings(page)) == ([("about 30", "replaced", ANA.display_name)], [])
    assert (page.our_versions(), "about 30" in page.words()) == (2, False)


def test_rows_that_people_added_or_copied_are_no_flood(page: OkrPage) -> None:
    """A row with an unknown key is a person's: nothing in it is replaced, and nothing of it is recorded."""
    row = '<tr><td><a href="https://okr.example/kr/{}">row</a></td><td>mine</td></tr>'

    rows = "".join(row.format(key) for n in range(50) for key in ("T-KR1", "T-KR2", f"MINE-KR{n}"))
    page.site.edit_page(page.page_id, lambda body: body.replace("</tbody>", f"{rows}</tbody>", 1), by=ANA)
    page.line.next_poll()
    page.finish()
    page.line.next_poll()
    page.site.edit_page(page.page_id, lambda body: body.replace(">mine<", ">still mine<"), by=ANA)
    page.line.next_poll()
    assert (outcomes(page), page.words().count("still mine")) == ([], 150)
    assert [(each["what"], each["key"]) for each in page.table.findings] == [
        ("repeated", "T-KR1"),
        ("repeated", "T-KR2"),
    ]


# ---- who may


def test_nobody_checks_in_for_an_owner_by_burying_the_version(page: OkrPage) -> None:
    """Rosa types, Ana publishes something else, and Rosa goes on until her version is too far back to be read."""
    choose(page, check_in_by="owner")
    type_in(page, {NOW: "26"}, by=ROSA)
    page.site.edit_page(page.page_id, lambda body: body + "<p>Elsewhere.</p>", by=ANA)
    for _ in range(MOST_VERSIONS - 1):
        page.site.edit_page(page.page_id, lambda body: body + "<p>More.</p>", by=ROSA)
    page.line.next_poll()
    assert (outcomes(page), said(page)) == ([("26", "not_allowed", UNNAMED)], [])


def test_of_an_owners_table_only_the_owner_checks_in(page: OkrPage) -> None:
    choose(page, check_in_by="owner")
    type_in(page, {NOW: "27"}, by=ROSA)
    page.line.next_poll()
    assert (outcomes(page), findings(page)) == ([("27", "not_allowed", ROSA.display_name)], [("not_allowed", "27")])
    type_in(page, {NOW: "26"})
    page.line.next_poll()
    assert [(each.author, each.value) for each in said(page)] == [(ANA.display_name, Decimal(26))]
    assert findings(page) == []


def test_another_account_of_the_owners_name_is_refused_once_the_owner_checked_in(page: OkrPage) -> None:
    choose(page, check_in_by="owner")
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    type_in(page, {NOW: "99"}, by=OTHER_ANA)
    page.line.next_poll()
    assert outcomes(page) == [("27", "taken", ANA.display_name), ("99", "not_allowed", OTHER_ANA.display_name)]


@pytest.mark.parametrize(("by", "may"), [(TOM, True), (ANA, True), (JONAS, False)])
def test_of_a_teams_table_its_owners_and_sponsors_check_in(page: OkrPage, by: Account, *, may: bool) -> None:
    """Tom owns another key result of the same team."""
    choose(page, check_in_by="team")
    type_in(page, {NOW: "27"}, by=by)
    page.line.next_poll()
    assert [outcome for _, outcome, _ in outcomes(page)] == ["taken" if may else "not_allowed"]


def test_an_account_without_a_name_is_no_owner(page: OkrPage) -> None:
    page.site.faults({"path": "users-bulk", "kind": "status", "status": 403, "times": None})
    choose(page, check_in_by="owner")
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    assert [outcome for _, outcome, _ in outcomes(page)] == ["not_allowed"]


def test_an_owners_table_waits_until_confluence_says_who_typed(page: OkrPage) -> None:
    page.site.faults({"path": "users-bulk", "kind": "status", "status": 503, "times": 1})
    choose(page, check_in_by="owner")
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    page.line.after(minutes=2)
    assert outcomes(page) == [("27", "taken", ANA.display_name)]


# ---- asked first


def test_what_an_app_typed_is_asked_about(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=TIDY_BOT)
    page.line.next_poll()
    assert findings(page) == [("to_confirm", "27")]
    assert said(page) == []


def test_a_restored_version_is_asked_about_and_the_rest_is_written_anew(page: OkrPage) -> None:
    type_in(page, {NOW: "24"})
    page.line.next_poll()
    WikiPerson(page.site.url, ROSA).restore_version(page.page_id, 2)
    page.line.next_poll()
    assert outcomes(page) == [("24", "taken", ANA.display_name), ("29", "to_confirm", ROSA.display_name)]
    words = page.words().replace("\u00a0", " ")
    assert "78 %" in words
    assert ">29<" in page.body()
    versions = len(page.versions())
    page.line.next_poll()
    assert len(page.versions()) == versions


def test_an_older_version_pasted_by_hand_is_asked_about_too(page: OkrPage) -> None:
    """No word in the version tells it; the moment above the table does."""
    before = page.body()
    type_in(page, {NOW: "24"})
    page.line.next_poll()
    page.site.edit_page(page.page_id, lambda _: before, by=ROSA)
    page.line.next_poll()
    assert findings(page) == [("to_confirm", "29")]
    assert "78 %" in page.words().replace("\u00a0", " ")
    assert not [each for each in outcomes(page) if each[1] == "replaced"]


def test_a_restored_version_without_anything_typed_is_written_anew(page: OkrPage) -> None:
    page.finish()
    page.line.next_poll()
    WikiPerson(page.site.url, ROSA).restore_version(page.page_id, 2)
    page.line.next_poll()
    assert (page.wrong(), page.our_versions(), outcomes(page)) == ([], 3, [])


def test_an_older_table_that_says_what_we_say_stands_whoever_put_it_there(page: OkrPage) -> None:
    """Another service does, which leaves no word in the version: its moment alone is no reason to write."""
    older = page.body()
    story = page.finish()
    page.line.next_poll()
    page.site.transition(story, "In Progress")
    page.line.next_poll()
    ours = page.our_versions()
    page.site.edit_page(page.page_id, lambda _: older, by=ROSA)
    page.line.next_poll()
    assert page.our_versions() == ours


def test_a_restored_version_with_words_in_a_computed_cell_lets_the_visit_end(page: OkrPage) -> None:
    """Nobody typed them this time, so nothing is noted; and nothing is looked at again and again for it."""
    type_in(page, {OWNER: "Somebody else"})
    type_in(page, {OWNER: "Nobody else"})
    WikiPerson(page.site.url, ROSA).restore_version(page.page_id, 3)
    page.line.next_poll()
    assert (page.table.seen_version, outcomes(page)) == (page.versions()[-1]["number"], [])


def test_a_later_version_restored_is_no_older_table(page: OkrPage) -> None:
    """What stands there is what we wrote last; nothing is to be written."""
    page.type_below("<p>One.</p>")
    page.type_below("<p>Two.</p>")
    WikiPerson(page.site.url, ROSA).restore_version(page.page_id, 3)
    page.line.next_poll()
    assert page.our_versions() == 1


# ---- no typing at all


def test_sorted_and_doubled_rows_and_other_headers_make_no_check_ins(page: OkrPage) -> None:
    ana, region = WikiPerson(page.site.url, ANA), page.table.region_id
    ana.sort_rows(page.page_id, region, OWNER, descending=True)
    page.line.next_poll()
    ana.double_row(page.page_id, region, "T-KR1")
    page.line.next_poll()
    ana.rename_header(page.page_id, region, NEXT_STEP, "Then")
    page.line.next_poll()
    ana.copy_table(page.page_id, region)
    page.line.next_poll()
    assert (said(page), said(page, "T-KR2"), outcomes(page)) == ([], [], [])


# ---- decided


def test_what_is_confirmed_is_a_check_in_of_whoever_typed(page: OkrPage) -> None:
    type_in(page, {NOW: "27", CONFIDENCE: "8"}, by=TIDY_BOT)
    page.line.next_poll()
    assert take(page) == 2
    assert [(each.author, each.value, each.confidence) for each in said(page)] == [("Tidy Bot", Decimal(27), 8)]
    assert [line.settled_by for line in view(page).history] == ["Petra Admin"] * 2
    assert (findings(page), view(page).waiting) == ([], ())
    assert ">27<" in page.body()
    assert any(line.startswith("Petra Admin confirmed what Tidy Bot typed") for line in told(page))
    page.line.next_poll()
    assert len(said(page)) == 1


def test_only_what_was_chosen_is_taken(page: OkrPage) -> None:
    type_in(page, {NOW: "27", CONFIDENCE: "8"}, by=TIDY_BOT)
    page.line.next_poll()
    assert take(page, ("T-KR1", "confidence")) == 1
    assert [(each.value, each.confidence) for each in said(page)] == [(None, 8)]
    assert findings(page) == [("to_confirm", "27")]


def test_what_cannot_be_read_is_refused_by_name(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30", CONFIDENCE: "8"}, by=TIDY_BOT)
    page.line.next_poll()
    with pytest.raises(NotPossible, match="now of T-KR1 \\('about 30'\\)"):
        take(page, ("T-KR1", "now"))
    assert take(page) == 1
    assert findings(page) == [("not_understood", "about 30")]
    with pytest.raises(NotPossible, match="about 30"):
        take(page)


def test_what_is_given_up_is_filled_again_at_once(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    versions = page.our_versions()
    assert give_up_typed(page.line.on, page.line.workspace_id, page.table_id, None, who="Petra Admin") == 1
    assert page.table.must_write
    page.line.work()
    assert ">29<" in page.body()
    assert (findings(page), page.our_versions()) == ([], versions + 1)
    assert outcomes(page) == [("about 30", "given_up", ANA.display_name)]
    assert [line.settled_by for line in view(page).history] == ["Petra Admin"]
    page.line.next_poll()
    assert page.our_versions() == versions + 1


def test_where_nothing_waits_nothing_can_be_decided(page: OkrPage) -> None:
    for decide in (take, give_up):
        with pytest.raises(NotPossible, match="nothing that was typed waits"):
            decide(page)
        with pytest.raises(NotPossible, match="now of T-KR1"):
            decide(page, ("T-KR1", "now"))
    with pytest.raises(NotPossible, match="no table 999"):
        take_typed(page.line.on, page.line.workspace_id, 999, None, who="Petra Admin")


def test_what_waits_is_found_by_its_key_result(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    with page.line.on.database.read() as conn:
        (line,) = load_waiting_for(conn, page.line.workspace_id, "T-KR1")
        assert load_waiting_for(conn, page.line.workspace_id, "T-KR2") == ()
    assert (line.text, line.page_title, line.author) == ("about 30", page.table.page_title, ANA.display_name)


# ---- snapshots


def test_a_snapshot_that_is_written_is_never_looked_at_again(okr_line: Line) -> None:
    page = written(okr_line)
    choose(page, shape="snapshot", must_write=True)
    page.line.mark("table", str(page.table_id), urgency=1)
    page.line.work()
    assert (page.state(), page.our_versions()) == (TableState.FINISHED, 2)
    visited = page.table.last_visit_at
    page.type_below("<p>New.</p>")
    page.line.next_poll()
    assert page.table.last_visit_at == visited
    page.finish()
    page.line.next_poll()
    page.line.after(days=2)
    assert (page.state(), page.our_versions()) == (TableState.FINISHED, 2)


# ---- pages that cannot be read


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_that_is_listed_and_cannot_be_read_is_asked_for_seldom(page: OkrPage, status: int) -> None:
    page.type_below("<p>New.</p>")
    page.site.faults({"path": f"/pages/{page.page_id}$", "kind": "status", "status": status, "times": None})
    page.line.next_poll()
    assert page.state() in {TableState.NO_PAGE, TableState.NO_PERMISSION}
    page.site.forget_requests()
    for _ in range(10):
        page.line.next_poll()
    # A call that is refused right away is nobody's in the site's log.
    assert [call for call in page.site.requests() if call["path"].endswith(page.page_id)] == []
    assert len([line for line in told(page) if f" {page.table.page_title}: " in line]) == 1
    page.site.clear_faults()
    page.line.after(minutes=31)
    assert page.state() is TableState.CURRENT
