"""Counts over all workspaces, for monitoring. The only reads here that name no workspace; they give numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from connector.store.rows import rows_as
from connector.store.schema import connection, delivery, page_version, work


@dataclass(frozen=True, slots=True)
class KindCount:
    """What is due now and what was set aside, of one kind of work."""

    kind: str
    due: int
    set_aside: int
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    deliveries: int
    rejected: int
    page_versions: int


def work_by_kind(conn: Connection, now: datetime) -> tuple[KindCount, ...]:
    """One row for each kind that has anything in the queue."""
    parked = work.c.parked_at.is_not(None)
    due = ~parked & (work.c.due_at <= now)
    found = select(
        work.c.kind,
        func.sum(case((due, 1), else_=0)),
        func.sum(case((parked, 1), else_=0)),
        func.min(case((due, work.c.marked_at))),
    )
    return rows_as(KindCount, conn, found.group_by(work.c.kind).order_by(work.c.kind))


def totals(conn: Connection) -> Totals:
    """Webhooks kept and refused, page versions written."""
    return Totals(
        deliveries=conn.execute(select(func.count()).select_from(delivery)).scalar_one(),
        rejected=conn.execute(select(func.coalesce(func.sum(connection.c.rejected_deliveries), 0))).scalar_one(),
        page_versions=conn.execute(select(func.count()).select_from(page_version)).scalar_one(),
    )


def connections_by_health(conn: Connection) -> tuple[tuple[str, str, int], ...]:
    """Product, health and how many."""
    c = connection.c
    found = select(c.product, c.health, func.count()).group_by(c.product, c.health).order_by(c.product, c.health)
    return tuple((product, health, number) for product, health, number in conn.execute(found))
