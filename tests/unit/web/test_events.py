"""The page of what the sites told us."""

from __future__ import annotations

from connector.store import deliveries
from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor


def record(database: Database, filled: MadeUp, clock: FakeClock, number: int, **more: object) -> None:
    values: dict[str, object] = {"event": "jira:issue_updated", "issue_ids": ["9"]} | more
    with database.write() as conn:
        deliveries.record_delivery(
            conn, filled.workspace_id, filled.jira.id, identifier=f"n{number}", body_hash=f"{number:064}",
            at=clock.now(), **values,  # type: ignore[arg-type]
        )  # fmt: skip


def test_events_are_listed_with_their_outcome(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    record(sqlite_database, filled, clock, 1, event="quantum_leap", issue_ids=[], handling="unknown", body=b"sealed")
    shown = rosa.get("/status/events").text
    assert "quantum_leap" in shown
    assert "its contents are kept" in shown
    assert "jira:issue_updated" in shown
    assert "jira:issue_updated" not in rosa.get("/status/events?outcome=unknown").text
    assert "Nothing was found" in rosa.get("/status/events?kind=sprint").text


def test_one_event_or_all_that_are_shown_are_read_again(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    answer = rosa.post("/status/events/1/read-again", page="/status/events")
    assert answer.location.endswith("/status/events")
    assert "read again now" in rosa.get("/status/events").text
    record(sqlite_database, filled, clock, 1)
    form = {"number": ["1", "2", "x", "-1", "9" * 30], "csrf_token": rosa.token("/status/events")}
    rosa.client.post("/status/events/read-again", data=form)
    assert "What 2 events name is read again now." in rosa.get("/status/events").text
    rosa.post("/status/events/99/read-again", page="/status/events")
    assert "no longer kept" in rosa.get("/status/events").text


def test_a_long_list_has_a_way_on(rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> None:
    for number in range(60):
        record(sqlite_database, filled, clock, number)
    first = rosa.get("/status/events").text
    assert first.count('name="number"') == 50
    assert "before=12" in first
    assert rosa.get("/status/events?before=12").text.count('name="number"') == 11
    assert "Older" not in rosa.get("/status/events?before=12").text


def test_words_that_are_no_numbers_choose_nothing(rosa: Visitor, filled: MadeUp) -> None:
    for address in ("?before=x", "?site=-1", "?before=" + "9" * 40, "?outcome=lost", "?site=²"):
        assert rosa.get(f"/status/events{address}").status_code == 200
