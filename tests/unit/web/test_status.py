"""The status page answers first, proves it, and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection as Transaction
from sqlalchemy import update

from connector.errors import RateLimited
from connector.pacing import Room
from connector.store import connection_state, runs, tables, work, work_list, workers, workspaces
from connector.store.connections import Health
from connector.store.engine import Database
from connector.store.schema import completion
from connector.store.tables import TableState
from sync.queries.standing import Answer, load_standing
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.reading import heading, main, row
from tests.unit.web.surroundings import Visitor

Spoil = Callable[[Transaction, MadeUp, FakeClock], object]


def _health(health: Health, detail: str = "") -> Spoil:
    return lambda conn, filled, clock: connection_state.record_health(
        conn, filled.workspace_id, filled.jira.id, health, clock.now() - timedelta(hours=43), detail
    )


def _paused(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    workspaces.pause_writing(conn, filled.workspace_id, at=clock.now() - timedelta(minutes=5), who="Rosa Klein")


def _silent(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    assert filled
    workers.forget_silent(conn, clock.now())


def _first_sync(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    at = clock.now()
    runs.begin(conn, filled.workspace_id, filled.jira.id, "first", 412, at - timedelta(seconds=300))
    runs.advance(
        conn, filled.workspace_id, filled.jira.id, at - timedelta(seconds=2), done=250, issues=17742, calls=401
    )


def _removed(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    table = tables.load_tables(conn, filled.workspace_id)[1]
    detail = "Noah Berg took the table out. We never put it back unasked."
    tables.record_table_state(conn, filled.workspace_id, table.id, TableState.REMOVED, clock.now(), detail)


def _late(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    work.mark_due(conn, filled.workspace_id, "initiative", ["1:1", "1:2"], clock.now() - timedelta(minutes=4))


def _fresh(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    work.mark_due(conn, filled.workspace_id, "issue", ["1:1"], clock.now() - timedelta(seconds=2))


def _waiting(conn: Transaction, filled: MadeUp, clock: FakeClock) -> None:
    _waits_for_turn(conn, filled, clock, 0)


def _waits_for_turn(conn: Transaction, filled: MadeUp, clock: FakeClock, which: int) -> None:
    """Its budget is used up: the next write may be at 10:40."""
    table = tables.load_tables(conn, filled.workspace_id)[which]
    detail = "A change waits for its turn."
    tables.record_table_state(conn, filled.workspace_id, table.id, TableState.CURRENT, clock.now(), detail)
    until = clock.now().replace(hour=10, minute=40)
    work.mark_due(conn, filled.workspace_id, "table", [str(table.id)], until)


SPOILT: dict[Answer, tuple[Spoil, str, str]] = {
    Answer.NEEDS_CREDENTIALS: (
        _health(Health.NEEDS_CREDENTIALS, "Jira answered 401."),
        "One site needs new credentials",
        "Nothing is lost: after a new token",
    ),
    Answer.NEEDS_PERMISSION: (_health(Health.NEEDS_PERMISSION), "One site lacks a permission", "make a full check"),
    Answer.UNREACHABLE: (_health(Health.UNREACHABLE), "One site does not answer", "Not current for 1 d 19 h"),
    Answer.RATE_LIMITED: (_health(Health.RATE_LIMITED), "One site asks us to wait", "We go on by ourselves"),
    Answer.PAUSED: (_paused, "All writing is paused", "Rosa Klein paused it 5 min ago. Jira is still read"),
    Answer.NO_WORKER: (_silent, "No worker is running", "okr worker"),
    Answer.FIRST_SYNC: (
        _first_sync,
        "Reading Jira for the first time",
        "About 3 minutes left. It goes on if you close this page",
    ),
    Answer.TABLES_NEED_PEOPLE: (_removed, "One table needs you", "We never put it back unasked."),
    Answer.PAGES_WAIT: (
        _waiting,
        "Everything is read; 1 page waits",
        "OKRs Q4 2026: A change waits for its turn. We look again at 10:40 UTC.",
    ),
    Answer.ON_THE_WAY: (_fresh, "A change is on its way", "It takes seconds."),
    Answer.CATCHING_UP: (_late, "Catching up with what changed", "The oldest change has waited for 4 min"),
}


@pytest.mark.parametrize("answer", SPOILT)
def test_the_heading_is_the_answer(
    answer: Answer, rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    spoil, said, more = SPOILT[answer]
    with sqlite_database.write() as conn:
        spoil(conn, filled, clock)
    page = rosa.get("/status").text
    assert heading(page) == said
    assert f"<title>{said} · OKRs</title>" in page
    assert more in main(page)


def test_everything_is_current(rosa: Visitor) -> None:
    page = rosa.get("/status").text
    assert heading(page) == "Everything is current"
    assert "Jira was last read 12 s ago; the last page was written 4 min ago." in main(page)
    assert "events: seconds · asking Jira: every minute · full check: every 24 h" in main(page)
    assert "Events waiting 0 1 received in 24 h" in main(page)
    assert "1 worker alive, last sign 3 s ago. The timer runs." in main(page)
    assert (
        row(page, "Jira ·")
        == "acme.atlassian.net Jira · 15 linked, 15 issues known Current 12 s ago 41 s ago 08:35 UTC 1,284 "
        "okr-bot@acme.example since 22 Nov · Renew"
    )
    assert row(page, "OKRs Q4 2026</a></td>").startswith("OKRs Q4 2026 Q4 2026 Current 08:56 UTC version 214")


def test_only_admins_see_the_account_that_signs_in(
    stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    ben = made_up.add_owner(sqlite_database, clock.now(), role="editor", email="ben@acme.example")
    stranger.is_let_in(ben, clock.now())
    page = stranger.get("/status").text
    assert "okr-bot@" not in page
    assert "Signs in as" not in page
    assert row(page, "Jira ·").endswith("08:35 UTC 1,284")


def test_a_table_that_waits_is_not_called_current(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        _waits_for_turn(conn, filled, clock, 0)
        _waits_for_turn(conn, filled, clock, 1)
    page = rosa.get("/status").text
    assert heading(page) == "Everything is read; 2 pages wait"
    assert "The others stand among the tables below." in main(page)
    assert "Change waiting A change waits for its turn." in row(page, "OKRs Q4 2026</a></td>")
    assert "2 pages wait</a>" in rosa.get("/").text.replace("\n", "")


def test_the_most_urgent_answer_wins(filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> None:
    order = [answer for answer in Answer if answer in SPOILT]
    for answer in reversed(order):
        with sqlite_database.write() as conn:
            SPOILT[answer][0](conn, filled, clock)
            # One Jira has one health: the later of two is what counts.
            found = load_standing(conn, filled.workspace_id, clock.now()).answer
        assert found is answer


def test_nothing_connected_says_how_to_begin(stranger: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    made_up.add_owner(sqlite_database, clock.now())
    stranger.sign_in()
    page = stranger.get("/status").text
    assert heading(page) == "Nothing is connected yet"
    assert "okr connect" in page


def test_where_no_event_arrives_it_says_so(rosa: Visitor, clock: FakeClock) -> None:
    clock.advance(hours=11)
    rosa.get("/status")
    clock.advance(hours=11)
    rosa.get("/status")
    clock.advance(hours=11)
    page = main(rosa.get("/status").text)
    assert "events: none has reached us · asking Jira: every minute" in page
    assert "what to enter in Jira" in page


def test_progress_tells_share_count_speed_and_time_left(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        _first_sync(conn, filled, clock)
    page = rosa.get("/status").text
    assert "61 % 250 of 412 epics · 17,742 issues · 401 calls · last progress 2 s ago" in main(page)
    assert "3,548 issues a minute · about 3 minutes left" in main(page)
    assert 'role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="60.68"' in page
    assert "First sync, 61 %" in page.replace("\u00a0", " ")


def test_what_was_set_aside_can_be_tried_again(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    work_id = made_up.set_aside(sqlite_database, filled, clock.now())
    page = rosa.get("/status").text
    assert heading(page) == "One thing was set aside"
    assert "PAY-388 read again from Jira Jira’s answer was cut off each time." in row(page, "browse/PAY-388")
    answer = rosa.post(f"/status/set-aside/{work_id}", page="/status")
    assert answer.status_code == 303
    assert "It is tried again now." in rosa.get("/status").text
    with sqlite_database.read() as conn:
        assert work_list.load_parked(conn, filled.workspace_id) == ()
    assert rosa.bell.rings == 1
    rosa.post(f"/status/set-aside/{work_id}", page="/status")
    assert "It is no longer set aside." in rosa.get("/status").text


def test_a_number_beyond_the_database_is_no_page(rosa: Visitor) -> None:
    assert rosa.post(f"/status/set-aside/{2**63}", page="/status").status_code == 404


def test_writing_can_be_paused_and_resumed(rosa: Visitor) -> None:
    rosa.post("/status/pause", page="/status")
    page = rosa.get("/status").text
    assert heading(page) == "All writing is paused"
    assert "Rosa Klein paused all writing to Confluence" in main(page)
    rosa.post("/status/resume", page="/status")
    page = rosa.get("/status").text
    assert heading(page) == "A change is on its way", "every page is looked at"
    assert "It takes seconds. Everything before it is current." in main(page)


def test_a_full_check_marks_every_site(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    rosa.post("/status/check", page="/status")
    with sqlite_database.read() as conn:
        due = {count.kind: count.due for count in work_list.due_counts(conn, filled.workspace_id, clock.now())}
    assert due["full_check"] == 1
    assert due["pages"] == 1


def test_a_command_that_cannot_be_done_says_why(stranger: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    made_up.add_owner(sqlite_database, clock.now())
    stranger.sign_in()
    answer = stranger.post("/status/check", page="/status")
    assert answer.status_code == 409
    assert "okr connect SITE" in answer.text


def test_every_state_of_a_table_has_words(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    for state in TableState:
        with sqlite_database.write() as conn:
            number = tables.load_tables(conn, filled.workspace_id)[0].id
            tables.record_table_state(conn, filled.workspace_id, number, state, clock.now())
        assert rosa.get("/status").status_code == 200


@pytest.mark.parametrize("kind", ["issue", "children", "initiative", "jql", "table", "poll", "pages", "full_check"])
def test_everything_that_can_be_set_aside_has_a_name(
    kind: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    target = {"jql": "PAY-KR1", "table": "1"}.get(kind, str(filled.jira.id))
    if kind in {"issue", "children", "initiative"}:
        target += ":99"
    with sqlite_database.write() as conn:
        work.mark_due(conn, filled.workspace_id, kind, [target], clock.now())
    claim = work.claim_work(sqlite_database, now=clock.now(), lease_seconds=60, limit=1)[0]
    with sqlite_database.write() as conn:
        work.record_failed(conn, claim, at=clock.now(), error=str(RateLimited("x", 1)), parked_reason="It failed.")
    page = rosa.get("/status").text
    assert "It failed." in page
    assert "1 thing needs you" in page


def test_a_table_that_was_set_aside_is_not_called_current(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        tables.record_table_state(conn, filled.workspace_id, 1, TableState.CURRENT, clock.now(), "")
        work.mark_due(conn, filled.workspace_id, "table", ["1"], clock.now())
    claim = work.claim_work(sqlite_database, now=clock.now(), lease_seconds=60, limit=1)[0]
    with sqlite_database.write() as conn:
        work.record_failed(conn, claim, at=clock.now(), error="x", parked_reason="It failed.")
    assert "Set aside" in row(rosa.get("/status").text, "OKRs Q4 2026</a></td>")
    assert "could not be written" in heading(rosa.get("/tables").text)
    page = rosa.get("/tables/1").text
    assert heading(page) == "OKRs Q4 2026 could not be written"
    assert "It failed too often to go on by itself. What happened" in main(page)
    rosa.post("/tables/1/write", page="/tables/1")
    assert "Set aside" not in row(rosa.get("/status").text, "OKRs Q4 2026</a></td>")


def test_what_was_found_in_a_page_is_shown(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    findings = [
        {"what": "repeated", "key": "PAY-KR2", "column": "", "text": ""},
        {"what": "copies", "key": "", "column": "", "text": "1"},
    ]
    with sqlite_database.write() as conn:
        table = tables.load_tables(conn, filled.workspace_id)[0]
        tables.set_table(conn, filled.workspace_id, table.id, {"findings": findings})
    made_up.type_into(sqlite_database, filled, table.id, "about <b>30</b>")
    page = rosa.get("/status").text
    said = row(page, "OKRs Q4 2026</a></td>")
    assert "1 text waits for a decision" in said
    assert "PAY-KR2 stands in two rows" in said
    assert "more of this table stand" in said


@pytest.mark.parametrize("kind", ["issue", "initiative", "table"])
def test_nothing_is_called_current_while_a_change_waits_or_is_in_hand(
    kind: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        work.mark_due(conn, filled.workspace_id, kind, ["1"], clock.now())
    assert heading(rosa.get("/status").text) == "A change is on its way"
    work.claim_work(sqlite_database, now=clock.now(), lease_seconds=60, limit=1)
    page = rosa.get("/status").text
    assert heading(page) == "A change is on its way"
    assert "Current, 12 s ago" not in page


def test_asking_whether_something_changed_is_no_change(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        for kind in ("poll", "pages", "full_check", "jql"):
            work.mark_due(conn, filled.workspace_id, kind, ["1"], clock.now())
    assert heading(rosa.get("/status").text) == "Everything is current"


def test_a_full_check_that_counts_everything_again_is_no_change(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        runs.begin(conn, filled.workspace_id, filled.jira.id, "full_check", 15, clock.now())
        work.mark_due(conn, filled.workspace_id, "initiative", ["1:1"], clock.now())
    assert heading(rosa.get("/status").text) == "Everything is current"


def test_a_first_sync_tells_how_far_each_project_is(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        _first_sync(conn, filled, clock)
        unread = completion.c.issue_id.in_([made_up.issue_id("PLA-77"), made_up.issue_id("PLA-81")])
        conn.execute(update(completion).where(unread).values(scanned_at=None))
        waiting = completion.c.issue_id.startswith(made_up.issue_id("GRO-"))
        conn.execute(update(completion).where(waiting).values(scanned_at=None))
    page = rosa.get("/status").text
    assert row(page, "<strong>PAY</strong>") == "PAY 6 of 6 6 Complete"
    assert row(page, "<strong>PLA</strong>") == "PLA 4 of 6 6 Reading"
    assert row(page, "<strong>GRO</strong>") == "GRO 0 of 3 3 Waiting"


def test_what_a_site_says_of_the_room_that_is_left_is_told(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        connection_state.record_room(conn, filled.workspace_id, filled.jira.id, Room(9100, 65000), clock.now())
    assert "1,284 room for 9,100 of 65,000" in row(rosa.get("/status").text, "Jira ·")
    with sqlite_database.write() as conn:
        connection_state.record_room(conn, filled.workspace_id, filled.jira.id, None, clock.now())
    assert "room" not in row(rosa.get("/status").text, "Jira ·")


def test_all_that_was_set_aside_is_tried_again_at_once(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    made_up.set_aside(sqlite_database, filled, clock.now())
    assert "Try all" not in rosa.get("/status").text, "there is only one"
    with sqlite_database.write() as conn:
        work.mark_due(conn, filled.workspace_id, "table", ["1"], clock.now())
    claim = work.claim_work(sqlite_database, now=clock.now(), lease_seconds=60, limit=1)[0]
    with sqlite_database.write() as conn:
        work.record_failed(conn, claim, at=clock.now(), error="x", parked_reason="It failed.")
    assert "Try all 2 again" in rosa.get("/status").text
    rosa.post("/status/set-aside", page="/status")
    page = rosa.get("/status").text
    assert "2 things are tried again now." in page
    assert "Rosa Klein asked to try again all that was set aside: 2" in main(page)
    rosa.post("/status/set-aside", page="/status")
    assert "Nothing is set aside any more." in rosa.get("/status").text
