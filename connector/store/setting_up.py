"""How far the first set-up has come: what is there already, and which steps somebody chose to leave out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Exists, Table, exists, select, update

from connector.store.schema import initiative, key_result, page_table, workspace
from connector.store.workspaces import UnknownWorkspace


@dataclass(frozen=True, slots=True)
class Present:
    """What a workspace has at least one of."""

    key_results: bool
    links: bool
    tables: bool


def what_is_there(conn: Connection, workspace_id: int) -> Present:
    """Asked in one statement; cheap, whatever the number of rows."""
    found = select(
        _any_of(key_result, workspace_id), _any_of(initiative, workspace_id), _any_of(page_table, workspace_id)
    )
    return Present(*map(bool, conn.execute(found).one()))


def steps_left_out(conn: Connection, workspace_id: int) -> tuple[str, ...]:
    """Their names, in the order in which they were left out. Raises UnknownWorkspace."""
    kept = conn.execute(select(workspace.c.steps_left_out).where(workspace.c.id == workspace_id)).scalar_one_or_none()
    if kept is None:
        raise UnknownWorkspace(f"there is no workspace {workspace_id}")
    return tuple(kept)


def record_steps_left_out(conn: Connection, workspace_id: int, steps: Collection[str]) -> None:
    """Keep exactly these."""
    conn.execute(update(workspace).where(workspace.c.id == workspace_id).values(steps_left_out=list(steps)))


def _any_of(table: Table, workspace_id: int) -> Exists:
    return exists().where(table.c.workspace_id == workspace_id)
