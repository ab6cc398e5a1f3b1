"""Long work that people want to see: the first sync, a full check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select, update

from connector.store.rows import AnyRow
from connector.store.schema import sync_run


@dataclass(frozen=True, slots=True)
class Run:
    """``kind``: first | full_check. ``moved_at``: when it last got on. ``done`` of ``total`` linked issues."""

    id: int
    connection_id: int
    kind: str
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None
    total: int
    done: int
    issues: int
    calls: int
    changed: int
    outcome: str


def begin(conn: Connection, workspace_id: int, connection_id: int, kind: str, total: int, at: datetime) -> int:
    """A run begins; its number. A run of this connection that is still open ends: this one takes its place."""
    _end_open(conn, workspace_id, connection_id, at, "replaced by a newer run")
    row = {
        "workspace_id": workspace_id,
        "connection_id": connection_id,
        "kind": kind,
        "started_at": at,
        "moved_at": at,
        "total": total,
        "ended_at": None if total else at,
        "outcome": "" if total else "done",
    }
    run_id: int = conn.execute(insert(sync_run).values(row).returning(sync_run.c.id)).scalar_one()
    return run_id


def advance(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    at: datetime,
    *,
    done: int = 0,
    issues: int = 0,
    calls: int = 0,
    changed: int = 0,
) -> None:
    """Add to the open run of the connection, if there is one; it ends when everything is done."""
    c = sync_run.c
    added = {
        "done": c.done + done,
        "issues": c.issues + issues,
        "calls": c.calls + calls,
        "changed": c.changed + changed,
    }
    ours = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.ended_at.is_(None))
    conn.execute(update(sync_run).where(*ours).values(moved_at=at, **added))
    conn.execute(update(sync_run).where(*ours, c.done >= c.total).values(ended_at=at, outcome="done"))


def open_runs(conn: Connection, workspace_id: int) -> tuple[Run, ...]:
    """What is under way, oldest first."""
    found = select(sync_run).where(sync_run.c.ended_at.is_(None)).order_by(sync_run.c.id)
    return _runs(conn, workspace_id, found)


def recent_runs(conn: Connection, workspace_id: int, limit: int = 20) -> tuple[Run, ...]:
    """The last ones, newest first, those under way included."""
    return _runs(conn, workspace_id, select(sync_run).order_by(sync_run.c.id.desc()).limit(limit))


def purge(conn: Connection, workspace_id: int, before: datetime, limit: int) -> int:
    """Forget what ended before then, at most ``limit`` runs. How many there were."""
    c = sync_run.c
    old = select(c.id).where(c.workspace_id == workspace_id, c.ended_at < before).limit(limit)
    return conn.execute(delete(sync_run).where(c.workspace_id == workspace_id, c.id.in_(old))).rowcount


def _end_open(conn: Connection, workspace_id: int, connection_id: int, at: datetime, outcome: str) -> None:
    c = sync_run.c
    ours = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.ended_at.is_(None))
    conn.execute(update(sync_run).where(*ours).values(ended_at=at, outcome=outcome))


def _runs(conn: Connection, workspace_id: int, among: Select[tuple[object, ...]]) -> tuple[Run, ...]:
    return tuple(_run(row) for row in conn.execute(among.where(sync_run.c.workspace_id == workspace_id)))


def _run(row: AnyRow) -> Run:
    return Run(
        id=row.id,
        connection_id=row.connection_id,
        kind=row.kind,
        started_at=row.started_at,
        moved_at=row.moved_at,
        ended_at=row.ended_at,
        total=row.total,
        done=row.done,
        issues=row.issues,
        calls=row.calls,
        changed=row.changed,
        outcome=row.outcome,
    )
