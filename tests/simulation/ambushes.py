"""What waits for a worker at one named point of one stage: that it ends there, or is held up for some seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ambush:
    """For the next worker that comes to ``point`` while it does ``stage``. ``seconds``: it is held up for so long, as
    by an answer that is slow on its way; None: it ends."""

    stage: str
    point: str
    seconds: float | None = None


class Ambushes:
    """Each is met once."""

    def __init__(self) -> None:
        self._waiting: list[Ambush] = []

    def lay(self, ambush: Ambush) -> None:
        self._waiting.append(ambush)

    def lift(self) -> None:
        """Those that nobody met."""
        self._waiting.clear()

    def met(self, stage: str, point: str) -> Ambush | None:
        """The one at this point, from now on no more."""
        found = next((each for each in self._waiting if (each.stage, each.point) == (stage, point)), None)
        if found is not None:
            self._waiting.remove(found)
        return found
