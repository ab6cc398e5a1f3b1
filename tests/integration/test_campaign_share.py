"""A share of the campaign over random pages, people and figures; `make campaign` plays all of it."""

from __future__ import annotations

import pytest

from tests.campaign.case import play_case
from tests.campaign.house import house_in_memory
from tests.campaign.play import Setting
from tests.campaign.shrink import shortest
from tests.campaign.verdict import told

# Other cases than those that `make campaign` begins with, in parts that run side by side.
FIRST, PARTS, CASES_IN_A_PART = 500_000, 4, 15


@pytest.mark.parametrize("part", range(PARTS))
def test_random_cases_hold(part: int) -> None:
    """No word of a person is lost, nothing is doubled, nothing is written without need, and every figure is right."""
    first = FIRST + part * CASES_IN_A_PART
    with house_in_memory() as house:
        for seed in range(first, first + CASES_IN_A_PART):
            found = play_case(house, seed, Setting())
            assert not found.wrong, told(shortest(house, found, Setting()))


def test_the_same_number_tells_the_same_story() -> None:
    with house_in_memory() as house:
        stories = [play_case(house, FIRST, Setting()).story for _ in range(2)]
    with house_in_memory() as house:
        stories.append(play_case(house, FIRST, Setting()).story)
    assert stories[0] == stories[1] == stories[2]
