"""How much of one initiative is done, out of what is counted below its issue."""

from __future__ import annotations

from fractions import Fraction

from mapping.figures import Completion, CountedBy, IssueCounts
from mapping.issue import StatusCategory

_SHARE_BY_STATUS = {
    StatusCategory.NEW: Fraction(0),
    StatusCategory.INDETERMINATE: Fraction(1, 2),
    StatusCategory.DONE: Fraction(1),
}


def completion(
    counts: IssueCounts | None, own_status: StatusCategory, own_wont_do: bool, by_points: bool
) -> Completion:
    """The completion of one initiative; its ratio is None where nothing can be said.

    An issue without children (``counts`` None, or nothing counted) is judged by its own status category: 0, ½ or 1.
    Where everything below it is closed as "won't do" there is no ratio, and neither for such an issue without children.
    ``by_points`` takes estimates instead of issues, unless more than half of the issues have none.
    """
    if counts is None or counts.total == 0:
        return _by_status(own_status, own_wont_do)
    all_that_counts = counts.total - counts.wont_do
    points_hold = counts.points_total > 0 and 2 * counts.unestimated <= all_that_counts
    if by_points and points_hold:
        ratio = Fraction(counts.points_done) / Fraction(counts.points_total)
        return _counted(counts, ratio, CountedBy.POINTS, fell_back=False)
    ratio_by_count = Fraction(counts.done, all_that_counts) if all_that_counts else None
    return _counted(counts, ratio_by_count, CountedBy.COUNT, fell_back=by_points)


def _by_status(own_status: StatusCategory, own_wont_do: bool) -> Completion:
    ratio = None if own_wont_do else _SHARE_BY_STATUS.get(own_status)
    return Completion(ratio, done=0, total=0, wont_do=0, counted_by=CountedBy.STATUS)


def _counted(counts: IssueCounts, ratio: Fraction | None, counted_by: CountedBy, *, fell_back: bool) -> Completion:
    return Completion(
        ratio=ratio,
        done=counts.done,
        total=counts.total - counts.wont_do,
        wont_do=counts.wont_do,
        counted_by=counted_by,
        by_count_although_points_wanted=fell_back,
        unestimated=counts.unestimated,
        added_since=counts.added_since,
    )
