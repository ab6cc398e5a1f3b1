"""The site's time: as it runs on this machine, or standing still where a test put it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.site.store import CLOCK, Store


class SiteClock:
    """Stops, moves and starts again the clock that everything in a site asks for the time; a restart keeps it stopped.

    `listeners` are called after each change.
    """

    def __init__(self, store: Store) -> None:
        self.listeners: list[Callable[[], None]] = []
        self._store = store

    @property
    def stands(self) -> bool:
        """Whether time moves only when it is told to."""
        return self._store.get(*CLOCK) is not None

    def stand_still(self, at: datetime | None = None) -> None:
        """Stop at that moment (aware), or at the present one. It may lie before the present one."""
        with self._store.lock:
            self._put(at or self._store.now())

    def advance(self, seconds: float) -> None:
        """Move on a clock that stands still; ValueError if it runs, or for a step backwards."""
        with self._store.lock:
            if not self.stands or seconds < 0:
                raise ValueError("only a clock that stands still can be advanced, and only forwards")
            self._put(self._store.now() + timedelta(seconds=seconds))

    def run(self) -> None:
        """Back to the clock of the machine."""
        with self._store.lock:
            self._store.delete(*CLOCK)
            self._tell()

    def _put(self, at: datetime) -> None:
        self._store.put(*CLOCK, {"at": at.astimezone(UTC).isoformat()})
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()
