"""The way of Jira's events to the product's door: signed by the site, delivered by our clock, often in trouble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from flask.testing import FlaskClient

from tests.clock import FakeClock
from tests.simulation.schedule import Due
from tests.site.jira_search import Search
from tests.site.jira_webhooks import MOST_RETRIES, RETRIED, SECONDS_BETWEEN, Webhooks, headers_of
from tests.site.store import Document, Store
from tests.site.world import World


class HeldWebhooks(Webhooks):
    """The site's webhooks, handed over to be sent instead of sent by threads."""

    def __init__(
        self, store: Store, world: World, search: Search, base_url: str, take: Callable[[Document], None]
    ) -> None:
        self._take = take
        super().__init__(store, world, search, base_url, retry_scale=1.0)

    def _enqueue(self, delivery: Document, seconds: float) -> None:
        self._take(delivery)


@dataclass(frozen=True)
class Trouble:
    """Shares of events that get lost or come twice, and how late the rest may be."""

    lost: float = 0.0
    doubled: float = 0.0
    latest_seconds: float = 10.0


@dataclass(frozen=True)
class Letter:
    """One event on its way. ``tries`` that were answered so that the site sends it again."""

    path: str
    secret: str
    delivery: Document
    at: datetime
    tries: int = 0


@dataclass
class Post:
    """All letters of all sites. ``accepted``: identifiers that were answered with 2xx, by path; ``old`` letters were
    delivered, and may be sent again as if they were new."""

    clock: FakeClock
    chance: Random
    door: FlaskClient
    log: Callable[[str], None]
    trouble: Trouble = Trouble()
    waiting: list[Letter] = field(default_factory=list)
    accepted: dict[str, set[str]] = field(default_factory=dict)
    old: list[Letter] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def send(self, path: str, secret: str, delivery: Document) -> None:
        """What happens to it on its way is decided now."""
        if self.chance.random() < self.trouble.lost:
            self.coverage["event", "lost"] += 1
            return
        copies = 2 if self.chance.random() < self.trouble.doubled else 1
        self.coverage["event", "doubled" if copies == 2 else "sent"] += 1
        for _ in range(copies):
            self._put(Letter(path, secret, delivery, self._soon()))

    def send_old(self) -> bool:
        """An event from before comes again under another identifier. False where there was none."""
        if not self.old:
            return False
        letter = self.chance.choice(self.old)
        identifier = f"{letter.delivery['identifier'][:24]}{len(self.waiting):08x}"
        self._put(replace(letter, delivery={**letter.delivery, "identifier": identifier}, at=self._soon(), tries=0))
        return True

    def dues(self) -> Iterator[Due]:
        for letter in self.waiting:
            yield Due(letter.at, partial(self._deliver, letter))

    def _soon(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self.chance.uniform(0.05, self.trouble.latest_seconds))

    def _put(self, letter: Letter) -> None:
        self.waiting.append(letter)

    def _deliver(self, letter: Letter) -> None:
        self.waiting.remove(letter)
        delivery = letter.delivery
        body = delivery["body"].encode()
        status = self.door.post(letter.path, data=body, headers=headers_of(delivery, letter.secret)).status_code
        self.log(f"{delivery['event']} {delivery['issue']} at the door: {status}")
        if status in RETRIED and letter.tries < MOST_RETRIES:
            again = self.clock.now() + timedelta(seconds=self.chance.uniform(*SECONDS_BETWEEN))
            self._put(replace(letter, at=again, tries=letter.tries + 1))
        elif status < 300:
            self.accepted.setdefault(letter.path, set()).add(delivery["identifier"])
            self.old.append(letter)
