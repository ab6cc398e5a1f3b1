"""Which workers are alive: each says so now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from connector.store.rows import rows_as
from connector.store.schema import worker
from connector.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Worker:
    """``redis`` says how it is woken; empty: it looks at the work table by itself."""

    name: str
    started_at: datetime
    seen_at: datetime
    redis: str


def record_alive(conn: Connection, name: str, *, started_at: datetime, seen_at: datetime, redis: str = "") -> None:
    """A sign of life."""
    row = {"name": name, "started_at": started_at, "seen_at": seen_at, "redis": redis}
    statement = insert_into(conn, worker).values(row)
    conn.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def alive_since(conn: Connection, since: datetime) -> tuple[Worker, ...]:
    """The workers that gave a sign of life since then, by name."""
    c = worker.c
    found = select(c.name, c.started_at, c.seen_at, c.redis).where(c.seen_at >= since).order_by(c.name)
    return rows_as(Worker, conn, found)


def forget(conn: Connection, name: str) -> None:
    """A worker stops."""
    conn.execute(delete(worker).where(worker.c.name == name))


def forget_silent(conn: Connection, before: datetime) -> int:
    """Forget the workers that gave no sign of life since then. How many there were."""
    return conn.execute(delete(worker).where(worker.c.seen_at < before)).rowcount
