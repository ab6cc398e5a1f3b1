"""What goes wrong between the product and a site: rules that strike calls, by kind and by what is called."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.campaign.in_process import Answer

_HTML = b"<!doctype html><html><head><title>Log in</title></head><body><h1>Log in to continue</h1></body></html>"
_QUOTA = {"RateLimit-Reason": "jira-quota-tenant-based"}
# Right headers, wrong ones (a time in the past, what is no number), and none at all.
_STATUS: dict[str, tuple[int, Mapping[str, str]]] = {
    "401": (401, {}),
    "403": (403, {}),
    "404": (404, {}),
    "409": (409, {}),
    "413": (413, {}),
    "429 for a moment": (429, {"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"}),
    "429 used up": (429, {"Retry-After": "600", **_QUOTA}),
    "429 per issue": (429, {"Retry-After": "20", "RateLimit-Reason": "jira-per-issue-on-write"}),
    "429 in the past": (429, {"X-RateLimit-Reset": "2020-01-01T00:00Z", **_QUOTA}),
    "429 without a word": (429, {"Retry-After": "NaN"}),
    "500": (500, {}),
    "502": (502, {}),
    "503": (503, {"Retry-After": "30"}),
    "504": (504, {}),
}
# A plain no, after which nobody asks again soon.
REFUSALS = frozenset({"401", "403", "404", "409", "413"})
KINDS = (*_STATUS, "html 200", "empty 200", "cut off", "no answer", "reply lost")
# What is called, as people would name it.
CALLS = {
    "anything": r".",
    "Jira's search": r"POST /rest/api/3/search/",
    "Jira's issues": r"POST /rest/api/3/issue/bulkfetch",
    "the list of pages": r"GET /wiki/api/v2/pages$",
    "reading a page": r"GET /wiki/api/v2/pages/\d+$",
    "writing a page": r"PUT /wiki/api/v2/pages/\d+$",
    "a page's history": r"GET /wiki/api/v2/pages/\d+/versions",
    "people": r"POST /wiki/api/v2/users-bulk",
}


@dataclass
class Rule:
    """Strikes calls that it names, ``times`` times or (None) until it is taken away."""

    kind: str
    call: str
    times: int | None
    until: datetime | None = None

    def takes(self, called: str, now: datetime) -> bool:
        """Counts it if so."""
        over = self.times == 0 or (self.until is not None and now >= self.until)
        if over or not re.search(CALLS[self.call], called):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Faults:
    """The rules of one site."""

    rules: list[Rule] = field(default_factory=list)

    def strike(self, called: str, now: datetime) -> str:
        """The kind of the first rule that takes this call; empty where none does."""
        return next((rule.kind for rule in self.rules if rule.takes(called, now)), "")


def is_done(kind: str) -> bool:
    """Whether the site does what it is asked, although the answer is spoilt."""
    return kind in ("", "cut off", "reply lost", "html 200", "empty 200")


def made_up(kind: str) -> Answer:
    """The answer of a site that does nothing."""
    status, headers = _STATUS[kind]
    body = json.dumps({"errorMessages": [f"Stand-in fault {status}"], "errors": {}}).encode()
    return Answer(status, {"Content-Type": "application/json", **headers}, body)


def spoilt(kind: str, answer: Answer) -> Answer:
    """What comes of a true answer."""
    if kind == "html 200":
        return Answer(200, {"Content-Type": "text/html;charset=UTF-8"}, _HTML)
    if kind == "empty 200":
        return Answer(200, {"Content-Type": "application/json"}, b"")
    if kind == "cut off":
        return answer._replace(body=answer.body[: len(answer.body) // 2])
    return answer
