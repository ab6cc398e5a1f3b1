"""One history from its seed to its verdict: play the steps, let everything heal, run to quiet, then judge."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from tests.campaign.verdict import Faults as FaultsInOurCode
from tests.campaign.verdict import Step, Verdict
from tests.simulation.healing import heal, run_to_quiet
from tests.simulation.history import History
from tests.simulation.house import House
from tests.simulation.judge import judge
from tests.simulation.opening import open_history
from tests.simulation.promptness import change_when_all_is_well
from tests.simulation.schedule import NoEndError
from tests.simulation.steps import draw_steps, take_step


def play_history(house: House, seed: int, steps: Sequence[Step] | None = None) -> tuple[Verdict, Sequence[str]]:
    """The history of this seed, or the same start with other steps; with its whole log."""
    taken = tuple(draw_steps(Random(f"{seed} steps")) if steps is None else steps)
    faults = FaultsInOurCode()
    logging.getLogger("sync").addHandler(faults)
    history = open_history(house, seed)
    try:
        wrong = tuple(_play(history, taken, faults))
    finally:
        logging.getLogger("sync").removeHandler(faults)
        for place in history.places:
            place.site.parts.store.close()
        house.database.points = None
    return Verdict(seed, taken, wrong, tuple(history.story), _coverage(history)), history.log


def _play(history: History, steps: Sequence[Step], faults: FaultsInOurCode) -> Iterator[str]:
    try:
        history.schedule.run(seconds=20)
        for step in steps:
            take_step(history, step)
        heal(history)
        run_to_quiet(history)
        yield from judge(history)
        yield from change_when_all_is_well(history)
    except NoEndError as error:
        yield f"10: {error}"
        return
    yield from (f"k: {fault}" for fault in faults.found)


def _coverage(history: History) -> Counter[tuple[str, str]]:
    of_pages = (place.play.coverage for place in history.places)
    return sum((history.workers.coverage, history.network.coverage, history.post.coverage, *of_pages), history.coverage)
