"""The present value of key results whose value comes from a query, and since when it cannot be read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, Update, func, select, update

from connector.store.prepared import prepared
from connector.store.schema import key_result
from mapping.okr import Source


@dataclass(frozen=True, slots=True)
class JqlValue:
    """``value`` is the last good one, read at ``as_of``; None where there never was one."""

    value: Decimal | None
    as_of: datetime | None
    unreadable_since: datetime | None
    unreadable_why: str


def load_jql_values(conn: Connection, workspace_id: int, keys: Collection[str]) -> dict[str, JqlValue]:
    """Those of the given key results whose value comes from a query."""
    return {row[0]: JqlValue(*row[1:]) for row in conn.execute(*_values(workspace_id, sorted(keys)))}


def jql_key_results(conn: Connection, workspace_id: int) -> tuple[str, ...]:
    """The keys of all key results whose value comes from a query and that are not dropped."""
    return tuple(conn.execute(*_asking(workspace_id)).scalars())


def record_jql_value(conn: Connection, workspace_id: int, key: str, value: Decimal | None, as_of: datetime) -> bool:
    """The query was answered at ``as_of``; None where there was nothing to average. True where the value changed."""
    kept = load_jql_values(conn, workspace_id, [key]).get(key)
    changed = kept is None or kept.value != value or kept.unreadable_since is not None
    read = {"jql_value": value, "jql_as_of": as_of, "jql_unreadable_since": None, "jql_unreadable_why": ""}
    statement, this = _this(workspace_id, key)
    conn.execute(statement, this | read)
    return changed


def record_jql_unreadable(conn: Connection, workspace_id: int, key: str, since: datetime, why: str) -> None:
    """The query cannot be answered now: the last good value stays. The first ``since`` stays as well."""
    c = key_result.c
    conn.execute(
        update(key_result)
        .where(c.workspace_id == workspace_id, c.key == key)
        .values(jql_unreadable_since=func.coalesce(c.jql_unreadable_since, since), jql_unreadable_why=why)
    )


@prepared
def _values(workspace_id: int, keys: Collection[str]) -> Select[Any]:
    c = key_result.c
    these = (c.workspace_id == workspace_id, c.source == str(Source.JQL), c.key.in_(keys))
    return select(c.key, c.jql_value, c.jql_as_of, c.jql_unreadable_since, c.jql_unreadable_why).where(*these)


@prepared
def _asking(workspace_id: int) -> Select[Any]:
    c = key_result.c
    these = (c.workspace_id == workspace_id, c.source == str(Source.JQL), c.dropped_on.is_(None))
    return select(c.key).where(*these).order_by(c.key)


@prepared
def _this(workspace_id: int, key: str) -> Update:
    return update(key_result).where(key_result.c.workspace_id == workspace_id, key_result.c.key == key)
