"""Tables in pages: everything is looked at before anything is kept; a dry run keeps nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from connector.errors import Unavailable
from connector.store.tables import TableState, load_tables, record_table_state, set_table
from connector.store.work import claim_work, record_done
from mapping.okr import CheckInOrigin
from sync import commands
from sync.commands import AddedTable, ChangedTable, NotPossible, NotPossibleNow, TableChange
from sync.commands.table_plan import TableWish
from sync.preview import Preview, preview_table
from tests.unit.commands.stand_in import OKRS, OTHER_SITE, SITE, FakeConfluence, Stand, page

WISH = TableWish("4711", "2026-q4")


@pytest.fixture
def okrs(connected: Stand) -> Stand:
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    return connected


def add(service: Stand, wish: TableWish = WISH) -> AddedTable:
    return commands.add_table(service.on, service.workspace_id, wish, who="Rosa")


def preview(service: Stand, wish: TableWish = WISH) -> Preview:
    return preview_table(service.on, service.workspace_id, wish)


def change(service: Stand, **choices: Any) -> ChangedTable:
    return commands.change_table(service.on, service.workspace_id, 1, TableChange(**choices), who="Rosa")


def _worked_off(service: Stand) -> None:
    """Nothing is due any more."""
    claims = claim_work(service.on.database, now=service.clock.now(), lease_seconds=60)
    with service.on.database.write() as conn:
        assert all(record_done(conn, claim) for claim in claims)


def kept(service: Stand) -> list[tuple[Any, ...]]:
    return service.rows("SELECT id, page_id, region_id, cycle_key, language, design FROM page_table")


def test_a_table_is_kept_and_will_be_written_at_once(okrs: Stand) -> None:
    assert add(okrs) == AddedTable(1, "OKRs Q4 2026", f"{SITE}/wiki/spaces/OKR/pages/4711", True)
    assert kept(okrs) == [(1, "4711", "okr-2026-q4", "2026-q4", "en", "normal")]
    assert okrs.rows("SELECT target, urgency FROM work WHERE kind = 'table'") == [("1", 1)]
    assert okrs.log()[-1] == "Rosa: put the table okr-2026-q4 into OKRs Q4 2026"


def test_a_page_may_be_named_by_its_address(okrs: Stand) -> None:
    add(okrs, replace(WISH, page=f"{SITE}/wiki/spaces/OKR/pages/4711/OKRs+Q4"))
    assert len(kept(okrs)) == 1


def test_the_same_table_again_changes_nothing(okrs: Stand) -> None:
    add(okrs)
    log = okrs.log()
    assert add(okrs).is_new is False
    assert (len(kept(okrs)), okrs.log()) == (1, log)


def test_a_page_may_hold_a_table_for_each_team(okrs: Stand) -> None:
    add(okrs)
    add(okrs, replace(WISH, teams=("Payments",)))
    assert [row[2] for row in kept(okrs)] == ["okr-2026-q4", "okr-2026-q4-payments"]


def test_another_table_of_the_same_name_is_refused(okrs: Stand) -> None:
    add(okrs)
    with pytest.raises(NotPossible, match="already, which shows something else"):
        add(okrs, replace(WISH, language="de"))


def test_a_table_that_a_person_took_out_is_put_in_again_when_asked(okrs: Stand) -> None:
    add(okrs)
    with okrs.on.database.write() as conn:
        record_table_state(conn, okrs.workspace_id, 1, TableState.REMOVED, okrs.clock.now())
    assert add(okrs).is_new
    with okrs.on.database.read() as conn:
        tables = load_tables(conn, okrs.workspace_id)
    assert [(table.state, table.written_version) for table in tables] == [(TableState.WAITING, 0)]


def _gone(confluence: FakeConfluence) -> None:
    confluence.pages.clear()


def _changed(**changes: Any) -> Callable[[FakeConfluence], None]:
    def change(confluence: FakeConfluence) -> None:
        confluence.pages["4711"] = page(**changes)

    return change


def _not_editable(confluence: FakeConfluence) -> None:
    confluence.editable = False


HINDRANCES: list[tuple[TableWish, Callable[[FakeConfluence], None] | None, str]] = [
    (replace(WISH, page="the OKR page"), None, "copy its address"),
    (replace(WISH, page=f"{OTHER_SITE}/wiki/spaces/X/pages/1"), None, "is not connected. Connected are"),
    (replace(WISH, cycle_key="2027-q1"), None, "no cycle '2027-q1'. There are: 2026-q4"),
    (replace(WISH, teams=("Nobody",)), None, "no team Nobody. It has: Payments"),
    (replace(WISH, objective_keys=("X-O1",)), None, "no objective X-O1. It has: PAY-O1"),
    (replace(WISH, region_id="Not a name!"), None, "cannot name a table"),
    (replace(WISH, language="fr"), None, "en or de"),
    (replace(WISH, design="huge"), None, "normal or short"),
    (replace(WISH, shape="wheel"), None, "Choose table, objective, attention, meeting, health or snapshot"),
    (replace(WISH, width="500"), None, "wide or narrow"),
    (replace(WISH, container="panel"), None, "details or excerpt"),
    (replace(WISH, check_in_by="nobody"), None, "owner, team or editors"),
    (replace(WISH, shape="objective"), None, "exactly one objective. Choose which one"),
    (replace(WISH, shape="snapshot"), None, "Q4 2026 has not ended. Close the cycle first"),
    (replace(WISH, shape="attention", columns=("key_result", "now")), None, "has columns of its own"),
    (replace(WISH, columns=("now", "progress")), None, "the first column is the key result"),
    (replace(WISH, columns=("key_result", "now", "now")), None, "chosen twice"),
    (replace(WISH, columns=("key_result",)), None, "2 to 8 columns"),
    (replace(WISH, columns=("key_result", "colour")), None, "no column 'colour'. Choose among key_result, progress"),
    (replace(WISH, columns=("key_result", "done_since")), None, "no column 'done_since'"),
    (replace(WISH, write_bucket=0), None, "from 1 to 1000"),
    (replace(WISH, write_refill_minutes=1441), None, "minutes from 1 to 1440"),
    (WISH, _gone, "no page 4711"),
    (WISH, _changed(status="archived"), "is archived. Restore it"),
    (WISH, _changed(status="trashed"), "not published"),
    (WISH, _changed(subtype="live"), "live doc"),
    (WISH, _changed(body="<p>not closed"), "cannot be read"),
    (WISH, _not_editable, "may not edit the page"),
]


@pytest.mark.parametrize("act", [add, preview])
@pytest.mark.parametrize(("wish", "break_it", "text"), HINDRANCES)
def test_where_no_table_can_stand_nothing_is_kept(
    okrs: Stand, act: Callable[..., object], wish: TableWish, break_it: Callable[..., None] | None, text: str
) -> None:
    if break_it:
        break_it(okrs.confluence)
    with pytest.raises(NotPossible, match=text):
        act(okrs, wish)
    assert kept(okrs) == okrs.rows("SELECT id FROM work WHERE kind = 'table'") == []


def test_confluence_away_is_no_missing_page(okrs: Stand) -> None:
    okrs.confluence.trouble["read"] = Unavailable("no answer")
    with pytest.raises(NotPossibleNow):
        add(okrs)


def test_without_a_confluence_there_is_no_page(service: Stand) -> None:
    with pytest.raises(NotPossible, match="No Confluence is connected"):
        add(service)


def test_of_two_sites_a_number_names_no_page(okrs: Stand) -> None:
    okrs.connected("confluence", OTHER_SITE)
    with pytest.raises(NotPossible, match="whole address"):
        add(okrs)
    add(okrs, replace(WISH, page=f"{SITE}/wiki/spaces/OKR/pages/4711"))


def test_a_table_that_is_removed_is_no_longer_kept_current(okrs: Stand) -> None:
    add(okrs)
    assert commands.remove_table(okrs.on, okrs.workspace_id, 1, who="Rosa") == "OKRs Q4 2026"
    assert kept(okrs) == []
    with pytest.raises(NotPossible, match="no table 1"):
        commands.remove_table(okrs.on, okrs.workspace_id, 1, who="Rosa")


class TestPreview:
    """The dry run."""

    def test_it_shows_the_table_as_text_and_as_markup(self, okrs: Stand) -> None:
        shown = preview(okrs)
        assert (shown.page_title, shown.page_version, shown.is_new) == ("OKRs Q4 2026", 3, True)
        assert "Median checkout" in shown.text
        assert "■■■■■□□□□□" in shown.text
        assert shown.markup.startswith("<ac:structured-macro")
        assert shown.changes
        assert all(line.startswith("+") for line in shown.changes)

    def test_it_keeps_and_writes_nothing(self, okrs: Stand) -> None:
        rows = {name: okrs.rows(f"SELECT * FROM {name}") for name in ("page_table", "work", "activity")}
        rung = okrs.bell.rung
        preview(okrs)
        assert {name: okrs.rows(f"SELECT * FROM {name}") for name in rows} == rows
        assert okrs.bell.rung == rung

    def test_a_page_that_says_it_all_would_not_change(self, okrs: Stand) -> None:
        okrs.confluence.pages["4711"] = page(body=f"<p>Before.</p>{preview(okrs).markup}<p>After.</p>")
        shown = preview(okrs)
        assert (shown.is_new, shown.changes) == (False, ())

    def test_only_what_differs_is_shown(self, okrs: Stand) -> None:
        okrs.confluence.pages["4711"] = page(body=f"<p>Before.</p>{preview(okrs).markup}")
        commands.import_okrs(
            okrs.on, okrs.workspace_id, OKRS.replace("Paying feels instant", "Paying is fun"), "Rosa", "better"
        )
        changes = preview(okrs).changes
        assert len(changes) == 2
        assert "Paying feels instant" in changes[0]
        assert "Paying is fun" in changes[1]

    def test_an_open_draft_is_said(self, okrs: Stand) -> None:
        assert preview(okrs).has_open_draft is False
        okrs.confluence.drafts["4711"] = "<p>Our better goals.</p>"
        assert preview(okrs).has_open_draft is True

    def test_a_table_without_its_header_is_said(self, okrs: Stand) -> None:
        markup = preview(okrs).markup
        start, end = markup.index("<tr><th>"), markup.index("</tr>") + len("</tr>")
        okrs.confluence.pages["4711"] = page(body=markup[:start] + markup[end:])
        shown = preview(okrs)
        assert "no header row" in shown.hindrance
        assert shown.changes == ()


def test_texts_cannot_move_the_terminal(okrs: Stand) -> None:
    commands.record_check_in(
        okrs.on, okrs.workspace_id, key="PAY-KR1", value=None, confidence=7, done_since="", note="", blockers="",
        next_step="\x1b[2J\u202eGo.\r\n", author="Ana", origin=CheckInOrigin.WEB, idempotency_key="1",
    )  # fmt: skip
    shown = preview(okrs).text
    assert "Go." in shown
    assert [letter for letter in shown if not letter.isprintable() and letter != "\n"] == []


class TestChange:
    """Choosing anew for a table that stands in its page."""

    def test_it_is_a_persons_own_act_and_said(self, okrs: Stand) -> None:
        add(okrs)
        _worked_off(okrs)
        rung = okrs.bell.rung
        assert change(okrs, shape="meeting", check_in_by="owner").changed == ("check_in_by", "shape")
        assert okrs.rows("SELECT shape, check_in_by, must_write FROM page_table") == [("meeting", "owner", 0)]
        assert okrs.rows("SELECT target, urgency FROM work WHERE kind = 'table'") == [("1", 1)]
        said = "Rosa: changed the table okr-2026-q4 in OKRs Q4 2026: who may check in, shape"
        assert (okrs.log()[-1], okrs.bell.rung) == (said, rung + 1)

    def test_the_same_again_changes_nothing(self, okrs: Stand) -> None:
        add(okrs)
        _worked_off(okrs)
        log = okrs.log()
        assert change(okrs, shape="table", language="en").changed == ()
        assert (okrs.log(), okrs.due("table")) == (log, [])

    def test_a_budget_alone_is_no_reason_to_write(self, okrs: Stand) -> None:
        add(okrs)
        _worked_off(okrs)
        assert change(okrs, write_bucket=9).changed == ("write_bucket",)
        assert okrs.rows("SELECT urgency FROM work WHERE kind = 'table'") == [(2,)]

    def test_another_shape_takes_its_own_columns(self, okrs: Stand) -> None:
        add(okrs, replace(WISH, columns=("key_result", "now")))
        change(okrs, language="de")
        assert okrs.rows("SELECT columns FROM page_table") == [('["key_result", "now"]',)]
        change(okrs, shape="attention")
        assert okrs.rows("SELECT columns FROM page_table") == [("[]",)]

    def test_a_finished_table_is_written_once_more(self, okrs: Stand) -> None:
        add(okrs)
        with okrs.on.database.write() as conn:
            record_table_state(conn, okrs.workspace_id, 1, TableState.FINISHED, okrs.clock.now())
        change(okrs, language="de")
        assert okrs.rows("SELECT must_write FROM page_table") == [(1,)]

    def test_what_no_table_can_be_changes_nothing(self, okrs: Stand) -> None:
        add(okrs)
        with pytest.raises(NotPossible, match="exactly one objective"):
            change(okrs, shape="objective", language="de")
        assert kept(okrs)[0][-2:] == ("en", "normal")
        with pytest.raises(NotPossible, match="no table 9"):
            commands.change_table(okrs.on, okrs.workspace_id, 9, TableChange(design="short"), who="Rosa")

    def test_the_macro_changes_only_before_it_stands_in_the_page(self, okrs: Stand) -> None:
        add(okrs)
        assert change(okrs, container="excerpt").changed == ("container",)
        with okrs.on.database.write() as conn:
            set_table(conn, okrs.workspace_id, 1, {"written_version": 4})
        with pytest.raises(NotPossible, match="put it there anew"):
            change(okrs, container="details")


class TestWriteNow:
    """A person asks for a write."""

    def test_it_is_written_at_once_even_where_nothing_changed(self, okrs: Stand) -> None:
        add(okrs)
        _worked_off(okrs)
        assert commands.write_table(okrs.on, okrs.workspace_id, 1, who="Rosa") == "OKRs Q4 2026"
        assert okrs.rows("SELECT must_write FROM page_table") == [(1,)]
        assert okrs.rows("SELECT target, urgency FROM work WHERE kind = 'table'") == [("1", 1)]
        assert okrs.log()[-1] == "Rosa: asked to write the table okr-2026-q4 in OKRs Q4 2026 now"

    def test_what_a_person_took_out_is_not_put_back(self, okrs: Stand) -> None:
        add(okrs)
        _worked_off(okrs)
        with okrs.on.database.write() as conn:
            record_table_state(conn, okrs.workspace_id, 1, TableState.REMOVED, okrs.clock.now())
        with pytest.raises(NotPossible, match="okr table put-back 1"):
            commands.write_table(okrs.on, okrs.workspace_id, 1, who="Rosa")
        assert okrs.due("table") == []


def test_a_page_may_hold_a_table_of_each_shape(okrs: Stand) -> None:
    for shape in ("table", "meeting", "health"):
        add(okrs, replace(WISH, shape=shape))
    add(okrs, replace(WISH, shape="objective", objective_keys=("PAY-O1",)))
    assert [row[2] for row in kept(okrs)] == [
        "okr-2026-q4", "okr-2026-q4-meeting", "okr-2026-q4-health", "okr-2026-q4-pay-o1",
    ]  # fmt: skip


def test_the_first_claim_after_adding_is_the_table(okrs: Stand) -> None:
    add(okrs)
    claim = claim_work(okrs.on.database, now=okrs.clock.now(), lease_seconds=60)[0]
    assert (claim.kind, claim.target) == ("table", "1")
    with okrs.on.database.write() as conn:
        assert record_done(conn, claim)
