"""A Jira that cannot answer about one issue: every request that names it fails as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector.errors import Unavailable
from connector.store.connections import Connection
from sync.ports import Fetched, JiraReader, PageStore, SearchPage, Sites, WhoAmI


@dataclass(frozen=True)
class Poisoned:
    """The sites as they are, but for that."""

    sites: Sites
    issue_id: str

    def jira(self, connection: Connection) -> JiraReader:
        return _PoisonedJira(self.sites.jira(connection), self.issue_id)

    def confluence(self, connection: Connection) -> PageStore:
        return self.sites.confluence(connection)


@dataclass(frozen=True)
class _PoisonedJira:
    inner: JiraReader
    issue_id: str

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        return self.inner.search(jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        if self.issue_id in ids_or_keys:
            raise Unavailable("an answer that is not whole")
        return self.inner.fetch(ids_or_keys, fields)

    def count(self, jql: str) -> int:
        return self.inner.count(jql)

    def myself(self) -> WhoAmI:
        return self.inner.myself()
