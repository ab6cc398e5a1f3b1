"""The log that people read: who changed what and when, and what the service did.

What the service did by itself has nobody, or SERVICE, as its author.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from connector.store.rows import rows_as
from connector.store.schema import activity

TEXT_LENGTH = 500
SERVICE = "OKR Connector"
_NOBODY = ("", SERVICE)


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the log; ``url`` leads to what it is about, or is empty."""

    line_id: int
    at: datetime
    who: str
    text: str
    url: str


def record_activity(conn: Connection, workspace_id: int, *, at: datetime, who: str, text: str, url: str = "") -> None:
    """Write a line; a text of more than TEXT_LENGTH characters is cut."""
    short = text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
    conn.execute(insert(activity).values(workspace_id=workspace_id, at=at, who=who[:200], text=short, url=url))


def purge(conn: Connection, workspace_id: int, before: datetime, limit: int) -> int:
    """Forget what happened before then, at most ``limit`` lines. How many there were."""
    c = activity.c
    old = select(c.id).where(c.workspace_id == workspace_id, c.at < before).limit(limit)
    return conn.execute(delete(activity).where(c.workspace_id == workspace_id, c.id.in_(old))).rowcount


def recent_activity(conn: Connection, workspace_id: int, limit: int = 50) -> tuple[Activity, ...]:
    """The last lines, newest first."""
    c = activity.c
    found = (
        select(c.id, c.at, c.who, c.text, c.url)
        .where(c.workspace_id == workspace_id)
        .order_by(c.at.desc(), c.id.desc())
        .limit(limit)
    )
    return rows_as(Activity, conn, found)


def search_activity(
    conn: Connection, workspace_id: int, *, who: str, by: str, words: str, before: int | None, limit: int
) -> tuple[Activity, ...]:
    """Lines of ``who`` (empty: of anybody), ``by`` people or service (empty: both), that hold ``words`` in whatever
    case, older than the line of the number ``before``; newest first."""
    c = activity.c
    wanted: list[ColumnElement[bool]] = [c.workspace_id == workspace_id]
    if who:
        wanted.append(c.who == who)
    if by:
        wanted.append(c.who.in_(_NOBODY) if by == "service" else c.who.not_in(_NOBODY))
    if words:
        wanted.append(or_(c.text.icontains(words, autoescape=True), c.who.icontains(words, autoescape=True)))
    if before is not None:
        at = select(c.at).where(c.workspace_id == workspace_id, c.id == before).scalar_subquery()
        wanted.append(or_(c.at < at, and_(c.at == at, c.id < before)))
    found = select(c.id, c.at, c.who, c.text, c.url).where(*wanted).order_by(c.at.desc(), c.id.desc()).limit(limit)
    return rows_as(Activity, conn, found)


def authors(conn: Connection, workspace_id: int) -> tuple[str, ...]:
    """The people who stand in the log, by name."""
    c = activity.c
    found = select(c.who).where(c.workspace_id == workspace_id, c.who.not_in(_NOBODY)).distinct().order_by(c.who)
    return tuple(conn.execute(found).scalars())
