"""Reading that takes longer than a claim lasts: it goes on in the same hands, and comes to an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from connector.store.connections import Connection
from connector.store.work import Claim, claim_work
from sync.poll import MOST_PAGES
from sync.ports import JiraReader, PageStore, SearchPage
from sync.work import LEASE_SECONDS
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage
from tests.integration.passed_on import JiraPassedOn, SitesWithJira

SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class SlowSites:
    """The sites as they are, but each search has ``pages`` pages, all but the first empty, and each of them takes
    ``seconds``. Meanwhile another worker looks for work."""

    line: Line
    pages: int
    seconds: float = LEASE_SECONDS * 0.7
    taken: list[Claim] = field(default_factory=list)

    def jira(self, connection: Connection) -> JiraReader:
        return _SlowJira(self.line.on.sites.jira(connection), self)

    def confluence(self, connection: Connection) -> PageStore:
        return self.line.on.sites.confluence(connection)


@dataclass(frozen=True)
class _SlowJira(JiraPassedOn):
    slow: SlowSites

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        number = int(token or "1")
        later = self.slow.line.clock.advance(seconds=self.slow.seconds)
        self.slow.taken += claim_work(
            self.slow.line.on.database, now=later, lease_seconds=600, kinds=["poll", "children", "jql"]
        )
        found = self.inner.search(jql, fields, page_size=page_size) if number == 1 else SearchPage((), None, SOME_TIME)
        following = str(number + 1) if number < self.slow.pages else None
        return SearchPage(found.issues, following, found.server_time)


@pytest.mark.parametrize("kind", ["poll", "children"])
def test_a_long_list_is_read_to_its_end_by_the_one_who_began(page: OkrPage, kind: str) -> None:
    line = page.line
    connection = line.connection()
    targets = {"poll": [str(connection.id)], "children": [page.target(page.first), page.target(page.second)]}
    line.mark(kind, *targets[kind])
    page.finish()
    slow = SlowSites(line, pages=4)
    line.work(sites=slow)
    assert slow.taken == []
    assert kind not in line.waiting()
    assert page.wrong() == []


def test_after_more_changes_than_can_be_listed_everything_linked_is_listed_again(page: OkrPage) -> None:
    line = page.line
    line.next_poll()
    before = line.connection().poll_from
    assert before is not None
    page.finish()
    line.mark("poll", str(line.connection().id))
    slow = SlowSites(line, pages=MOST_PAGES + 1, seconds=0.01)
    line.work(until_quiet=False, sites=slow)
    after = line.connection()
    assert after.poll_from is not None
    assert after.poll_from >= before
    assert slow.taken == []
    with line.on.database.read() as conn:
        kinds = conn.exec_driver_sql("SELECT kind FROM sync_run WHERE workspace_id = 1").scalars().all()
    assert "full_check" in kinds
    assert page.wrong() == []


@dataclass(frozen=True)
class _ShortPages(JiraPassedOn):
    """A Jira may give fewer issues in a page than it was asked for."""

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        return super().search(jql, fields, token=token, page_size=2, reconcile_ids=reconcile_ids)


def test_a_page_that_is_shorter_than_asked_for_is_not_the_last(page: OkrPage) -> None:
    for number in range(3):
        page.site.create_issue("PAY", f"New {number}", parent=page.first)
    page.line.mark("children", page.target(page.first))
    page.line.work(sites=SitesWithJira(page.line.on.sites, _ShortPages))
    assert page.wrong() == []
