"""The last step of Jira's events: the product's own door, and what it answered. What happens to them on the way is the
site's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.simulation.schedule import Due
from tests.simulation.site import SimulatedSite
from tests.site.postman import Letter

_IDENTIFIER = "X-Atlassian-Webhook-Identifier"


@dataclass
class Post:
    """``accepted``: identifiers that were answered with 2xx, by the path of the door. ``is_open`` while one is being
    answered."""

    door: FlaskClient
    sites: Mapping[str, SimulatedSite]
    log: Callable[[str], None]
    accepted: dict[str, set[str]] = field(default_factory=dict)
    is_open: bool = False
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def dues(self) -> Iterator[Due]:
        for site in self.sites.values():
            postman = site.parts.issue_postman
            due = postman.outbox.next_due()
            if due is not None:
                yield Due(due - site.ahead, partial(self._deliver, site))

    def receive(self, letter: Letter) -> int:
        """The status of the door's answer."""
        path = urlsplit(letter.url).path
        self.is_open = True
        status = self.door.post(path, data=letter.body, headers=letter.headers).status_code
        self.is_open = False
        if status < 300:
            self.accepted.setdefault(path, set()).add(letter.headers[_IDENTIFIER])
        return status

    def _deliver(self, site: SimulatedSite) -> None:
        made = site.parts.issue_postman.deliver_next(self.receive)
        if made is None:
            return
        outcome = made["attempts"][-1]["outcome"] if made["attempts"] else "nobody wants it"
        self.coverage["event", made["trouble"] or "in order"] += 1
        self.log(f"{made['event']} {made['issue']} of {site.name} at the door: {outcome}")
