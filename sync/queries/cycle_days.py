"""Where a day lies in a cycle, counted in days and weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapping.okr import Cycle


@dataclass(frozen=True, slots=True)
class CycleDay:
    """``day`` counts from 1 and is 0 or less before the cycle, above ``days`` after it."""

    day: int
    days: int
    starts_on: date
    ends_on: date

    @property
    def weeks(self) -> int:
        """Weeks of the cycle, a quarter of 92 days having 13."""
        return max(1, round(self.days / 7))

    @property
    def week(self) -> int:
        return min(max(1, (self.day + 6) // 7), self.weeks)


def cycle_day(cycle: Cycle, today: date) -> CycleDay:
    """``today`` as a day of ``cycle``."""
    days = (cycle.ends_on - cycle.starts_on).days + 1
    return CycleDay((today - cycle.starts_on).days + 1, days, cycle.starts_on, cycle.ends_on)
