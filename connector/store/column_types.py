"""How times and decimals are kept, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, String, TypeDecorator
from sqlalchemy.engine import Dialect


class UtcTime(TypeDecorator[datetime]):
    """An aware time; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:  # noqa: ARG002
        """Instead of ``process_result_value``, which SQLAlchemy wraps twice: a board reads thousands of times."""
        return _of_text if dialect.name == "sqlite" else _of_time


class DecimalText(TypeDecorator[Decimal]):
    """A decimal kept exactly as it was written."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None] | None:  # noqa: ARG002
        """As for times."""
        return _decimal


def _of_text(value: str | None) -> datetime | None:
    """As SQLAlchemy writes a time into SQLite: ISO 8601, in UTC as ``process_bind_param`` made it."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _of_time(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
