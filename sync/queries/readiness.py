"""Can this process work: does the database answer, is it this version's, and does Redis ring."""

from __future__ import annotations

from dataclasses import dataclass

from connector.migrations.apply import pending
from connector.store.errors import StoreError
from sync.ports import Resources
from sync.queues import redis_trouble


@dataclass(frozen=True, slots=True)
class Readiness:
    """Both in words; without Redis the work still gets done."""

    is_ready: bool
    database: str
    redis: str


def look(on: Resources) -> Readiness:
    """Asks both now. Never raises."""
    url = on.settings.redis_address
    redis = redis_trouble(url) or "answers" if url else "none; workers look for work by themselves"
    try:
        missing = pending(on.database)
    except StoreError as error:
        return Readiness(False, str(error), redis)
    if missing:
        return Readiness(False, f"{len(missing)} changes of this version are missing; run: okr migrate", redis)
    return Readiness(True, "answers", redis)
