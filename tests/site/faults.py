"""Answers that are spoilt on purpose: by rules, and by a plan with a seed."""

import json
import random
import re
from dataclasses import dataclass, field
from datetime import datetime

from flask import Response

from tests.site.limits import REASONS, TOLD, Limited, end_of, too_many
from tests.site.unwhole import LACKS, unwhole

_KINDS = ("status", "html", "limited", "html200", "empty200", "truncated", "slow", "drop", "lost", "unwhole")
_LOG_IN = b"<!doctype html><html><head><title>Log in</title></head><body><h1>Log in to continue</h1></body></html>"
# [S: github.com/anthropics/claude-code issue 35595] a page of the network in front of the site, for 403; [U] its words,
# and that the others look the same.
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>Ray ID: 0</p></body></html>"
_CONFLUENCE = re.compile(r"^(/ex/confluence/[^/]+)?/(wiki|rest/(api/(content|space|user|webhooks)|experimental))(/|$)")


@dataclass
class Fault:
    """A rule: requests that match get `kind` instead of, or on top of, their answer.

    Kinds: status (with `status`, `headers`, `body`), html (a page with `status`), limited (429 of a `limit`: quota,
    burst or issue; `told` is one of `tests.site.limits.TOLD`, right or wrong), html200, empty200, truncated (half of
    the true answer, then the connection ends), slow (the true answer after `seconds`), drop (nothing is done, the
    connection ends), lost (done, but the connection ends without an answer), unwhole (a list of issues that lacks what
    `lack` names, of the issue with the id `about` where it is about one). `mentions` is a pattern that also has to be
    found in what was sent. `times` None means until cleared; the first `skip` matches pass.
    """

    path: str
    kind: str
    method: str | None = None
    times: int | None = 1
    skip: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 0.0
    limit: str = "burst"
    told: str = "right"
    lack: str = "end"
    about: str = ""
    mentions: str = ""

    def __post_init__(self) -> None:
        for value, known in ((self.kind, _KINDS), (self.limit, REASONS), (self.told, TOLD), (self.lack, LACKS)):
            if value not in known:
                raise ValueError(f"one of {', '.join(known)}, not {value!r}")
        re.compile(self.path)
        re.compile(self.mentions)

    @property
    def name(self) -> str:
        """What it is, in the log: `html200`, `status 503`, `limited burst past`."""
        status = f" {self.status}"
        more = {"status": status, "html": status, "limited": f" {self.limit} {self.told}", "unwhole": f" {self.lack}"}
        return self.kind + more.get(self.kind, "")

    def takes(self, method: str, path: str, sent: bytes = b"") -> bool:
        """Whether the rule applies to this request; counts it if so."""
        if self.times == 0 or self.method not in (None, method) or not re.search(self.path, path):
            return False
        if self.mentions and not re.search(self.mentions, sent.decode("utf-8", "replace")):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


def made_up(fault: Fault, path: str, now: datetime) -> Response | None:
    """The answer that a fault gives instead of the site; None if the site answers all the same."""
    if fault.kind in ("truncated", "slow", "lost", "unwhole"):
        return None
    if fault.kind == "html200":
        return Response(_LOG_IN, 200, content_type="text/html;charset=UTF-8")
    if fault.kind in ("empty200", "drop"):
        return Response(b"", 200, content_type="application/json")
    if fault.kind == "limited":
        return too_many(Limited(fault.limit, product_of(path), now, end_of(fault.limit, now)), fault.told)
    return _with_status(fault)


def spoilt(fault: Fault, answer: Response, sent: bytes) -> Response:
    """The site's own answer, as a fault lets it through."""
    return unwhole(answer, sent, fault.lack, fault.about) if fault.kind == "unwhole" else answer


def _with_status(fault: Fault) -> Response:
    if fault.kind == "html":
        answer = Response(_PAGE.format(f"{fault.status} from the edge"), fault.status, mimetype="text/html")
    else:
        default = json.dumps({"errorMessages": [f"Stand-in fault {fault.status}"], "errors": {}})
        answer = Response(fault.body or default, fault.status, content_type="application/json")
    answer.headers.update(fault.headers)
    return answer


def product_of(path: str) -> str:
    """Which product a path of an interface belongs to: jira or confluence."""
    return "confluence" if _CONFLUENCE.match(path) else "jira"


_STATUSES = ("401", "403", "404", "409", "413", "500", "502", "503", "504")
_PAGES = ("html403", "html413", "html502", "html503")
_ON_THE_WAY = ("html200", "empty200", "truncated", "slow", "drop", "lost")
_WRITES_ONLY = frozenset({"409", "413", "html413"})
# What passes by itself. 401, 403 and 404 say that something is lost for longer: they are asked for by name.
PASSING = ("409", "429", "500", "502", "503", "504", "html502", "html503", *_ON_THE_WAY)


@dataclass(frozen=True)
class FaultPlan:
    """Which `share` of the calls to paths in which the pattern `path` is found is spoilt, each by one of `kinds`.

    Kinds: a status (401 403 404 409 413 500 502 503 504), 429 (each limit, told in each way), html403 html413 html502
    html503, and html200 empty200 truncated slow drop lost. The same seed gives the same faults for the same calls.
    """

    seed: int
    share: float
    kinds: tuple[str, ...] = PASSING
    path: str = ""
    slow_seconds: float = 1.0

    def __post_init__(self) -> None:
        unknown = set(self.kinds) - {"429", *_STATUSES, *_PAGES, *_ON_THE_WAY}
        if unknown or not self.kinds or not 0 <= self.share <= 1:
            raise ValueError(f"a share from 0 to 1, and kinds that are known: {', '.join(sorted(unknown))}")
        re.compile(self.path)

    def fault(self, number: int, method: str, path: str) -> Fault | None:
        """What happens to the call with that number, if anything."""
        chance = random.Random(f"{self.seed} {number}")
        if not re.search(self.path, path) or chance.random() >= self.share:
            return None
        fitting = [kind for kind in self.kinds if method in ("PUT", "POST") or kind not in _WRITES_ONLY]
        return self._made(chance.choice(fitting), chance) if fitting else None

    def _made(self, kind: str, chance: random.Random) -> Fault:
        if kind == "429":
            limit, told = chance.choice(sorted(REASONS)), chance.choice(sorted(TOLD))
            return Fault("", "limited", limit=limit, told=told)
        if kind in _STATUSES:
            return Fault("", "status", status=int(kind))
        if kind in _PAGES:
            return Fault("", "html", status=int(kind.removeprefix("html")))
        return Fault("", kind, seconds=self.slow_seconds)
