"""What is expected by a day, and when time alone changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.figures import Pace, Thresholds
from mapping.okr import Bound, Cycle, CycleState, KeyResult, Kind, PhasedTarget
from mapping.pace import day_of, expected_share, next_change_at, pace, share_of_days_passed

CYCLE = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
USUAL = Thresholds()
METRIC = KeyResult("PAY-KR1", "PAY-O1", "Median checkout time", baseline=Decimal(40), target=Decimal(20))


def expected(kr: KeyResult, day: date) -> Fraction | None:
    return expected_share(kr, CYCLE, datetime(day.year, day.month, day.day, 9, tzinfo=UTC), USUAL)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2026, 9, 30), 0),
        (date(2026, 10, 1), Fraction(1, 92)),
        (date(2026, 11, 22), Fraction(53, 92)),
        (date(2026, 12, 31), 1),
        (date(2027, 1, 5), 1),
    ],
)
def test_the_present_day_counts_as_passed(day: date, share: Fraction) -> None:
    assert share_of_days_passed(CYCLE, day) == share
    assert expected(METRIC, day) == share


def test_days_are_days_of_utc() -> None:
    in_sydney = datetime(2026, 11, 23, 8, tzinfo=timezone(timedelta(hours=11)))
    assert day_of(in_sydney) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="zone"):
        day_of(datetime(2026, 11, 22))  # noqa: DTZ001  the point of the test


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.TO_MEASURE, "baseline": None, "target": None},
        {"kind": Kind.THRESHOLD, "baseline": None, "bound": Bound.BELOW},
        {"lagging": True},
        {"dropped_on": date(2026, 11, 1)},
    ],
)
def test_of_some_nothing_is_expected(change: dict[str, object]) -> None:
    assert expected(replace(METRIC, **change), date(2026, 11, 22)) is None  # type: ignore[arg-type]


PHASED = replace(
    METRIC, phased=(PhasedTarget(date(2026, 12, 1), Decimal(25)), PhasedTarget(date(2026, 10, 31), Decimal(38)))
)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2026, 9, 30), 40),
        (date(2026, 10, 31), 38),
        (date(2026, 11, 15), Fraction(38) - Fraction(13 * 15, 31)),
        (date(2026, 12, 1), 25),
        (date(2026, 12, 16), Fraction(25) - Fraction(5 * 15, 30)),
        (date(2026, 12, 31), 20),
        (date(2027, 2, 1), 20),
    ],
)
def test_phased_targets_are_joined_by_straight_lines(day: date, value: Fraction) -> None:
    assert expected(PHASED, day) == (40 - Fraction(value)) / 20


def test_phased_targets_beyond_the_way_expect_no_more_than_all_of_it() -> None:
    beyond = replace(METRIC, phased=(PhasedTarget(date(2026, 11, 1), Decimal(10)),))
    backwards = replace(METRIC, phased=(PhasedTarget(date(2026, 11, 1), Decimal(50)),))
    assert expected(beyond, date(2026, 11, 1)) == 1
    assert expected(backwards, date(2026, 11, 1)) == 0


def test_an_aspirational_phase_expects_seventy_percent_of_it() -> None:
    assert expected(replace(PHASED, aspirational=True), date(2026, 12, 1)) == Fraction(3, 4) * Fraction(7, 10)


@given(st.dates(date(2026, 9, 1), date(2027, 2, 1)))
def test_phases_along_the_straight_line_change_nothing(day: date) -> None:
    on_the_line = replace(METRIC, target=Decimal(-52), phased=(PhasedTarget(date(2026, 10, 11), Decimal(29)),))
    assert expected(on_the_line, day) == expected(replace(on_the_line, phased=()), day)


@pytest.mark.parametrize(
    ("progress", "found"),
    [(None, None), ("0.8", Pace.ON_PACE), ("0.79", Pace.BEHIND), ("0.6", Pace.BEHIND), ("0.59", Pace.OFF_PACE)],
)
def test_pace_changes_at_the_expected_and_a_quarter_below(progress: str | None, found: Pace | None) -> None:
    assert pace(None if progress is None else Fraction(progress), Fraction(4, 5), USUAL) is found


def test_where_nothing_is_expected_there_is_no_pace() -> None:
    assert pace(Fraction(1), None, USUAL) is None


@pytest.mark.parametrize(
    ("at", "change"),
    [
        (datetime(2026, 8, 1, 12, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)),
        (datetime(2026, 9, 30, 23, 59, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)),
        (datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC)),
    ],
)
def test_time_changes_figures_at_midnight_from_the_first_day_on(at: datetime, change: datetime) -> None:
    assert next_change_at(CYCLE, at) == change


def test_time_changes_nothing_in_a_closed_cycle() -> None:
    assert next_change_at(replace(CYCLE, state=CycleState.CLOSED), datetime(2026, 11, 22, tzinfo=UTC)) is None
