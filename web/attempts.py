"""Slows down guessing of the one-time code. The code itself is beyond guessing; this keeps guessing from costing us."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

FREE = 5
REST = timedelta(seconds=30)
MOST_ADDRESSES = 1000


class Attempts:
    """Failed attempts by address, in this process: after FREE of them each further one waits REST."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[str, tuple[int, datetime]] = {}

    def must_wait(self, address: str, at: datetime) -> bool:
        """True while this address has to wait."""
        with self._lock:
            times, last = self._failed.get(address, (0, at))
        return times >= FREE and at < last + REST

    def note_failure(self, address: str, at: datetime) -> None:
        """Count one; an address that was quiet for long starts anew."""
        with self._lock:
            if len(self._failed) >= MOST_ADDRESSES:
                self._failed.clear()
            times, last = self._failed.get(address, (0, at))
            self._failed[address] = (times + 1 if at < last + 10 * REST else 1, at)
