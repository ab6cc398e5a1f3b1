"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class FakeClock:
    """Satisfies ``sync.ports.Clock``."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **span: float) -> datetime:
        """Move on by a ``timedelta``'s arguments and return the new time."""
        self._now += timedelta(**span)
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Stand at that moment from now on; never back."""
        self._now = max(self._now, moment)
