"""How figures moved: one row for each change, which holds until the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, func, insert, literal, select, true, union_all

from connector.store.batches import in_batches
from connector.store.column_types import UtcTime
from connector.store.prepared import prepared
from connector.store.rows import rows_as
from connector.store.schema import key_result, progress

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
    conn.execute(insert(progress), row)
    return True


def latest_progress(conn: Connection, workspace_id: int, subjects: Collection[str]) -> dict[str, Moment]:
    """The present figure of each subject that has one."""
    found: dict[str, Moment] = {}
    for batch in in_batches(sorted(set(subjects))):
        found |= {moment.subject: moment for moment in rows_as(Moment, conn, *_latest(workspace_id, batch))}
    return found


@prepared
def _latest(workspace_id: int, subjects: Sequence[str]) -> Select[Any]:
    c = progress.c
    newest = select(func.max(c.id)).where(c.workspace_id == workspace_id, c.subject.in_(subjects)).group_by(c.subject)
    return select(c.subject, c.at, c.figure, c.why).where(c.workspace_id == workspace_id, c.id.in_(newest))


def progress_since(conn: Connection, workspace_id: int, subject: str, since: datetime) -> tuple[Moment, ...]:
    """The figures from ``since`` on, oldest first, led by the one that held at ``since`` where there was one."""
    c = progress.c
    ours = select(c.subject, c.at, c.figure, c.why).where(c.workspace_id == workspace_id, c.subject == subject)
    before = rows_as(Moment, conn, ours.where(c.at <= since).order_by(c.at.desc(), c.id.desc()).limit(1))
    return before + rows_as(Moment, conn, ours.where(c.at > since).order_by(c.at, c.id))


def progress_at(
    conn: Connection, workspace_id: int, key_result_keys: Collection[str], moments: Sequence[datetime]
) -> dict[str, list[tuple[datetime, str]]]:
    """How far each key result was at each of these moments, oldest first, as text of a fraction; moments at which it
    had no figure are left out. It takes as long for a figure that moved a thousand times as for one that never did."""
    found: dict[str, list[tuple[datetime, str]]] = {key: [] for key in key_result_keys}
    if not moments:
        return found
    asked = _as_rows(moments)
    for batch in in_batches(sorted(found)):
        for key, at, share in conn.execute(_held_at(workspace_id, batch, asked)).all():
            if share is not None:
                found[key].append((at, share))
    return found


def _as_rows(moments: Sequence[datetime]) -> Subquery:
    return union_all(*(select(literal(at, UtcTime).label("at")) for at in moments)).subquery("moment")


def _held_at(workspace_id: int, keys: Collection[str], asked: Subquery) -> Select[Any]:
    c, k = progress.c, key_result.c
    before = and_(c.workspace_id == workspace_id, c.subject == k.key, c.at <= asked.c.at)
    newest = select(c.figure["progress"].as_string()).where(before).order_by(c.at.desc(), c.id.desc()).limit(1)
    held = newest.correlate(key_result, asked).scalar_subquery()
    these = and_(k.workspace_id == workspace_id, k.key.in_(keys))
    each = select(k.key, asked.c.at, held).join_from(key_result, asked, true())
    return each.where(these).order_by(k.key, asked.c.at)
