"""A second, simple reckoning of the work table, in memory: what the real one is compared with."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Key = tuple[str, str]


@dataclass
class Mark:
    number: int
    due_at: datetime
    urgency: int
    not_before: datetime | None = None
    attempts: int = 0
    parked: bool = False
    claimed_until: datetime | None = None
    claim: int | None = None
    marked_since_claim: bool = False


@dataclass
class Model:
    """What DESIGN says of marks, claims, generations and leases, told without generations or tokens."""

    marks: dict[Key, Mark] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    claims: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def mark(self, kind: str, targets: list[str], at: datetime, urgency: int, retry: bool) -> None:
        for target in sorted(set(targets)):
            mark = self.marks.get((kind, target))
            if mark is None:
                self.marks[kind, target] = Mark(next(self.numbers), at, urgency)
            else:
                self._mark_again(mark, at, urgency, retry)

    @staticmethod
    def _mark_again(mark: Mark, at: datetime, urgency: int, retry: bool) -> None:
        if retry:
            mark.not_before, mark.attempts, mark.parked = None, 0, False
        at = max(at, mark.not_before or at)
        first_since_claim = mark.claim is not None and not mark.marked_since_claim
        mark.due_at = at if first_since_claim else min(mark.due_at, at)
        mark.urgency = urgency if first_since_claim else min(mark.urgency, urgency)
        mark.marked_since_claim = mark.claim is not None

    def take(self, now: datetime, limit: int, seconds: float, same_group: bool) -> list[tuple[Key, int, int]]:
        """(key, number of the claim, attempts before) of what is given out."""
        for mark in self.marks.values():
            if mark.claim is not None and mark.claimed_until is not None and mark.claimed_until <= now:
                self._free(mark)
                mark.attempts, mark.due_at = mark.attempts + 1, min(mark.due_at, now)
        waiting = [(m.urgency, m.due_at, m.number, key) for key, m in self.marks.items() if self._waits(m, now)]
        keys = [key for *_, key in sorted(waiting)]
        if same_group and keys:
            keys = [key for key in keys if _group(key) == _group(keys[0])]
        return [self._give(key, now + timedelta(seconds=seconds)) for key in keys[:limit]]

    def done(self, key: Key, claim: int) -> bool | None:
        """True: gone, False: marked again meanwhile, None: the claim is lost."""
        mark = self._held(key, claim)
        if mark is None:
            return None
        if not mark.marked_since_claim:
            del self.marks[key]
            return True
        self._free(mark)
        mark.attempts = 0
        return False

    def failed(self, key: Key, claim: int, retry_at: datetime | None) -> bool:
        mark = self._held(key, claim)
        if mark is None:
            return False
        self._free(mark)
        mark.attempts += 1
        if retry_at is None:
            mark.parked = True
        else:
            mark.due_at = mark.not_before = retry_at
        return True

    def postponed(self, key: Key, claim: int, until: datetime) -> bool:
        mark = self._held(key, claim)
        if mark is None:
            return False
        self._free(mark)
        mark.due_at = mark.not_before = until
        return True

    def retry_parked(self, at: datetime) -> int:
        parked = [mark for mark in self.marks.values() if mark.parked]
        for mark in parked:
            mark.parked, mark.attempts, mark.not_before, mark.due_at, mark.urgency = False, 0, None, at, 2
        return len(parked)

    def next_due(self) -> datetime | None:
        times = [m.claimed_until if m.claim is not None else m.due_at for m in self.marks.values() if not m.parked]
        return min((time for time in times if time is not None), default=None)

    def _held(self, key: Key, claim: int) -> Mark | None:
        mark = self.marks.get(key)
        return mark if mark is not None and mark.claim == claim else None

    def _give(self, key: Key, until: datetime) -> tuple[Key, int, int]:
        mark = self.marks[key]
        mark.claim, mark.claimed_until = next(self.claims), until
        mark.marked_since_claim, mark.not_before = False, None
        return key, mark.claim, mark.attempts

    @staticmethod
    def _free(mark: Mark) -> None:
        mark.claim, mark.claimed_until, mark.marked_since_claim = None, None, False

    @staticmethod
    def _waits(mark: Mark, now: datetime) -> bool:
        return mark.claim is None and not mark.parked and mark.due_at <= now


def _group(key: Key) -> tuple[str, str]:
    return key[0], key[1].partition(":")[0]
