"""Taking out what was only a draft. What anybody ever checked in, or agreed on, is dropped with a reason instead."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from connector.store.okr_changes import forget_changes
from connector.store.schema import check_in, initiative, key_result, objective, progress


def was_checked_in(conn: Connection, workspace_id: int, key: str) -> bool:
    """True where anything was ever said of the key result, withdrawn or not."""
    c = check_in.c
    return conn.execute(select(c.id).where(c.workspace_id == workspace_id, c.key_result_key == key)).first() is not None


def remove_key_result(conn: Connection, workspace_id: int, key: str) -> None:
    """With its links and the history of its figure."""
    _forget(conn, workspace_id, key)
    c, k = initiative.c, key_result.c
    conn.execute(delete(initiative).where(c.workspace_id == workspace_id, c.key_result_key == key))
    conn.execute(delete(key_result).where(k.workspace_id == workspace_id, k.key == key))


def remove_objective(conn: Connection, workspace_id: int, key: str) -> None:
    """Itself alone: its key results have to be gone before."""
    _forget(conn, workspace_id, key)
    conn.execute(delete(objective).where(objective.c.workspace_id == workspace_id, objective.c.key == key))


def _forget(conn: Connection, workspace_id: int, key: str) -> None:
    conn.execute(delete(progress).where(progress.c.workspace_id == workspace_id, progress.c.subject == key))
    forget_changes(conn, workspace_id, [key])
