"""What the stages need of the outside, as Protocols, so that tests and simulations can stand in for each.

Every method that talks to a remote makes exactly the calls it names, never sleeps and never retries; it raises the
errors of ``connector.errors``. None may be called while a database transaction is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from connector.site_answers import Fetched as Fetched
from connector.site_answers import Page as Page
from connector.site_answers import PageVersion as PageVersion
from connector.site_answers import SearchPage as SearchPage
from connector.site_answers import SiteAccount as SiteAccount
from connector.site_answers import WhoAmI as WhoAmI

if TYPE_CHECKING:
    from connector.crypto import SecretBox
    from connector.settings import Settings
    from connector.store.connections import Connection
    from connector.store.engine import Database


class Clock(Protocol):
    """Where time comes from; in production the database's, so that all machines agree."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class Bell(Protocol):
    """Wakes workers. Ringing is best effort: it never raises and never blocks for long."""

    def ring(self) -> None: ...


class JiraReader(Protocol):
    """What is read of one Jira."""

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        """``POST /rest/api/3/search/jql``, one page. Unavailable where the answer is not a whole page."""

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        """``POST /rest/api/3/issue/bulkfetch``, at most 100."""

    def count(self, jql: str) -> int:
        """``POST /rest/api/3/search/approximate-count``."""

    def myself(self) -> WhoAmI: ...


class PageStore(Protocol):
    """What is read and written of one Confluence."""

    def read(self, page_id: str) -> Page:
        """``GET /wiki/api/v2/pages/{id}?body-format=storage``. Gone where it cannot be seen."""

    def read_draft(self, page_id: str) -> Page:
        """The same with ``get-draft=true``: the open draft, or the published page where there is none."""

    def read_version(self, page_id: str, number: int) -> Page:
        """``GET /wiki/api/v2/pages/{id}?body-format=storage&version={number}``: the page as it was then. Gone where it
        cannot be seen, or has no such version."""

    def write(self, page: Page, body: str, message: str) -> int:
        """``PUT /wiki/api/v2/pages/{id}`` at version ``page.version + 1``, with the title and status as read.

        Returns the new version. Conflict where the page moved on; Unavailable where nobody knows whether it was
        applied."""

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        """The version of each page that we may see; at most 250 ids a call."""

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        """The versions above ``after``, oldest first."""

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        """``POST /wiki/api/v2/users-bulk``: those of the accounts that the site knows and lets us see."""


class Sites(Protocol):
    """Clients for connections; each is made at first use and kept, its credentials decrypted in memory only."""

    def jira(self, connection: Connection) -> JiraReader: ...

    def confluence(self, connection: Connection) -> PageStore: ...


@dataclass(frozen=True, slots=True)
class Resources:
    """What every use case is given. Made once per process, after any fork, by ``sync.wiring``."""

    settings: Settings
    database: Database
    clock: Clock
    bell: Bell
    secrets: SecretBox
    sites: Sites
