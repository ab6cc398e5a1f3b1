"""What is expected by today, whether a figure keeps pace with it, and when time alone changes either.

Days are UTC days. The present day counts as passed: on 22 November a fourth quarter has had 53 of its 92 days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from mapping.figures import Pace, Thresholds
from mapping.okr import Cycle, CycleState, KeyResult, Kind


def day_of(at: datetime) -> date:
    """The UTC day of a moment. ValueError for a time without its zone, which would mean another day elsewhere."""
    if at.tzinfo is None:
        raise ValueError("a time with its zone is needed")
    return at.date() if at.tzinfo is UTC else at.astimezone(UTC).date()


def judged_day(cycle: Cycle, at: datetime) -> date:
    """The day that figures are judged by: today, or the last day of a closed cycle, which stays as it ended."""
    today = day_of(at)
    return min(today, cycle.ends_on) if cycle.state is CycleState.CLOSED else today


def has_started(cycle: Cycle, at: datetime) -> bool:
    """Before the first day of a cycle, or while it is still being planned, nothing is due."""
    return cycle.state is not CycleState.PLANNED and day_of(at) >= cycle.starts_on


def share_of_days_passed(cycle: Cycle, day: date) -> Fraction:
    """0 before the cycle, 1 from its last day on."""
    days = (cycle.ends_on - cycle.starts_on).days + 1
    passed = (day - cycle.starts_on).days + 1
    return Fraction(min(max(passed, 0), days), days)


def in_first_half(cycle: Cycle, day: date) -> bool:
    return share_of_days_passed(cycle, day) <= Fraction(1, 2)


def expected_share(kr: KeyResult, cycle: Cycle, at: datetime, thresholds: Thresholds) -> Fraction | None:
    """The share of its way that a key result should have made by ``at``, from 0 to 1.

    None where nothing can be expected: a limit, a baseline still to be measured, a lagging or a dropped key result.
    """
    if kr.kind in (Kind.THRESHOLD, Kind.TO_MEASURE) or kr.lagging or kr.dropped_on is not None:
        return None
    day = judged_day(cycle, at)
    share = _phased_share(kr, cycle, day) if kr.phased else share_of_days_passed(cycle, day)
    return share * thresholds.aspirational_share if kr.aspirational else share


def pace(progress: Fraction | None, expected: Fraction | None, thresholds: Thresholds) -> Pace | None:
    """None where either is unknown."""
    if progress is None or expected is None:
        return None
    if progress >= expected:
        return Pace.ON_PACE
    return Pace.OFF_PACE if progress < expected * (1 - thresholds.off_pace_more_than) else Pace.BEHIND


def next_change_at(cycle: Cycle, at: datetime) -> datetime | None:
    """The next UTC midnight at which time alone changes what is expected, stale or due; None for a closed cycle."""
    if cycle.state is CycleState.CLOSED:
        return None
    midnight_before = max(day_of(at), cycle.starts_on - timedelta(days=1))
    return datetime.combine(midnight_before + timedelta(days=1), time(), UTC)


def _phased_share(kr: KeyResult, cycle: Cycle, day: date) -> Fraction:
    """Straight lines between the agreed points, from the baseline on the eve of the cycle to the target at its end."""
    assert kr.baseline is not None  # noqa: S101  an invariant of KeyResult
    assert kr.target is not None  # noqa: S101
    baseline, target = Fraction(kr.baseline), Fraction(kr.target)
    points = {cycle.starts_on - timedelta(days=1): baseline, cycle.ends_on: target}
    points |= {point.on: Fraction(point.value) for point in kr.phased}
    share = (_between(sorted(points.items()), day) - baseline) / (target - baseline)
    return min(max(share, Fraction(0)), Fraction(1))


def _between(points: list[tuple[date, Fraction]], day: date) -> Fraction:
    before = [point for point in points if point[0] <= day]
    after = [point for point in points if point[0] > day]
    if not before or not after:
        return points[0][1] if not before else points[-1][1]
    (left, low), (right, high) = before[-1], after[0]
    return low + (high - low) * Fraction((day - left).days, (right - left).days)
