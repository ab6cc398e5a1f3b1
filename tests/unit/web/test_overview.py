"""Counts and lists for the screens, on both databases."""

from __future__ import annotations

from datetime import timedelta

from connector.store import overview, progress
from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web import made_up


def test_figures_of_many_are_those_of_each(database: Database, clock: FakeClock) -> None:
    ws, at = made_up.fill(database, clock.now()).workspace_id, clock.now()
    days = {"A": (90, 70, 20, 10), "B": (70,), "C": (5,)}
    with database.write() as conn:
        for subject, ages in days.items():
            for age in ages:
                when = at - timedelta(days=age)
                progress.record_progress(conn, ws, subject, {"progress": f"1/{age}"}, at=when)
    since = at - timedelta(days=56)
    with database.read() as conn:
        many = overview.figures_since(conn, ws, ["A", "B", "C", "D"], since)
        assert many == {subject: progress.progress_since(conn, ws, subject, since) for subject in "ABCD"}
        assert overview.figures_since(conn, ws + 1, ["A"], since) == {"A": ()}
        assert overview.figures_since(conn, ws, [], since) == {}


def test_another_workspace_has_its_own_counts(database: Database, clock: FakeClock) -> None:
    ws, at = made_up.fill(database, clock.now()).workspace_id, clock.now()
    with database.read() as conn:
        ours = overview.lately(conn, ws, at - timedelta(hours=24))
        assert (ours.events_received, ours.pages_written) == (1, 2)
        assert overview.lately(conn, ws, at + timedelta(hours=1)) == overview.Lately(0, 0, 0)
        assert overview.lately(conn, ws + 1, at - timedelta(hours=24)) == overview.Lately(0, 0, 0)
        assert overview.last_written_at(conn, ws) == at - timedelta(minutes=4)
        assert overview.last_written_at(conn, ws + 1) is None
        assert overview.held_of_connections(conn, ws + 1) == {}
        assert sorted(overview.held_of_connections(conn, ws).values(), key=lambda held: held.tables) == [
            overview.Held(linked=15, issues=15), overview.Held(tables=2)
        ]  # fmt: skip
        assert overview.tables_in_states(conn, ws, {"held"}) == 1
        assert overview.tables_in_states(conn, ws + 1, {"held"}) == 0
        assert overview.lease_is_held(conn, "timer", at)
        assert not overview.lease_is_held(conn, "timer", at + timedelta(minutes=1))
        assert overview.database_bytes(conn) > 100_000
