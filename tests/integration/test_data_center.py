"""Tables in a Confluence Data Center beside a Jira in the cloud: what a person types there is taken at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from connector.store.engine import Database
from connector.store.tables import TableState
from mapping.okr import CheckInOrigin
from sync.commands import NotPossible, connect, connect_data_center, register_webhook
from tests.integration.installation import until
from tests.integration.line import Line, line
from tests.integration.okr_page import CYCLE, OkrPage, okrs
from tests.integration.typing import ANA, NEXT_STEP, NOW, said, type_in
from tests.site.confluence_person import WikiPerson
from tests.site.roster import JIRA_ADMIN, SYNC
from tests.site.running import Site, start_site
from webhooks.receive import make_receiver


@pytest.fixture(scope="module")
def running_wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("wiki"), data_center=True) as wiki:
        yield wiki


@pytest.fixture
def wiki(running_wiki: Site) -> Iterator[Site]:
    running_wiki.forget_requests()
    yield running_wiki
    running_wiki.clear_faults()
    running_wiki.search_lag(0)


@pytest.fixture
def okr_line(sqlite_database: Database, site: Site, wiki: Site, tmp_path: Path) -> Iterator[Line]:
    """Jira in the cloud, Confluence as a Data Center; the door for events is open under its address."""
    app = Flask("door")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    made = line(sqlite_database, site, tmp_path, base_url=f"http://127.0.0.1:{server.port}")
    app.register_blueprint(make_receiver(made.on))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    connect(made.on, made.workspace_id, site_url=site.url, email=SYNC.email, token=SYNC.classic_tokens[0], who="test",
            products=["jira"])  # fmt: skip
    connect_wiki(made, wiki)
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def connect_wiki(made: Line, wiki: Site, token: str = SYNC.access_tokens[0]) -> None:
    connect_data_center(made.on, made.workspace_id, site_url=wiki.url, token=token, who="test")


@pytest.fixture
def page(okr_line: Line, wiki: Site) -> OkrPage:
    """A page of the Data Center, written; its ``line`` holds the wiki as the site, its epics stand in Jira."""
    children = dict(epic(okr_line.site, f"Epic {number}") for number in range(2))
    first, second = children
    page_id = wiki.create_page("OKR", f"OKR page of {first}", "<p>Before.</p>")
    text = okrs(okr_line, first, second)
    okr_line.import_text(text)
    table_id = okr_line.add_table(f"{wiki.url}/pages/viewpage.action?pageId={page_id}", CYCLE)
    okr_line.work()
    wiki.forget_requests()
    return OkrPage(replace(okr_line, site=wiki), first, second, page_id, text, table_id, children)


def epic(jira: Site, title: str) -> tuple[str, list[str]]:
    """An epic with four stories, one of them done."""
    key = jira.create_issue("PAY", title, "Epic")
    stories = [jira.create_issue("PAY", f"Story {number}", parent=key) for number in range(4)]
    jira.transition(stories[0], "Done")
    return key, stories


def finish_one_more(page: OkrPage, okr_line: Line) -> None:
    """One story more is done in Jira."""
    okr_line.site.transition(page.children[page.first][1], "Done")


def let_it_tell(made: Line, wiki: Site) -> None:
    """An administrator's token sets the webhook up; then we are the ordinary account again."""
    connect_wiki(made, wiki, JIRA_ADMIN.access_tokens[0])
    register_webhook(made.on, made.workspace_id, "test", wiki.url)
    connect_wiki(made, wiki)
    made.work()


def events(wiki: Site, page: OkrPage) -> list[tuple[str, object]]:
    """What was sent about the page, and how it was answered."""
    number = f'"id": {page.page_id}}}'
    return [(each["event"], each["outcome"]) for each in wiki.page_deliveries() if number in each["body"]]


def told(page: OkrPage, many: int = 1) -> None:
    """Wait until our door has taken in so many events about the page."""
    until(lambda: [each for each in events(page.site, page) if each[1] == 200][many - 1 :], 10, "the event arrives")


def paths(wiki: Site) -> list[str]:
    return [f"{call['method']} {call['path']}" for call in wiki.requests(SYNC)]


def test_the_table_is_written_by_minor_edits_that_mail_nobody(page: OkrPage) -> None:
    assert page.state() is TableState.CURRENT
    assert f"{page.first} 1 of 4 done" in page.words()
    assert "Paying feels instant" in page.words()
    assert page.our_versions() == 1
    assert [mail for mail in page.site.notifications(page.page_id) if mail["by"] == SYNC.account_id] == []
    assert page.table.page_url == f"{page.site.url}/pages/viewpage.action?pageId={page.page_id}"


def test_what_a_person_types_is_a_check_in_at_once_without_any_question(page: OkrPage, okr_line: Line) -> None:
    let_it_tell(okr_line, page.site)
    page.site.forget_requests()
    type_in(page, {NOW: "24.5 s", NEXT_STEP: "Ask the bank."})
    told(page)
    assert okr_line.waiting() == {"table": 1}
    okr_line.work()
    (check_in,) = said(page)
    assert (check_in.value, check_in.next_step) == (Decimal("24.5"), "Ask the bank.")
    assert (check_in.author, check_in.origin) == (ANA.display_name, CheckInOrigin.CONFLUENCE)
    assert "75 %" in page.words().replace("\u00a0", " ")
    assert not [path for path in paths(page.site) if path.endswith("/search")]
    assert [mail["by"] for mail in page.site.notifications(page.page_id)][-1:] != [SYNC.account_id]


def test_our_own_write_is_told_as_well_and_ends_there(page: OkrPage, okr_line: Line) -> None:
    let_it_tell(okr_line, page.site)
    type_in(page, {NOW: "24.5 s"})
    told(page)
    okr_line.work()
    told(page, 2)
    page.site.forget_requests()
    okr_line.work()
    assert (page.our_versions(), okr_line.waiting()) == (2, {})
    assert not [path for path in paths(page.site) if path.startswith("PUT")]


def test_publishing_the_draft_for_which_we_wait_ends_the_wait(page: OkrPage, okr_line: Line) -> None:
    let_it_tell(okr_line, page.site)
    person = WikiPerson(page.site.url, ANA)
    person.keep_draft(page.page_id, lambda text: text + "<p>Half a thought.</p>")
    finish_one_more(page, okr_line)
    okr_line.next_poll()
    assert page.state() is TableState.HELD
    person.publish(page.page_id, lambda text: text)
    told(page)
    okr_line.work()
    assert page.state() is TableState.CURRENT
    assert "Half a thought." in page.body()
    assert f"{page.first} 2 of 4 done" in page.words()


def test_without_a_webhook_a_minute_is_enough(page: OkrPage, okr_line: Line) -> None:
    type_in(page, {NOW: "24.5 s"})
    okr_line.next_poll()
    assert [check_in.value for check_in in said(page)] == [Decimal("24.5")]


def test_an_index_that_is_late_costs_visits_and_no_typed_value(page: OkrPage, okr_line: Line) -> None:
    page.site.search_lag(600)
    type_in(page, {NOW: "24.5 s"})
    okr_line.next_poll()
    page.site.search_lag(0)
    okr_line.next_poll()
    assert [check_in.value for check_in in said(page)] == [Decimal("24.5")]
    assert page.our_versions() == 2


def test_ten_changes_in_jira_are_ten_versions_and_then_one_in_five_minutes(page: OkrPage, okr_line: Line) -> None:
    story = page.children[page.first][1]
    for turn in range(20):
        okr_line.site.transition(story, "Done" if turn % 2 == 0 else "To Do")
        okr_line.next_poll()
    assert 10 + 3 <= page.our_versions() - 1 <= 10 + 4
    assert page.table.state_detail == "A change waits for its turn."


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 409}, {"kind": "lost"}])
def test_a_conflict_and_a_lost_reply_end_in_one_version_of_ours(
    page: OkrPage, okr_line: Line, fault: dict[str, object]
) -> None:
    finish_one_more(page, okr_line)
    page.site.faults({"method": "PUT", "path": f"/rest/api/content/{page.page_id}", **fault})
    okr_line.next_poll()
    okr_line.next_poll()
    assert f"{page.first} 2 of 4 done" in page.words()
    assert (page.our_versions(), page.state()) == (2, TableState.CURRENT)


def test_a_page_that_is_trashed_is_said_and_comes_back_by_itself(page: OkrPage, okr_line: Line) -> None:
    let_it_tell(okr_line, page.site)
    person = WikiPerson(page.site.url, ANA)
    person.act(page.page_id, "delete")
    told(page)
    okr_line.work()
    assert page.state() is TableState.NO_PAGE
    person.act(page.page_id, "restore")
    told(page, 2)
    okr_line.work()
    assert page.state() is TableState.CURRENT


def test_a_token_that_is_not_accepted_is_refused(okr_line: Line, wiki: Site) -> None:
    with pytest.raises(NotPossible, match="does not accept this token"):
        connect_wiki(okr_line, wiki, "another-token")
