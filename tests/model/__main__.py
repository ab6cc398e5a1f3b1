"""The model, explored as far as is wanted: ``python -m tests.model --events 2 --texts 1 --faults 3``.

``--planted`` tells the shortest story of each planted bug; ``--alongside`` leads the real product along stories that
take every kind of step.
"""

from __future__ import annotations

import argparse
import logging
import resource
import sys
import time

from tests.model.alongside import Alongside, Apart
from tests.model.explore import Explored, explore
from tests.model.paths import covering, turns_of
from tests.model.planted import PLANTED
from tests.model.real_house import real_houses
from tests.model.rules import AS_BUILT
from tests.model.state import Bounds, start
from tests.model.told import told


def main() -> int:
    """0 where everything held, and every planted bug was noticed."""
    options = _options()
    bounds = Bounds(options.events, options.texts, options.faults, early=options.early, lease=options.lease)
    if options.planted:
        return _tell_planted()
    if options.alongside:
        return _lead_alongside(bounds)
    began = time.perf_counter()
    found = explore(bounds, AS_BUILT)
    print(_numbers(bounds, found, time.perf_counter() - began))
    if found.broken:
        print(told(found.broken))
    return 1 if found.broken else 0


def _numbers(bounds: Bounds, found: Explored, seconds: float) -> str:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps = "\n".join(f"{number:12,}  {name}" for name, number in sorted(found.names.items()))
    return (
        f"{steps}\n{bounds}\n{found.states:,} states, {found.transitions:,} transitions, diameter {found.depth}, "
        f"{found.at_rest:,} at rest; {seconds:.0f} s, {memory:,.0f} MB"
    )


def _tell_planted() -> int:
    missed = 0
    for bug in PLANTED:
        found = explore(bug.bounds, bug.rules, law=bug.law)
        missed += found.broken is None
        print(f"\nWithout {bug.name}: {told(found.broken) if found.broken else 'NOT NOTICED'}")
    print(f"\n{len(PLANTED) - missed} of {len(PLANTED)} planted bugs noticed")
    return 1 if missed else 0


def _lead_alongside(bounds: Bounds) -> int:
    logging.disable(logging.CRITICAL)  # the product tells of each claim that is lost
    stories = covering(bounds)
    kinds = {turn for story in stories for turn in turns_of(bounds, story)}
    print(f"{len(stories)} stories, {sum(map(len, stories))} steps of {len(kinds)} kinds")
    apart = 0
    with real_houses() as houses:
        for story in stories:
            try:
                Alongside(houses.fresh(), bounds.workers, with_lease=bounds.lease).play(start(bounds), story)
            except Apart as error:
                apart += 1
                print(error)
    print(f"{apart} stories in which the product went another way")
    return 1 if apart else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.model")
    parser.add_argument("--events", type=int, default=1, help="changes in Jira, at most 2")
    parser.add_argument("--texts", type=int, default=1, help="texts that the person types")
    parser.add_argument("--faults", type=int, default=1, help="crashes, stalls and lost replies, together")
    parser.add_argument("--early", type=int, default=0, help="polls before everything is quiet")
    parser.add_argument("--lease", action="store_true", help="follow the timer's lease")
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--alongside", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
