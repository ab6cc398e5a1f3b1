"""One initiative's completion: by count, by points, by its own status, or unknown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.completion import completion
from mapping.figures import CountedBy, IssueCounts
from mapping.issue import StatusCategory

OPEN = StatusCategory.NEW


def by_count(counts: IssueCounts) -> Fraction | None:
    return completion(counts, OPEN, own_wont_do=False, by_points=False).ratio


def test_issues_that_will_not_be_done_are_in_neither_number() -> None:
    figure = completion(IssueCounts(done=6, total=10, wont_do=2), OPEN, own_wont_do=False, by_points=False)
    assert (figure.ratio, figure.done, figure.total, figure.wont_do) == (Fraction(6, 8), 6, 8, 2)
    assert figure.counted_by is CountedBy.COUNT


def test_where_nothing_will_be_done_there_is_no_ratio() -> None:
    assert by_count(IssueCounts(done=0, total=3, wont_do=3)) is None


@pytest.mark.parametrize("counts", [None, IssueCounts(done=0, total=0, wont_do=0)])
@pytest.mark.parametrize(
    ("status", "ratio"),
    [
        (StatusCategory.NEW, Fraction(0)),
        (StatusCategory.INDETERMINATE, Fraction(1, 2)),
        (StatusCategory.DONE, Fraction(1)),
        (StatusCategory.UNDEFINED, None),
    ],
)
def test_an_epic_without_children_is_judged_by_its_status(
    counts: IssueCounts | None, status: StatusCategory, ratio: Fraction | None
) -> None:
    figure = completion(counts, status, own_wont_do=False, by_points=True)
    assert (figure.ratio, figure.counted_by) == (ratio, CountedBy.STATUS)
    assert (figure.done, figure.total, figure.wont_do, figure.by_count_although_points_wanted) == (0, 0, 0, False)


def test_an_epic_without_children_that_will_not_be_done_has_no_ratio() -> None:
    assert completion(None, StatusCategory.DONE, own_wont_do=True, by_points=False).ratio is None


def points(done: str, total: str, unestimated: int, issues: int = 4) -> IssueCounts:
    return IssueCounts(1, issues, 0, Decimal(done), Decimal(total), unestimated, added_since=3)


def test_points_leave_unestimated_issues_out_and_say_how_many() -> None:
    figure = completion(points("1.5", "6", unestimated=2), OPEN, own_wont_do=False, by_points=True)
    assert (figure.ratio, figure.counted_by) == (Fraction(1, 4), CountedBy.POINTS)
    assert (figure.done, figure.total, figure.unestimated, figure.added_since) == (1, 4, 2, 3)
    assert not figure.by_count_although_points_wanted


@pytest.mark.parametrize("counts", [points("3", "6", unestimated=3), points("0", "0", unestimated=0)])
def test_with_more_than_half_unestimated_or_no_points_at_all_issues_are_counted_and_it_says_so(
    counts: IssueCounts,
) -> None:
    figure = completion(counts, OPEN, own_wont_do=False, by_points=True)
    assert (figure.ratio, figure.counted_by) == (Fraction(1, 4), CountedBy.COUNT)
    assert figure.by_count_although_points_wanted


def test_half_a_point_is_enough_to_count_by_points() -> None:
    figure = completion(points("0.25", "0.5", unestimated=0), OPEN, own_wont_do=False, by_points=True)
    assert (figure.ratio, figure.counted_by) == (Fraction(1, 2), CountedBy.POINTS)


def test_points_do_not_count_unless_wanted() -> None:
    figure = completion(points("6", "6", unestimated=0), OPEN, own_wont_do=False, by_points=False)
    assert (figure.ratio, figure.by_count_although_points_wanted) == (Fraction(1, 4), False)


def test_half_of_the_issues_that_count_is_what_matters_for_points() -> None:
    """Two of three issues have no estimate once the one that will not be done is left out."""
    counts = IssueCounts(1, 4, 1, Decimal(1), Decimal(3), unestimated=2)
    assert completion(counts, OPEN, own_wont_do=False, by_points=True).counted_by is CountedBy.COUNT


@given(st.lists(st.sampled_from(["open", "done", "wont"]), min_size=1, max_size=12), st.integers(0, 12))
def test_splitting_an_epic_changes_no_sum(states: list[str], cut: int) -> None:
    """The parts weighed by their issues are the whole: nothing is counted twice or lost."""

    def counts(part: list[str]) -> IssueCounts:
        return IssueCounts(part.count("done"), len(part), part.count("wont"))

    parts = [counts(part) for part in (states[:cut], states[cut:]) if part]
    figures = [completion(each, OPEN, own_wont_do=False, by_points=False) for each in parts]
    known = [(figure.ratio, figure.total) for figure in figures if figure.ratio is not None]
    total = sum(weight for _, weight in known)
    joined = sum(ratio * weight for ratio, weight in known) / total if total else None
    assert joined == by_count(counts(states))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_ratio_is_between_none_and_all(done: int, still_open: int, wont_do: int) -> None:
    ratio = by_count(IssueCounts(done, done + still_open + wont_do, wont_do))
    assert ratio is None or 0 <= ratio <= 1
