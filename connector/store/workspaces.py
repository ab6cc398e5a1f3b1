"""Workspaces: who owns OKRs, people, connections and tables. The first one is made by the first start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from connector.store.prepared import prepared
from connector.store.rows import rows_as
from connector.store.schema import workspace

_ALL = select(workspace.c.id).order_by(workspace.c.id)


class UnknownWorkspace(LookupError):
    """There is no workspace of this number."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """``writing_paused_at``: since when nothing is written to Confluence, because ``writing_paused_by`` wanted so.

    ``setup_code_hash`` is that of the one-time code of the first visit, empty once it was used. ``open_to_readers``:
    whoever reaches the service may read its OKRs without an account.
    """

    id: int
    name: str
    created_at: datetime
    writing_paused_at: datetime | None
    writing_paused_by: str
    setup_code_hash: str
    open_to_readers: bool


def first_workspace(conn: Connection, at: datetime, name: str = "OKRs") -> Workspace:
    """The oldest workspace; it is made where there is none."""
    ids = all_ids(conn)
    if ids:
        return load_workspace(conn, ids[0])
    made = insert(workspace).values(name=name, created_at=at).returning(workspace.c.id)
    return load_workspace(conn, conn.execute(made).scalar_one())


def all_ids(conn: Connection) -> tuple[int, ...]:
    """The number of every workspace, oldest first."""
    return tuple(conn.execute(_ALL).scalars())


def load_workspace(conn: Connection, workspace_id: int) -> Workspace:
    """Raises UnknownWorkspace."""
    found = rows_as(Workspace, conn, *_one(workspace_id))
    if not found:
        raise UnknownWorkspace(f"there is no workspace {workspace_id}")
    return found[0]


@prepared
def _one(workspace_id: int) -> Select[Any]:
    c = workspace.c
    columns = (c.id, c.name, c.created_at, c.writing_paused_at, c.writing_paused_by, c.setup_code_hash)
    return select(*columns, c.open_to_readers).where(c.id == workspace_id)


def pause_writing(conn: Connection, workspace_id: int, *, at: datetime, who: str) -> bool:
    """Write nothing to Confluence from now on. False where that was so already: the first one to say it stays."""
    running = (workspace.c.id == workspace_id, workspace.c.writing_paused_at.is_(None))
    paused = update(workspace).where(*running).values(writing_paused_at=at, writing_paused_by=who)
    return conn.execute(paused).rowcount > 0


def resume_writing(conn: Connection, workspace_id: int) -> bool:
    """Write to Confluence again. False where writing was not paused."""
    resting = (workspace.c.id == workspace_id, workspace.c.writing_paused_at.is_not(None))
    resumed = update(workspace).where(*resting).values(writing_paused_at=None, writing_paused_by="")
    return conn.execute(resumed).rowcount > 0


def record_setup_code(conn: Connection, workspace_id: int, code_hash: str) -> None:
    """Keep the hash of the one-time code of the first visit; empty: there is none, or it was used."""
    conn.execute(update(workspace).where(workspace.c.id == workspace_id).values(setup_code_hash=code_hash))


def rename(conn: Connection, workspace_id: int, name: str) -> bool:
    """Another name. False where it has that name already."""
    other = (workspace.c.id == workspace_id, workspace.c.name != name)
    return conn.execute(update(workspace).where(*other).values(name=name)).rowcount > 0


def record_open_to_readers(conn: Connection, workspace_id: int, is_open: bool) -> bool:
    """Whether it may be read without an account. False where that was so already."""
    other = (workspace.c.id == workspace_id, workspace.c.open_to_readers != is_open)
    return conn.execute(update(workspace).where(*other).values(open_to_readers=is_open)).rowcount > 0
