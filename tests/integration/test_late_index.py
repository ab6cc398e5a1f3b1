"""Jira's search shows for a while what is not there any more: reading by id has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from connector.store.connections import Connection
from sync.ports import Fetched, JiraReader, PageStore, SearchPage, Sites, WhoAmI
from tests.integration.events import Door, updated
from tests.integration.okr_page import OkrPage


@dataclass(frozen=True)
class LateIndex:
    """The sites as they are, but every search also finds ``late``."""

    sites: Sites
    late: tuple[object, ...]

    def jira(self, connection: Connection) -> JiraReader:
        return _LateJira(self.sites.jira(connection), self.late)

    def confluence(self, connection: Connection) -> PageStore:
        return self.sites.confluence(connection)


@dataclass(frozen=True)
class _LateJira:
    inner: JiraReader
    late: tuple[object, ...]

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        found = self.inner.search(jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)
        return SearchPage((*found.issues, *self.late), found.next_token, found.server_time)

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        return self.inner.fetch(ids_or_keys, fields)

    def count(self, jql: str) -> int:
        return self.inner.count(jql)

    def myself(self) -> WhoAmI:
        return self.inner.myself()


@pytest.mark.parametrize("ask", ["poll", "full_check"])
def test_a_deleted_issue_that_the_index_still_shows_stays_gone(page: OkrPage, ask: str) -> None:
    line, issue_id = page.line, page.issue_id(page.children[page.first][1])
    jira = line.on.sites.jira(line.connection())
    late = jira.search(f"id = {issue_id}", ["*all"]).issues
    assert late
    page.site.delete_issue(page.children[page.first][1])
    Door(line).send(updated(issue_id, name="jira:issue_deleted"))
    line.work()
    assert f"{page.first} 1 of 3 done" in page.words()
    line.clock.advance(minutes=1)
    line.mark(ask, str(line.connection().id))
    line.work(sites=LateIndex(line.on.sites, late))
    assert f"{page.first} 1 of 3 done" in page.words()
