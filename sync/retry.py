"""What to do after a failure: a pure table of (error, attempts so far, whether the site answers others, now).

A wait that the remote asked for, refused credentials and an unreachable site are no fault of the item: such failures
are never counted to the end, because nothing may be given up while a site is away. Only what stays wrong although the
site answers others is set aside, where people see it and can try it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.errors import Conflict, Forbidden, Gone, OutsideError, RateLimited, Rejected, Unauthorized, Unavailable

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
ASK_A_PERSON_WAIT = timedelta(minutes=10)
SITE_AWAY_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 10
MOST_ATTEMPTS_REJECTED = 3


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again then. ``counts``: whether this failure counts as one of the item's attempts."""

    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """Leave it until a person asks for it again."""

    reason: str


Decision = RetryAt | SetAside


def decide(error: Exception, attempts: int, now: datetime, *, site_answers: bool, jitter: float) -> Decision:
    """The row of the table for this failure. ``attempts`` counts this one; ``jitter`` is a factor around 1."""
    if isinstance(error, RateLimited):
        return RetryAt(now + timedelta(seconds=error.retry_after * max(jitter, 1.0)), counts=False)
    if isinstance(error, Unauthorized | Forbidden):
        return RetryAt(now + ASK_A_PERSON_WAIT * jitter, counts=False)
    if isinstance(error, Unavailable | Conflict | Gone):
        if not site_answers:
            # Uncounted attempts do not make the wait grow, and a site that is down is not helped by being asked often.
            return RetryAt(now + max(growing_wait(attempts), SITE_AWAY_WAIT) * jitter, counts=False)
        if attempts >= MOST_ATTEMPTS:
            return SetAside(reason_of(error))
        return RetryAt(now + growing_wait(attempts) * jitter, counts=True)
    most = MOST_ATTEMPTS_REJECTED if isinstance(error, Rejected) else MOST_ATTEMPTS // 2
    if attempts >= most:
        return SetAside(reason_of(error))
    return RetryAt(now + growing_wait(attempts) * jitter, counts=True)


def growing_wait(attempts: int) -> timedelta:
    """2 s, doubled with each attempt, at most 10 minutes."""
    doublings = min(max(attempts, 1) - 1, 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def reason_of(error: Exception) -> str:
    """One line for people. The text of an error that we did not foresee is left to the log: it may hold anything."""
    if isinstance(error, OutsideError | ValueError):
        return " ".join(str(error).split())[:500]
    return f"an unforeseen fault in our own code ({type(error).__name__}); the log has the details"
