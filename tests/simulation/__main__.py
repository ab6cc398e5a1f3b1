"""Random histories of the whole product on one thread: ``python -m tests.simulation --cases 1000 --seed 1``.

Each history is told wholly by its number: ``--only N`` plays one again and tells its story, ``--shrink`` with every
step left out that does not matter.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.campaign.running import Campaign, Tally, run
from tests.campaign.verdict import Step, Verdict, shrunk
from tests.simulation.case import play_history
from tests.simulation.coverage import report
from tests.simulation.house import House, house_in_memory
from tests.simulation.steps import STEPS


def run_share(seeds: Sequence[int]) -> Tally:
    """Play these histories one after another."""
    _quiet()
    tally = Tally()
    with house_in_memory() as house, tidied_between_histories():
        for seed in seeds:
            tally.add(play_history(house, seed)[0])
            gc.collect()
    return tally


@contextmanager
def tidied_between_histories() -> Iterator[None]:
    """Nothing is collected while a history is played, and what is there already is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def tell(seed: int, shrink: bool) -> Verdict:
    """Play it again, on the shortest way to the same failure if asked."""
    _quiet()
    with house_in_memory() as house:
        found, _ = play_history(house, seed)
        return shortest(house, found) if found.wrong and shrink else found


def shortest(house: House, found: Verdict) -> Verdict:
    """The shortest history of the same start that fails in the same way."""

    def again(steps: Sequence[Step]) -> Verdict:
        return play_history(house, found.seed, steps)[0]

    return shrunk(found, again)


def _quiet() -> None:
    logging.disable(logging.WARNING)
    logging.getLogger().addHandler(logging.NullHandler())


if __name__ == "__main__":
    sys.exit(run(Campaign("python -m tests.simulation", 1000, run_share, tell, STEPS, in_a_share=25, more=report)))
