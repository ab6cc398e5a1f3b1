"""Every law holds in every state that the model can come to; `make model` goes farther."""

from __future__ import annotations

import pytest

from tests.model.explore import Explored, explore
from tests.model.rules import AS_BUILT
from tests.model.state import Bounds
from tests.model.steps import STANDS_FOR, WORK
from tests.model.told import told

SHARES = {
    "a fault": Bounds(events=1, texts=1, faults=1),
    "two changes in Jira": Bounds(events=2, texts=1, faults=0),
    "two texts": Bounds(events=1, texts=2, faults=0),
    "a lease that is lost": Bounds(events=1, texts=0, faults=2, lease=True),
    "polls at any time": Bounds(events=1, texts=0, faults=0, early=1, lease=True),
}


@pytest.fixture(scope="module")
def explored() -> dict[str, Explored]:
    return {name: explore(bounds, AS_BUILT) for name, bounds in SHARES.items()}


@pytest.mark.parametrize("share", SHARES)
def test_nothing_is_lost_or_doubled_in_any_state(explored: dict[str, Explored], share: str) -> None:
    found = explored[share]
    assert found.broken is None, told(found.broken)
    assert found.at_rest


def test_every_step_names_what_it_stands_for_and_is_taken(explored: dict[str, Explored]) -> None:
    assert set(STANDS_FOR) - {"claim", "tick"} <= WORK.keys() - {"mark_kept", "take_late"}
    taken = {name for found in explored.values() for name in found.names}
    assert STANDS_FOR.keys() - {"claim"} <= taken
