"""Stories out of the model that together take every kind of step in every kind of place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.model.explore import Explorer, Story
from tests.model.rules import AS_BUILT
from tests.model.state import Bounds, State, start
from tests.model.steps import Step


class Turn(NamedTuple):
    """A step as far as it is of another kind than others: its name, where it led whoever took it, whether its row had
    been marked meanwhile, where the other worker stood at a fault, and where one stood that lost its claim by it."""

    name: str
    led_to: str = ""
    row_moved: bool = False
    other_at: str = ""
    loser_at: str = ""


def turn_of(before: State, step: Step, after: State) -> Turn:
    """What is covered by taking this step."""
    if step.who is None:
        return Turn(step.name)
    other = 1 - step.who
    other_at = before.workers[other].at
    moved = any(row is not None and row.token == step.who and row.moved for row in before.rows)
    lost = _holds(before, other) and not _holds(after, other)
    led_to = after.workers[step.who].at
    return Turn(step.name, led_to, moved, other_at if step.is_fault else "", other_at if lost else "")


def _holds(state: State, who: int) -> bool:
    return any(row is not None and row.token == who for row in state.rows)


def turns_of(bounds: Bounds, story: Story) -> Iterator[Turn]:
    before = start(bounds)
    for step, after in story:
        yield turn_of(before, step, after)
        before = after


def covering(bounds: Bounds, is_wanted: Callable[[Turn], bool] = lambda _: True) -> list[Story]:
    """Few stories with all wanted turns that there are: the longest first, each further one for what is missing."""
    explorer = Explorer(bounds, AS_BUILT)
    found = explorer.run()
    assert found.broken is None, found.broken
    places = {turn: place for turn, place in explorer.first_of_each(turn_of).items() if is_wanted(turn)}
    missing, stories = set(places), []
    for turn, story in sorted(((turn, explorer.story(*place)) for turn, place in places.items()), key=_longest_first):
        if turn in missing:
            stories.append(story)
            for each in turns_of(bounds, story):
                missing.discard(each)
    return stories


def _longest_first(told: tuple[Turn, Story]) -> int:
    return -len(told[1])
