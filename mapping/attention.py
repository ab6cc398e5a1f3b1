"""Why a key result needs attention: marks only where somebody should look, none before the cycle has started."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from mapping.figures import KeyResultFacts, Mark, Pace, Thresholds
from mapping.history import History
from mapping.measure import Measure
from mapping.okr import Cycle, KeyResult, Kind
from mapping.pace import day_of, has_started, in_first_half, judged_day


def marks(
    facts: KeyResultFacts,
    measured: Measure,
    own_pace: Pace | None,
    history: History,
    cycle: Cycle,
    at: datetime,
    thresholds: Thresholds,
) -> tuple[Mark, ...]:
    """In the order of ``Mark``. A stale key result is not called behind: nobody knows where it is now."""
    kr = facts.key_result
    if kr.dropped_on is not None or not has_started(cycle, at):
        return ()
    day = judged_day(cycle, at)
    found = set(_about_figure(kr, measured, own_pace, cycle, day))
    if history.confidence is not None and history.confidence < thresholds.low_confidence_below:
        found.add(Mark.LOW)
    if kr.kind is not Kind.TO_MEASURE and _silent_days(facts, history, cycle, day) >= thresholds.stale_after_days:
        found = (found - {Mark.BEHIND}) | {Mark.STALE}
    return tuple(mark for mark in Mark if mark in found)


def _about_figure(kr: KeyResult, measured: Measure, own_pace: Pace | None, cycle: Cycle, day: date) -> Iterator[Mark]:
    if kr.kind is Kind.TO_MEASURE:
        yield Mark.NO_BASELINE
    if measured.held is False:
        yield Mark.BROKEN
    if own_pace is Pace.OFF_PACE:
        yield Mark.OFF_PACE
    if own_pace is Pace.BEHIND:
        yield Mark.BEHIND
    if measured.progress is not None and measured.progress >= 1 and in_first_half(cycle, measured.began_on or day):
        yield Mark.REACHED_EARLY


def _silent_days(facts: KeyResultFacts, history: History, cycle: Cycle, day: date) -> int:
    """Days without a check-in, none of them before the cycle, nor before a key result without any was made."""
    last_said = history.last.at if history.last else facts.made_at
    return (day - max(day_of(last_said) if last_said else cycle.starts_on, cycle.starts_on)).days
