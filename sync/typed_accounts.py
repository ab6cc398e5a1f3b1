"""Who an author is: asked of Confluence once a week, and never allowed to hold up what was typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection as Transaction

from connector.errors import Forbidden, Gone, Rejected, Unauthorized, Unavailable
from connector.site_answers import SiteAccount
from connector.store import site_accounts
from sync.page_memory import Visit
from sync.ports import PageStore, Resources

KEPT_FOR = timedelta(days=7)
# So often a passing fault is waited out, some seconds in all, before somebody's check-in goes without a name.
PATIENCE = 3
UNNAMED = "an account that Confluence does not name"


@dataclass(frozen=True, slots=True)
class Authors:
    """Accounts by their ids; ``news`` are those that were looked up now and are to be kept."""

    known: dict[str, SiteAccount]
    news: tuple[SiteAccount, ...]

    def of(self, account_id: str) -> SiteAccount:
        """An account without a name where the site does not say who it is."""
        return self.known.get(account_id) or SiteAccount(account_id, "", "unknown")

    def name(self, account_id: str) -> str:
        """For people to read; never empty."""
        return self.of(account_id).display_name or UNNAMED

    def keep(self, conn: Transaction, visit: Visit) -> None:
        """Remember what was looked up."""
        site_accounts.record_accounts(conn, visit.claim.workspace_id, visit.connection.id, self.news, visit.at)


def look_up(on: Resources, visit: Visit, client: PageStore, account_ids: Collection[str]) -> Authors:
    """At most one call, for those that were not looked up within a week.

    Raises Unavailable a few times, and always where the table wants to know who typed (RateLimited always).
    """
    with on.database.read() as conn:
        known = site_accounts.load_accounts(
            conn, visit.claim.workspace_id, visit.connection.id, account_ids, visit.at - KEPT_FOR
        )
    missing = sorted(set(account_ids) - set(known))
    news = _ask(client, visit, missing) if missing else ()
    return Authors(known | {account.account_id: account for account in news}, news)


def _ask(client: PageStore, visit: Visit, missing: list[str]) -> tuple[SiteAccount, ...]:
    try:
        return client.accounts(missing)
    except (Forbidden, Gone, Rejected, Unauthorized):
        # A token may read pages and not people.
        return ()
    except Unavailable:
        if visit.table.check_in_by != "editors" or visit.claim.attempts < PATIENCE:
            raise
        return ()
