"""Makes the deliveries of an outbox: by threads as they become due, or one by one when told to."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import requests

from tests.site.outbox import Outbox
from tests.site.site_clock import SiteClock
from tests.site.store import Document, Store

_MOST_IN_A_STEP = 100_000


@dataclass(frozen=True)
class Letter:
    """A delivery ready to be sent; `timeouts` are seconds to connect and to answer."""

    url: str
    headers: dict[str, str]
    body: bytes
    timeouts: tuple[float, float]


Post = Callable[[Letter], int | str]
"""Sends a letter: the status of the answer, or the name of what failed."""


class Sender(Protocol):
    """What one kind of webhook says about its deliveries."""

    outbox: Outbox

    def letter(self, delivery: Document) -> Letter | None:
        """The delivery as it is sent; None if nobody wants it any more."""

    def after(self, delivery: Document, outcome: int | str) -> str | float:
        """What comes after a try: the seconds until the next one, or the state in which it ends."""


class Postman:
    """Without `post`, so many threads send over HTTP whatever is due, unless the clock stands still.

    With `post`, or while the clock stands still, deliveries are made only by `deliver_due` and `deliver`.
    """

    def __init__(self, store: Store, clock: SiteClock, sender: Sender, post: Post | None, threads: int) -> None:
        self.outbox = sender.outbox
        self._store, self._clock, self._sender = store, clock, sender
        self._post, self._threads = post, threads
        self._started = False
        clock.listeners.append(self._wake)
        self.outbox.begins_to_wait = self._start_threads

    def deliver(self, delivery_id: str) -> Document:
        """Make one waiting delivery now, due or not; the answer is it after the try. KeyError if there is none such."""
        with self.outbox.changed:
            delivery = self.outbox.one_waiting(delivery_id)
            delivery["due"] = 0  # so that no thread takes it meanwhile
        self._try(delivery, self._post or posting(requests.Session()))
        return delivery

    def deliver_next(self, post: Post) -> Document | None:
        """Make the delivery that is due first, if it is due now; the answer is it after the try."""
        delivery = self.outbox.take_due()
        if delivery is not None:
            self._try(delivery, self._post or post)
        return delivery

    def _try(self, delivery: Document, post: Post) -> None:
        with self.outbox.changed:
            letter = self._sender.letter(delivery)
            began = self._store.now()
            if letter is None:
                self.outbox.end(delivery, "dropped")  # [U] a webhook that was deleted sends nothing more
                return
        outcome = post(letter)
        with self.outbox.changed:
            seconds = (self._store.now() - began).total_seconds()
            delivery["attempts"].append({"at": began.isoformat(), "seconds": seconds, "outcome": outcome})
            self._settle(delivery, self._sender.after(delivery, outcome))

    def _settle(self, delivery: Document, then: str | float) -> None:
        if isinstance(then, str):
            self.outbox.end(delivery, then)
        else:
            self.outbox.wait(delivery, then)

    def _start_threads(self) -> None:
        if self._post is None and not self._started:
            self._started = True
            for _ in range(self._threads):
                threading.Thread(target=self._deliver_for_ever, daemon=True).start()

    def _wake(self) -> None:
        with self.outbox.changed:
            self.outbox.changed.notify_all()

    def _deliver_for_ever(self) -> None:
        with requests.Session() as session:
            post = posting(session)
            while True:
                self._try(self._wait_for_one(), post)

    def _wait_for_one(self) -> Document:
        with self.outbox.changed:
            while True:
                due = None if self._clock.stands else self.outbox.next_due()
                if due is not None and (delivery := self.outbox.take_due()):
                    return delivery
                self.outbox.changed.wait(None if due is None else (due - self._store.now()).total_seconds())


def deliver_all_due(postmen: Sequence[Postman]) -> list[Document]:
    """Make what is due now, until nothing is: what was due first comes first, whichever outbox it lies in.

    The answer is each delivery after its try; one that is tried again stands there only once it is due.
    """
    made: list[Document] = []
    with requests.Session() as session:
        post = posting(session)
        while len(made) < _MOST_IN_A_STEP:
            waiting = [(due, place) for place, man in enumerate(postmen) if (due := man.outbox.next_due())]
            delivery = postmen[min(waiting)[1]].deliver_next(post) if waiting else None
            if delivery is None:
                break
            made.append(delivery)
    return made


def posting(session: requests.Session) -> Post:
    """Sends letters over HTTP."""
    session.trust_env = False

    def post(letter: Letter) -> int | str:
        try:
            # [U] whether Jira follows redirects; here it does not.
            return session.post(
                letter.url, data=letter.body, headers=letter.headers, timeout=letter.timeouts, allow_redirects=False
            ).status_code
        except requests.RequestException as error:
            return type(error).__name__

    return post
