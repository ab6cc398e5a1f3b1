"""The points budget of an app: what each call costs, how much of the hour's quota is left, and how answers say so.

[S] developer.atlassian.com, "Rate limiting" (February 2026), unless a line says otherwise. Calls with an API token cost
nothing, so no site counts points until it is told to count those of every caller, as if each were an app's.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response

from tests.site.faults import product_of
from tests.site.limits import Limited, end_of, too_many

Objects = Callable[[Any], int]
_POLICY = "tenant-app-quota"


def _list(name: str, each: int) -> Objects:
    return lambda answer: each * len(answer[name])


# What a read costs beside 1: 1 for each object of the core (issue, project, page, space), 2 for each user, permission.
# [U] which kind an object is of where the page does not name it; what is not here costs 1 and no more.
_READS: tuple[tuple[str, Objects], ...] = (
    (r"/(search/jql|issue/bulkfetch)$", _list("issues", 1)),
    (r"/project/search$", _list("values", 1)),
    (r"/rest/api/\d/(issue|project)/[^/]+$", lambda answer: 1),
    (r"/mypermissions$", _list("permissions", 2)),
    (r"/myself$|/user/current$", lambda answer: 2),
    (r"/users-bulk$", _list("results", 2)),
    (r"/operations$", _list("operations", 2)),
    (r"/(pages|content)/\d+$", lambda answer: 1),
    (r"/wiki/api/v2/|/rest/api/(content|space)", lambda answer: len(answer.get("results", ()))),
)
_READS_BY_POST = re.compile(r"/(search/jql|bulkfetch|approximate-count|users-bulk)$")


def cost(method: str, path: str, answer: Response) -> int:
    """The points of a call: 1, and for what it read one or two each. [U] What was refused costs 1."""
    reads = method in ("GET", "HEAD") or _READS_BY_POST.search(path)
    found = answer.get_json(silent=True) if reads and answer.status_code == 200 else None
    if not isinstance(found, dict):
        return 1
    return 1 + next((objects(found) for pattern, objects in _READS if re.search(pattern, path)), 0)


@dataclass
class _Hour:
    ends: datetime
    used: int = 0


class Points:
    """Counts the points of this hour, for each product by itself [U: whether the two share a quota]."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._hourly: int | None = None
        self._enforced = True
        self._hours: dict[str, _Hour] = {}

    def count(self, hourly: int | None, *, enforced: bool = True) -> None:
        """From now on this many points an hour, or no budget for None; forgets what was used.

        Unless it is enforced, nothing is refused, and the headers begin with Beta-.
        """
        self._hourly, self._enforced = hourly, enforced
        self._hours.clear()

    def state(self) -> dict[str, Any]:
        """The quota, and what of it each product used in this hour."""
        used = {product: self._hour(product).used for product in ("jira", "confluence")}
        return {"hourly": self._hourly, "enforced": self._enforced, "used": used}

    def refusal(self, path: str) -> Response | None:
        """429 until the top of the hour once all points are used."""
        product = product_of(path)
        if self._hourly is None or not self._enforced or self._hour(product).used < self._hourly:
            return None
        now = self._now()
        answer = too_many(Limited("quota", product, now, end_of("quota", now)), "right")
        answer.headers["X-RateLimit-Limit"] = str(self._hourly)
        answer.headers.extend(self._headers(product))
        return answer

    def charge(self, method: str, path: str, answer: Response) -> None:
        """Count a call, and let its answer say how things stand."""
        if self._hourly is not None:
            product = product_of(path)
            self._hour(product).used += cost(method, path, answer)
            answer.headers.extend(self._headers(product))

    def _hour(self, product: str) -> _Hour:
        now = self._now()
        hour = self._hours.get(product)
        if hour is None or hour.ends <= now:
            hour = self._hours[product] = _Hour(end_of("quota", now))
        return hour

    def _headers(self, product: str) -> dict[str, str]:
        assert self._hourly is not None
        hour = self._hour(product)
        left = max(self._hourly - hour.used, 0)
        seconds = round((hour.ends - self._now()).total_seconds())
        near = left < self._hourly / 5
        # `r` stands there only when less than about a fifth is left.
        parts = [f'"{_POLICY}"', *_if(near, f"r={left}"), f"t={seconds}"]
        headers = {"RateLimit-Policy": f'"{_POLICY}";q={self._hourly};w=3600', "RateLimit": ";".join(parts)}
        if not self._enforced:
            return {f"Beta-{name}": value for name, value in headers.items()}
        return headers | ({"X-RateLimit-NearLimit": "true"} if near else {})


def _if(wanted: bool, text: str) -> Iterable[str]:
    return [text] if wanted else []
