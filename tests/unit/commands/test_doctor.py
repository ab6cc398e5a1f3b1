"""``okr doctor``: each thing that can be wrong is found, named, and comes with what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from connector.errors import Forbidden, OutsideError, RateLimited, Unauthorized, Unavailable
from connector.site_answers import Webhook
from connector.store.connection_state import count_rejected, record_event, record_poll
from connector.store.engine import Database
from connector.store.leases import hold_lease
from connector.store.page_visits import TypedText, record_typed_text
from connector.store.tables import TableState, record_table_state, set_table
from connector.store.work import claim_work, mark_due, record_failed
from connector.store.workers import forget, record_alive
from sync import commands
from sync.commands.table_plan import TableWish
from sync.doctor import Finding, State, examine, is_well
from sync.timer import LEASE_NAME
from tests.clock import FakeClock
from tests.unit.commands.stand_in import OKRS, Stand, stand

PLENTY = 50_000_000_000


@pytest.fixture
def healthy(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Stand:
    """Everything is right."""
    made = stand(sqlite_database, clock, tmp_path, base_url="https://okr.example.com")
    jira, confluence = made.connected("jira"), made.connected("confluence")
    now, ws = clock.now(), made.workspace_id
    with made.on.database.write() as conn:
        record_alive(conn, "w1", started_at=now, seen_at=now)
        hold_lease(conn, LEASE_NAME, "w1", now, 3600)
        record_event(conn, ws, jira.id, now - timedelta(seconds=12))
        record_poll(conn, ws, jira.id, now - timedelta(seconds=41), now)
        record_poll(conn, ws, confluence.id, now - timedelta(seconds=44), now)
    return made


def findings(service: Stand, free: int = PLENTY) -> dict[str, Finding]:
    found = examine(service.on, service.workspace_id, free_space=lambda _on: free)
    return {finding.name: finding for finding in found}


def test_where_everything_is_right_nothing_is_to_be_done(healthy: Stand) -> None:
    commands.import_okrs(healthy.on, healthy.workspace_id, OKRS.replace("[PAY-412]", "[]").replace(
        "        initiatives:\n          - {issue: PAY-431, drives: 2}\n", ""), "Rosa")  # fmt: skip
    commands.add_table(healthy.on, healthy.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    with healthy.on.database.write() as conn:
        record_table_state(conn, healthy.workspace_id, 1, TableState.CURRENT, healthy.clock.now())
    found = findings(healthy)
    assert {name: finding.state for name, finding in found.items() if finding.state is not State.OK} == {}
    assert [finding.do for finding in found.values()] == [""] * len(found)
    assert is_well(list(found.values()))


def test_how_current_it_can_be_is_said(healthy: Stand) -> None:
    found = findings(healthy)
    assert found["Events of Jira"].text == "They arrive; the last one 12 s ago. Changes are seen within seconds."
    assert found["Asking Jira"].text.startswith("Asked every 60 s, last 41 s ago.")
    assert found["Full check"].text == "All 0 linked issues were read in full within 24 h."


def test_nothing_is_changed_by_looking(healthy: Stand) -> None:
    tables = ("connection", "work", "activity", "worker", "workspace")
    before = [healthy.rows(f"SELECT * FROM {table}") for table in tables]
    findings(healthy)
    assert [healthy.rows(f"SELECT * FROM {table}") for table in tables] == before
    assert healthy.bell.rung == 0


def _no_worker(service: Stand) -> None:
    with service.on.database.write() as conn:
        forget(conn, "w1")


def _no_event_for_days(service: Stand) -> None:
    with service.on.database.write() as conn:
        record_event(conn, service.workspace_id, 1, service.clock.now() - timedelta(days=2))


def _refused_events(service: Stand) -> None:
    with service.on.database.write() as conn:
        count_rejected(conn, service.workspace_id, 1, 4)


def _late_poll(service: Stand) -> None:
    with service.on.database.write() as conn:
        record_poll(conn, service.workspace_id, 1, service.clock.now() - timedelta(minutes=9), service.clock.now())


def _sees_no_project(service: Stand) -> None:
    service.jira.may["BROWSE_PROJECTS"] = False


def _sees_no_space(service: Stand) -> None:
    service.confluence.space_keys = ()


def _clock_is_wrong(service: Stand) -> None:
    service.jira.server_time = service.clock.now() + timedelta(minutes=7)


def _unlisted(service: Stand) -> None:
    commands.import_okrs(service.on, service.workspace_id, OKRS, "Rosa")


def _paused(service: Stand) -> None:
    commands.pause_writing(service.on, service.workspace_id, "Rosa")


def _set_aside(service: Stand) -> None:
    now, db = service.clock.now(), service.on.database
    with db.write() as conn:
        mark_due(conn, service.workspace_id, "issue", ["1:10412"], now)
    claim = claim_work(db, now=now, lease_seconds=60)[0]
    with db.write() as conn:
        record_failed(conn, claim, at=now, error="400", parked_reason="Jira refused it.")


def _waiting_long(service: Stand) -> None:
    with service.on.database.write() as conn:
        mark_due(conn, service.workspace_id, "issue", ["1:1", "1:2"], service.clock.now() - timedelta(minutes=5))


def _no_tables(_service: Stand) -> None:
    """As it is."""


JIRA, CONFLUENCE = "Jira https://acme.atlassian.net", "Confluence https://acme.atlassian.net"
WRONG: list[tuple[Callable[[Stand], None], str, State, str, str]] = [
    (_no_worker, "Workers", State.TROUBLE, "nothing is read or written", "okr up"),
    (
        _no_event_for_days,
        "Events of Jira",
        State.NOTICE,
        "more than a day, and no webhook in Jira sends to",
        "okr webhook show",
    ),
    (_refused_events, "Refused events of Jira", State.NOTICE, "4 were refused", "okr webhook show"),
    (_late_poll, "Asking Jira", State.TROUBLE, "last 9 min ago", "Look at the workers"),
    (_sees_no_project, JIRA, State.TROUBLE, "may not see any project", "Browse projects"),
    (_sees_no_space, CONFLUENCE, State.TROUBLE, "sees no space", "view the spaces"),
    (_clock_is_wrong, JIRA, State.NOTICE, "clock and ours differ by 7 min", "clock"),
    (_unlisted, "Full check", State.NOTICE, "2 of 2 linked issues", "status page"),
    (_paused, "Writing", State.NOTICE, "paused by Rosa", "okr pause --resume"),
    (_set_aside, "Set aside", State.TROUBLE, "Jira refused it.", "Try again"),
    (_waiting_long, "Work", State.NOTICE, "2 waiting, the longest for 5 min", "sites above"),
    (_no_tables, "Tables", State.NOTICE, "none yet", "okr table add"),
]


@pytest.mark.parametrize(
    ("spoil", "name", "state", "text", "do"), WRONG, ids=lambda value: getattr(value, "__name__", None)
)
def test_what_is_wrong_is_found(
    healthy: Stand, spoil: Callable[[Stand], None], name: str, state: State, text: str, do: str
) -> None:
    spoil(healthy)
    finding = findings(healthy)[name]
    assert (finding.state, text in finding.text, do in finding.do) == (state, True, True), finding


@pytest.mark.parametrize(
    ("error", "state", "do"),
    [
        (Unauthorized("401"), State.TROUBLE, "Make a new token and give it: okr connect https://acme"),
        (Forbidden("403"), State.TROUBLE, "Give the account the permission"),
        (Unavailable("no answer within 60 s"), State.TROUBLE, "Check the site and the network"),
        (RateLimited("429", 30), State.NOTICE, "goes on by itself"),
    ],
)
@pytest.mark.parametrize(("name", "call"), [(JIRA, "myself"), (CONFLUENCE, "spaces")])
def test_a_site_that_does_not_answer_holds_nothing_else_up(
    healthy: Stand, name: str, call: str, error: OutsideError, state: State, do: str
) -> None:
    (healthy.jira if name == JIRA else healthy.confluence).trouble[call] = error
    found = findings(healthy)
    assert (found[name].state, do in found[name].do) == (state, True)
    assert found[CONFLUENCE if name == JIRA else JIRA].state is State.OK


@pytest.mark.parametrize(
    ("state", "expected", "do"),
    [
        (TableState.WAITING, State.NOTICE, ""),
        (TableState.HELD, State.NOTICE, "Publish"),
        (TableState.REMOVED, State.TROUBLE, "okr table add"),
        (TableState.NO_PAGE, State.TROUBLE, "Restore the page"),
        (TableState.NO_PERMISSION, State.TROUBLE, "edit the page"),
        (TableState.NOT_READABLE, State.TROUBLE, "header row"),
        (TableState.PAUSED, State.NOTICE, "okr pause --resume"),
    ],
)
def test_a_table_that_cannot_be_kept_current_is_told(
    healthy: Stand, state: TableState, expected: State, do: str
) -> None:
    commands.import_okrs(healthy.on, healthy.workspace_id, OKRS, "Rosa")
    commands.add_table(healthy.on, healthy.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    with healthy.on.database.write() as conn:
        record_table_state(conn, healthy.workspace_id, 1, state, healthy.clock.now(), "So it is.")
    finding = findings(healthy)["Table 1"]
    assert (finding.state, do in finding.do) == (expected, True)
    assert finding.text.endswith("So it is.")


def test_it_is_told_since_when_a_table_stands_so(healthy: Stand) -> None:
    """Not since it was written last."""
    commands.import_okrs(healthy.on, healthy.workspace_id, OKRS, "Rosa")
    commands.add_table(healthy.on, healthy.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    now = healthy.clock.now()
    with healthy.on.database.write() as conn:
        set_table(conn, healthy.workspace_id, 1, {"written_at": now - timedelta(hours=5)})
        record_table_state(conn, healthy.workspace_id, 1, TableState.NO_PERMISSION, now, "So it is.")
    assert findings(healthy)["Table 1"].since == now


def test_a_change_that_waits_for_its_turn_is_not_called_current(healthy: Stand) -> None:
    commands.import_okrs(healthy.on, healthy.workspace_id, OKRS, "Rosa")
    commands.add_table(healthy.on, healthy.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    now = healthy.clock.now()
    with healthy.on.database.write() as conn:
        record_table_state(conn, healthy.workspace_id, 1, TableState.CURRENT, now, "A change waits for its turn.")
        conn.execute(sql("DELETE FROM work"))
        mark_due(conn, healthy.workspace_id, "table", ["1"], now.replace(hour=10, minute=40))
    told = findings(healthy)
    assert told["Table 1"].text == "OKRs Q4 2026: a change waits. A change waits for its turn."
    assert told["Table 1"].state is State.NOTICE
    assert told["Work"].text == "Everything is read; 1 page waits for its turn until 10:40 UTC."
    commands.pause_writing(healthy.on, healthy.workspace_id, "Rosa")
    assert findings(healthy)["Work"].text == "Everything is read; no page is written until writing is resumed."


def test_a_text_that_waits_for_a_decision_is_told(healthy: Stand) -> None:
    commands.import_okrs(healthy.on, healthy.workspace_id, OKRS, "Rosa")
    commands.add_table(healthy.on, healthy.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    assert "Typed in table 1" not in findings(healthy)
    typed = TypedText(9, "PAY-KR1", "now", "soon", "a", "Ana Duarte", healthy.clock.now(), "not_understood")
    with healthy.on.database.write() as conn:
        record_typed_text(conn, healthy.workspace_id, 1, typed)
    told = findings(healthy)["Typed in table 1"]
    assert told.text == "OKRs Q4 2026: 1 text waits for a decision, as people typed in the table."
    assert "okr table show 1" in told.do


@pytest.mark.parametrize(
    ("hook", "text"),
    [
        (None, "None has arrived for more than a day; changes"),
        ({"enabled": False}, "switched off in Jira"),
        ({"is_signed": False}, "has no secret"),
        ({}, "None has arrived for more than a day; changes"),
    ],
)
def test_why_no_event_arrives_is_told_as_far_as_we_may_look(
    healthy: Stand, hook: dict[str, Any] | None, text: str
) -> None:
    _no_event_for_days(healthy)
    if hook is None:
        healthy.jira.trouble["webhooks"] = Forbidden("403")
    else:
        address = "https://okr.example.com/webhooks/jira/1"
        healthy.jira.hooks.append(replace(Webhook("1", "OKR Connector", address, (), True, True), **hook))
    assert text in findings(healthy)["Events of Jira"].text


@pytest.mark.parametrize(
    ("free", "state"), [(PLENTY, State.OK), (1_900_000_000, State.NOTICE), (100_000_000, State.TROUBLE)]
)
def test_a_full_disk_is_seen_coming(healthy: Stand, free: int, state: State) -> None:
    assert findings(healthy, free)["Disk"].state is state


@pytest.mark.parametrize(
    ("settings", "name", "state"),
    [
        ({"base_url": ""}, "Address", State.NOTICE),
        ({"base_url": "http://okr.example.com"}, "Address", State.TROUBLE),
        ({"base_url": "https://okr.example.com"}, "Address", State.OK),
        ({"allow_private_sites": True}, "Network", State.NOTICE),
    ],
)
def test_settings_that_matter_are_told(
    sqlite_database: Database, clock: FakeClock, tmp_path: Path, settings: dict[str, Any], name: str, state: State
) -> None:
    made = stand(sqlite_database, clock, tmp_path, **settings)
    assert findings(made)[name].state is state


def test_with_nothing_connected_the_next_step_is_named(service: Stand) -> None:
    assert findings(service)["Sites"].do.startswith("okr connect")


def test_a_secret_that_cannot_be_read_is_told(healthy: Stand) -> None:
    from connector.crypto import WrongKey

    def refuse(*_args: object) -> None:
        raise WrongKey("Put that key back, or enter the credentials of the connection again.")

    healthy.sites.jira = refuse  # type: ignore[method-assign, assignment]
    finding = findings(healthy)[JIRA]
    assert (finding.state, finding.do) == (State.TROUBLE, "okr connect https://acme.atlassian.net")
