"""A worker of the product that goes on only when it is told to: it stops before each transaction and each call to a
site that is a step of the model, and passes those that are part of one. At any other place it ends with UnknownPlace:
then the code does something that the model does not know.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import _GeneratorContextManager
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection as Transaction

from connector.errors import Unavailable
from connector.site_answers import SiteAccount
from connector.store.engine import Database
from connector.store.work import Claim, claim_work
from sync.ports import Fetched, JiraReader, Page, PageStore, PageVersion, Resources, SearchPage, WhoAmI
from sync.stages import STAGES
from sync.work import _do
from tests.integration.hooked import Crashed

T = TypeVar("T")
# Longer than any test: claims run out when the model says so.
LEASE_SECONDS = 10_000_000.0
MOST_SECONDS = 60.0

# (function, what it is about to do) → the model's name for it.
STOPS = {
    ("read_issues", "fetch"): "fetch",
    ("read_issues", "transaction"): "keep",
    ("recompute", "transaction"): "count",
    ("_read_changes", "search"): "search",
    ("_read_changes", "transaction"): "keep_found",
    ("poll_jira", "transaction"): "end_poll",
    ("_look_at_pages_of", "look"): "list",
    ("_look_at_pages_of", "transaction"): "mark_news",
    ("prepare_visit", "look"): "prepare",
    ("_visit_once", "read"): "read",
    ("_keep_open", "transaction"): "forget",
    ("_remember_made", "transaction"): "note_made",
    ("take_typed_text", "transaction"): "take",
    ("_visit", "transaction"): "begin_anew",
    ("_reason_to_wait", "read_draft"): "look_for_draft",
    ("_reason_to_wait", "read"): "is_it_published",
    ("write_page", "read"): "read_again",
    ("remember_sending", "transaction"): "announce",
    ("write_page", "write"): "put",
    ("remember_written", "transaction"): "remember",
    ("remember_standing", "transaction"): "stand",
    ("_record_failure", "transaction"): "fail",
}
# Parts of a step: they read what cannot change meanwhile, or what only the holder of the claim changes.
PASSES = {
    ("claim_work", "look"), ("claim_work", "transaction"), ("_way_is_free", "look"), ("_note_answer", "look"),
    ("open_reading", "look"), ("_look_at_pages_of", "present_versions"), ("_find_made", "versions"),
    ("_is_made_by", "read_version"), ("_look_for_comments", "read"), ("keep_comments", "read_version"),
    ("_news", "look"), ("_since", "look"), ("_versions_of_people", "versions"), ("_fields_at", "read_version"),
    ("look_up", "look"), ("_ask", "accounts"),
}  # fmt: skip


class UnknownPlace(BaseException):
    """The code does something that the model does not know; nothing in the product may catch it."""


class Put(NamedTuple):
    """A PUT that is about to be made."""

    page: Page
    body: str
    message: str


class RealWorker(threading.Thread):
    """``at``: where it stands, in the model's words. ``put``: what it is about to send. ``claim``: what it has in hand,
    or had last. ``trouble``: why it ended, where that was not asked for."""

    def __init__(self, on: Resources) -> None:
        super().__init__(daemon=True)
        self._on = on
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._order = ""
        self.at = "idle"
        self.put: Put | None = None
        self.claim: Claim | None = None
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while True:
                self._halt("idle")
                self._work(self._order)
        except Crashed:
            pass
        except BaseException as error:
            self.trouble = error
        self.at = "gone"
        self._stands.release()

    def _work(self, kind: str) -> None:
        claims = claim_work(
            self._on.database, now=self._on.clock.now(), lease_seconds=LEASE_SECONDS, limit=1, kinds=[kind]
        )
        if claims:
            self.claim = claims[0]
            _do(self._on, STAGES[kind], claims)

    def begin(self) -> RealWorker:
        """Start, and wait until it is idle."""
        self.start()
        self._wait()
        return self

    def tell(self, order: str) -> None:
        """Go on to the next stop; ``order``: go | crash | lose the reply | time out, or what to claim. Raises what it
        ended with."""
        self._order = order
        self._go.release()
        self._wait()
        if self.trouble is not None:
            raise self.trouble

    def _wait(self) -> None:
        if not self._stands.acquire(timeout=MOST_SECONDS):
            raise UnknownPlace(f"a worker does not come to a stop after {self.at}")

    def _halt(self, at: str) -> None:
        self.at = at
        self._stands.release()
        self._go.acquire()
        if self._order == "crash":
            raise Crashed

    def arrive(self, place: tuple[str, str], put: Put | None) -> str:
        """It is about to do something; returns the order under which it goes on."""
        is_reading_back = self.at == "put" and place == ("write_page", "read")
        if place in PASSES or is_reading_back:
            return ""
        if place not in STOPS:
            raise UnknownPlace(f"{place[0]} is about to {place[1]}: the model does not know of it")
        self.put = put
        self._halt(STOPS[place])
        return self._order


def _gate(what: str, put: Put | None = None) -> str:
    worker = threading.current_thread()
    if not isinstance(worker, RealWorker):
        return ""
    return worker.arrive((sys._getframe(2).f_code.co_name, what), put)


class GatedDatabase(Database):
    """A database before which workers stop."""

    def read(self) -> _GeneratorContextManager[Transaction]:
        _gate("look")
        return super().read()

    def write(self) -> _GeneratorContextManager[Transaction]:
        _gate("transaction")
        return super().write()


@dataclass
class GatedJira(JiraReader):
    inner: JiraReader

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        _gate("fetch")
        return self.inner.fetch(ids_or_keys, fields)

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        _gate("search")
        return self.inner.search(jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)

    def count(self, jql: str) -> int:
        _gate("count")
        return self.inner.count(jql)

    def myself(self) -> WhoAmI:
        _gate("myself")
        return self.inner.myself()


@dataclass
class GatedPages(PageStore):
    """``late``: told of each PUT whose sender does not wait for it."""

    inner: PageStore
    late: Callable[[Put], None]

    def read(self, page_id: str) -> Page:
        _gate("read")
        return self.inner.read(page_id)

    def read_draft(self, page_id: str) -> Page:
        _gate("read_draft")
        return self.inner.read_draft(page_id)

    def read_version(self, page_id: str, number: int) -> Page:
        _gate("read_version")
        return self.inner.read_version(page_id, number)

    def write(self, page: Page, body: str, message: str) -> int:
        order = _gate("write", Put(page, body, message))
        if order == "time out":
            self.late(Put(page, body, message))
            raise Unavailable("no answer came in time")
        number = self.inner.write(page, body, message)
        if order == "lose the reply":
            raise Unavailable("the answer was lost")
        return number

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        _gate("present_versions")
        return self.inner.present_versions(page_ids)

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        _gate("versions")
        return self.inner.versions(page_id, after)

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        _gate("accounts")
        return self.inner.accounts(account_ids)
