"""`okr doctor --verify`: whether a page says what Jira says now is told from outside, by reading both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select, update

from connector.store.schema import completion, connection, issue, metadata
from sync.commands import pause_writing
from sync.doctor_words import State
from sync.finding import Finding
from sync.ports import SearchPage
from sync.verifying import verify
from tests.integration.okr_page import OkrPage
from tests.integration.passed_on import JiraPassedOn, SitesWithJira
from tests.integration.typing import ANA, NOW, type_in
from tests.site.confluence_person import WikiPerson
from tests.site.person_edits import with_typed_cell
from tests.site.roster import SYNC


@dataclass(frozen=True)
class NothingFound(JiraPassedOn):
    """Its index knows of nothing yet."""

    def found(self, jql: str, page: SearchPage) -> SearchPage:
        return SearchPage((), None, page.server_time)


def told(page: OkrPage) -> Finding:
    (found,) = verify(page.line.on, page.line.workspace_id)
    return found


def everything(page: OkrPage) -> dict[str, list[tuple[object, ...]]]:
    with page.line.on.database.read() as conn:
        return {name: [tuple(row) for row in conn.execute(select(each))] for name, each in metadata.tables.items()}


def test_a_page_that_is_right_is_called_so(page: OkrPage) -> None:
    before, versions = everything(page), len(page.versions())
    found = told(page)
    assert (found.state, found.name) == (State.OK, f"Verify, table {page.table_id}")
    assert "right, 2 key results compared" in found.text
    assert (everything(page), len(page.versions())) == (before, versions), "nothing is changed"
    assert {call["method"] for call in page.site.requests(SYNC)} <= {"GET", "POST"}
    assert len(page.site.requests(SYNC)) <= 5


def test_what_is_kept_of_issues_is_not_believed(page: OkrPage) -> None:
    """Rows and page agree with each other, and both are wrong."""
    ws = page.line.workspace_id
    page.line.next_poll()
    page.finish(1)
    with page.line.on.database.write() as conn:
        # As if the event and the poll had both been lost: our place has moved on past the change.
        later = page.line.clock.now().replace(year=2099)
        conn.execute(update(connection).where(connection.c.workspace_id == ws).values(poll_from=later))
    found = told(page)
    assert found.state is State.TROUBLE
    assert f"T-KR1 initiatives: the page says “{page.first} 1 of 4 done" in found.text
    assert f"by Jira it is “{page.first} 2 of 4 done" in found.text
    assert "Full check" in found.do


def test_wrong_rows_under_a_right_page_do_not_matter(page: OkrPage) -> None:
    ws = page.line.workspace_id
    with page.line.on.database.write() as conn:
        conn.execute(update(completion).where(completion.c.workspace_id == ws).values(done=3, total=9))
        conn.execute(update(issue).where(issue.c.workspace_id == ws).values(status_category="done"))
    assert told(page).state is State.OK


def test_what_changed_since_the_last_poll_is_no_fault(page: OkrPage) -> None:
    page.line.next_poll()
    page.finish(1)
    found = told(page)
    assert found.state is State.NOTICE
    assert "look again in a minute" in found.text
    page.line.next_poll()
    assert told(page).state is State.OK


def test_a_deleted_and_a_moved_issue_are_seen(page: OkrPage) -> None:
    page.site.delete_issue(page.children[page.first][1])
    assert f"by Jira it is “{page.first} 1 of 3 done" in told(page).text
    page.site.edit_issue(page.children[page.second][1], parent=page.first)
    found = told(page).text
    assert f"by Jira it is “{page.second} 1 of 3 done" in found
    assert f"{page.first} 1 of 4" not in found


def test_a_late_index_is_no_difference(page: OkrPage) -> None:
    """What the search does not find yet is read by its id, where it is known."""

    page.line.on = replace(page.line.on, sites=SitesWithJira(page.line.on.sites, NothingFound))
    assert told(page).state is State.OK


@pytest.mark.parametrize("cell", ["computed", "lines"])
def test_what_a_person_changed_there_is_told(page: OkrPage, cell: str) -> None:
    if cell == "computed":
        page.site.edit_page(
            page.page_id, lambda body: with_typed_cell(body, page.table.region_id, "T-KR1", 4, "Nobody")
        )
        assert "T-KR1 owner: the page says “Nobody”" in told(page).text
    else:
        page.site.edit_page(page.page_id, lambda body: body.replace("key results", "key figures"))
        assert "above the table: the page says" in told(page).text


def test_what_waits_as_typed_is_no_difference(page: OkrPage) -> None:
    type_in(page, {NOW: "about thirty"})
    page.line.next_poll()
    found = told(page)
    assert found.state is State.OK
    assert "1 cell stands there as people typed" in found.text


class TestWhy:
    """A page that differs for a reason that is known is worth knowing, and no trouble."""

    def differs(self, page: OkrPage) -> None:
        page.finish(1)
        page.line.clock.advance(minutes=2)

    def test_paused(self, page: OkrPage) -> None:
        pause_writing(page.line.on, page.line.workspace_id, "Rosa")
        self.differs(page)
        assert (told(page).state, "Writing is paused." in told(page).text) == (State.NOTICE, True)

    def test_a_write_is_due(self, page: OkrPage) -> None:
        self.differs(page)
        page.line.mark("table", str(page.table_id))
        assert "A write is due" in told(page).text

    def test_a_change_waits_for_its_turn(self, page: OkrPage) -> None:
        for number in range(1, 4):
            page.finish(number)
            page.line.next_poll()
        page.finish(1, page.second)
        page.line.next_poll()
        page.finish(2, page.second)
        page.line.next_poll()
        assert (told(page).state, "waits for its turn" in told(page).text) == (State.NOTICE, True)

    def test_an_open_draft(self, page: OkrPage) -> None:
        WikiPerson(page.site.url, ANA).keep_draft(page.page_id, lambda body: body + "<p>Not yet.</p>")
        page.finish(1)
        page.line.next_poll()
        assert "unpublished changes" in told(page).text


class TestCannotBeTold:
    """And the reason is said; the rest is compared as ever."""

    def test_jira_is_away(self, page: OkrPage) -> None:
        page.site.faults({"path": "/rest/api/3/", "kind": "status", "status": 503, "times": None})
        found = told(page)
        assert found.state is State.NOTICE
        assert f"{page.first} could not be read, so its last figure was taken" in found.text

    def test_jira_asked_for_patience(self, page: OkrPage) -> None:
        with page.line.on.database.write() as conn:
            ours = connection.c.workspace_id == page.line.workspace_id
            later = page.line.clock.now().replace(year=2099)
            conn.execute(update(connection).where(ours).values(blocked_until=later))
        assert "asked for patience" in told(page).text
        assert not [call for call in page.site.requests(SYNC) if "/rest/api/3" in call["path"]]

    def test_an_epic_that_is_not_shown_to_us(self, page: OkrPage) -> None:
        page.site.delete_issue(page.second)
        page.line.after(hours=24)
        found = told(page)
        assert f"{page.second} could not be read" in found.text
        assert found.state is State.NOTICE

    def test_the_page_is_gone(self, page: OkrPage) -> None:
        page.site.delete_page(page.page_id)
        found = told(page)
        assert (found.state, "cannot be told" in found.text) == (State.NOTICE, True)

    def test_the_table_is_gone(self, page: OkrPage) -> None:
        page.site.edit_page(page.page_id, lambda _: "<p>Nothing.</p>")
        assert "A person took the table out" in told(page).text
