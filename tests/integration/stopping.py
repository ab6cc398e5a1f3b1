"""The product's own Confluence client in a process that ends at one of its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from connector.store.connections import Connection
from sync.ports import JiraReader, Page, PageStore, PageVersion, SiteAccount, Sites
from tests.integration.hooked import Crashed

T = TypeVar("T")


@dataclass
class StoppingPages:
    """The process ends at the given call to Confluence, before it is made or after it was answered."""

    inner: PageStore
    at_call: int
    after_it: bool
    made: int = 0

    def _do(self, call: Callable[[], T]) -> T:
        self.made += 1
        if self.made == self.at_call and not self.after_it:
            raise Crashed
        answer = call()
        if self.made == self.at_call:
            raise Crashed
        return answer

    def read(self, page_id: str) -> Page:
        return self._do(lambda: self.inner.read(page_id))

    def read_draft(self, page_id: str) -> Page:
        return self._do(lambda: self.inner.read_draft(page_id))

    def read_version(self, page_id: str, number: int) -> Page:
        return self._do(lambda: self.inner.read_version(page_id, number))

    def write(self, page: Page, body: str, message: str) -> int:
        return self._do(lambda: self.inner.write(page, body, message))

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        return self._do(lambda: self.inner.accounts(account_ids))

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        return self.inner.present_versions(page_ids)

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        return self._do(lambda: self.inner.versions(page_id, after))


@dataclass
class StoppingSites:
    sites: Sites
    at_call: int
    after_it: bool
    pages: StoppingPages | None = None

    def jira(self, connection: Connection) -> JiraReader:
        return self.sites.jira(connection)

    def confluence(self, connection: Connection) -> PageStore:
        if self.pages is None:
            self.pages = StoppingPages(self.sites.confluence(connection), self.at_call, self.after_it)
        return self.pages
