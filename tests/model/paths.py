"""Stories out of the model that together take every kind of step in every kind of place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.model.explore import Explorer, Story
from tests.model.rules import AS_BUILT
from tests.model.state import Bounds, State, start
from tests.model.steps import Step


class Turn(NamedTuple):
    """A step as far as it is of another kind than others: its name, and where it led whoever took it."""

    name: str
    led_to: str
    row_moved: bool
    others_at: str


def turn_of(before: State, step: Step, after: State) -> Turn:
    """What is covered by taking this step."""
    if step.who is None:
        return Turn(step.name, "", row_moved=False, others_at="")
    others = next((worker.at for who, worker in enumerate(before.workers) if who != step.who), "")
    moved = any(row is not None and row.token == step.who and row.moved for row in before.rows)
    return Turn(step.name, after.workers[step.who].at, row_moved=moved, others_at=others if step.is_fault else "")


def turns_of(bounds: Bounds, story: Story) -> Iterator[Turn]:
    before = start(bounds)
    for step, after in story:
        yield turn_of(before, step, after)
        before = after


def covering(bounds: Bounds) -> list[Story]:
    """Few stories with all turns that there are: the longest first, and each further one for a turn that is missing."""
    explorer = Explorer(bounds, AS_BUILT)
    found = explorer.run()
    assert found.broken is None, found.broken
    missing = dict(explorer.first_of_each(turn_of))
    stories = []
    for turn, story in sorted(((turn, explorer.story(*place)) for turn, place in missing.items()), key=_longest_first):
        if turn in missing:
            stories.append(story)
            for each in turns_of(bounds, story):
                missing.pop(each, None)
    return stories


def _longest_first(told: tuple[Turn, Story]) -> int:
    return -len(told[1])
