"""The line of a key result stays in its box and ends now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from mapping.okr import Bound, CheckIn, KeyResult, Kind
from sync.queries.trend import Moment, Trend, draw, kept_moments, said_moments
from tests.clock import START
from web.drawings import spark

METRIC = KeyResult("A-KR1", "A-O1", "x", baseline=Decimal(38), target=Decimal(20))
LIMIT = replace(METRIC, kind=Kind.THRESHOLD, bound=Bound.BELOW, baseline=None, target=Decimal(12))


def _ago(days: float, figure: Fraction | int) -> Moment:
    return Moment(START - timedelta(days=days), float(figure))


def test_nothing_said_before_now_is_no_line() -> None:
    assert draw(METRIC, (), START) == Trend()
    assert draw(METRIC, (_ago(0, 1),), START) == Trend()


def test_a_falling_metric_rises_towards_its_target() -> None:
    said = (CheckIn("A-KR1", START - timedelta(days=14), Decimal(38)), CheckIn("A-KR1", START, Decimal(29)))
    trend = draw(METRIC, said_moments(METRIC, said), START)
    assert [(point.x, point.y) for point in trend.points] == [(0.75, 0), (1, 0.5), (1, 0.5)]


def test_the_figure_of_eight_weeks_ago_begins_the_line() -> None:
    trend = draw(METRIC, (_ago(90, 0), _ago(80, Fraction(1, 4)), _ago(28, Fraction(1, 2))), START)
    assert [(point.x, point.y) for point in trend.points] == [(0, 0.25), (0.5, 0.5), (1, 0.5)]
    assert trend.since == START - timedelta(weeks=8)
    assert trend.figures == 2


def test_one_figure_alone_is_told_from_a_line() -> None:
    assert draw(METRIC, (_ago(2, 0),), START).figures == 1


def test_two_figures_of_one_day_are_no_line() -> None:
    assert draw(METRIC, (_ago(0.02, 0), _ago(0.01, Fraction(1, 2))), START) == Trend()


def test_a_limit_is_drawn_where_it_lies() -> None:
    trend = draw(LIMIT, (_ago(10, 9), _ago(0, 10)), START)
    assert trend.limit == 1
    assert [round(point.y, 2) for point in trend.points] == [0, 0.33, 0.33]


def test_words_without_a_value_are_no_point() -> None:
    assert said_moments(METRIC, [CheckIn("A-KR1", START, confidence=3)]) == ()


def test_kept_figures_are_read_as_they_were_written() -> None:
    assert kept_moments([(START, "22/40"), (START, "1")]) == (Moment(START, 0.55), Moment(START, 1.0))


@given(st.lists(st.tuples(st.integers(1, 120), st.fractions(-3, 3)), min_size=1, max_size=12))
def test_every_point_lies_in_the_box(figures: list[tuple[int, Fraction]]) -> None:
    moments = tuple(_ago(days, figure) for days, figure in sorted(figures, reverse=True))
    trend = draw(METRIC, moments, START)
    assert all(0 <= point.x <= 1 and 0 <= point.y <= 1 for point in trend.points)
    assert [point.x for point in trend.points] == sorted(point.x for point in trend.points)
    assert trend.points[-1].x == 1


def test_the_path_is_drawn_downwards() -> None:
    trend = draw(METRIC, (_ago(28, 0), _ago(0, 1)), START)
    assert '<path d="M36.0 20.0 L72.0 0.0 L72.0 0.0"/>' in spark(trend, 72, 20)
