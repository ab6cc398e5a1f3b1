"""Simulated worker processes: the product's own loop and timer, each on a stack of its own, all on one thread.

A stack runs until it comes to a point (before and after every call outside, after every commit); there the schedule
decides who goes on. At a point a process may end for good (its claims then run out), or stand still for longer than its
lease. Before a commit it can only end: the transaction is then rolled back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from greenlet import getcurrent, greenlet

from connector.store.errors import StoreUnavailable
from connector.store.work import Claim
from sync.ports import Resources
from sync.stages import STAGES
from sync.timer import LEASE_SECONDS, tick
from sync.work import Stage, do_what_is_due
from tests.integration.hooked import Crashed
from tests.simulation.ambushes import Ambushes
from tests.simulation.database import CommitPoints
from tests.simulation.schedule import Due
from tests.simulation.waits import Waits

LOOK_SECONDS = 3.0
RESTART_SECONDS = 5.0
REST_WITHOUT_DATABASE_SECONDS = 2.0
STALL_SECONDS = (200.0, 900.0)  # longer than a claim lasts
AWAY_SECONDS = (1.0, 5.0, 30.0)
CRASH, STALL, AWAY = "crash", "stall", "the database is away"


@dataclass(frozen=True)
class Fate:
    """What becomes of a process at the point that comes after ``left`` more; only those of ``stage`` count, if it is
    given. Where the database is away, it comes back after some seconds."""

    kind: str
    left: int
    stage: str = ""


@dataclass
class Stack:
    """One thread of a process. ``stage`` and ``workspace_id`` are of the work that it has in hand since ``began``."""

    run: greenlet
    ready_at: datetime
    began: datetime
    stage: str = "between"
    workspace_id: int = 0


@dataclass
class Process:
    """``number`` counts its lives."""

    slot: int
    number: int = 1
    working: Stack | None = None
    ticking: Stack | None = None
    looks_at: datetime | None = None
    ticks_at: datetime | None = None
    up_at: datetime | None = None
    fate: Fate | None = None

    @property
    def name(self) -> str:
        return f"w{self.slot}.{self.number}"


@dataclass
class Workers:
    """All worker processes of one installation. ``next_due`` tells when anything is due. ``tick_every`` is coarser than
    in production, where a round costs nothing that matters here; ``bell_is_lost`` loses all rings. ``on`` is given once
    it is there: they are its bell."""

    points: CommitPoints
    next_due: Callable[[], datetime | None]
    chance: Random
    log: Callable[[str], None]
    processes: list[Process]
    on: Resources = field(init=False)
    tick_every: timedelta = timedelta(seconds=60)
    bell_is_lost: bool = False
    waits: Waits = field(default_factory=Waits)
    ambushes: Ambushes = field(default_factory=Ambushes)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)
    _stacks: dict[greenlet, tuple[Process, Stack]] = field(default_factory=dict)
    _next_due: tuple[int, datetime | None] = (-1, None)
    _back_at: datetime | None = None

    # ---- what the schedule asks

    def dues(self) -> Iterator[Due]:
        if self._back_at is not None:
            yield Due(self._back_at, self.come_back)
        for process in self.processes:
            if process.up_at is not None:
                yield Due(process.up_at, partial(self._come_up, process))
                continue
            yield from self._dues_of(process)

    def _dues_of(self, process: Process) -> Iterator[Due]:
        for stack in (process.working, process.ticking):
            if stack is not None:
                yield Due(stack.ready_at, partial(self._go_on, process, stack))
        now = self.on.clock.now()
        if process.working is None and (at := self._looks_at(process, now)) is not None:
            yield Due(at, partial(self._look, process))
        if process.ticking is None and process is self._ticker(now):
            yield Due(process.ticks_at or now, partial(self._tick, process))

    def _ticker(self, now: datetime) -> Process | None:
        """Who holds the timer's lease: it passes on where its holder is down, or stands still for longer than it
        lasts. What the others do, to find it taken, changes nothing and is left out."""
        patience = now + timedelta(seconds=LEASE_SECONDS)
        fit = (each for each in self.processes if each.up_at is None)
        return next((each for each in fit if each.ticking is None or each.ticking.ready_at <= patience), None)

    def _looks_at(self, process: Process, now: datetime) -> datetime | None:
        """A look at a queue in which nothing is due changes nothing, so it is left out."""
        if self.points.is_away:
            return None
        if self._next_due[0] != self.points.commits:
            self._next_due = (self.points.commits, self.next_due())
        due_at = self._next_due[1]
        return None if due_at is None else max(due_at, process.looks_at or now)

    # ---- a bell for all

    def ring(self) -> None:
        """``sync.ports.Bell``: one of those who do nothing looks at once."""
        idle = [process for process in self.processes if process.working is None and process.up_at is None]
        if idle and not self.bell_is_lost:
            self.chance.choice(idle).looks_at = None

    # ---- the lives of a process

    def _look(self, process: Process) -> None:
        stages = {kind: self._watched(kind, stage) for kind, stage in STAGES.items()}
        process.working = self._begin(process, lambda: self._work(process, stages))
        self._go_on(process, process.working)

    def _work(self, process: Process, stages: Mapping[str, Stage]) -> None:
        pause = LOOK_SECONDS
        try:
            do_what_is_due(self.on, stages, stopping=lambda: False)
        except StoreUnavailable:
            pause = REST_WITHOUT_DATABASE_SECONDS
        process.looks_at = self.on.clock.now() + timedelta(seconds=pause)

    def _watched(self, kind: str, stage: Stage) -> Stage:
        def run(on: Resources, claims: Sequence[Claim]) -> None:
            _, stack = self._stacks[getcurrent()]
            stack.stage, stack.workspace_id, stack.began = kind, claims[0].workspace_id, self.on.clock.now()
            self.coverage["stage", kind] += 1
            try:
                stage.run(on, claims)
            finally:
                stack.stage, stack.workspace_id = "between", 0

        return replace(stage, run=run)

    def _tick(self, process: Process) -> None:
        process.ticking = self._begin(process, lambda: self._ticked(process))
        process.ticking.stage = "timer"
        self._go_on(process, process.ticking)

    def _ticked(self, process: Process) -> None:
        try:
            if tick(self.on, process.name):
                self.ring()
        except StoreUnavailable:
            pass
        process.ticks_at = self.on.clock.now() + self.tick_every

    def _begin(self, process: Process, body: Callable[[], None]) -> Stack:
        now = self.on.clock.now()
        made = Stack(greenlet(body), now, now)
        self._stacks[made.run] = (process, made)
        return made

    def _go_on(self, process: Process, stack: Stack) -> None:
        try:
            stack.run.switch()
        except Crashed:
            self._end(process)
            return
        if stack.run.dead:
            del self._stacks[stack.run]
            if stack is process.working:
                process.working = None
            else:
                process.ticking = None

    def _end(self, process: Process) -> None:
        """The whole process is no more; what it had in hand runs out by itself. It comes up again soon."""
        for stack in (process.working, process.ticking):
            if stack is not None:
                del self._stacks[stack.run]
                with suppress(Crashed):
                    stack.run.throw(Crashed)
        process.working = process.ticking = None
        process.up_at = self.on.clock.now() + timedelta(seconds=RESTART_SECONDS)

    def _come_up(self, process: Process) -> None:
        process.number += 1
        process.up_at = process.looks_at = process.ticks_at = None
        self.log(f"{process.name} comes up")

    # ---- points

    def here(self) -> tuple[Process, Stack] | None:
        """Who runs now; None where it is no worker."""
        return self._stacks.get(getcurrent())

    def point(self, name: str, seconds: float = 0.0) -> None:
        """A named point in the run of a process: it may end here, or wait while others go on."""
        found = self.here()
        if found is None:
            return
        process, stack = found
        kind = self._fate(process, stack, name)
        if kind == STALL:
            seconds += self.chance.uniform(*STALL_SECONDS)
        seconds += self._held_up(process, stack, name)
        stack.ready_at = self.on.clock.now() + timedelta(seconds=seconds)
        parent = stack.run.parent
        assert parent is not None  # only the first stack of a thread has none
        parent.switch()

    def _held_up(self, process: Process, stack: Stack, name: str) -> float:
        met = self.ambushes.met(stack.stage, name)
        if met is None:
            return 0.0
        self.log(f"{process.name} in {stack.stage}: {name}, {'ends' if met.seconds is None else 'is held up'}")
        if met.seconds is None:
            raise Crashed
        return met.seconds

    def committed(self) -> None:
        """The point after a commit. Between two pieces of work it is the one that records what became of the last."""
        found = self.here()
        if found is not None and found[1].stage == "between":
            self.waits.tell(found[1].run, self.on.clock.now())
        self.point("after commit")

    def ending_point(self, name: str) -> None:
        """A point at which a process may only end."""
        found = self.here()
        if found is None:
            return
        if found[0].fate is not None and found[0].fate.kind == CRASH:
            self._fate(*found, name)
        self._held_up(*found, name)

    def feel(self) -> bool:
        """Whether one of these processes runs now, for which the database is away."""
        found = self.here()
        if found is not None:
            self.coverage["fault database away", found[1].stage] += 1
        return found is not None

    def _fate(self, process: Process, stack: Stack, name: str) -> str:
        fate = process.fate
        if fate is None or fate.stage not in ("", stack.stage):
            return ""
        process.fate = replace(fate, left=fate.left - 1) if fate.left > 1 else None
        if process.fate is not None:
            return ""
        self.coverage[f"{fate.kind} {name}", stack.stage] += 1
        self.log(f"{process.name} in {stack.stage}: {fate.kind} {name}")
        if fate.kind == CRASH:
            raise Crashed
        if fate.kind == AWAY:
            self._go_away()
        return fate.kind

    def _go_away(self) -> None:
        """The database, for some seconds."""
        self.points.is_away = True
        self._back_at = self.on.clock.now() + timedelta(seconds=self.chance.choice(AWAY_SECONDS))

    def come_back(self) -> None:
        """The database is there again."""
        self.points.is_away, self._back_at = False, None
