"""What must hold for each noun, and what is said where it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from mapping.okr import (
    Aggregate,
    Bound,
    CheckIn,
    Cycle,
    Initiative,
    InvalidOkr,
    JqlSource,
    KeyResult,
    Kind,
    Objective,
    PhasedTarget,
    Role,
    Source,
    Step,
)

METRIC = KeyResult("PAY-KR1", "PAY-O1", "Median checkout time", baseline=Decimal(38), target=Decimal(20))
LIMIT = KeyResult("PAY-KR3", "PAY-O1", "Chargebacks", Kind.THRESHOLD, bound=Bound.BELOW, target=Decimal(12))
HALVES = (Step("a", "First", Fraction(1, 2)), Step("b", "Second", Fraction(1, 2)))
MILESTONE = KeyResult("PAY-KR4", "PAY-O1", "Certified", Kind.MILESTONE, steps=HALVES)


@pytest.mark.parametrize("key", ["PAY-O1", "pay-KR1", "PAY-KR0", "PAY-KR", "PAYKR1", "PAY-KR1\n", "PAY-KR1 ", ""])
def test_a_key_result_needs_a_key_of_its_kind(key: str) -> None:
    with pytest.raises(InvalidOkr, match="write it like PAY-KR1"):
        replace(METRIC, key=key)


def test_an_objective_needs_a_key_of_its_kind_and_a_title() -> None:
    with pytest.raises(InvalidOkr, match="write it like PAY-O1"):
        Objective("PAY-KR1", "2026-q4", "Paying feels safe")
    with pytest.raises(InvalidOkr, match="it has no title"):
        Objective("PAY-O1", "2026-q4", "  ")
    with pytest.raises(InvalidOkr, match="301 characters"):
        Objective("PAY-O1", "2026-q4", "x" * 301)


def test_a_cycle_has_a_plain_key_and_ends_after_it_starts() -> None:
    assert Cycle("d", "One day", date(2026, 10, 1), date(2026, 10, 1)).ends_on == date(2026, 10, 1)
    with pytest.raises(InvalidOkr, match="before it starts"):
        Cycle("q", "Q", date(2026, 10, 1), date(2026, 9, 30))
    with pytest.raises(InvalidOkr, match="lower-case"):
        Cycle("Q4 2026", "Q", date(2026, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"baseline": None}, "needs a baseline and a target"),
        ({"target": None}, "needs a baseline and a target"),
        ({"target": Decimal("38.0")}, "both 38.0"),
        ({"baseline": None, "target": None, "kind": Kind.THRESHOLD}, "needs 'above' or 'below'"),
        ({"kind": Kind.MILESTONE}, "written steps"),
        ({"source": Source.JQL}, "no JQL is given"),
        ({"weight": Decimal(0)}, "above 0"),
        ({"weight": Decimal("nan")}, "must be a number"),
        ({"weight": Decimal("1e999999")}, "must be a number"),
        ({"target": Decimal("Infinity")}, "must be a number"),
        ({"target": Decimal("1e999999999")}, "must be a number"),
        ({"target": Decimal("1e-999999999")}, "must be a number"),
        ({"title": ""}, "no title"),
    ],
)
def test_a_key_result_that_breaks_a_rule_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidOkr, match=said):
        replace(METRIC, **change)  # type: ignore[arg-type]


def test_the_largest_values_and_titles_are_taken_and_no_larger_ones() -> None:
    largest = Decimal(10) ** 15
    assert replace(METRIC, target=-largest, title="x" * 300).target == -largest
    with pytest.raises(InvalidOkr, match="must be a number"):
        replace(METRIC, target=largest + 1)


def test_a_limit_says_its_side_and_its_number() -> None:
    for change in ({"bound": None}, {"target": None}):
        with pytest.raises(InvalidOkr, match="needs 'above' or 'below'"):
            replace(LIMIT, **change)  # type: ignore[arg-type]


def test_what_is_not_said_has_its_plain_meaning() -> None:
    objective = Objective("PAY-O1", "2026-q4", "Paying feels safe")
    link = Initiative("PAY-KR1", 1, "10")
    assert {objective.weight, METRIC.weight, link.weight} == {Decimal(1)}
    assert (objective.position, METRIC.aspirational, METRIC.lagging) == (0, False, False)


def test_only_what_initiatives_can_measure_comes_from_them() -> None:
    without_values = replace(METRIC, source=Source.INITIATIVES, baseline=None, target=None)
    assert without_values.baseline is None
    with pytest.raises(InvalidOkr, match="only the progress of a metric"):
        replace(LIMIT, source=Source.INITIATIVES)
    with pytest.raises(InvalidOkr, match="only the progress of a metric"):
        replace(MILESTONE, source=Source.INITIATIVES)
    with pytest.raises(InvalidOkr, match="both 20"):
        replace(METRIC, source=Source.INITIATIVES, baseline=Decimal(20))


def test_values_expected_on_days_need_a_way_that_they_lie_on() -> None:
    phased = (PhasedTarget(date(2026, 11, 1), Decimal(30)),)
    assert replace(METRIC, phased=phased).phased == phased
    driven = replace(METRIC, source=Source.INITIATIVES)
    for kr in (LIMIT, MILESTONE, replace(driven, target=None), replace(driven, baseline=None)):
        with pytest.raises(InvalidOkr, match="baseline and a target"):
            replace(kr, phased=phased)


def test_a_milestone_needs_steps_with_their_own_keys_that_make_the_whole() -> None:
    with pytest.raises(InvalidOkr, match="do not sum to 100 %"):
        replace(MILESTONE, steps=HALVES[:1])
    with pytest.raises(InvalidOkr, match="the same key"):
        replace(MILESTONE, steps=(HALVES[0], HALVES[0]))
    with pytest.raises(InvalidOkr, match="not by a query"):
        replace(MILESTONE, source=Source.JQL, jql=JqlSource("project = PAY"))


def test_a_query_that_adds_up_needs_its_field() -> None:
    with pytest.raises(InvalidOkr, match="number field"):
        JqlSource("project = PAY", Aggregate.SUM)


def test_only_a_step_link_names_a_step() -> None:
    assert Initiative("PAY-KR4", 1, "10", Role.STEP, step_key="a").step_key == "a"
    for role, step_key in [(Role.STEP, ""), (Role.SUPPORTS, "a")]:
        with pytest.raises(InvalidOkr, match="milestone step"):
            Initiative("PAY-KR4", 1, "10", role, step_key=step_key)


def test_a_check_in_has_a_zone_a_confidence_to_ten_and_a_value_that_can_be_calculated() -> None:
    at = datetime(2026, 11, 19, tzinfo=UTC)
    assert CheckIn("PAY-KR1", at, Decimal("0.000000001"), 0).confidence == 0
    with pytest.raises(InvalidOkr, match="zone"):
        CheckIn("PAY-KR1", datetime(2026, 11, 19))  # noqa: DTZ001  the point of the test
    with pytest.raises(InvalidOkr, match="0 to 10"):
        CheckIn("PAY-KR1", at, confidence=11)
    with pytest.raises(InvalidOkr, match="at most 9 decimals"):
        CheckIn("PAY-KR1", at, Decimal("0.0000000001"))
    with pytest.raises(InvalidOkr, match="must be a number"):
        PhasedTarget(date(2026, 11, 1), Decimal("sNaN"))
