"""The log that people read: who changed what and when, and what the service did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from connector.store.rows import rows_as
from connector.store.schema import activity

TEXT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the log; ``url`` leads to what it is about, or is empty."""

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
        select(c.at, c.who, c.text, c.url)
        .where(c.workspace_id == workspace_id)
        .order_by(c.at.desc(), c.id.desc())
        .limit(limit)
    )
    return rows_as(Activity, conn, found)
