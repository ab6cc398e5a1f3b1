"""Jira as it is, for tests to spoil in one place: every call goes on to the product's own client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector.store.connections import Connection
from sync.ports import Fetched, JiraReader, PageStore, SearchPage, Sites, WhoAmI


@dataclass(frozen=True)
class JiraPassedOn:
    """A ``JiraReader`` that does what another one does; ``found`` spoils what a search finds."""

    inner: JiraReader

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        page = self.inner.search(jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)
        return self.found(jql, page)

    def found(self, jql: str, page: SearchPage) -> SearchPage:
        return page

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        return self.inner.fetch(ids_or_keys, fields)

    def count(self, jql: str) -> int:
        return self.inner.count(jql)

    def myself(self) -> WhoAmI:
        return self.inner.myself()


@dataclass(frozen=True)
class SitesWithJira:
    """The sites as they are, but each Jira as ``spoil`` makes it."""

    sites: Sites
    spoil: Callable[[JiraReader], JiraReader]

    def jira(self, connection: Connection) -> JiraReader:
        return self.spoil(self.sites.jira(connection))

    def confluence(self, connection: Connection) -> PageStore:
        return self.sites.confluence(connection)
