"""Rows as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select

T = TypeVar("T")

AnyRow = Row[Any]
Values = dict[str, Any]


def rows_as(make: Callable[..., T], conn: Connection, statement: Select[Any]) -> tuple[T, ...]:
    """What the statement finds, each row made into one thing out of its columns in their order."""
    return tuple(make(*row) for row in conn.execute(statement).all())
