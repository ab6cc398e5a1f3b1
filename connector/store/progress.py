"""How figures moved: one row for each change, which holds until the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from connector.store.batches import in_batches
from connector.store.rows import rows_as
from connector.store.schema import progress

Figure = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """What the figure of ``subject`` was from ``at`` on, and why it changed. ``figure`` is of JSON's types."""

    subject: str
    at: datetime
    figure: Figure
    why: str


def issue_subject(connection_id: int, issue_id: str) -> str:
    """Under which name the completion of a linked issue is kept; key results and objectives go by their keys."""
    return f"issue:{connection_id}:{issue_id}"


def record_progress(
    conn: Connection, workspace_id: int, subject: str, figure: Figure, *, at: datetime, why: str = ""
) -> bool:
    """Keep the figure if it differs from the last one. True where it does. ``why`` is cut at 300 characters."""
    last = latest_progress(conn, workspace_id, [subject]).get(subject)
    if last is not None and last.figure == dict(figure):
        return False
    row = {"workspace_id": workspace_id, "subject": subject, "at": at, "figure": dict(figure), "why": why[:300]}
    conn.execute(insert(progress).values(row))
    return True


def latest_progress(conn: Connection, workspace_id: int, subjects: Collection[str]) -> dict[str, Moment]:
    """The present figure of each subject that has one."""
    found: dict[str, Moment] = {}
    c = progress.c
    for batch in in_batches(sorted(set(subjects))):
        newest = select(func.max(c.id)).where(c.workspace_id == workspace_id, c.subject.in_(batch)).group_by(c.subject)
        rows = select(c.subject, c.at, c.figure, c.why).where(c.workspace_id == workspace_id, c.id.in_(newest))
        found |= {moment.subject: moment for moment in rows_as(Moment, conn, rows)}
    return found


def progress_since(conn: Connection, workspace_id: int, subject: str, since: datetime) -> tuple[Moment, ...]:
    """The figures from ``since`` on, oldest first, led by the one that held at ``since`` where there was one."""
    c = progress.c
    ours = select(c.subject, c.at, c.figure, c.why).where(c.workspace_id == workspace_id, c.subject == subject)
    before = rows_as(Moment, conn, ours.where(c.at <= since).order_by(c.at.desc(), c.id.desc()).limit(1))
    return before + rows_as(Moment, conn, ours.where(c.at > since).order_by(c.at, c.id))
