from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mapping.issue import IssueSnapshot, StatusCategory
from mapping.rules import initiatives_touched

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ISSUE = IssueSnapshot("10", "PAY-10", "1", "PAY", 0, "20", StatusCategory.DONE, None, None, NOW, NOW)


@pytest.mark.parametrize(
    ("parent", "previous", "linked", "touched"),
    [
        ("20", None, {"20"}, {"20"}),
        ("20", "30", {"20", "30"}, {"20", "30"}),
        (None, "30", {"20", "30"}, {"30"}),
        ("20", None, {"10"}, {"10"}),
        ("20", "20", {"10", "20"}, {"10", "20"}),
        ("20", "30", {"40"}, set()),
        (None, None, {"20"}, set()),
    ],
)
def test_an_issue_touches_itself_its_parent_and_the_parent_it_left(
    parent: str | None, previous: str | None, linked: set[str], touched: set[str]
) -> None:
    assert initiatives_touched(replace(ISSUE, parent_id=parent), previous, linked) == touched
