"""A lock that is given to those who wait in the order in which they came, so that no thread starves."""

from __future__ import annotations

from collections import deque
from threading import Lock


class FairLock:
    """First come, first served. Not re-entrant."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[Lock] = deque()

    def acquire(self, seconds: float) -> bool:
        """Take the lock, waiting at most ``seconds``; False where it was not given in that time."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            gate = Lock()
            gate.acquire()
            self._waiting.append(gate)
        return self._wait(gate, seconds)

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()  # it stays held: ownership passes on
            else:
                self._held = False

    def _wait(self, gate: Lock, seconds: float) -> bool:
        try:
            if gate.acquire(timeout=seconds):
                return True
        except BaseException:
            # A signal ended the wait. The turn must not go to a thread that no longer wants it.
            if not self._withdraw(gate):
                self.release()
            raise
        return not self._withdraw(gate)

    def _withdraw(self, gate: Lock) -> bool:
        """Leave the queue. False where the turn had been given already."""
        with self._guard:
            if gate not in self._waiting:
                return False
            self._waiting.remove(gate)
            return True
