"""Bounds how often a person may have outside addresses asked by typing, and says how the outside is met."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app

from sync.commands.site_look import REAL, Outside

MOST_IN_A_MINUTE = 30
_MINUTE = timedelta(minutes=1)
_LOOKS = "okr looks"
_OUTSIDE = "okr outside"


class Looks:
    """What each person asked for within the last minute, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[int, deque[datetime]] = {}

    def may(self, person_id: int, at: datetime) -> bool:
        """Count one more, unless there were too many."""
        with self._lock:
            asked = self._asked.setdefault(person_id, deque())
            while asked and asked[0] <= at - _MINUTE:
                asked.popleft()
            if len(asked) >= MOST_IN_A_MINUTE:
                return False
            asked.append(at)
        return True


def keep_looks(app: Flask, outside: Outside = REAL) -> None:
    """Keep both with the app; tests give an outside of their own."""
    app.extensions[_LOOKS] = Looks()
    app.extensions[_OUTSIDE] = outside


def looks() -> Looks:
    """Those of this app."""
    return cast("Looks", current_app.extensions[_LOOKS])


def outside() -> Outside:
    """How this app meets sites that are not connected yet."""
    return cast("Outside", current_app.extensions[_OUTSIDE])
