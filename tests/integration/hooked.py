"""The product's own Confluence client with somebody else's acts put between its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from connector.store.connections import Connection
from sync.ports import JiraReader, Page, PageStore, PageVersion, SiteAccount, Sites


class Crashed(BaseException):
    """The process ends here; nothing in the product may catch it."""


def crash() -> None:
    raise Crashed


def once(act: Callable[[], object]) -> Callable[[], None]:
    """Does it the first time only."""
    left = [act]

    def do() -> None:
        if left:
            left.pop()()

    return do


def nothing() -> None:
    """Nobody does anything."""


@dataclass
class HookedPages:
    """The acts happen around each PUT and before each look at the draft; ``sent`` is what was given to be written."""

    inner: PageStore
    before_draft: Callable[[], None] = nothing
    before_write: Callable[[], None] = nothing
    after_write: Callable[[], None] = nothing
    sent: list[tuple[Page, str]] = field(default_factory=list)

    def read(self, page_id: str) -> Page:
        return self.inner.read(page_id)

    def read_draft(self, page_id: str) -> Page:
        self.before_draft()
        return self.inner.read_draft(page_id)

    def write(self, page: Page, body: str, message: str) -> int:
        self.before_write()
        self.sent.append((page, body))
        version = self.inner.write(page, body, message)
        self.after_write()
        return version

    def read_version(self, page_id: str, number: int) -> Page:
        return self.inner.read_version(page_id, number)

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        return self.inner.accounts(account_ids)

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        return self.inner.present_versions(page_ids)

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        return self.inner.versions(page_id, after)


class HookedSites:
    """All connections as they are, but with these acts at Confluence."""

    def __init__(
        self,
        sites: Sites,
        *,
        before_draft: Callable[[], None] = nothing,
        before_write: Callable[[], None] = nothing,
        after_write: Callable[[], None] = nothing,
    ) -> None:
        self._sites = sites
        self._acts = (before_draft, before_write, after_write)
        self.pages: HookedPages | None = None

    def jira(self, connection: Connection) -> JiraReader:
        return self._sites.jira(connection)

    def confluence(self, connection: Connection) -> PageStore:
        if self.pages is None:
            self.pages = HookedPages(self._sites.confluence(connection), *self._acts)
        return self.pages
