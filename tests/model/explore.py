"""Every state that can be reached: with few faults before many, and with few steps before many. So the first story that
breaks a law has the fewest faults that it can have, and of those it is a shortest one."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeGuard, TypeVar

from tests.model.laws import NO_LIVELOCK, broken_at_rest, broken_by
from tests.model.rules import Rules
from tests.model.state import Bounds, State, start
from tests.model.steps import Step, steps
from tests.model.symmetry import canonical, canonical_and_swapped, swapped

T = TypeVar("T")
Story = tuple[tuple[Step, State], ...]
MOST_STATES = 50_000_000


@dataclass(frozen=True)
class Broken:
    """A law, and a shortest story that breaks it."""

    law: str
    story: Story


class TooMany(Exception):
    """There are more states than was said."""


@dataclass
class Explored:
    """What was seen. ``depth``: steps to the state that is farthest from the start. ``at_rest``: states in which
    nothing is left to do. ``names``: how often each step was taken."""

    states: int = 0
    transitions: int = 0
    depth: int = 0
    at_rest: int = 0
    names: Counter[str] = field(default_factory=Counter)
    broken: Broken | None = None


@dataclass
class Layer:
    """States that so many faults lead to, by their depth: ``ready`` to be looked at, or ``arriving`` by one fault more
    from a state of that number."""

    ready: dict[int, list[State]] = field(default_factory=dict)
    arriving: dict[int, list[tuple[State, int]]] = field(default_factory=dict)

    def depths(self) -> Iterator[int]:
        """Every depth at which there is something, also what is added meanwhile."""
        while self.ready or self.arriving:
            yield min((*self.ready, *self.arriving))


class Explorer:
    """One walk through all states within the bounds, or to the first law that is broken."""

    def __init__(self, bounds: Bounds, rules: Rules, most: int = MOST_STATES, law: str | None = None) -> None:
        self._bounds, self._rules, self._most, self._law = bounds, rules, most, law
        self._numbers: dict[State, int] = {}
        self._parts: dict[object, object] = {}
        self._from = array("i")
        self._is_open = bytearray()
        self._edges_from, self._edges_to = array("i"), array("i")
        self.found = Explored()

    def run(self) -> Explored:
        """Raises TooMany."""
        layer = Layer(arriving={0: [(start(self._bounds), -1)]})
        for faults_left in range(self._bounds.faults, -1, -1):
            after_a_fault = Layer() if faults_left else None
            for depth in layer.depths():
                self._walk(layer, depth, after_a_fault)
                if self.found.broken is not None:
                    return self._told()
            layer = after_a_fault or Layer()
        self._look_for_cycles()
        return self._told()

    def _told(self) -> Explored:
        self.found.states = len(self._numbers)
        return self.found

    def _walk(self, layer: Layer, depth: int, after_a_fault: Layer | None) -> None:
        states = layer.ready.pop(depth, [])
        for state, came_from in layer.arriving.pop(depth, []):
            if state not in self._numbers:
                states.append(self._note(state, came_from))
        following: list[State] = []
        arriving: list[tuple[State, int]] = []
        for state in states:
            self._look_at(state, following, arriving, with_faults=after_a_fault is not None)
            if self.found.broken is not None:
                return
        self.found.depth = max(self.found.depth, depth if states else 0)
        if following:
            layer.ready[depth + 1] = following
        if arriving and after_a_fault is not None:
            after_a_fault.arriving[depth + 1] = arriving

    def _look_at(
        self, state: State, following: list[State], arriving: list[tuple[State, int]], *, with_faults: bool
    ) -> None:
        number, goes_on = self._numbers[state], False
        for step, after in steps(state, self._rules, self._bounds, with_faults=with_faults):
            law = broken_by(state, step, after)
            after = canonical(after, self._rules)
            self._count(step)
            if self._matters(law):
                self.found.broken = Broken(law, self.story(number, after))
                return
            if step.is_fault:
                if after not in self._numbers:
                    arriving.append((after, number))
                continue
            if after not in self._numbers:
                following.append(self._note(after, number))
            if not step.is_free:
                goes_on = True
                self._edges_from.append(number)
                self._edges_to.append(self._numbers[after])
        if not goes_on:
            self._rest(state, number)

    def _count(self, step: Step) -> None:
        self.found.transitions += 1
        self.found.names[step.name] += 1

    def _rest(self, state: State, number: int) -> None:
        self.found.at_rest += 1
        law = broken_at_rest(state)
        if self._matters(law):
            self.found.broken = Broken(law, self.story(number))

    def _matters(self, law: str | None) -> TypeGuard[str]:
        return law is not None and self._law in {None, law}

    def _note(self, state: State, came_from: int) -> State:
        """The same state, made of parts that are kept only once."""
        if len(self._numbers) >= self._most:
            raise TooMany(f"more than {self._most} states")
        state = State(*(self._parts.setdefault(part, part) for part in state))  # type: ignore[arg-type]
        self._numbers[state] = len(self._numbers)
        self._from.append(came_from)
        self._is_open.append(state.draft)
        return state

    def first_of_each(self, kind_of: Callable[[State, Step, State], T]) -> dict[T, tuple[int, State]]:
        """For each kind of step the first one: the number of the state in which it is taken, and where it leads."""
        found: dict[T, tuple[int, State]] = {}
        for number, state in enumerate(list(self._numbers)):
            for step, after in steps(state, self._rules, self._bounds):
                led_to = canonical(after, self._rules)
                if not step.is_fault or led_to in self._numbers:
                    found.setdefault(kind_of(state, step, after), (number, led_to))
        return found

    def story(self, number: int, *then: State) -> Story:
        """A shortest way to the state of this number, and from there on: each step with what it led to."""
        states = list(self._numbers)
        way = [*reversed(then)]
        while self._from[number] >= 0:
            way.append(states[number])
            number = self._from[number]
        return tuple(self._told_along(way[::-1]))

    def _told_along(self, way: list[State]) -> Iterator[tuple[Step, State]]:
        """With each worker keeping its number, which the states on the way do not."""
        state, others = start(self._bounds), False
        for wanted in way:
            step, is_swapped = self._step_to(state, wanted)
            told = step if step.who is None or not others else step._replace(who=1 - step.who)
            others ^= is_swapped
            yield told, swapped(wanted) if others else wanted
            state = wanted

    def _step_to(self, state: State, wanted: State) -> tuple[Step, bool]:
        for step, after in steps(state, self._rules, self._bounds):
            found, is_swapped = canonical_and_swapped(after, self._rules)
            if found == wanted:
                return step, is_swapped
        raise AssertionError("no step leads there")

    def _look_for_cycles(self) -> None:
        """Steps between states with an editor open are left out: there a look may come again and again."""
        onward: dict[int, list[int]] = {}
        incoming: Counter[int] = Counter()
        for one, other in zip(self._edges_from, self._edges_to, strict=True):
            if not (self._is_open[one] and self._is_open[other]):
                onward.setdefault(one, []).append(other)
                incoming[other] += 1
        ready = [number for number in onward if not incoming[number]]
        while ready:
            for other in onward.pop(ready.pop(), ()):
                incoming[other] -= 1
                if not incoming[other] and other in onward:
                    ready.append(other)
        if onward and self._matters(NO_LIVELOCK):
            states = list(self._numbers)
            first, *rest = _shortest_cycle(onward)
            self.found.broken = Broken(NO_LIVELOCK, self.story(first, *(states[number] for number in (*rest, first))))


def _shortest_cycle(onward: dict[int, list[int]]) -> list[int]:
    """Of the first state that can come again: the states from there until it does."""
    for first in sorted(onward):
        came_from, level = {first: -1}, [first]
        while level:
            following = []
            for number in level:
                for other in onward.get(number, ()):
                    if other == first:
                        return _way_back(came_from, number)
                    if other not in came_from:
                        came_from[other] = number
                        following.append(other)
            level = following
    raise AssertionError("there is no cycle")


def _way_back(came_from: dict[int, int], number: int) -> list[int]:
    way = []
    while number >= 0:
        way.append(number)
        number = came_from[number]
    return way[::-1]


def explore(bounds: Bounds, rules: Rules, *, most: int = MOST_STATES, law: str | None = None) -> Explored:
    """Walk through everything within the bounds, or to the first law that is broken: any, or this one.

    Raises TooMany.
    """
    return Explorer(bounds, rules, most, law).run()
