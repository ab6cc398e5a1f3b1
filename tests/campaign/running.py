"""Playing many cases in several processes, counting what they covered, and telling those that failed.

With ``--record`` everything that was played is kept in a file, and only what is not in it yet is played; what is said
of coverage is then of all that it has.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.campaign.record import Record, Share, played, revision
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
    asked. ``kinds`` are all kinds of steps that there are; cases are played in shares of ``in_a_share``. ``more`` are
    further lines about what was covered."""

    prog: str
    cases: int
    share: Callable[[Sequence[int]], Tally]
    tell: Callable[[int, bool], Verdict]
    kinds: Collection[str]
    in_a_share: int
    more: Callable[[Counter[tuple[str, str]]], Sequence[str]] = lambda _: ()


def run(campaign: Campaign) -> int:
    """What the command line asks for; 0 where everything held."""
    options = _options(campaign)
    if options.only is not None:
        found = campaign.tell(options.only, options.shrink)
        print(told(found))
        return 1 if found.wrong else 0
    record = Record(options.record) if options.record else None
    kept = record.shares() if record else []
    first = options.seed * 1_000_000
    seeds = sorted(set(range(first, first + options.cases)) - set(played(kept)))
    began = time.perf_counter()
    tally = _played(campaign, seeds, options.processes, record)
    if tally.cases:
        seconds = time.perf_counter() - began
        rate = tally.cases / seconds / options.processes
        print(f"{tally.cases} cases in {seconds:.0f} s, {rate:.2f} a second in each process")
    return _report(campaign, tally, kept)


def _played(campaign: Campaign, seeds: Sequence[int], processes: int, record: Record | None) -> Tally:
    tally, of_what = Tally(), revision() if record else ""
    shares = list(in_shares(seeds, campaign.in_a_share))
    with ProcessPoolExecutor(processes) as pool:
        for share, (found, seconds) in zip(shares, pool.map(partial(_timed, campaign.share), shares), strict=True):
            tally.join(found)
            if record:
                failed = [(each.seed, each.wrong[0]) for each in found.failed]
                record.add(Share(share[0], len(share), round(seconds, 1), failed, found.coverage, of_what))
            for each in found.failed:
                print(f"seed {each.seed}: {each.wrong[0][:200]}", file=sys.stderr, flush=True)
            print(f"{tally.cases} cases, {len(tally.failed)} failed", file=sys.stderr, flush=True)
    return tally


def _timed(share: Callable[[Sequence[int]], Tally], seeds: Sequence[int]) -> tuple[Tally, float]:
    """With its processor time in seconds."""
    began = time.process_time()
    return share(seeds), time.process_time() - began


def in_shares(seeds: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Numbers that follow one another, so many at the most."""
    start = 0
    for place in range(1, len(seeds) + 1):
        if place == len(seeds) or place - start == most or seeds[place] != seeds[place - 1] + 1:
            yield seeds[start:place]
            start = place


def _report(campaign: Campaign, tally: Tally, kept: Sequence[Share]) -> int:
    coverage = sum((share.coverage for share in kept), Counter(tally.coverage))
    for (kind, outcome), number in sorted(coverage.items()):
        print(f"{number:8}  {kind}: {outcome}")
    print(*campaign.more(coverage), sep="\n")
    for share in kept:
        for seed, why in share.failed:
            print(f"seed {seed} failed before, of {share.revision}: {why[:200]}")
    cases = tally.cases + sum(share.cases for share in kept)
    print(f"{cases} cases on record" if kept else f"{cases} cases", f"{len(tally.failed)} failed now", sep=", ")
    _tell_failed(campaign, tally.failed)
    missing = sorted(set(campaign.kinds) - {kind for kind, _ in coverage})
    if cases >= BIG_RUN and missing:
        print(f"never occurred: {', '.join(missing)}")
        return 1
    return 1 if tally.failed else 0


def _tell_failed(campaign: Campaign, failed: Sequence[Verdict]) -> None:
    """How often each law was broken; the rarest first, and the first few in full."""
    laws = Counter(law for found in failed for law in found.laws)
    for law, number in sorted(laws.items()):
        print(f"{number} cases broke {law}")
    for found in sorted(failed, key=lambda found: min(laws[law] for law in found.laws))[:MOST_LISTED]:
        print(f"seed {found.seed}: {found.wrong[0][:400]}")
    for found in failed[:MOST_TOLD]:
        print("\n" + told(campaign.tell(found.seed, True)))


def _options(campaign: Campaign) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=campaign.prog)
    parser.add_argument("--cases", type=int, default=campaign.cases)
    parser.add_argument("--seed", type=int, default=1, help="which million of cases to take them from")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--record", type=Path, help="keep in this file what was played, and play what it has not yet")
    parser.add_argument("--only", type=int, help="the number of one case, to be told")
    parser.add_argument("--shrink", action="store_true", help="with --only: leave out what does not matter")
    return parser.parse_args()
