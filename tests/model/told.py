"""A story, told step by step: what happened, and where that is in the code."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.explore import Broken
from tests.model.state import State
from tests.model.steps import STANDS_FOR, Step


def told(broken: Broken) -> str:
    """For whoever reads a failure."""
    lines = [f"Broken: {broken.law}.", *_steps(broken)]
    return "\n".join(lines)


def _steps(broken: Broken) -> Iterator[str]:
    for number, (step, state) in enumerate(broken.story, 1):
        yield f"{number:3}  {step!s:45} {_standing(state):60} {_place(step)}"


def _place(step: Step) -> str:
    return STANDS_FOR.get(step.name.partition(" ")[0], "") if step.who is not None else ""


def _standing(state: State) -> str:
    last, memory = state.page[-1], state.memory
    page = f"page +{state.number} figure {last.figure} cell {last.cell}"
    return f"Jira {state.truth} counted {state.counted}; {page}; intended {memory.figure}/{memory.cell}"
