"""The quarter or half-year in the title of a page."""

from __future__ import annotations

from datetime import date

import pytest

from mapping.adoption_cycle import cycle_named_in
from mapping.okr import Cycle, CycleState

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("OKRs Q4 2026", Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))),
        ("OKRs 2026/Q4 (Payments)", Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))),
        ("Ziele 4. Quartal 2026", Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))),
        ("2027-q1", Cycle("2027-q1", "Q1 2027", date(2027, 1, 1), date(2027, 3, 31), CycleState.PLANNED)),
        ("H1 2026", Cycle("2026-h1", "H1 2026", date(2026, 1, 1), date(2026, 6, 30), CycleState.CLOSED)),
        ("H3 2026 and Q2 2026", Cycle("2026-q2", "Q2 2026", date(2026, 4, 1), date(2026, 6, 30), CycleState.CLOSED)),
        ("OKRs of 2026", None),
        ("FAQ4 2026", None),
    ],
)
def test_the_first_cycle_that_is_named(title: str, expected: Cycle | None) -> None:
    assert cycle_named_in(title, TODAY) == expected
