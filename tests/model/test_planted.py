"""Each planted bug is noticed by the law that is about it, and told in the fewest steps."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tests.model.explore import explore
from tests.model.planted import PLANTED, Planted
from tests.model.rules import AS_BUILT, Rules
from tests.model.state import Bounds
from tests.model.told import told


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.name)
def test_a_planted_bug_breaks_its_law(bug: Planted) -> None:
    found = explore(bug.bounds, bug.rules, law=bug.law).broken
    assert found is not None, f"nobody notices that {bug.name} is off"
    assert found.law == bug.law
    assert len(told(found).splitlines()) == 1 + bug.steps


@pytest.mark.parametrize("bounds", sorted({bug.bounds for bug in PLANTED}), ids=str)
def test_without_a_bug_the_same_bounds_hold(bounds: Bounds) -> None:
    assert explore(bounds, AS_BUILT).broken is None


def test_every_rule_is_missed_by_somebody() -> None:
    assert {name for bug in PLANTED for name in bug.without} == {field.name for field in fields(Rules)}
