"""Rows as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select

T = TypeVar("T")

AnyRow = Row[Any]
Values = dict[str, Any]


def rows_as(
    make: Callable[..., T], conn: Connection, statement: Select[Any], given: Values | None = None
) -> tuple[T, ...]:
    """What the statement finds with the values ``given`` for its places, each row made into one thing out of its
    columns in their order."""
    return tuple(make(*row) for row in conn.execute(statement, given).all())
