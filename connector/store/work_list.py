"""What stands in the queue, for people and for the worker's next look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, update

from connector.store.batches import in_batches
from connector.store.prepared import prepared
from connector.store.rows import Values, rows_as
from connector.store.schema import work


@dataclass(frozen=True, slots=True)
class DueCount:
    """How much of one kind is due now, due later, in hand, or set aside; ``waiting_since`` of the longest due."""

    kind: str
    due: int
    later: int
    in_hand: int
    parked: int
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class ParkedWork:
    """A target that was set aside after failing too often, with the reason and the last error."""

    work_id: int
    kind: str
    target: str
    attempts: int
    parked_at: datetime
    reason: str
    last_error: str


def due_counts(conn: Connection, workspace_id: int, now: datetime) -> tuple[DueCount, ...]:
    """What is in the queue, one row for each kind that has anything in it."""
    return rows_as(DueCount, conn, *_counted(workspace_id, now))


@prepared
def _counted(workspace_id: int, now: datetime) -> Select[Any]:
    parked = work.c.parked_at.is_not(None)
    in_hand = work.c.claim_token.is_not(None)
    due = ~parked & ~in_hand & (work.c.due_at <= now)
    later = ~parked & ~in_hand & (work.c.due_at > now)
    return (
        select(
            work.c.kind,
            *(func.sum(case((c, 1), else_=0)) for c in (due, later, in_hand, parked)),
            func.min(case((due, work.c.marked_at))),
        )
        .where(work.c.workspace_id == workspace_id)
        .group_by(work.c.kind)
        .order_by(work.c.kind)
    )


def load_parked(conn: Connection, workspace_id: int, limit: int = 200) -> tuple[ParkedWork, ...]:
    """What was set aside, latest first."""
    c = work.c
    found = (
        select(c.id, c.kind, c.target, c.attempts, c.parked_at, c.parked_reason, c.last_error)
        .where(c.workspace_id == workspace_id, c.parked_at.is_not(None))
        .order_by(c.parked_at.desc(), c.id.desc())
        .limit(limit)
    )
    return rows_as(ParkedWork, conn, found)


def retry_parked(
    conn: Connection,
    workspace_id: int,
    at: datetime,
    work_ids: Collection[int] | None = None,
    urgency: int = 2,
    before: datetime | None = None,
) -> int:
    """Make what was set aside due again with a clean count: all of it, only the given rows, or only what was set aside
    before a moment. How many there were."""
    chosen = update(work).where(work.c.workspace_id == workspace_id, work.c.parked_at.is_not(None))
    if work_ids is not None:
        chosen = chosen.where(work.c.id.in_(sorted(work_ids)))
    if before is not None:
        chosen = chosen.where(work.c.parked_at < before)
    fresh = chosen.values(
        parked_at=None, parked_reason="", attempts=0, not_before=None, due_at=at, marked_at=at, urgency=urgency
    )
    return conn.execute(fresh).rowcount


def next_due_at(conn: Connection, kinds: Collection[str] | None = None) -> datetime | None:
    """When the queue next has something to do, in any workspace; None where nothing waits."""
    found, given = _next_due()
    if kinds is not None:
        found = found.where(work.c.kind.in_(sorted(kinds)))
    at: datetime | None = conn.execute(found, given).scalar_one()
    return at


@prepared
def _next_due() -> Select[Any]:
    when = func.min(case((work.c.claim_token.is_(None), work.c.due_at), else_=work.c.claimed_until))
    return select(when).where(work.c.parked_at.is_(None))


def marked(conn: Connection, workspace_id: int, kind: str, targets: Collection[str]) -> frozenset[str]:
    """Those of the targets that stand in the queue already, due or not."""
    return _found(conn, targets, lambda some: _marked(workspace_id, kind, some))


def parked_among(conn: Connection, workspace_id: int, kind: str, targets: Collection[str]) -> frozenset[str]:
    """Those of the targets that were set aside."""
    return _found(conn, targets, lambda some: _parked(workspace_id, kind, some))


def due_among(
    conn: Connection, workspace_id: int, kind: str, targets: Collection[str], now: datetime
) -> frozenset[str]:
    """Those of the targets that are due by now, or in hand."""
    return _found(conn, targets, lambda some: _due(workspace_id, kind, some, now))


def _found(
    conn: Connection, targets: Collection[str], asked: Callable[[Sequence[str]], tuple[Select[Any], Values]]
) -> frozenset[str]:
    found: set[str] = set()
    for some in in_batches(sorted(targets)):
        found.update(conn.execute(*asked(some)).scalars())
    return frozenset(found)


@prepared
def _marked(workspace_id: int, kind: str, targets: Sequence[str]) -> Select[Any]:
    return _among(workspace_id, kind, targets)


@prepared
def _parked(workspace_id: int, kind: str, targets: Sequence[str]) -> Select[Any]:
    return _among(workspace_id, kind, targets).where(work.c.parked_at.is_not(None))


@prepared
def _due(workspace_id: int, kind: str, targets: Sequence[str], now: datetime) -> Select[Any]:
    due = work.c.parked_at.is_(None) & (work.c.claim_token.is_not(None) | (work.c.due_at <= now))
    return _among(workspace_id, kind, targets).where(due)


def _among(workspace_id: int, kind: str, targets: Sequence[str]) -> Select[Any]:
    these = (work.c.workspace_id == workspace_id, work.c.kind == kind, work.c.target.in_(targets))
    return select(work.c.target).where(*these)
