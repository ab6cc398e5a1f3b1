"""One table in its page: what was chosen for it, how it stands, how often it may be written, what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.pacing import take_write
from connector.settings import Settings
from connector.store import page_visits, tables
from connector.store.connections import load_connection
from connector.store.overview import causes_of_versions
from connector.store.page_visits import WrittenVersion
from connector.store.tables import PageTable, UnknownTable
from connector.write_budget import write_budget
from mapping.table_parts import Column
from sync.composing import table_spec
from sync.ports import Resources
from sync.queries.tables import TableRow, month_start, rows_of
from sync.queries.typed import TypedView, load_typed

MOST_VERSIONS = 10
MOST_TYPED = 50


@dataclass(frozen=True, slots=True)
class Budget:
    """``bucket`` writes at once after changes in Jira, then one per ``minutes``. ``left`` of them now; with none left,
    the next may be at ``next_at``."""

    bucket: int
    minutes: float
    left: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Causes:
    """How many versions of the page we made this month after what people did, after changes in Jira, for time alone."""

    people: int = 0
    jira: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class TableView:
    """``columns`` as they stand in the page; ``deployment`` is that of its site: cloud | data_center; ``versions`` are
    the last that we wrote for this table, newest first."""

    at: datetime
    row: TableRow
    chosen: PageTable
    columns: tuple[Column, ...]
    budget: Budget
    deployment: str
    versions: tuple[WrittenVersion, ...]
    typed: TypedView
    causes: Causes


def load_table_view(on: Resources, workspace_id: int, table_id: int, at: datetime) -> TableView | None:
    """None where there is no table of this number."""
    with on.database.read() as conn:
        try:
            table = tables.load_table(conn, workspace_id, table_id)
        except UnknownTable:
            return None
        site = load_connection(conn, workspace_id, table.connection_id)
        return TableView(
            at=at,
            row=rows_of(conn, workspace_id, [table], at)[0],
            chosen=table,
            columns=table_spec(table, on.settings).shown_columns,
            budget=budget_of(table, on.settings, site.deployment, at),
            deployment=site.deployment,
            versions=page_visits.our_versions(conn, workspace_id, table_id, MOST_VERSIONS),
            typed=load_typed(conn, workspace_id, table_id, MOST_TYPED),
            causes=_causes(conn, table, at),
        )


def _causes(conn: Transaction, table: PageTable, at: datetime) -> Causes:
    counted = causes_of_versions(conn, table.workspace_id, table.connection_id, table.page_id, month_start(at))
    return Causes(counted.get("people", 0), counted.get("jira", 0), counted.get("time", 0))


def load_chosen(on: Resources, workspace_id: int, table_id: int) -> PageTable | None:
    """What was chosen for a table, and what is remembered of it. None where there is no table of this number."""
    with on.database.read() as conn:
        try:
            return tables.load_table(conn, workspace_id, table_id)
        except UnknownTable:
            return None


def budget_of(table: PageTable, settings: Settings, deployment: str, at: datetime) -> Budget:
    """What a write that follows from Jira may take now; a person's own act is never asked."""
    budget = write_budget(settings, deployment, table.write_bucket, table.write_refill_minutes)
    minutes = budget.refill / timedelta(minutes=1)
    taken = take_write(table.tokens, table.tokens_at, at, bucket=budget.bucket, refill=budget.refill)
    if taken.allowed:
        return Budget(budget.bucket, minutes, taken.tokens + 1, None)
    return Budget(budget.bucket, minutes, 0, at + timedelta(seconds=taken.wait_seconds))
