"""How much of each linked issue is done, as last counted; a figure that cannot be read any more stays, with its age."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, case, func, or_, select, update

from connector.store.batches import in_batches
from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.schema import completion, initiative, issue
from connector.store.upsert import insert_of
from mapping.figures import IssueCounts
from mapping.issue import StatusCategory

_KEY = ["workspace_id", "connection_id", "issue_id"]
_NOTHING: Values = {
    "done": 0,
    "total": 0,
    "wont_do": 0,
    "points_done": 0,
    "points_total": 0,
    "unestimated": 0,
    "own_status": str(StatusCategory.UNDEFINED),
    "own_wont_do": False,
}


@dataclass(frozen=True, slots=True)
class StoredCompletion:
    """``scanned_at``: when Jira last listed all its children; None: never, so the counts may miss some."""

    counts: IssueCounts
    own_status: StatusCategory
    own_wont_do: bool
    scanned_at: datetime | None
    counted_at: datetime
    unreadable_since: datetime | None
    unreadable_why: str


def load_completions(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]
) -> dict[str, StoredCompletion]:
    """The completion of each of the given issues that was ever counted."""
    found: dict[str, StoredCompletion] = {}
    for batch in in_batches(sorted(set(issue_ids))):
        rows = conn.execute(*_counted(workspace_id, connection_id, batch))
        found |= {row.issue_id: stored_completion(row) for row in rows}
    return found


def record_completion(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    issue_id: str,
    counts: IssueCounts,
    *,
    own_status: StatusCategory,
    own_wont_do: bool,
    at: datetime,
) -> bool:
    """Keep what was counted; it can be read again. True where it differs from what was kept."""
    values = {
        "done": counts.done,
        "total": counts.total,
        "wont_do": counts.wont_do,
        "points_done": counts.points_done,
        "points_total": counts.points_total,
        "unestimated": counts.unestimated,
        "own_status": str(own_status),
        "own_wont_do": own_wont_do,
        "unreadable_since": None,
        "unreadable_why": "",
    }
    before = conn.execute(*_one(workspace_id, connection_id, issue_id)).one_or_none()
    row = values | _key(workspace_id, connection_id, issue_id) | {"counted_at": at}
    conn.execute(_kept(conn.dialect.name, tuple(row)), row)
    if before is None or before.counted_at is None:
        return True
    return any(getattr(before, name) != value for name, value in values.items())


def record_scanned(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str], at: datetime
) -> None:
    """Jira listed everything below these issues, in full; ``at`` is when the listing began. An older one changes
    nothing."""
    rows = [
        _NOTHING | _key(workspace_id, connection_id, issue_id) | {"scanned_at": at}
        for issue_id in sorted(set(issue_ids))
    ]
    if not rows:
        return
    conn.execute(_scanned(conn.dialect.name), rows)


def record_unreadable(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str], why: str, since: datetime
) -> None:
    """These cannot be read now: the last good figures stay, and so does the first ``since``."""
    c = completion.c
    for batch in in_batches(sorted(set(issue_ids))):
        conn.execute(
            update(completion)
            .where(*_these(workspace_id, connection_id, batch))
            .values(unreadable_since=func.coalesce(c.unreadable_since, since), unreadable_why=why)
        )


def scanned_before(
    conn: Connection, workspace_id: int, connection_id: int, before: datetime, limit: int
) -> tuple[str, ...]:
    """Linked issues whose children were never listed in full, or last before then; the longest unlisted first."""
    return tuple(row.issue_id for row in conn.execute(*_scanned_before(workspace_id, connection_id, before, limit)))


@prepared
def _scanned_before(workspace_id: int, connection_id: int, before: datetime, limit: int) -> Select[Any]:
    i, c = initiative.c, completion.c
    same = (c.workspace_id == i.workspace_id) & (c.connection_id == i.connection_id) & (c.issue_id == i.issue_id)
    return (
        select(i.issue_id, c.scanned_at)
        .join_from(initiative, completion, same, isouter=True)
        .where(i.workspace_id == workspace_id, i.connection_id == connection_id)
        .where(or_(c.scanned_at.is_(None), c.scanned_at < before))
        .distinct()
        .order_by(c.scanned_at.asc().nulls_first(), i.issue_id)
        .limit(limit)
    )


def oldest_listing(conn: Connection, workspace_id: int, connection_id: int) -> datetime | None:
    """Since when everything linked has been listed in full at least once; None where something never was.

    Issues that are gone have nothing to list.
    """
    oldest, linked, listed = conn.execute(*_listed(workspace_id, connection_id)).one()
    return oldest if linked == listed else None


@prepared
def _listed(workspace_id: int, connection_id: int) -> Select[Any, int, int]:
    i, c, kept = initiative.c, completion.c, issue.c
    same = (c.workspace_id == i.workspace_id) & (c.connection_id == i.connection_id) & (c.issue_id == i.issue_id)
    own = (kept.workspace_id == i.workspace_id) & (kept.connection_id == i.connection_id)
    return (
        select(func.min(c.scanned_at), func.count(), func.count(c.scanned_at))
        .select_from(initiative)
        .join(issue, own & (kept.issue_id == i.issue_id))
        .join(completion, same, isouter=True)
        .where(i.workspace_id == workspace_id, i.connection_id == connection_id, kept.gone_since.is_(None))
    )


@prepared
def _counted(workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> Select[Any]:
    these = _these(workspace_id, connection_id, issue_ids)
    return select(completion).where(*these, completion.c.counted_at.is_not(None))


@prepared
def _one(workspace_id: int, connection_id: int, issue_id: str) -> Select[Any]:
    c = completion.c
    this = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.issue_id == issue_id)
    return select(completion).where(*this)


@cache
def _kept(dialect: str, names: tuple[str, ...]) -> Executable:
    """Every one of these columns is as it was counted last."""
    statement = insert_of(dialect, completion)
    new = {name: statement.excluded[name] for name in names if name not in _KEY}
    return statement.on_conflict_do_update(index_elements=_KEY, set_=new)


@cache
def _scanned(dialect: str) -> Executable:
    statement = insert_of(dialect, completion)
    new, old = statement.excluded.scanned_at, completion.c.scanned_at
    later = case((old > new, old), else_=new)
    return statement.on_conflict_do_update(index_elements=_KEY, set_={"scanned_at": later})


def _these(workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    c = completion.c
    return c.workspace_id == workspace_id, c.connection_id == connection_id, c.issue_id.in_(issue_ids)


def _key(workspace_id: int, connection_id: int, issue_id: str) -> Values:
    return {"workspace_id": workspace_id, "connection_id": connection_id, "issue_id": issue_id}


def stored_completion(row: AnyRow) -> StoredCompletion:
    """Of a row that has the columns of ``completion``, counted at least once."""
    counts = IssueCounts(
        done=row.done,
        total=row.total,
        wont_do=row.wont_do,
        points_done=row.points_done,
        points_total=row.points_total,
        unestimated=row.unestimated,
    )
    return StoredCompletion(
        counts,
        StatusCategory(row.own_status),
        row.own_wont_do,
        row.scanned_at,
        row.counted_at,
        row.unreadable_since,
        row.unreadable_why,
    )
