"""The campaign over random pages, people and figures: ``python -m tests.campaign --cases 20000 --seed 1``.

Each case is told wholly by its number: ``--only N`` plays one again and tells its story.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.case import play_case
from tests.campaign.house import House, open_house
from tests.campaign.play import Setting
from tests.campaign.shrink import shortest
from tests.campaign.steps import STEPS
from tests.campaign.verdict import Verdict, told

# From so many cases on, a kind of step that never occurred is a fault of the campaign.
BIG_RUN = 1000
MOST_TOLD = 3
MOST_LISTED = 30
MEMORY = Path("/dev/shm")


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

    @property
    def missing(self) -> list[str]:
        """Kinds of steps that never occurred."""
        return sorted(STEPS.keys() - {kind for kind, _ in self.coverage})


@contextmanager
def house_in_memory() -> Iterator[House]:
    """The database lies in memory where the machine has such a place; nothing here is about its durability."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder, open_house(Path(folder)) as it:
        yield it


def run_share(seeds: Sequence[int]) -> Tally:
    """Play these cases one after another."""
    logging.disable(logging.WARNING)
    logging.getLogger().addHandler(logging.NullHandler())
    tally = Tally()
    with house_in_memory() as house:
        for seed in seeds:
            tally.add(play_case(house, seed, Setting()))
    return tally


def main() -> int:
    """0 where everything held."""
    options = _options()
    first = options.seed * 1_000_000
    if options.only is not None:
        return _tell_one(options.only, shrink=options.shrink)
    seeds = list(range(first, first + options.cases))
    began = time.perf_counter()
    tally = Tally()
    shares = [seeds[start : start + 100] for start in range(0, len(seeds), 100)]
    with ProcessPoolExecutor(options.processes) as pool:
        for share in pool.map(run_share, shares):
            tally.join(share)
            for found in share.failed:
                print(f"seed {found.seed}: {found.wrong[0][:200]}", file=sys.stderr, flush=True)
            print(f"{tally.cases} cases, {len(tally.failed)} failed", file=sys.stderr, flush=True)
    return _report(tally, time.perf_counter() - began, options.processes)


def _report(tally: Tally, seconds: float, processes: int) -> int:
    for (kind, outcome), number in sorted(tally.coverage.items()):
        print(f"{number:8}  {kind}: {outcome}")
    print(f"{tally.cases} cases in {seconds:.0f} s, {tally.cases / seconds / processes:.1f} a second in each process")
    laws = Counter(law for found in tally.failed for law in found.laws)
    for law, number in sorted(laws.items()):
        print(f"{number} cases broke {law}")
    for found in sorted(tally.failed, key=lambda found: min(laws[law] for law in found.laws))[:MOST_LISTED]:
        print(f"seed {found.seed}: {found.wrong[0][:400]}")
    if tally.failed:
        with house_in_memory() as house:
            for found in tally.failed[:MOST_TOLD]:
                print("\n" + told(shortest(house, found, Setting())))
    if tally.cases >= BIG_RUN and tally.missing:
        print(f"never occurred: {', '.join(tally.missing)}")
        return 1
    return 1 if tally.failed else 0


def _tell_one(seed: int, *, shrink: bool) -> int:
    logging.disable(logging.WARNING)
    with house_in_memory() as house:
        found = play_case(house, seed, Setting())
        if found.wrong and shrink:
            found = shortest(house, found, Setting())
    print(told(found))
    return 1 if found.wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1, help="which million of cases to take them from")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, help="the number of one case, to be told")
    parser.add_argument("--shrink", action="store_true", help="with --only: leave out what does not matter")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
