"""What people typed in the input cells of one row → a check-in, as far as it can be understood.

understand(column, text, kr, language) -> Said | None
check_in_of(kr, cells, language, at, author) -> CheckIn
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mapping.okr import LARGEST_VALUE, MOST_DECIMALS, CheckIn, CheckInOrigin, KeyResult
from mapping.table_parts import Column
from mapping.typed_text import parse_confidence, parse_number, parse_words
from mapping.words import Language

Said = Decimal | int | str

# What a column is called in a check-in, where it has another name there.
_NAMES = {Column.NOW: "value"}


class NotUnderstoodError(ValueError):
    """A cell whose text nobody can read was asked for as part of a check-in."""


def understand(column: Column, text: str, kr: KeyResult, language: Language) -> Said | None:
    """The value, the confidence or the words that were typed; None where they cannot be read, or are beyond what a
    check-in can hold."""
    if column is Column.NOW:
        return _value(text, kr.unit, language)
    return parse_confidence(text, language) if column is Column.CONFIDENCE else parse_words(text)


def check_in_of(
    kr: KeyResult, cells: Mapping[Column, str], language: Language, *, at: datetime, author: str
) -> CheckIn:
    """One check-in out of the input cells that one person typed in one row. Raises NotUnderstoodError."""
    said: dict[str, Any] = {}
    for column, text in cells.items():
        understood = understand(column, text, kr, language)
        if understood is None:
            raise NotUnderstoodError(f"{kr.key}: the column {column} cannot be read")
        said[_NAMES.get(column, str(column))] = understood
    return CheckIn(kr.key, at, author=author, origin=CheckInOrigin.CONFLUENCE, **said)


def _value(text: str, unit: str, language: Language) -> Decimal | None:
    value = parse_number(text, language, unit)
    if value is None or abs(value) > LARGEST_VALUE or value != round(value, MOST_DECIMALS):
        return None
    return value
