"""What issues below one initiative add up to, of a listing in hand; the same sums as are made of what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from mapping.field_choices import FieldChoices
from mapping.figures import IssueCounts
from mapping.issue import BASE_LEVEL, IssueSnapshot, is_done, is_wont_do


def counts_of(children: Iterable[IssueSnapshot], choices: FieldChoices) -> IssueCounts:
    """Sub-tasks are left out; all zero where there are no children."""
    counted = [child for child in children if child.level >= BASE_LEVEL]
    meant = [child for child in counted if not is_wont_do(child, choices.of(child.project_id))]
    done = [child for child in meant if is_done(child)]
    return IssueCounts(
        done=len(done),
        total=len(counted),
        wont_do=len(counted) - len(meant),
        points_done=_points(done),
        points_total=_points(meant),
        unestimated=sum(1 for child in meant if child.estimate is None),
    )


def _points(issues: Iterable[IssueSnapshot]) -> Decimal:
    return sum((issue.estimate for issue in issues if issue.estimate is not None), Decimal(0))
