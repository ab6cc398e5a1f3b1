"""Jira's search shows for a while what is not there any more: reading by id has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest

from sync.ports import SearchPage, Sites
from tests.integration.events import Door, updated
from tests.integration.okr_page import OkrPage
from tests.integration.passed_on import JiraPassedOn, SitesWithJira


@dataclass(frozen=True)
class LateIndex(JiraPassedOn):
    """Every search also finds ``late``."""

    late: tuple[object, ...]

    def found(self, jql: str, page: SearchPage) -> SearchPage:
        return SearchPage((*page.issues, *self.late), page.next_token, page.server_time)


@dataclass(frozen=True)
class HidingIndex(JiraPassedOn):
    """No search finds this issue."""

    key: str

    def found(self, jql: str, page: SearchPage) -> SearchPage:
        kept = tuple(raw for raw in page.issues if self.key not in str(raw))
        return SearchPage(kept, page.next_token, page.server_time)


def deleted_and_still_shown(page: OkrPage) -> Sites:
    """An open child of the first epic is deleted, which an event told; the sites whose searches go on finding it."""
    line, issue_id = page.line, page.issue_id(page.children[page.first][1])
    late = line.on.sites.jira(line.connection()).search(f"id = {issue_id}", ["*all"]).issues
    assert late
    page.site.delete_issue(page.children[page.first][1])
    Door(line).send(updated(issue_id, name="jira:issue_deleted"))
    line.work()
    assert f"{page.first} 1 of 3 done" in page.words()
    line.clock.advance(minutes=1)
    return SitesWithJira(line.on.sites, partial(LateIndex, late=late))


@pytest.mark.parametrize("ask", ["poll", "full_check"])
def test_a_deleted_issue_that_the_index_still_shows_stays_gone(page: OkrPage, ask: str) -> None:
    sites = deleted_and_still_shown(page)
    page.line.mark(ask, str(page.line.connection().id))
    page.line.work(sites=sites)
    assert f"{page.first} 1 of 3 done" in page.words()


def test_it_stays_gone_also_while_nothing_can_be_read_by_its_id(page: OkrPage) -> None:
    sites = deleted_and_still_shown(page)
    page.site.faults({"path": "issue/bulkfetch", "kind": "status", "status": 503, "times": None})
    page.line.next_poll(sites=sites)
    assert f"{page.first} 1 of 3 done" in page.words()


def test_an_issue_that_the_index_does_not_show_is_still_there(page: OkrPage) -> None:
    hidden = page.children[page.first][1]
    page.line.mark("children", page.target(page.first))
    page.line.work(sites=SitesWithJira(page.line.on.sites, partial(HidingIndex, key=hidden)))
    assert f"{page.first} 1 of 4 done" in page.words()
