"""The stand-in Confluence in this process: its interface as an application, its people as calls, its clock ours.

A new store for each case gives the same numbers and ids to the same story.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask

from tests.clock import FakeClock
from tests.site import confluence_api
from tests.site.accounts import Account, Accounts
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.confluence_publishing import Publishing
from tests.site.page_comments import PageComments
from tests.site.page_states import PageStates
from tests.site.roster import PEOPLE, ROSTER
from tests.site.store import Document, Store

SITE_URL = "http://wiki.test"


@dataclass(frozen=True)
class Version:
    """One published version, with the body as it stands now (inline comments change it without a new version)."""

    number: int
    author_id: str
    at: datetime
    message: str
    body: str


def wiki_store(clock: FakeClock, seed: int) -> Store:
    """A store with nothing but the accounts in it; the same seed gives the same ids."""
    chance = random.Random(seed)
    store = Store(None, clock.now, lambda: str(uuid.UUID(int=chance.getrandbits(128), version=4)))
    accounts = Accounts(store)
    for account in ROSTER:
        accounts.save(account)
    return store


def wiki_app(store: Store) -> Flask:
    """Confluence's interface alone."""
    app = Flask("wiki")
    confluence_api.register(app, store, Accounts(store))
    return app


class OnePageWiki:
    """A page of a site of its own, where people do things without a browser."""

    def __init__(self, store: Store, body: str, *, malformed: bool = False) -> None:
        self._store = store
        self._wiki, self._publishing = Wiki(store), Publishing(store)
        self._states, self._comments = PageStates(store), PageComments(store)
        space = self._publishing.add_space("OKR", "OKRs", PEOPLE[0].account_id, store.now())
        self._publishing.create(PEOPLE[0], space, title="Home")
        page = self._publishing.create(PEOPLE[0], space, title="OKRs here", body="" if malformed else body)
        self.page_id = str(page["id"])
        if malformed:
            self._put_body(body)

    def close(self) -> None:
        self._store.close()

    @property
    def page(self) -> Document:
        return self._store.all("pages")[self.page_id]

    @property
    def number(self) -> int:
        return int(self.page["version"])

    @property
    def title(self) -> str:
        return str(self.page["title"])

    @property
    def status(self) -> str:
        return str(self.page["status"])

    @property
    def body(self) -> str:
        return self._wiki.body(self.page)

    @property
    def draft(self) -> str | None:
        found = self._wiki.draft(self.page_id)
        return None if found is None else str(found["body"])

    def versions(self) -> list[Version]:
        """Oldest first."""
        return [_version(found) for found in reversed(self._wiki.versions(self.page))]

    # ---- what people do; each says whether the site let them

    def save(self, body: str, by: Account, *, in_editor: bool = True, message: str = "") -> bool:
        """Publish the next version: in the editor, which rewrites more, or as a script does."""
        publish = self._publishing.edit if in_editor else self._publishing.update
        try:
            publish(self.page, by, title=self.page["title"], body=body, number=self.number + 1, message=message)
        except RefusedError:
            return False
        return True

    def restore(self, number: int, by: Account) -> bool:
        try:
            self._publishing.restore_version(self.page, by, number)
        except RefusedError:
            return False
        return True

    def comment(self, words: str, by: Account) -> str:
        """The reference of a new inline comment on these words; empty where they stand nowhere in one piece."""
        before = self.body
        try:
            self._comments.add(self.page, by, words)
        except RefusedError:
            return ""
        added = set(refs_in(self.body)) - set(refs_in(before))
        return added.pop() if added else ""

    def open_draft(self, body: str, by: Account) -> bool:
        try:
            self._publishing.save_draft(self.page, by, title=self.page["title"], body=body)
        except RefusedError:
            return False
        return True

    def discard_draft(self) -> None:
        self._publishing.discard_draft(self.page)

    def archive(self) -> None:
        self._states.archive(self.page)

    def trash(self, by: Account) -> None:
        self._states.trash(self.page, by)

    def bring_back(self, by: Account) -> None:
        self._states.bring_back(self.page, by)

    def restrict(self, only: Account | None) -> None:
        """Only this person may edit; None: everybody may again."""
        self._states.restrict(self.page, viewers=None, editors=None if only is None else [only.account_id])

    def retitle(self, title: str, by: Account) -> bool:
        try:
            self._publishing.retitle(self.page, by, title)
        except RefusedError:
            return False
        return True

    def _put_body(self, body: str) -> None:
        """What an old import or a fault of Confluence left, which no save would accept."""
        key = f"{self.page_id}/{self.number}"
        self._store.put("page_versions", key, {**self._store.all("page_versions")[key], "body": body})


def refs_in(body: str) -> list[str]:
    """The references of all inline comments, in order, each as often as it stands there."""
    return [part.partition('"')[0] for part in body.split('ac:ref="')[1:]]


def _version(found: Document) -> Version:
    at = datetime.fromisoformat(found["createdAt"]).astimezone(UTC)
    return Version(found["number"], found["authorId"], at, found["message"], found["body"])
