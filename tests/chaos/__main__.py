"""``python -m tests.chaos``: rounds of real processes that are killed, stopped and starved; see docs/proof-chaos.md."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.chaos.earlier import earlier_version
from tests.chaos.full_disk import play_full_disk
from tests.chaos.gate import KILL
from tests.chaos.house import House, opened
from tests.chaos.nemesis import Nemesis
from tests.chaos.outages import Outages
from tests.chaos.rounds import Outcome, play_round


def main() -> int:
    """Exit code 1 where anything was wrong."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as earlier:
        wrong = _play(asked, Path(folder), earlier_version(Path(earlier)))
    if asked.full_disk:
        with tempfile.TemporaryDirectory() as folder:
            wrong += _fill_disk(Path(folder), asked.seed)
    return min(wrong, 1)


def _play(asked: argparse.Namespace, folder: Path, earlier: Path | None) -> int:
    """How many rounds went wrong."""
    if earlier is None:
        print("No earlier version with the same database is at hand, so none runs beside this one.", flush=True)
    began, wrong = time.monotonic(), 0
    with opened(folder, earlier) as house:
        nemesis = Nemesis(house, Outages(house))
        for number in range(asked.rounds):
            if time.monotonic() - began > asked.minutes * 60:
                break
            outcome = play_round(house, nemesis, f"{asked.seed}-{number}")
            wrong += bool(outcome.wrong)
            _tell(outcome, house)
            if asked.record:
                asked.record.write_text(json.dumps(_figures(house, nemesis, number + 1, wrong, began), indent=1))
    return wrong


def _fill_disk(folder: Path, seed: str) -> int:
    wrong = play_full_disk(folder, f"{seed}-disk")
    if wrong is None:
        print("full disk: not played, since no small disk may be mounted here", flush=True)
        return 0
    print("\n  ".join([f"full disk: {'WRONG' if wrong else 'held'}", *wrong]), flush=True)
    return int(bool(wrong))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--minutes", type=float, default=600, help="begin no round after so many minutes")
    parser.add_argument("--full-disk", action="store_true", help="then SQLite on a disk that is full for a while")
    parser.add_argument("--record", type=Path, help="keep the counts of everything in this file, as JSON")
    return parser.parse_args()


def _tell(outcome: Outcome, house: House) -> None:
    kills = sum(_struck(house, KILL).values())
    said = "held" if not outcome.wrong else "WRONG"
    print(
        f"{outcome.seed}: {said} after {outcome.seconds:.0f} s, {outcome.turns} turns; {kills} kills so far", flush=True
    )
    for line in outcome.wrong:
        print(f"  {line}", flush=True)
    if outcome.wrong:
        print("\n".join(f"    {line}" for line in outcome.story), flush=True)


def _struck(house: House, act: str) -> Counter[str]:
    found = Counter[str]()
    for gate in house.gates:
        found.update({point: times for (done, point), times in gate.struck.copy().items() if done == act})
    return found


def _figures(house: House, nemesis: Nemesis, rounds: int, wrong: int, began: float) -> dict[str, object]:
    passed = sum((gate.passed.copy() for gate in house.gates), Counter[str]())
    return {
        "rounds": rounds,
        "wrong": wrong,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "kills": dict(sorted(_struck(house, KILL).items())),
        "stops": dict(sorted(_struck(house, "stop").items())),
        "acts": dict(sorted(nemesis.done.items())),
        "passed": dict(sorted(passed.items())),
    }


if __name__ == "__main__":
    sys.exit(main())
