"""Playing many cases in several processes, counting what they covered, and telling those that failed."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.campaign.verdict import Verdict, told

# From so many cases on, a kind of step that never occurred is a fault of the campaign.
BIG_RUN = 1000
MOST_TOLD = 3
MOST_LISTED = 30


@dataclass
class Tally:
    """What a run found."""

    cases: int = 0
    failed: list[Verdict] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        self.cases += 1
        self.coverage += verdict.coverage
        if verdict.wrong:
            self.failed.append(verdict)

    def join(self, other: Tally) -> None:
        self.cases += other.cases
        self.failed += other.failed
        self.coverage += other.coverage


@dataclass(frozen=True)
class Campaign:
    """``share`` plays some cases one after another, in a process of its own. ``tell`` plays one again, shortened if
    asked. ``kinds`` are all kinds of steps that there are; cases are played in shares of ``in_a_share``."""

    prog: str
    cases: int
    share: Callable[[Sequence[int]], Tally]
    tell: Callable[[int, bool], Verdict]
    kinds: Collection[str]
    in_a_share: int


def run(campaign: Campaign) -> int:
    """What the command line asks for; 0 where everything held."""
    options = _options(campaign)
    if options.only is not None:
        found = campaign.tell(options.only, options.shrink)
        print(told(found))
        return 1 if found.wrong else 0
    first = options.seed * 1_000_000
    seeds = list(range(first, first + options.cases))
    began = time.perf_counter()
    tally = _played(campaign, seeds, options.processes)
    return _report(campaign, tally, time.perf_counter() - began, options.processes)


def _played(campaign: Campaign, seeds: list[int], processes: int) -> Tally:
    tally = Tally()
    shares = [seeds[start : start + campaign.in_a_share] for start in range(0, len(seeds), campaign.in_a_share)]
    with ProcessPoolExecutor(processes) as pool:
        for share in pool.map(campaign.share, shares):
            tally.join(share)
            for found in share.failed:
                print(f"seed {found.seed}: {found.wrong[0][:200]}", file=sys.stderr, flush=True)
            print(f"{tally.cases} cases, {len(tally.failed)} failed", file=sys.stderr, flush=True)
    return tally


def _report(campaign: Campaign, tally: Tally, seconds: float, processes: int) -> int:
    for (kind, outcome), number in sorted(tally.coverage.items()):
        print(f"{number:8}  {kind}: {outcome}")
    print(f"{tally.cases} cases in {seconds:.0f} s, {tally.cases / seconds / processes:.2f} a second in each process")
    laws = Counter(law for found in tally.failed for law in found.laws)
    for law, number in sorted(laws.items()):
        print(f"{number} cases broke {law}")
    for found in sorted(tally.failed, key=lambda found: min(laws[law] for law in found.laws))[:MOST_LISTED]:
        print(f"seed {found.seed}: {found.wrong[0][:400]}")
    for found in tally.failed[:MOST_TOLD]:
        print("\n" + told(campaign.tell(found.seed, True)))
    missing = sorted(set(campaign.kinds) - {kind for kind, _ in tally.coverage})
    if tally.cases >= BIG_RUN and missing:
        print(f"never occurred: {', '.join(missing)}")
        return 1
    return 1 if tally.failed else 0


def _options(campaign: Campaign) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=campaign.prog)
    parser.add_argument("--cases", type=int, default=campaign.cases)
    parser.add_argument("--seed", type=int, default=1, help="which million of cases to take them from")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, help="the number of one case, to be told")
    parser.add_argument("--shrink", action="store_true", help="with --only: leave out what does not matter")
    return parser.parse_args()
