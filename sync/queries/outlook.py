"""Where a metric ends if it goes on as in the last weeks, and how fast it would have to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from mapping.okr import CheckIn, Cycle, KeyResult, Kind, Source
from mapping.pace import day_of
from mapping.written import decimals

LOOKS_BACK = timedelta(weeks=4)
# From less than a week nobody can tell a pace.
LEAST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Outlook:
    """``ends_at`` on the last day of the cycle; ``short_by`` is 0 where the target is reached then. ``a_week``: by how
    much the value would have to change each week from today to reach it; 0 where it has."""

    ends_at: Decimal
    short_by: Decimal
    a_week: Decimal


def outlook(kr: KeyResult, check_ins: Sequence[CheckIn], cycle: Cycle, at: datetime) -> Outlook | None:
    """``check_ins`` are oldest first. None where no pace can be told, or nothing is left of the cycle."""
    days_left = (cycle.ends_on - day_of(at)).days
    said = [(each.at, Fraction(each.value)) for each in check_ins if each.value is not None]
    if kr.kind is not Kind.METRIC or kr.source is not Source.CHECK_INS or days_left <= 0 or len(said) < 2:
        return None
    (first_at, first), (last_at, last) = _begin(said, at), said[-1]
    days = (last_at - first_at).days
    if days < LEAST_DAYS or kr.target is None or kr.baseline is None:
        return None
    a_day = (last - first) / days
    target = Fraction(kr.target)
    direction = 1 if kr.target > kr.baseline else -1
    ends_at = last + a_day * (cycle.ends_on - day_of(last_at)).days
    digits = decimals((kr.baseline, kr.target, check_ins[-1].value))
    missing = max((target - last) * direction, Fraction(0))
    return Outlook(
        _rounded(ends_at, digits),
        _rounded(max((target - ends_at) * direction, Fraction(0)), digits),
        _rounded(missing * 7 / days_left, max(digits, 1)),
    )


def _begin(said: Sequence[tuple[datetime, Fraction]], at: datetime) -> tuple[datetime, Fraction]:
    """What was last said before the last four weeks, else first in them."""
    before = [each for each in said if each[0] <= at - LOOKS_BACK]
    return before[-1] if before else said[0]


def _rounded(value: Fraction, digits: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
