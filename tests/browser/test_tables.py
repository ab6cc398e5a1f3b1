"""Tables on the screens, in a real browser: the preview follows as one types, and everything works without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from connector.store.engine import Database
from connector.store.tables import load_table
from tests.browser.conftest import Service, served, signed_in
from tests.browser.test_looks import check
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeConfluence, FakeJira, FakeSites, page
from tests.unit.web import made_up
from tests.unit.web.made_up import SITE
from tests.unit.web.surroundings import resources

pytestmark = pytest.mark.browser

HAND_MADE = (
    "<table><tbody><tr><th>Objective</th><th>Key result</th><th>From</th><th>Target</th></tr>"
    "<tr><td>Support is quick</td><td>First answer (h)</td><td>9</td><td>2</td></tr></tbody></table>"
)


@pytest.fixture
def wiki(sqlite_database: Database, clock: FakeClock) -> Iterator[Service]:
    """With a Confluence in process: its page 4711 is empty, 4714 holds a table that somebody made by hand."""
    filled = made_up.fill(sqlite_database, clock.now())
    pages = {"4711": page(title="Our page"), "4714": page("4714", title="By hand", body=HAND_MADE)}
    sites = FakeSites({SITE: FakeJira()}, {SITE: FakeConfluence(pages)})
    on = replace(resources(sqlite_database, clock), sites=sites)
    with served(on) as address:
        yield Service(address, on, filled)


def test_a_table_is_looked_at_as_it_is_chosen_and_written(context: BrowserContext, wiki: Service) -> None:
    tab = signed_in(context, wiki)
    tab.get_by_role("link", name="Tables").click()
    tab.get_by_role("link", name="Put a table on a page").click()
    tab.get_by_label("Page", exact=True).fill("Our page")
    expect(tab.get_by_text("it goes to the end of the page.")).to_be_visible()
    tab.get_by_label("Shows").select_option("meeting")
    expect(tab.get_by_role("columnheader", name="Done since")).to_be_visible()
    tab.get_by_label("Blockers").fill("")
    expect(tab.get_by_role("columnheader", name="Blockers")).to_have_count(0)
    check(tab, "/tables/new with a page")
    tab.get_by_role("button", name="Write to the page").dblclick()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Our page is written soon")


def test_the_editor_shows_what_a_choice_would_change(context: BrowserContext, wiki: Service) -> None:
    tab = signed_in(context, wiki)
    tab.goto(f"{wiki.address}/tables/1/edit")
    expect(tab.get_by_role("heading", level=1)).to_have_text("The next write changes rows, columns or the look")
    tab.get_by_label("Language of fixed words").select_option("de")
    expect(tab.get_by_text("Not saved yet: one choice was changed.")).to_be_visible()
    expect(tab.get_by_role("columnheader", name="Zuversicht")).to_be_visible()
    check(tab, "/tables/1/edit with another language")
    tab.get_by_text("Change the budget").click()
    tab.get_by_label("Writes at once").fill("many")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_label("Writes at once")).to_have_accessible_description(re.compile("whole number"))
    expect(tab.get_by_label("Language of fixed words")).to_have_value("de")
    tab.get_by_label("Writes at once").fill("6")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Saved. The page is written within seconds")).to_be_visible()
    assert wiki.made_up is not None
    with wiki.on.database.read() as conn:
        table = load_table(conn, wiki.made_up.workspace_id, 1)
    assert (table.language, table.write_bucket) == ("de", 6)


def test_without_scripts_a_table_is_chosen_paused_and_forgotten(chromium: Browser, wiki: Service) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        tab = signed_in(context, wiki)
        tab.goto(f"{wiki.address}/tables/new")
        tab.get_by_label("Page", exact=True).fill("4711")
        tab.get_by_role("button", name="Preview").click()
        expect(tab.get_by_text("it goes to the end of the page.")).to_be_visible()
        tab.get_by_role("button", name="Write to the page").click()
        tab.get_by_role("button", name="Pause: Our page").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Our page is not written until somebody resumes it")
        tab.get_by_role("link", name="Change", exact=True).click()
        tab.get_by_role("button", name="Compare with the page").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("The next write puts the table into the page")
        tab.get_by_role("link", name="Discard").click()
        tab.get_by_role("link", name="Stop keeping this table").click()
        tab.get_by_role("button", name="Stop keeping this table").click()
        expect(tab.get_by_text("is no longer kept. What stands in the page stays.")).to_be_visible()


def test_a_table_made_by_hand_is_taken_over(context: BrowserContext, wiki: Service) -> None:
    tab: Page = signed_in(context, wiki)
    tab.goto(f"{wiki.address}/tables/adopt")
    tab.get_by_label("Page", exact=True).fill("4714")
    tab.get_by_role("button", name="Look at the page").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Take over one key result?")
    check(tab, "/tables/adopt with a page")
    tab.get_by_role("button", name="Take over one key result").click()
    expect(tab.get_by_text("The hand-made table stays as it is")).to_be_visible()
    tab.get_by_role("link", name="OKRs", exact=True).first.click()
    expect(tab.get_by_text("First answer")).to_be_visible()
