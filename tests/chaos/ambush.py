"""Processes run until they come to a point at which they are struck, and people go on meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.chaos.gate import Gate

# From then on something is struck soon: each process passes some point every second.
CHANCE_FOR = 2.5

Enough = Callable[[Iterable[bool]], bool]


@dataclass(frozen=True)
class Ambush:
    """``gates`` are armed, by the names of their processes; ``enough`` is any or all of them. ``provoke`` makes
    something go on, every so many seconds. A process is let run past so many points, or for so many seconds, to one
    that is wanted; then what it passes will do."""

    gates: dict[str, Gate]
    enough: Enough
    provoke: Callable[[], object]
    every: float = 0.4
    past: int = 40
    seconds: float = 2.5

    def wait(self, will_do: Callable[[str], bool]) -> list[str]:
        """Whom it has happened to, once it has happened to enough of them or took too long. ``will_do`` tells what is
        as good where nobody comes to what is wanted."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < self.seconds + CHANCE_FOR:
            for gate in self.gates.values():
                if gate.ran > self.past or waited > self.seconds:
                    gate.settle_for(will_do)
            self.provoke()
            if self._has_happened():
                break
        return [name for name, gate in self.gates.items() if gate.disarm()]

    def _has_happened(self) -> bool:
        end = time.monotonic() + self.every
        while not self.enough(gate.happened.is_set() for gate in self.gates.values()):
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True


def told(act: str, gates: Mapping[str, Gate], struck: list[str]) -> str:
    """What was done, as a line of the story; ``struck`` are names out of ``gates``."""
    if not struck:
        return f"nothing: {', '.join(gates)} passed no such point"
    return f"{act}: {'; '.join(f'{name}, {gates[name].last}' for name in struck)}"
