"""One table in its page: what was chosen for it, how it stands, how often it may be written, what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.pacing import take_write
from connector.settings import Settings
from connector.store import okrs, overview, page_visits, tables
from connector.store.page_visits import WrittenVersion
from connector.store.tables import PageTable, UnknownTable
from mapping.table_parts import Column
from sync.composing import table_spec
from sync.ports import Resources
from sync.queries.tables import TableRow, month_start, table_row

MOST_VERSIONS = 10


@dataclass(frozen=True, slots=True)
class Budget:
    """``bucket`` writes at once after changes in Jira, then one per ``minutes``. ``left`` of them now; with none left,
    the next may be at ``next_at``."""

    bucket: int
    minutes: float
    left: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class TableView:
    """``columns`` as they stand in the page; ``versions`` are the last that we wrote for this table, newest first."""

    at: datetime
    row: TableRow
    chosen: PageTable
    columns: tuple[Column, ...]
    budget: Budget
    versions: tuple[WrittenVersion, ...]


def load_table_view(on: Resources, workspace_id: int, table_id: int, at: datetime) -> TableView | None:
    """None where there is no table of this number."""
    with on.database.read() as conn:
        try:
            table = tables.load_table(conn, workspace_id, table_id)
        except UnknownTable:
            return None
        return TableView(
            at=at,
            row=_row(conn, workspace_id, table, at),
            chosen=table,
            columns=table_spec(table, on.settings).shown_columns,
            budget=budget_of(table, on.settings, at),
            versions=page_visits.our_versions(conn, workspace_id, table_id, MOST_VERSIONS),
        )


def budget_of(table: PageTable, settings: Settings, at: datetime) -> Budget:
    """What a write that follows from Jira may take now; a person's own act is never asked."""
    bucket = table.write_bucket or settings.write_bucket
    minutes = table.write_refill_minutes or settings.write_refill_minutes
    taken = take_write(table.tokens, table.tokens_at, at, bucket=bucket, refill=timedelta(minutes=minutes))
    if taken.allowed:
        return Budget(bucket, minutes, taken.tokens + 1, None)
    return Budget(bucket, minutes, 0, at + timedelta(seconds=taken.wait_seconds))


def _row(conn: Transaction, workspace_id: int, table: PageTable, at: datetime) -> TableRow:
    versions = overview.versions_of_pages(conn, workspace_id, month_start(at))
    due = overview.tables_due(conn, workspace_id)
    names = {cycle.key: cycle.name for cycle in okrs.load_cycles(conn, workspace_id)}
    of_page = versions.get((table.connection_id, table.page_id), 0)
    return table_row(table, names[table.cycle_key], of_page, due.get(table.id))
