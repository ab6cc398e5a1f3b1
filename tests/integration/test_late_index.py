"""Jira's search shows for a while what is not there any more: reading by id has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest

from sync.ports import SearchPage
from tests.integration.events import Door, updated
from tests.integration.okr_page import OkrPage
from tests.integration.passed_on import JiraPassedOn, SitesWithJira


@dataclass(frozen=True)
class LateIndex(JiraPassedOn):
    """Every search also finds ``late``."""

    late: tuple[object, ...]

    def found(self, jql: str, page: SearchPage) -> SearchPage:
        return SearchPage((*page.issues, *self.late), page.next_token, page.server_time)


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
    line.work(sites=SitesWithJira(line.on.sites, partial(LateIndex, late=late)))
    assert f"{page.first} 1 of 3 done" in page.words()
