"""One thread, a clock that only we move, and a choice by seed of what happens next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple, Protocol

from tests.clock import FakeClock

MOST_TURNS = 60_000


class Due(NamedTuple):
    """Something that can happen from ``at`` on."""

    at: datetime
    act: Callable[[], None]


class Source(Protocol):
    """Whoever has something to do: workers, their timers, the post."""

    def dues(self) -> Iterable[Due]: ...


class NoEndError(AssertionError):
    """There is always something more to do at the same time."""


class Schedule:
    """Lets things happen until a moment, in an order by seed where several could."""

    def __init__(self, clock: FakeClock, chance: Random) -> None:
        self.clock = clock
        self.sources: list[Source] = []
        self._chance = chance

    def run(self, **span: float) -> None:
        """For a span of time, as a ``timedelta``'s arguments. NoEndError."""
        self.run_until(self.clock.now() + timedelta(**span))

    def skip(self, **span: float) -> None:
        """Time passes in which nobody does anything."""
        self.clock.move_to(self.clock.now() + timedelta(**span))

    def run_until(self, moment: datetime) -> None:
        """All that is due until then, also what follows from it. NoEndError."""
        for _ in range(MOST_TURNS):
            dues = [due for source in self.sources for due in source.dues()]
            ready = [due for due in dues if due.at <= self.clock.now()]
            if ready:
                self._chance.choice(ready).act()
                continue
            upcoming = min((due.at for due in dues), default=moment)
            if upcoming >= moment:
                self.clock.move_to(moment)
                return
            self.clock.move_to(upcoming)
        raise NoEndError("the work does not come to an end")
