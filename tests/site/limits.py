"""Answers 429: what Atlassian's three limits say about themselves, and what is wrong with what they say at times."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from flask import Response

Headers = dict[str, str]

# [S] developer.atlassian.com, "Rate limiting" (February 2026): reasons of Jira and of Confluence. [U] the burst reason
# of Confluence, which that page does not name; only Jira limits writes to one issue.
REASONS = {
    "quota": {"jira": "jira-quota-tenant-based", "confluence": "confluence-quota-tenant-based"},
    "burst": {"jira": "jira-burst-based", "confluence": "confluence-burst-based"},
    "issue": {"jira": "jira-per-issue-on-write", "confluence": "confluence-burst-based"},
}
_CAPACITY = {"quota": 65_000, "burst": 100, "issue": 20}
_SECONDS = {"burst": 1, "issue": 30}


@dataclass(frozen=True)
class Limited:
    """A refusal by one limit (quota, burst or issue) of a product (jira or confluence) that ends at `until`."""

    limit: str
    product: str
    now: datetime
    until: datetime

    def right(self) -> Headers:
        """[S] the same page: seconds in Retry-After; [S: jira.atlassian.com JRACLOUD-69262] the time to the minute."""
        return {
            "Retry-After": str(max(1, round((self.until - self.now).total_seconds()))),
            "X-RateLimit-Limit": str(_CAPACITY[self.limit]),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": _minute(self.until),
            "RateLimit-Reason": REASONS[self.limit][self.product],
        }


def _minute(at: datetime) -> str:
    whole = at if not at.second else at + timedelta(seconds=60 - at.second)
    return whole.strftime("%Y-%m-%dT%H:%MZ")


def _retry_after(value: str) -> Callable[[Limited], Headers]:
    return lambda limited: {**limited.right(), "Retry-After": value}


def _past(limited: Limited) -> Headers:
    past = limited.now - timedelta(minutes=7)
    return {**limited.right(), "Retry-After": format_datetime(past, usegmt=True), "X-RateLimit-Reset": _minute(past)}


def _without(*names: str) -> Callable[[Limited], Headers]:
    return lambda limited: {name: value for name, value in limited.right().items() if name not in names}


TOLD: dict[str, Callable[[Limited], Headers]] = {
    "right": Limited.right,
    # RFC 9110 allows a date; [U] that Atlassian sends one.
    "date": lambda limited: {**limited.right(), "Retry-After": format_datetime(limited.until, usegmt=True)},
    # [S] community.developer.atlassian.com/t/97828: seen with a reset in the past.
    "past": _past,
    # [S] the same thread: seen with a wait that is wrong by minutes, a whole hour for what ends in five minutes.
    "whole-hour": _retry_after("3600"),
    # [S] seen in April 2026: the gateway's own answer says only when.
    "reset-only": _without("Retry-After", "RateLimit-Reason"),
    "missing": _without("Retry-After", "X-RateLimit-Reset", "RateLimit-Reason"),
    # [S: JRACLOUD-69262] a reason that the page does not list.
    "other-reason": lambda limited: {**limited.right(), "RateLimit-Reason": f"{limited.product}-cost-based"},
    # [U] nothing of this was seen; a client must survive it all the same.
    "zero": _retry_after("0"),
    "negative": _retry_after("-5"),
    "huge": _retry_after("1000000000000"),
    "not-a-number": _retry_after("NaN"),
    # [S: github.com/apache/incubator-devlake issue 2932] a page instead of JSON.
    "html": lambda limited: {},
}


def too_many(limited: Limited, told: str) -> Response:
    """The answer, with one of the ways of `TOLD` to say when to come back."""
    headers = TOLD[told](limited)
    if told == "html":
        return Response("<html><body><h1>429 Too Many Requests</h1></body></html>", 429, headers, mimetype="text/html")
    # [U] the body.
    body = json.dumps({"errorMessages": ["Rate limit exceeded."], "errors": {}})
    return Response(body, 429, headers, mimetype="application/json")


def end_of(limit: str, now: datetime) -> datetime:
    """When a limit that is reached now lets calls through again: [S] the quota at the top of the hour (UTC)."""
    if limit == "quota":
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return now + timedelta(seconds=_SECONDS[limit])
