"""The campaign over random pages, people and figures: ``python -m tests.campaign --cases 20000 --seed 1``.

Each case is told wholly by its number: ``--only N`` plays one again and tells its story.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from tests.campaign.case import play_case
from tests.campaign.house import house_in_memory
from tests.campaign.play import Setting
from tests.campaign.running import Campaign, Tally, run
from tests.campaign.shrink import shortest
from tests.campaign.steps import STEPS
from tests.campaign.verdict import Verdict


def run_share(seeds: Sequence[int]) -> Tally:
    """Play these cases one after another."""
    _quiet()
    tally = Tally()
    with house_in_memory() as house:
        for seed in seeds:
            tally.add(play_case(house, seed, Setting()))
    return tally


def tell(seed: int, shrink: bool) -> Verdict:
    """Play it again, on the shortest way to the same failure if asked."""
    _quiet()
    with house_in_memory() as house:
        found = play_case(house, seed, Setting())
        return shortest(house, found, Setting()) if found.wrong and shrink else found


def _quiet() -> None:
    logging.disable(logging.WARNING)
    logging.getLogger().addHandler(logging.NullHandler())


if __name__ == "__main__":
    sys.exit(run(Campaign("python -m tests.campaign", 20_000, run_share, tell, STEPS, in_a_share=100)))
