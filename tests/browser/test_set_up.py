"""The first run in a real browser, against the stand-in site: from the one-time code to the table on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from connector.store.engine import Database
from sync.commands.people import make_sign_in_code
from tests.browser.conftest import served
from tests.browser.test_looks import check
from tests.integration.line import Line, line
from tests.site.roster import SYNC
from tests.site.running import Site, start_site
from tests.unit.web.made_up import EMAIL

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Beginning:
    """A service that nobody has seen yet, where it answers, and the site that it may be connected to."""

    line: Line
    address: str
    site: Site


@pytest.fixture(scope="module")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def beginning(sqlite_database: Database, running_site: Site, tmp_path: Path) -> Iterator[Beginning]:
    made = line(sqlite_database, running_site, tmp_path)
    with served(made.on) as address:
        yield Beginning(made, address, running_site)


@pytest.fixture
def rosa(context: BrowserContext, beginning: Beginning) -> Page:
    """She took possession a moment ago, and was led to the set-up."""
    page = context.new_page()
    page.goto(beginning.address)
    page.get_by_label("One-time code").fill(make_sign_in_code(beginning.line.on))
    page.get_by_label("Your name").fill("Rosa Klein")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("a long sentence")
    page.get_by_role("button", name="Make it mine").click()
    expect(_heading(page)).to_have_text("Connect your Atlassian site")
    return page


def test_the_first_run(rosa: Page, beginning: Beginning) -> None:
    _connect(rosa, beginning)
    _hear_of_a_change(rosa, beginning)
    _write_the_first_okr(rosa)
    _put_it_on_a_page(rosa, beginning)


def test_what_was_left_is_found_again(rosa: Page, beginning: Beginning) -> None:
    rosa.get_by_role("link", name="Go on later").click()
    expect(_heading(rosa)).to_have_text("No objectives yet")
    rosa.get_by_role("link", name="Set it up, step by step").click()
    _connect(rosa, beginning)
    rosa.get_by_role("button", name="Do it later").click()
    expect(_heading(rosa)).to_have_text("Which work matters most this quarter?")
    rosa.goto(f"{beginning.address}/set-up")
    expect(_heading(rosa)).to_have_text("Which work matters most this quarter?")


def test_an_address_is_checked_as_it_is_typed(rosa: Page, beginning: Beginning) -> None:
    address = rosa.get_by_label("Address")
    address.fill("http://127.0.0.1:9")
    expect(rosa.locator("#site-said")).to_contain_text("No Atlassian Cloud site")
    address.fill(beginning.site.url)
    expect(rosa.locator("#site-said")).to_have_text("Found: an Atlassian Cloud site.")
    check(rosa, "/set-up/site with what was found")


def _connect(page: Page, beginning: Beginning) -> None:
    page.get_by_label("Address").fill(beginning.site.url)
    page.get_by_label("E-mail").fill(SYNC.email)
    page.get_by_label("API token").fill(SYNC.classic_tokens[0])
    expect(page.get_by_text("Cannot administer Jira")).to_be_visible()
    expect(page.get_by_text("Edit the page of a table")).to_be_visible()
    check(page, "/set-up/site with rights")
    page.get_by_role("button", name="Connect").click()
    expect(_heading(page)).to_have_text("Hear about changes")


def _hear_of_a_change(page: Page, beginning: Beginning) -> None:
    expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    page.get_by_role("button", name="Show the secret").click()
    secret = page.locator("dd code").nth(2).inner_text()
    assert len(secret) == 64
    page.goto(f"{beginning.address}/set-up/events")
    page.evaluate("window.stayed = true")
    beginning.site.register_webhook(f"{beginning.address}/webhooks/jira/1", secret)
    beginning.site.edit_issue("PAY-412", labels=["first-event"])
    expect(page.get_by_text("Event received, signature checked")).to_be_visible()
    expect(_heading(page)).to_have_text("Changes arrive within seconds")
    assert page.evaluate("window.stayed"), "the page was not loaded anew"
    page.get_by_role("link", name="Next").click()


def _write_the_first_okr(page: Page) -> None:
    page.get_by_label("Search Jira").fill("PAY-412")
    page.get_by_role("link", name="PAY-412").click()
    expect(_heading(page)).to_have_text("What will be different when PAY-412 is done?")
    page.get_by_label("In one sentence").fill("Paying feels instant: checkout takes 20 s instead of 38 s")
    expect(page.get_by_label("Objective: what will be different")).to_have_value("Paying feels instant")
    page.get_by_label("Key result: what is measured").fill("Median checkout time")
    page.get_by_label("In one sentence").fill("Paying feels instant: checkout takes 22 s instead of 38 s")
    expect(page.get_by_label("Target", exact=True)).to_have_value("22")
    expect(page.get_by_label("Key result: what is measured")).to_have_value("Median checkout time")
    check(page, "/set-up/okrs/draft")
    page.get_by_role("button", name="Save the draft and link PAY-412").dblclick()
    expect(_heading(page)).to_have_text("Put the table on a page")


def _put_it_on_a_page(page: Page, beginning: Beginning) -> None:
    page_id = str(beginning.site.page_called("OKRs Q4 2026")["id"])
    page.get_by_label("Page", exact=True).fill("OKRs Q4 2026")
    preview = page.get_by_role("region", name="Preview of the table")
    expect(preview.get_by_text("Median checkout time")).to_be_visible()
    expect(preview.get_by_role("link", name="PAY-412")).to_be_visible()
    check(page, "/set-up/page with the table")
    assert "Median checkout time" not in beginning.site.body(page_id), "nothing is written before somebody says so"
    page.get_by_role("button", name="Write to the page").click()
    expect(_heading(page)).to_have_text("You are set up")
    beginning.line.work()
    expect(page.get_by_text("written, version")).to_be_visible()
    check(page, "/set-up/done")
    assert "Median checkout time" in beginning.site.body(page_id)


def _heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)
