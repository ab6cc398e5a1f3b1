"""The tables in pages, as a list: where each stands, what it shows, and whether somebody must look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection as Transaction

from connector.store import okrs, overview, tables
from connector.store.tables import PageTable, TableState
from sync.queries.page_search import space_of

FOR_PEOPLE = frozenset({TableState.REMOVED, TableState.NO_PAGE, TableState.NO_PERMISSION, TableState.NOT_READABLE})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something seen on the page that people should know. ``what``: not_understood, not_allowed or to_confirm (``text``
    waits in ``column`` of the row ``key``, as ``who`` typed it) | repeated (``key`` stands in two rows) | copies
    (``text`` more of this table) | kept_apart (the hand-made table whose place ours was to take stands there still)."""

    what: str
    key: str
    column: str
    text: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table, with what was found in its page.

    ``versions_this_month``: those that we made of the page, for all of its tables. ``waiting_texts``: typed by people,
    to be decided upon. ``space`` is its key, empty where the address does not tell. ``waits``: the page does not say
    yet what it should, and nobody has to do anything; ``next_visit_at`` is when we look at it next, None where
    something has to change first. ``is_set_aside``: it failed too often to be written by itself.
    """

    table_id: int
    page_name: str
    page_url: str
    cycle_name: str
    teams: tuple[str, ...]
    shape: str
    state: TableState
    detail: str
    written_version: int
    written_at: datetime | None
    findings: tuple[Finding, ...]
    versions_this_month: int
    next_visit_at: datetime | None
    state_since: datetime | None
    waiting_texts: int
    space: str
    objective_keys: tuple[str, ...]
    paused_at: datetime | None
    paused_by: str
    is_set_aside: bool

    @property
    def needs_somebody(self) -> bool:
        """True where nothing goes on before a person has done something."""
        return self.is_set_aside or self.state in FOR_PEOPLE

    @property
    def waits(self) -> bool:
        return self.state in {TableState.WAITING, TableState.HELD} or (
            self.state is TableState.CURRENT and bool(self.detail)
        )

    @property
    def next_look_at(self) -> datetime | None:
        """When we look at it again of our own accord; None where only a change makes us look."""
        is_away = self.state in {TableState.NO_PAGE, TableState.NO_PERMISSION}
        return self.next_visit_at if self.waits or is_away else None

    @property
    def is_live_doc(self) -> bool:
        """Held, and not by a draft: that one is looked for again."""
        return self.state is TableState.HELD and self.next_visit_at is None


def load_table_rows(conn: Transaction, workspace_id: int, at: datetime) -> tuple[TableRow, ...]:
    """Every table; those that a person must look at stand first."""
    rows = rows_of(conn, workspace_id, tables.load_tables(conn, workspace_id), at)
    return tuple(sorted(rows, key=lambda row: (not row.needs_somebody, row.page_name.casefold(), row.table_id)))


def rows_of(conn: Transaction, workspace_id: int, among: Sequence[PageTable], at: datetime) -> list[TableRow]:
    """Some tables with what stands about them elsewhere, in the same order."""
    names = {cycle.key: cycle.name for cycle in okrs.load_cycles(conn, workspace_id)}
    versions = overview.versions_of_pages(conn, workspace_id, month_start(at))
    due = overview.tables_due(conn, workspace_id)
    texts = overview.texts_waiting(conn, workspace_id)
    set_aside = overview.tables_set_aside(conn, workspace_id)
    return [
        _row(table, names[table.cycle_key], versions.get((table.connection_id, table.page_id), 0),
             due.get(table.id), texts.get(table.id, 0), is_set_aside=table.id in set_aside)
        for table in among
    ]  # fmt: skip


def month_start(at: datetime) -> datetime:
    """The first moment of the month, in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _row(
    table: PageTable,
    cycle_name: str,
    versions: int,
    next_visit_at: datetime | None,
    waiting_texts: int,
    *,
    is_set_aside: bool,
) -> TableRow:
    return TableRow(
        table_id=table.id,
        page_name=table.page_title or f"Page {table.page_id}",
        page_url=table.page_url,
        cycle_name=cycle_name,
        teams=table.teams,
        shape=table.shape,
        state=table.state,
        detail=table.state_detail,
        written_version=table.written_version,
        written_at=table.written_at,
        findings=tuple(Finding(**finding) for finding in table.findings),
        versions_this_month=versions,
        next_visit_at=next_visit_at,
        state_since=table.state_since,
        waiting_texts=waiting_texts,
        space=space_of(table.page_url),
        objective_keys=table.objective_keys,
        paused_at=table.paused_at,
        paused_by=table.paused_by,
        is_set_aside=is_set_aside,
    )
