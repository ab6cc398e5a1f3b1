"""What each limit allows now. Everything here answers "wait n seconds" and never sleeps; time is passed in.

Limits of Jira and Confluence Cloud: developer.atlassian.com, "Rate limiting" of either product. A quota stops the whole
connection, a burst one endpoint, a limit per issue that issue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connector.errors import RateLimited

SHORTEST_WAIT = 1.0
LONGEST_WAIT = 3600.0
UNKNOWN_WAIT = 10.0


def asked_wait(headers: Mapping[str, str]) -> float:
    """Seconds that a 429 or 503 asks for: 1 to 3600.

    From ``Retry-After`` (seconds or a date), else ``X-RateLimit-Reset`` (a date), both against the answer's own
    ``Date``, so that our clock does not matter. What is negative, past, not a number or missing says nothing: then a
    used-up quota waits for the next full hour, when it is filled again, and everything else 10 seconds.
    """
    sent = http_date(headers.get("Date"))
    waits = (_delta(headers.get("Retry-After"), sent), _until(_moment(headers.get("X-RateLimit-Reset")), sent))
    asked = next((wait for wait in waits if wait is not None), None)
    if asked is None:
        asked = _to_full_hour(sent) if limit_scope(headers) == "quota" else UNKNOWN_WAIT
    return min(max(asked, SHORTEST_WAIT), LONGEST_WAIT)


def limit_scope(headers: Mapping[str, str]) -> str:
    """What is limited, from ``RateLimit-Reason`` (an open set): ``quota``, ``issue``, or else ``burst``."""
    reason = headers.get("RateLimit-Reason", "").lower()
    if "quota" in reason:
        return "quota"
    return "issue" if "per-issue" in reason else "burst"


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls, or points, a site still allows in its present span of time, of how many; None: it did not say."""

    left: int
    of: int | None


def room_left(headers: Mapping[str, str]) -> Room | None:
    """What an answer says of the room that is left; None where it says nothing, as Jira does below 80 % of use.

    From ``RateLimit: "…";r=7000;t=…`` with ``RateLimit-Policy: "…";q=65000;w=3600``, else from
    ``X-RateLimit-Remaining`` and ``X-RateLimit-Limit``.
    """
    left = _count(headers.get("RateLimit"), "r", headers.get("X-RateLimit-Remaining"))
    of = _count(headers.get("RateLimit-Policy"), "q", headers.get("X-RateLimit-Limit"))
    return None if left is None else Room(left, of if of is not None and of >= left else None)


def http_date(text: str | None) -> datetime | None:
    """A date as HTTP writes it, aware, in UTC; None for what is none."""
    try:
        return _utc(parsedate_to_datetime(text or ""))
    except (ValueError, TypeError, OverflowError):
        return None


def _count(structured: str | None, name: str, plain: str | None) -> int | None:
    found = re.search(rf";\s*{name}=([0-9]{{1,9}})\b", structured or "")
    found = found or re.fullmatch(r"\s*([0-9]{1,9})\s*", plain or "")
    return int(found[1]) if found else None


def _delta(text: str | None, sent: datetime | None) -> float | None:
    if text is None:
        return None
    if re.fullmatch(r"\s*[0-9]{1,20}(\.[0-9]{1,9})?\s*", text):
        return float(text)
    return _until(http_date(text), sent)


def _until(at: datetime | None, sent: datetime | None) -> float | None:
    if at is None or sent is None or at < sent:
        return None
    return (at - sent).total_seconds()


def _moment(text: str | None) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat((text or "").strip()))
    except (ValueError, OverflowError):
        return None


def _utc(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _to_full_hour(sent: datetime | None) -> float:
    return LONGEST_WAIT - (sent.minute * 60 + sent.second) if sent else LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class CallGate:
    """Until when a connection has to hold back: as a whole, and per endpoint (any name that the caller uses)."""

    all_until: datetime | None = None
    endpoint_until: Mapping[str, datetime] = field(default_factory=dict)

    def wait(self, endpoint: str, now: datetime) -> float:
        """Seconds until ``endpoint`` may be called; 0 if now."""
        times = (self.all_until, self.endpoint_until.get(endpoint))
        return max((0.0, *((at - now).total_seconds() for at in times if at)))

    def after(self, error: RateLimited, endpoint: str, now: datetime) -> CallGate:
        """The gate once the remote has asked for patience: a quota holds the connection, anything else the endpoint."""
        until = now + timedelta(seconds=error.retry_after)
        if error.scope == "quota":
            return replace(self, all_until=max(until, self.all_until or until))
        still = {name: at for name, at in self.endpoint_until.items() if at > now}
        return replace(self, endpoint_until={**still, endpoint: max(until, still.get(endpoint, until))})


@dataclass(frozen=True, slots=True)
class WriteAllowance:
    """The answer of ``take_write``: whether to write, what to remember of the bucket, and else how long to wait."""

    allowed: bool
    tokens: int
    tokens_at: datetime
    wait_seconds: float


def take_write(
    tokens: int, tokens_at: datetime | None, now: datetime, *, bucket: int, refill: timedelta
) -> WriteAllowance:
    """Take one write from a page's budget.

    ``tokens`` were left, counted at ``tokens_at`` (None: never used, so full); one comes back per ``refill``, up to
    ``bucket``. The returned ``tokens_at`` is the moment of the last whole refill, so that nothing of a wait is lost. A
    clock that went back gives nothing.
    """
    since = now if tokens_at is None else min(tokens_at, now)
    earned = (now - since) // refill
    have = bucket if tokens_at is None else min(tokens + earned, bucket)
    counted_at = now if have >= bucket else since + earned * refill
    if have >= 1:
        return WriteAllowance(True, have - 1, counted_at, 0.0)
    return WriteAllowance(False, 0, counted_at, (counted_at + refill - now).total_seconds())
