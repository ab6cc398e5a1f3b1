"""What people typed into tables and what became of it: what waits for a person, and how it was settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, Select, func, select, update

from connector.store.page_visits import TypedText
from connector.store.prepared import prepared
from connector.store.rows import rows_as
from connector.store.schema import typed_text

# What became of it so far: nothing. The cell stays as typed until a person decides, or types something newer.
WAITING = ("not_understood", "not_allowed", "to_confirm")
REPLACED = "replaced"

_COLUMNS = tuple(typed_text.c[each.name] for each in fields(TypedText))


def load_waiting(conn: Connection, workspace_id: int, table_id: int) -> tuple[TypedText, ...]:
    """What waits for a person in one table, the oldest first."""
    return rows_as(TypedText, conn, *_waiting(workspace_id, table_id))


def load_replaced(conn: Connection, workspace_id: int, table_id: int, after: int) -> tuple[TypedText, ...]:
    """What was typed over computed cells in versions above ``after``."""
    return rows_as(TypedText, conn, *_replaced(workspace_id, table_id, after))


def newest_versions(conn: Connection, workspace_id: int, table_id: int, after: int) -> dict[tuple[str, str], int]:
    """Of each cell, by key result and column, of which a text of a version above ``after`` is kept: the newest one."""
    c = typed_text.c
    found = select(c.key_result_key, c.column, func.max(c.version)).where(
        c.workspace_id == workspace_id, c.table_id == table_id, c.version > after
    )
    rows = conn.execute(found.group_by(c.key_result_key, c.column))
    return {(key, column): version for key, column, version in rows}


def load_settled(conn: Connection, workspace_id: int, table_id: int, limit: int) -> tuple[TypedText, ...]:
    """What was typed and waits for nobody, the newest first."""
    c = typed_text.c
    found = select(*_COLUMNS).where(c.workspace_id == workspace_id, c.table_id == table_id, c.outcome.not_in(WAITING))
    return rows_as(TypedText, conn, found.order_by(c.version.desc(), c.id.desc()).limit(limit))


def load_waiting_for_key(conn: Connection, workspace_id: int, key: str) -> tuple[tuple[int, TypedText], ...]:
    """What waits for a person in the rows of one key result: the number of its table, and the text."""
    c = typed_text.c
    found = select(c.table_id, *_COLUMNS).where(
        c.workspace_id == workspace_id, c.key_result_key == key, c.outcome.in_(WAITING)
    )
    return tuple((row[0], TypedText(*row[1:])) for row in conn.execute(found.order_by(c.table_id, c.version, c.id)))


def settle_typed(
    conn: Connection,
    workspace_id: int,
    table_id: int,
    texts: Iterable[TypedText],
    outcome: str,
    *,
    at: datetime | None = None,
    by: str = "",
) -> int:
    """What waited has come to an end; ``at`` and ``by`` where a person decided. Returns how many of them still waited:
    what somebody else settled first stays as it was settled."""
    return sum(_settle(conn, workspace_id, table_id, text, outcome, at, by) for text in texts)


def _settle(
    conn: Connection,
    workspace_id: int,
    table_id: int,
    text: TypedText,
    outcome: str,
    at: datetime | None,
    by: str,
) -> int:
    c = typed_text.c
    this = (
        c.workspace_id == workspace_id,
        c.table_id == table_id,
        c.version == text.version,
        c.key_result_key == text.key_result_key,
        c.column == text.column,
        c.outcome.in_(WAITING),
    )
    change = update(typed_text).where(*this).values(outcome=outcome, settled_at=at, settled_by=by)
    return conn.execute(change).rowcount


@prepared
def _waiting(workspace_id: int, table_id: int) -> Select[tuple[object, ...]]:
    return _of_table(workspace_id, table_id).where(typed_text.c.outcome.in_(WAITING))


@prepared
def _replaced(workspace_id: int, table_id: int, after: int) -> Select[tuple[object, ...]]:
    return _of_table(workspace_id, table_id).where(typed_text.c.outcome == REPLACED, typed_text.c.version > after)


def _of_table(workspace_id: int, table_id: int) -> Select[tuple[object, ...]]:
    c = typed_text.c
    here = (c.workspace_id == workspace_id, c.table_id == table_id)
    return select(*_COLUMNS).where(*here).order_by(c.version, c.id)
