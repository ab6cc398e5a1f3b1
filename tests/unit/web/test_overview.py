"""Counts and lists for the screens, on both databases."""

from __future__ import annotations

from datetime import timedelta

from connector.store import overview, page_visits, progress, tables, work
from connector.store.engine import Database
from connector.store.tables import TableState
from sync.queries.tables import month_start
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


def test_how_far_key_results_were_at_some_moments(database: Database, clock: FakeClock) -> None:
    ws, at = made_up.fill(database, clock.now()).workspace_id, clock.now()
    days = {"PAY-KR1": (90, 20, 10), "PAY-KR2": (10,), "PAY-KR3": ()}
    with database.write() as conn:
        for subject, ages in days.items():
            for age in ages:
                progress.record_progress(conn, ws, subject, {"progress": f"1/{age}"}, at=at - timedelta(days=age))
        progress.record_progress(conn, ws, "PAY-KR2", {"progress": None}, at=at - timedelta(days=1))
        # Two changes of one moment: the later one holds.
        progress.record_progress(conn, ws, "PAY-KR1", {"progress": "1/2"}, at=at - timedelta(days=10))
    early, middle, late = (at - timedelta(days=age) for age in (56, 10, 0))
    with database.read() as conn:
        assert progress.progress_at(conn, ws, [*days, "PAY-KR99"], [early, middle, late]) == {
            "PAY-KR1": [(early, "1/90"), (middle, "1/2"), (late, "1/2")],
            "PAY-KR2": [(middle, "1/10")],
            "PAY-KR3": [],
            "PAY-KR99": [],
        }
        assert progress.progress_at(conn, ws + 1, ["PAY-KR1"], [late]) == {"PAY-KR1": []}
        assert progress.progress_at(conn, ws, ["PAY-KR1"], []) == {"PAY-KR1": []}


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
        assert overview.tables_in_states(conn, ws, {"current"}) == 2
        assert overview.tables_in_states(conn, ws + 1, {"current"}) == 0
        assert overview.lease_is_held(conn, "timer", at)
        assert not overview.lease_is_held(conn, "timer", at + timedelta(minutes=1))
        assert overview.database_bytes(conn) > 100_000


def test_versions_are_counted_for_each_page_and_month(database: Database, clock: FakeClock) -> None:
    filled, at = made_up.fill(database, clock.now()), clock.now()
    with database.write() as conn:
        first, second = tables.load_tables(conn, filled.workspace_id)
        # Two tables in one page: each of the page's versions counts once.
        tables.set_table(conn, filled.workspace_id, second.id, {"page_id": first.page_id, "region_id": "other"})
        for table, version, days in ((first, 213, 1), (second, 213, 1), (second, 212, 2), (first, 180, 30)):
            page_visits.record_version(conn, filled.workspace_id, table.id, version, at - timedelta(days=days), "")
    with database.read() as conn:
        counted = overview.versions_of_pages(conn, filled.workspace_id, month_start(at))
        # Version 214 of the second table was one of the page where it stood then.
        assert counted == {(filled.confluence.id, first.page_id): 3, (filled.confluence.id, second.page_id): 1}
        assert overview.versions_of_pages(conn, filled.workspace_id + 1, month_start(at)) == {}


def test_who_waits_and_until_when(database: Database, clock: FakeClock) -> None:
    filled, at = made_up.fill(database, clock.now()), clock.now()
    until = at + timedelta(minutes=12)
    with database.write() as conn:
        first, second = tables.load_tables(conn, filled.workspace_id)
        tables.record_table_state(conn, filled.workspace_id, first.id, TableState.HELD, at, "An open draft.")
        work.mark_due(conn, filled.workspace_id, "table", [str(first.id), str(second.id)], until)
    with database.read() as conn:
        assert overview.waiting_tables(conn, filled.workspace_id) == (
            overview.WaitingTable(first.id, "OKRs Q4 2026", first.page_url, "held", "An open draft.", until),
        )
        assert overview.waiting_tables(conn, filled.workspace_id + 1) == ()
