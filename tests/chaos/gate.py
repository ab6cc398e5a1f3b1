"""Where a process is struck: the points that it passes, and the one at which it is to be killed or stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

KILL, STOP = "kill", "stop"


@dataclass
class Gate:
    """All wires of one process lead through it. ``passed`` and ``struck`` count points by name; ``last`` is the one
    that was struck last, ``ran`` how many were passed since it was armed.

    A process that is stopped before a call has not made it, and one that is stopped after it has not heard the answer:
    the bytes wait until it goes on.
    """

    kind: str
    passed: Counter[str] = field(default_factory=Counter)
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    group: int = 0
    last: str = ""
    ran: int = 0
    happened: threading.Event = field(default_factory=threading.Event)
    _armed: tuple[str, Callable[[str], bool], int] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held: list[asyncio.Event] = field(default_factory=list)

    def arm(self, act: str, wanted: Callable[[str], bool], turn: int = 1) -> None:
        """Strike when it passes a wanted point for the n-th time from now on."""
        with self._lock:
            self.happened.clear()
            self.ran = 0
            self._armed = (act, wanted, turn)

    def settle_for(self, wanted: Callable[[str], bool]) -> None:
        """These will do, the first that it passes, if nothing has happened yet."""
        with self._lock:
            if self._armed is not None:
                self._armed = (self._armed[0], wanted, 1)

    def disarm(self) -> bool:
        """No more of it. Answers whether it had happened."""
        with self._lock:
            self._armed = None
            return self.happened.is_set()

    async def passes(self, when: str, call: str) -> bool:
        """Whether the process is still there to go on; comes back late where it was stopped."""
        point = f"{self.kind} {when} {call}"
        act = self._due(point)
        if not act:
            return True
        self.struck[act, point] += 1
        self.last = point
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL if act == KILL else signal.SIGSTOP)
        held = asyncio.Event()
        if act == STOP:
            self._held.append(held)
        self.happened.set()
        if act == STOP:
            await held.wait()
        return act == STOP

    def _due(self, point: str) -> str:
        with self._lock:
            self.passed[point] += 1
            self.ran += 1
            if self._armed is None or not self._armed[1](point):
                return ""
            act, wanted, turn = self._armed
            self._armed = None if turn == 1 else (act, wanted, turn - 1)
            return act if turn == 1 else ""

    def let_go(self) -> None:
        """What was held for a stopped process goes on; called in the wires' own loop."""
        for held in self._held:
            held.set()
        self._held.clear()
