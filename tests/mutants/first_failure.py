"""Cases of one campaign until one breaks a law: ``python -m tests.mutants.first_failure campaign 71``.

Whoever plants bugs wants to know whether one is noticed and by what; not how often, and not the shortest story.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

# A house of its own is opened for each share.
CASES_IN_A_SHARE = {"campaign": 4, "simulation": 1}
MOST_CASES = 10_000


def main(name: str, million: int) -> int:
    """1 at the first case that fails, with its laws; whoever does not want to wait for that stops us."""
    run_share = import_module(f"tests.{name}.__main__").run_share
    first, at_once = million * 1_000_000, CASES_IN_A_SHARE[name]
    for start in range(first, first + MOST_CASES, at_once):
        failed = run_share(range(start, start + at_once)).failed
        if failed:
            print(*map(_told, failed), sep="\n", flush=True)
            return 1
    return 0


def _told(verdict: Any) -> str:
    laws = ", ".join(dict.fromkeys(verdict.laws))
    return f"BROKEN {laws}: {' '.join(verdict.wrong[0].split())[:200]} (case {verdict.seed})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
