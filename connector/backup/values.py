"""A row of any table ↔ one line of JSON that no kind of database knows better than the other.

The kind of a column stands in the archive, so that a line can be read again after the code has moved on.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, String
from sqlalchemy.types import TypeEngine

from connector.backup.refusal import BackupRefused
from connector.store.column_types import DecimalText, UtcTime

_TYPES: Mapping[str, TypeEngine[Any]] = MappingProxyType({
    "time": UtcTime(), "date": Date(), "json": JSON(none_as_null=True), "bytes": LargeBinary(), "boolean": Boolean(),
    "integer": Integer(), "text": String(),
})  # fmt: skip
_WRITE: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {"time": datetime.isoformat, "date": date.isoformat, "bytes": lambda value: b64encode(value).decode()}
)
_READ: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {"time": datetime.fromisoformat, "date": date.fromisoformat, "bytes": b64decode}
)


def kind_of(column: Column[Any]) -> str:
    """How the column's values are written. A decimal is the text that a person wrote."""
    if isinstance(column.type, DecimalText):
        return "text"
    found = (kind for kind, known in _TYPES.items() if isinstance(column.type, type(known)))
    return next(found)


def type_of(kind: str) -> TypeEngine[Any]:
    """What a database is told of such values. BackupRefused for a kind that this version does not know."""
    if kind not in _TYPES:
        raise BackupRefused(f"The backup holds values of the kind {kind!r}, which this version does not know.")
    return _TYPES[kind]


def as_line(row: Sequence[Any], kinds: Sequence[str]) -> bytes:
    """One line, ASCII, with its end."""
    values = [_written(value, kind) for value, kind in zip(row, kinds, strict=True)]
    return json.dumps(values, separators=(",", ":")).encode("ascii") + b"\n"


def from_line(line: bytes, kinds: Sequence[str]) -> list[object]:
    """The reverse. BackupRefused for a line that ``as_line`` did not write."""
    try:
        values = json.loads(line)
        return [_read(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError) as error:
        raise BackupRefused(f"A row of the backup cannot be read ({type(error).__name__}).") from None


def _written(value: Any, kind: str) -> object:
    if value is None:
        return None
    return _WRITE[kind](value) if kind in _WRITE else str(value) if kind == "text" else value


def _read(value: Any, kind: str) -> object:
    return value if value is None or kind not in _READ else _READ[kind](value)
