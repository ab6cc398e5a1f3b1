"""Numbers and days as they are written in a table: `50 %`, `38 → 20 s`, `−3.6`, `19 Nov`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from mapping.languages import plain
from mapping.words import NO_BREAK_SPACE, Words

MINUS = "\u2212"
UNKNOWN = "–"
# Longer texts would push the figures out of sight; the whole text stands behind the link.
LONGEST_TITLE = 120
LONGEST_NAME = 60
# Below this many digits a number is easier to read without marks between its thousands.
_DIGITS_UNGROUPED = 4
# Beyond these, digits say nothing to a reader; a number that long is shown as it was given.
_MOST_DIGITS = 40
_MOST_DECIMALS = 12
_EXACT = Context(prec=_MOST_DIGITS + _MOST_DECIMALS + 2)


def percent(share: Fraction) -> str:
    """Whole percent; 100 % only where it is reached."""
    top, bottom = share.numerator, share.denominator
    rounded = (200 * top + bottom) // (2 * bottom)
    shown = 99 if top < bottom and rounded >= 100 else rounded
    return f"{MINUS if shown < 0 else ''}{abs(shown)}{NO_BREAK_SPACE}%"


def full_tenths(share: Fraction) -> int:
    """How many of ten squares are full, 0 to 10; all of them only where the target is reached."""
    return min(max(int((share * 10).__floor__()), 0), 10)


def decimals(values: Iterable[Decimal | None]) -> int:
    """The most decimals that any of the values was written with."""
    return max((_decimals_of(value) for value in values if value is not None), default=0)


def number(value: Decimal, digits: int, words: Words) -> str:
    """With exactly so many decimals, a real minus, and marks between thousands from 10,000 on."""
    if not value.is_finite():
        return UNKNOWN
    if value.adjusted() > _MOST_DIGITS:
        return str(value)
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_EXACT)
    whole, _, part = f"{abs(rounded):f}".partition(".")
    if len(whole) > _DIGITS_UNGROUPED:
        whole = f"{int(whole):,}".replace(",", words.thousands)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{whole}{words.decimal_point if part else ''}{part}"


def with_unit(text: str, unit: str) -> str:
    """The unit after a space that never breaks."""
    return f"{text}{NO_BREAK_SPACE}{unit}" if unit else text


def day(when: date, words: Words) -> str:
    return plain(words.day, day=when.day, month=words.months[when.month - 1])


def day_and_year(when: date, words: Words) -> str:
    return f"{day(when, words)}{NO_BREAK_SPACE}{when.year}"


def moment(when: datetime, words: Words) -> str:
    """To the minute, in UTC. ``when`` is aware."""
    at = when.astimezone(UTC)
    return plain(words.moment, day=at.day, month=words.months[at.month - 1], year=at.year, time=f"{at:%H:%M}")


def shortened(text: str, most: int) -> str:
    """At most so many characters; an ellipsis stands for what is left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def utc_day(when: datetime) -> date:
    return when.astimezone(UTC).date()


def _decimals_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return min(max(0, -exponent), _MOST_DECIMALS) if isinstance(exponent, int) else 0
