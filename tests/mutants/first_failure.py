"""Cases of one campaign until one breaks a law: ``python -m tests.mutants.first_failure campaign 71``.

Whoever plants bugs wants to know whether one is noticed and by what; not how often, and not the shortest story. What
happens in a case is known before it is played, so cases are taken in an order in which everything happens soon.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from random import Random
from typing import Any

# A house of its own is opened for each share.
CASES_IN_A_SHARE = {"campaign": 2, "simulation": 1}
MOST_CASES = 5_000
LOOKED_AT = 400

Kinds = Callable[[int], Sequence[str]]


def main(name: str, million: int) -> int:
    """1 at the first case that fails, with its laws; whoever does not want to wait for that stops us."""
    run_share = import_module(f"tests.{name}.__main__").run_share
    draw_steps = import_module(f"tests.{name}.steps").draw_steps
    order = well_mixed(million * 1_000_000, lambda seed: [step.kind for step in draw_steps(Random(f"{seed} steps"))])
    at_once = CASES_IN_A_SHARE[name]
    for _ in range(0, MOST_CASES, at_once):
        failed = run_share([next(order) for _ in range(at_once)]).failed
        if failed:
            print(*map(_told, failed), sep="\n", flush=True)
            return 1
    return 0


def well_mixed(first: int, kinds_of: Kinds) -> Iterator[int]:
    """Numbers of cases from ``first`` on: of some hundreds the next is that in which most happens, for its length, that
    has happened seldom so far."""
    often: Counter[str] = Counter()
    waiting = {seed: kinds_of(seed) for seed in range(first, first + LOOKED_AT)}
    for new in range(first + LOOKED_AT, first + LOOKED_AT + MOST_CASES):
        best = max(waiting, key=lambda seed: (_worth(waiting[seed], often), -seed))
        often.update(waiting.pop(best))
        yield best
        waiting[new] = kinds_of(new)


def _worth(kinds: Sequence[str], often: Counter[str]) -> float:
    return sum(1 / (1 + often[kind]) for kind in set(kinds)) / (2 + len(kinds))


def _told(verdict: Any) -> str:
    laws = ", ".join(dict.fromkeys(verdict.laws))
    return f"BROKEN {laws}: {' '.join(verdict.wrong[0].split())[:200]} (case {verdict.seed})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
