"""What was found out about one case, and how a failing one is made short and told."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_TRIES = 60


@dataclass(frozen=True)
class Step:
    """One thing that happens in a case, drawn by its own seed."""

    kind: str
    seed: int


@dataclass(frozen=True)
class Verdict:
    """``wrong`` is empty where all held. ``story`` tells what happened, ``steps`` can be played again."""

    seed: int
    steps: tuple[Step, ...]
    wrong: tuple[str, ...]
    story: tuple[str, ...]
    coverage: Counter[tuple[str, str]]

    @property
    def laws(self) -> frozenset[str]:
        """The letters of what did not hold."""
        return frozenset(_letter(line) for line in self.wrong)


class Faults(logging.Handler):
    """What the product itself calls a fault in its own code."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        why = record.exc_info[1] if record.exc_info else None
        place = why.__traceback__ if why else None
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}" if place else ""
        self.found.append(f"{record.getMessage()}: {why!r} at {where}")


Again = Callable[[Sequence[Step]], Verdict]
"""The same start with other steps."""


def shrunk(found: Verdict, again: Again) -> Verdict:
    """The shortest that fails in the same way and was found within a bounded number of tries: steps are left out, at
    first many at a time."""
    best, tries, size = found, 0, max(len(found.steps) // 2, 1)
    while size and tries < MOST_TRIES:
        place = 0
        while place < len(best.steps) and tries < MOST_TRIES:
            tries += 1
            shorter = again((*best.steps[:place], *best.steps[place + size :]))
            if shorter.laws & found.laws:
                best = shorter
            else:
                place += size
        size //= 2
    return best


def told(verdict: Verdict) -> str:
    """What a reader needs: what happened, step by step, what should have been otherwise, and how to play it again."""
    lines = [f"seed {verdict.seed}, {len(verdict.steps)} steps", *(f"  {line}" for line in verdict.story)]
    steps = ", ".join(f"Step({step.kind!r}, {step.seed})" for step in verdict.steps)
    return "\n".join([*lines, *(f"  WRONG {line}" for line in verdict.wrong), f"  steps ({steps})"])


def _letter(line: str) -> str:
    head = line.partition("): ")[2] if line.startswith("version ") else line
    return head.partition(":")[0][:1]
