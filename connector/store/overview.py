"""Counts and lists for the screens: nothing here is needed to do the work, only to show it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, or_, select, text

from connector.store.batches import in_batches
from connector.store.progress import Moment
from connector.store.rows import rows_as
from connector.store.schema import (
    delivery,
    initiative,
    issue,
    lease,
    page_table,
    page_version,
    progress,
    typed_text,
    work,
)


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened since some time."""

    events_received: int
    figures_changed: int
    pages_written: int


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of one connection: linked issues, all issues known, and tables in its pages."""

    linked: int = 0
    issues: int = 0
    tables: int = 0


@dataclass(frozen=True, slots=True)
class WaitingTable:
    """A table that waits: for its first figures (waiting), for people who edit the page (held), or for its turn
    (current, with what waits as ``detail``). ``next_visit_at`` is None where something has to change first."""

    table_id: int
    page_title: str
    page_url: str
    state: str
    detail: str
    next_visit_at: datetime | None


def lately(conn: Connection, workspace_id: int, since: datetime) -> Lately:
    """Events, figures and page versions since then."""
    return Lately(
        events_received=_number(
            conn,
            select(func.count()).where(delivery.c.workspace_id == workspace_id, delivery.c.received_at >= since),
        ),
        figures_changed=_number(
            conn, select(func.count()).where(progress.c.workspace_id == workspace_id, progress.c.at >= since)
        ),
        pages_written=_number(
            conn, select(func.count()).where(page_version.c.workspace_id == workspace_id, page_version.c.at >= since)
        ),
    )


def last_written_at(conn: Connection, workspace_id: int) -> datetime | None:
    """When a page was last written; None where none ever was."""
    found = select(func.max(page_version.c.at)).where(page_version.c.workspace_id == workspace_id)
    at: datetime | None = conn.execute(found).scalar_one()
    return at


def held_of_connections(conn: Connection, workspace_id: int) -> dict[int, Held]:
    """What is kept of each connection that anything is kept of."""
    linked = _per_connection(
        conn,
        select(initiative.c.connection_id, func.count(initiative.c.issue_id.distinct()))
        .where(initiative.c.workspace_id == workspace_id)
        .group_by(initiative.c.connection_id),
    )
    known = _per_connection(
        conn,
        select(issue.c.connection_id, func.count())
        .where(issue.c.workspace_id == workspace_id, issue.c.gone_since.is_(None))
        .group_by(issue.c.connection_id),
    )
    tables = _per_connection(
        conn,
        select(page_table.c.connection_id, func.count())
        .where(page_table.c.workspace_id == workspace_id)
        .group_by(page_table.c.connection_id),
    )
    return {
        number: Held(linked.get(number, 0), known.get(number, 0), tables.get(number, 0))
        for number in {*linked, *known, *tables}
    }


def figures_since(
    conn: Connection, workspace_id: int, subjects: Collection[str], since: datetime
) -> dict[str, tuple[Moment, ...]]:
    """As ``progress_since``, for many subjects in one statement per batch; an empty tuple where nothing was kept."""
    found: dict[str, list[Moment]] = {subject: [] for subject in subjects}
    c = progress.c
    for batch in in_batches(sorted(found)):
        ours = (c.workspace_id == workspace_id, c.subject.in_(batch))
        newest = select(func.max(c.id)).where(*ours, c.at <= since).group_by(c.subject)
        columns = select(c.subject, c.at, c.figure, c.why)
        rows = columns.where(*ours, or_(c.at > since, c.id.in_(newest))).order_by(c.at, c.id)
        for moment in rows_as(Moment, conn, rows):
            found[moment.subject].append(moment)
    return {subject: tuple(moments) for subject, moments in found.items()}


def tables_in_states(conn: Connection, workspace_id: int, states: Collection[str]) -> int:
    """How many tables are in one of these states."""
    found = select(func.count()).where(page_table.c.workspace_id == workspace_id, page_table.c.state.in_(states))
    return _number(conn, found)


def waiting_tables(conn: Connection, workspace_id: int) -> tuple[WaitingTable, ...]:
    """The tables whose page does not say yet what it should, without anybody having to do something about it."""
    c = page_table.c
    waits = c.state.in_(["waiting", "held"]) | ((c.state == "current") & (c.state_detail != ""))
    found = select(c.id, c.page_title, c.page_url, c.state, c.state_detail).where(c.workspace_id == workspace_id, waits)
    rows = conn.execute(found.order_by(c.id)).all()
    due = tables_due(conn, workspace_id) if rows else {}
    return tuple(WaitingTable(*row, next_visit_at=due.get(row.id)) for row in rows)


def tables_due(conn: Connection, workspace_id: int) -> dict[int, datetime]:
    """When each table's page is visited next; without those that were set aside, or wait for something to change."""
    found = select(work.c.target, work.c.due_at, work.c.not_before).where(
        work.c.workspace_id == workspace_id, work.c.kind == "table", work.c.parked_at.is_(None)
    )
    return {int(row.target): max(row.due_at, row.not_before or row.due_at) for row in conn.execute(found)}


def tables_set_aside(conn: Connection, workspace_id: int) -> frozenset[int]:
    """The numbers of the tables whose visit failed too often to go on by itself."""
    c = work.c
    found = select(c.target).where(c.workspace_id == workspace_id, c.kind == "table", c.parked_at.is_not(None))
    return frozenset(int(target) for target in conn.execute(found).scalars())


def versions_of_pages(conn: Connection, workspace_id: int, since: datetime) -> dict[tuple[int, str], int]:
    """How many versions of each page we made since then, by connection and page, whichever table they were for, also
    one that was removed."""
    c = page_version.c
    found = (
        select(c.connection_id, c.page_id, func.count(c.version.distinct()))
        .where(c.workspace_id == workspace_id, c.connection_id.is_not(None), c.at >= since)
        .group_by(c.connection_id, c.page_id)
    )
    return {(number, page_id): int(count) for number, page_id, count in conn.execute(found)}


def causes_of_versions(
    conn: Connection, workspace_id: int, connection_id: int, page_id: str, since: datetime
) -> dict[str, int]:
    """How many versions of one page we made since then, by why: people | jira | time, empty where it was not kept."""
    c = page_version.c
    found = (
        select(c.cause, func.count(c.version.distinct()))
        .where(c.workspace_id == workspace_id, c.connection_id == connection_id, c.page_id == page_id, c.at >= since)
        .group_by(c.cause)
    )
    return {cause: int(count) for cause, count in conn.execute(found)}


def texts_waiting(conn: Connection, workspace_id: int) -> dict[int, int]:
    """How many texts that people typed wait for a decision in each table that has any."""
    c = typed_text.c
    found = select(c.table_id, func.count()).where(
        c.workspace_id == workspace_id, c.outcome.in_(["not_understood", "not_allowed", "to_confirm"])
    )
    return {int(table_id): int(number) for table_id, number in conn.execute(found.group_by(c.table_id))}


def lease_is_held(conn: Connection, name: str, now: datetime) -> bool:
    """True while any process holds the lease of this name."""
    return conn.execute(select(lease.c.name).where(lease.c.name == name, lease.c.until > now)).first() is not None


def database_bytes(conn: Connection) -> int:
    """The size of the database."""
    if conn.dialect.name == "sqlite":
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages) * int(conn.execute(text("PRAGMA page_size")).scalar_one())
    return int(conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _number(conn: Connection, found: Select[int]) -> int:
    return int(conn.execute(found).scalar_one())


def _per_connection(conn: Connection, found: Select[int, int]) -> dict[int, int]:
    return {int(number): int(count) for number, count in conn.execute(found)}
