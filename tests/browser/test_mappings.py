"""Finding epics and linking them, in a real browser, with and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from connector.store.engine import Database
from tests.browser.conftest import PATIENCE_MS, Colours, Service, served, signed_in
from tests.browser.test_looks import check
from tests.clock import FakeClock
from tests.unit.web import made_up, mapped

pytestmark = pytest.mark.browser

ADDRESSES = ("/mappings", "/mappings?q=retry&key_result=PAY-KR2", "/mappings/epics", "/mappings/gone",
             "/mappings/projects")  # fmt: skip


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock) -> Iterator[Service]:
    """Filled with made-up data, and with a Jira that answers."""
    filled = made_up.fill(sqlite_database, clock.now())
    on, _ = mapped.on_site(sqlite_database, clock, filled)
    mapped.goes(on, filled, "PLA-70", hidden=True)
    with served(on) as address:
        yield Service(address, on, filled)


def test_two_epics_are_found_and_linked_as_one_types(page: Page, service: Service) -> None:
    page.get_by_role("link", name="Mappings").click()
    page.get_by_label("Find epics by key, words or JQL").type("retry")
    page.get_by_label("PAY-440", exact=True).check()
    expect(page.get_by_text("Choose the key result that they serve.")).to_be_visible()
    page.get_by_label("Serve key result").select_option("PAY-KR2")
    expect(page.get_by_role("button", name="Link 1 epic")).to_be_visible()
    page.get_by_label("PAY-447", exact=True).check()
    expect(page.get_by_text("would go from 11 of 27 to 13 of 40 done. Its value, 3.6 %, stays.")).to_be_visible()
    page.get_by_role("button", name="Link 2 epics").dblclick()
    expect(page.get_by_text("2 epics serve PAY-KR2 now.")).to_be_visible()
    page.get_by_role("link", name="Change the link of PAY-447 to PAY-KR2").click()
    page.get_by_role("button", name="Unlink PAY-447").click()
    expect(page.get_by_text("PAY-447 serves PAY-KR2 no longer.")).to_be_visible()


def test_the_number_of_links_is_that_of_the_links_shown(page: Page, service: Service) -> None:
    page.goto(f"{service.address}/mappings?q=PAY-440&key_result=PAY-KR2")
    said = page.locator("[data-live=how-many]")
    expect(said).to_have_text(re.compile("^3 of [0-9]+, newest first$"))
    page.get_by_label("PAY-440", exact=True).check()
    expect(page.get_by_role("button", name="Link 1 epic")).to_be_visible()
    shown = page.get_by_role("region", name="Links", exact=True).locator("tbody tr").count()
    expect(said).to_have_text("newest first" if shown > 3 else re.compile("^3 of"))


def test_driving_is_offered_where_the_value_comes_from_initiatives(page: Page, service: Service) -> None:
    page.goto(f"{service.address}/mappings?q=PAY-440")
    page.get_by_label("Serve key result").select_option("PLA-KR3")
    page.get_by_label("Link", exact=True).select_option("drives")
    page.get_by_label("PAY-440", exact=True).check()
    expect(page.get_by_text("Its progress would go from 63")).to_be_visible()


def test_it_works_without_a_script(chromium: Browser, service: Service) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = signed_in(context, service)
        page.goto(f"{service.address}/mappings/epics")
        page.get_by_role("link", name="Link PAY-440").click()
        page.get_by_label("Serve key result").select_option("PAY-KR2")
        page.get_by_role("button", name="Look").last.click()
        expect(page.get_by_text("would go from 11 of 27 to 13 of 35 done")).to_be_visible()
        page.get_by_role("button", name="Link 1 epic").click()
        expect(page.get_by_text("1 epic serves PAY-KR2 now.")).to_be_visible()
        page.goto(f"{service.address}/mappings/epics")
        page.get_by_role("button", name="Just do it: PLA-104").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Every known epic has its place")


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (760, "light"), (360, "dark")])
def test_the_mappings_are_readable(width: int, colours: Colours, chromium: Browser, service: Service) -> None:
    with chromium.new_context(color_scheme=colours, viewport={"width": width, "height": 800}) as context:
        page = signed_in(context, service)
        for address in ADDRESSES:
            page.goto(service.address + address)
            check(page, address)
        page.get_by_role("link", name="Change PAY").click()
        check(page, "a project")
        page.goto(f"{service.address}/mappings")
        page.get_by_role("link", name="Change the link of PLA-70").click()
        check(page, "a link")


def test_what_an_older_question_found_is_not_taken_for_the_answer(page: Page, service: Service) -> None:
    page.goto(f"{service.address}/mappings?q=PAY-440")
    found, lost = page.locator("[data-live=found]"), page.get_by_text("The service does not answer just now.")
    page.context.set_offline(True)
    page.get_by_label("Find epics by key, words or JQL").fill("PAY-447")
    expect(lost).to_be_visible()
    expect(found).to_have_attribute("aria-busy", "true")
    page.context.set_offline(False)
    expect(page.get_by_label("PAY-447", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(lost).to_be_hidden()
    expect(page.get_by_label("PAY-440", exact=True)).to_have_count(0)
