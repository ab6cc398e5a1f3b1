"""Who alone may do something now, among all processes: for as long as the lease lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from secrets import token_hex

from sqlalchemy import Connection, Executable, bindparam, case, delete

from connector.store.rows import Values
from connector.store.schema import lease
from connector.store.upsert import insert_of


def hold_lease(conn: Connection, name: str, holder: str, now: datetime, seconds: float) -> str | None:
    """Take the lease, or hold it ``seconds`` longer. None where somebody else has it.

    ``holder`` must be unique to the process. The token stays the same for as long as the holder keeps the lease without
    a gap; a new one says that somebody else may have had it in between. Do what the lease is for in the transaction
    that took it.
    """
    row = {"name": name, "holder": holder, "token": token_hex(16), "until": now + timedelta(seconds=seconds)}
    token: str | None = conn.execute(_held(conn.dialect.name), row | {"now": now}).scalar_one_or_none()
    return token


@cache
def _held(dialect: str) -> Executable:
    insert, now = insert_of(dialect, lease), bindparam("now", type_=lease.c.until.type)
    new, old = insert.excluded, lease.c
    unbroken = (old.holder == new.holder) & (old.until > now)
    row: Values = {name: bindparam(name) for name in ("name", "holder", "token", "until")}
    held = insert.values(row).on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": new.holder, "until": new.until, "token": case((unbroken, old.token), else_=new.token)},
        where=(old.holder == new.holder) | (old.until <= now),
    )
    return held.returning(lease.c.token)


def release_lease(conn: Connection, name: str, token: str) -> None:
    """Give the lease back before its end; nothing happens where it is not held under this token."""
    conn.execute(delete(lease).where(lease.c.name == name, lease.c.token == token))
