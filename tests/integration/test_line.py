"""The main job: an issue moves in Jira, and the table in the page follows, by whatever way the news comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.store.engine import Database
from connector.store.work import claim_work
from sync.commands import link, unlink
from sync.pages import visit_pages
from tests.demo_check import what_is_wrong
from tests.integration.events import Door, updated
from tests.integration.line import Line, line
from tests.integration.okr_page import OkrPage, written
from tests.site.roster import SYNC
from tests.site.running import Site, start_site


def test_the_demo_stands_in_its_page(okr_line: Line) -> None:
    okr_line.connect()
    cycle = okr_line.import_demo()
    page_id = okr_line.site.create_page("OKR", "The demo's page", "<p>Ours.</p>")
    okr_line.add_table(page_id, cycle)
    okr_line.work()
    assert what_is_wrong(okr_line.site, page_id) == []
    assert okr_line.site.body(page_id).startswith("<p>Ours.</p>")
    assert [version["number"] for version in okr_line.site.versions(page_id)] == [2, 1]


def test_on_every_database_a_change_arrives_by_asking(database: Database, site: Site, tmp_path: Path) -> None:
    page = written(line(database, site, tmp_path))
    page.finish()
    assert page.wrong()
    page.line.next_poll()
    assert page.wrong() == []
    assert page.versions()[-1]["message"] == f"{page.first} 2 of 4 done"


def test_a_figure_that_follows_from_a_driving_epic_moves_with_it(page: OkrPage) -> None:
    page.finish(epic=page.second)
    page.line.next_poll()
    assert "0 → 10, from initiatives 50 % Tom Okafor" in page.words()


def test_an_event_alone_brings_the_change(page: OkrPage) -> None:
    key = page.finish()
    assert Door(page.line).send(updated(page.issue_id(key))) == 200
    page.line.work()
    assert page.wrong() == []


@pytest.mark.parametrize("times", [1, 5])
def test_one_delivery_makes_one_row_and_one_version_however_often_it_comes(page: OkrPage, times: int) -> None:
    door, event = Door(page.line), updated(page.issue_id(page.finish()))
    for _ in range(times):
        assert door.send(event) == 200
        page.line.work()
    assert [(delivery.identifier, delivery.times) for delivery in door.inbox()] == [(event.identifier, times)]
    assert door.inbox()[0].handled_at is not None
    assert page.our_versions() == 2


def test_an_event_is_only_a_hint(page: OkrPage) -> None:
    """It says "Anything"; the page says what Jira says now, and where that is as before nothing is written."""
    assert Door(page.line).send(updated(page.issue_id(page.first))) == 200
    page.line.work()
    assert page.our_versions() == 1
    assert page.wrong() == []


def test_an_event_about_a_stranger_changes_nothing(page: OkrPage) -> None:
    stranger = page.site.create_issue("GRO", "None of ours")
    Door(page.line).send(updated(page.issue_id(stranger)))
    page.line.work()
    assert page.our_versions() == 1
    assert page.line.set_aside() == []


def test_a_quiet_round_writes_nothing_and_makes_two_calls(sqlite_database: Database, tmp_path: Path) -> None:
    """At a site of its own: what other tests changed a moment ago would be read here too."""
    with start_site(tmp_path) as quiet_site:
        page = written(line(sqlite_database, quiet_site, tmp_path))
        for _ in range(3):
            page.site.forget_requests()
            page.line.next_poll()
            calls = [f"{call['method']} {call['path']}" for call in page.site.requests(SYNC)]
            assert calls == ["POST /rest/api/3/search/jql", "GET /wiki/api/v2/pages"]
        assert page.our_versions() == 1


def test_a_visit_without_news_is_one_call(page: OkrPage) -> None:
    page.line.mark("table", str(page.table_id))
    page.line.work()
    assert [call["path"] for call in page.site.requests(SYNC)] == [f"/wiki/api/v2/pages/{page.page_id}"]


def test_our_own_version_is_no_news_to_us(page: OkrPage) -> None:
    page.finish()
    page.line.next_poll()
    page.site.forget_requests()
    page.line.next_poll()
    assert f"/wiki/api/v2/pages/{page.page_id}" not in [call["path"] for call in page.site.requests(SYNC)]


def test_a_linked_issue_and_an_unlinked_one_change_the_page_at_once(page: OkrPage) -> None:
    other = page.site.create_issue("PAY", "Another epic", "Epic")
    link(page.line.on, page.line.workspace_id, "T-KR1", other, who="test")
    page.line.work()
    assert f"{other} " in page.words()
    unlink(page.line.on, page.line.workspace_id, "T-KR1", other, who="test")
    page.line.work()
    assert f"{other} " not in page.words()
    # The link with its figure, and the page without it.
    assert page.our_versions() == 3


def _visited(page: OkrPage) -> None:
    """Every page that is due is looked at, and nothing else is done: Jira is slow."""
    for claim in claim_work(page.line.on.database, now=page.line.clock.now(), lease_seconds=60, kinds={"table"}):
        visit_pages(page.line.on, [claim])


def test_a_new_link_waits_half_a_minute_for_its_first_count_and_for_nothing_else(page: OkrPage) -> None:
    other = page.site.create_issue("PAY", "An epic that is slow to count", "Epic")
    link(page.line.on, page.line.workspace_id, "T-KR1", other, who="test")
    _visited(page)
    assert other not in page.words()
    page.line.clock.advance(seconds=30)
    _visited(page)
    assert f"{other} not read yet" in page.words()


def test_what_changes_meanwhile_does_not_wait_for_a_first_count(page: OkrPage) -> None:
    other = page.site.create_issue("PAY", "Another epic that is slow to count", "Epic")
    link(page.line.on, page.line.workspace_id, "T-KR1", other, who="test")
    page.line.mark("table", str(page.table_id))
    _visited(page)
    assert f"{other} not read yet" in page.words()
