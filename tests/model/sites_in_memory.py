"""A Jira with one epic and a Confluence with one page, in memory, for the product's real stages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from connector.errors import Conflict
from connector.site_answers import SiteAccount
from connector.store.connections import Connection
from sync.ports import Fetched, JiraReader, Page, PageStore, PageVersion, SearchPage, WhoAmI
from tests.clock import START, FakeClock
from tests.site.person_edits import with_typed_cell
from tests.site.roster import PEOPLE, SYNC

EPIC_ID, EPIC_KEY, PAGE_ID = "10412", "PAY-412", "4711"
# What the epic's own status says, and so the figure of an epic without issues below it.
STATUSES = ("new", "indeterminate", "done")
# The place of the input cell in its row.
NEXT_STEP = 4
ANA = PEOPLE[1]


@dataclass
class EpicInMemory(JiraReader):
    """``truth``: which of STATUSES the epic has."""

    clock: FakeClock
    truth: int = 0

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        return Fetched((self._issue(),), frozenset())

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        return SearchPage((self._issue(),), None, self.clock.now())

    def count(self, jql: str) -> int:
        raise AssertionError("nobody counts here")

    def myself(self) -> WhoAmI:
        raise AssertionError("nobody asks for this here")

    def _issue(self) -> dict[str, object]:
        updated = START - timedelta(days=1) + timedelta(minutes=self.truth)
        fields = {
            "project": {"id": "10000", "key": "PAY"},
            "issuetype": {"hierarchyLevel": 1},
            "status": {"statusCategory": {"key": STATUSES[self.truth]}},
            "resolution": None,
            "created": "2026-10-01T09:00:00.000+0000",
            "updated": updated.isoformat(timespec="milliseconds"),
        }
        return {"id": EPIC_ID, "key": EPIC_KEY, "fields": fields}


@dataclass
class PageInMemory(PageStore):
    """``versions_made``: all of them, oldest first. ``draft``: whether somebody has the editor open."""

    clock: FakeClock
    versions_made: list[Page] = field(default_factory=list)
    draft: bool = False

    def __post_init__(self) -> None:
        self.versions_made.append(
            Page(PAGE_ID, "1", "OKRs here", "current", 1, ANA.account_id, "<p>Before.</p>", "", "", START, "")
        )

    @property
    def now(self) -> Page:
        return self.versions_made[-1]

    def read(self, page_id: str) -> Page:
        return self.now

    def read_draft(self, page_id: str) -> Page:
        return replace(self.now, status="draft", body=self.now.body + "<p>Half a</p>") if self.draft else self.now

    def read_version(self, page_id: str, number: int) -> Page:
        return self.versions_made[number - 1]

    def write(self, page: Page, body: str, message: str) -> int:
        if page.version != self.now.version:
            raise Conflict("the page has moved on")
        self._append(body, SYNC.account_id, message)
        return self.now.version

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        return {PAGE_ID: self.now.version}

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        return tuple(_version(page) for page in self.versions_made if page.version > after)

    def accounts(self, account_ids: Collection[str]) -> tuple[SiteAccount, ...]:
        return (SiteAccount(ANA.account_id, ANA.display_name, "person"),)

    def publish(self, text: str, region_id: str, key: str) -> None:
        """A person types this as the next step and publishes."""
        self.draft = False
        self._append(with_typed_cell(self.now.body, region_id, key, NEXT_STEP, text), ANA.account_id, "")

    def _append(self, body: str, author_id: str, message: str) -> None:
        version = replace(
            self.now,
            version=self.now.version + 1,
            body=body,
            author_id=author_id,
            message=message,
            at=self.clock.now(),
        )
        self.versions_made.append(version)


def _version(page: Page) -> PageVersion:
    assert page.at is not None
    return PageVersion(page.version, page.author_id, page.at, page.message)


@dataclass(frozen=True)
class SitesInMemory:
    """Both of them, or what stands before them."""

    epic: JiraReader
    page: PageStore

    def jira(self, connection: Connection) -> JiraReader:
        return self.epic

    def confluence(self, connection: Connection) -> PageStore:
        return self.page
