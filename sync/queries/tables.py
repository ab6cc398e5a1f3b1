"""The tables in pages, as a list: where each stands, what it shows, and whether somebody must look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import okrs, tables
from connector.store.tables import PageTable, TableState

FOR_PEOPLE = frozenset({TableState.REMOVED, TableState.NO_PAGE, TableState.NO_PERMISSION, TableState.NOT_READABLE})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something seen on the page that people should know. ``what``: typed (``text`` stands in ``column`` of the row
    ``key`` as a person typed it) | repeated (``key`` stands in two rows) | copies (``text`` more of this table)."""

    what: str
    key: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table, with what was found in its page."""

    table_id: int
    page_name: str
    page_url: str
    cycle_name: str
    teams: tuple[str, ...]
    state: TableState
    detail: str
    written_version: int
    written_at: datetime | None
    findings: tuple[Finding, ...]


def load_table_rows(conn: Transaction, workspace_id: int) -> tuple[TableRow, ...]:
    """Every table; those that a person must look at stand first."""
    names = {cycle.key: cycle.name for cycle in okrs.load_cycles(conn, workspace_id)}
    rows = [_row(table, names[table.cycle_key]) for table in tables.load_tables(conn, workspace_id)]
    return tuple(sorted(rows, key=lambda row: (row.state not in FOR_PEOPLE, row.page_name.casefold(), row.table_id)))


def _row(table: PageTable, cycle_name: str) -> TableRow:
    return TableRow(
        table_id=table.id,
        page_name=table.page_title or f"Page {table.page_id}",
        page_url=table.page_url,
        cycle_name=cycle_name,
        teams=table.teams,
        state=table.state,
        detail=table.state_detail,
        written_version=table.written_version,
        written_at=table.written_at,
        findings=tuple(Finding(**finding) for finding in table.findings),
    )
