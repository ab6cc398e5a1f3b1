"""Processes run until they come to a point at which they are struck, and people go on meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.chaos.gate import Gate

# A process is let run past so many points, or for so long, to one that is wanted; then what it passes will do.
CHOOSY_PAST, CHOOSY_FOR = 40, 2.5
STRUCK_WITHIN = 5.0

Enough = Callable[[Iterable[bool]], bool]


@dataclass(frozen=True)
class Ambush:
    """``gates`` are armed, by the names of their processes; ``enough`` is any or all of them. Every so many seconds
    ``provoke`` makes something go on."""

    gates: dict[str, Gate]
    enough: Enough
    provoke: Callable[[], object]
    every: float = 0.4

    def wait(self, will_do: Callable[[str], bool] | None = None) -> list[str]:
        """Whom it has happened to, once it has happened to enough of them or took too long. ``will_do`` tells what is
        as good where nobody comes to what is wanted; without it they are let run."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < STRUCK_WITHIN:
            for gate in self.gates.values():
                if will_do and (gate.ran > CHOOSY_PAST or waited > CHOOSY_FOR):
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

    def told(self, act: str, struck: list[str]) -> str:
        if not struck:
            return f"nothing: {', '.join(self.gates)} passed no such point"
        return f"{act}: {'; '.join(f'{name}, {self.gates[name].last}' for name in struck)}"
