"""Bars and lines as they are drawn: numbers alone come into them, and they never leave their box."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from sync.queries.trend import Point, Trend
from web.drawings import bar, hundredths, spark

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
LINE = Trend((Point(0, 0), Point(0.5, 0.25), Point(1, 1)), None, NOW - timedelta(weeks=8), NOW, 3)


@pytest.mark.parametrize(
    ("share", "said"), [(Fraction(-1, 2), "0"), (Fraction(1, 3), "33.33"), (Fraction(1), "100"), (Fraction(2), "100")]
)
def test_a_bar_never_leaves_its_track(share: Fraction, said: str) -> None:
    assert hundredths(share) == said


def test_a_bar_without_a_label_is_passed_over_by_screen_readers() -> None:
    drawn = bar(Fraction(1, 4), Fraction(1, 2))
    assert 'aria-hidden="true"' in drawn
    assert "progressbar" not in drawn
    assert re.findall(r'width="25%"|x="50%"', drawn) == ['width="25%"', 'x="50%"']


def test_a_label_is_said_with_the_figure_and_is_text() -> None:
    drawn = bar(Fraction(1, 4), label='<b>"site"')
    assert 'role="progressbar"' in drawn
    assert 'aria-valuenow="25"' in drawn
    assert "<b>" not in drawn
    assert "aria-valuenow" not in bar(None, label="First sync")


def test_an_unknown_share_is_an_empty_track() -> None:
    assert 'class="full"' not in bar(None)
    assert 'class="tick"' not in bar(None)


def test_a_line_ends_in_a_dot() -> None:
    assert spark(LINE, 100, 20) == (
        '<svg class="spark" width="100" height="20" viewBox="0 0 100 20" aria-hidden="true">'
        '<path d="M0.0 20.0 L50.0 15.0 L100.0 0.0"/><circle cx="100" cy="0.0" r="2"/></svg>'
    )


def test_a_limit_is_drawn_where_it_lies() -> None:
    drawn = spark(Trend(LINE.points, 0.25, LINE.since, LINE.until, 3), 100, 20)
    assert '<line x1="0" x2="100" y1="15.0" y2="15.0"/>' in drawn


def test_where_there_is_no_line_nothing_is_drawn() -> None:
    assert spark(None) == ""
    assert spark(Trend()) == ""
