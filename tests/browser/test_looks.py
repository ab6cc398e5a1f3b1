"""Every page, light and dark, wide and narrow: nothing sticks out, and axe finds nothing to object to."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, expect

from connector.store.engine import Database
from tests.browser.conftest import Colours, Service, served, signed_in
from tests.browser.every_page import INSIDE, NO_PAGES, OUTSIDE, PAGES, out_of_reach, rules_of, spoil
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.surroundings import resources
from web.app import create_app

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
SIZES = "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind)).map((e) => e.decodedBodySize)"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def spoilt(sqlite_database: Database, clock: FakeClock) -> Iterator[Service]:
    """With trouble on its pages, and with sites that do not answer."""
    made = made_up.fill(sqlite_database, clock.now())
    on = out_of_reach(resources(sqlite_database, clock))
    spoil(on, made)
    with served(on) as address:
        yield Service(address, on, made)


def test_every_page_is_in_the_list(sqlite_database: Database, clock: FakeClock) -> None:
    assert rules_of(create_app(resources(sqlite_database, clock))) == {*PAGES, *OUTSIDE, *NO_PAGES}
    assert all(PAGES.values()), "each has an address to look at"


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_every_page_is_readable(width: int, colours: Colours, chromium: Browser, spoilt: Service) -> None:
    with chromium.new_context(color_scheme=colours, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        for address in ("/sign-in", "/come-in"):
            page.goto(spoilt.address + address)
            check(page, address)
        page.close()
        page = signed_in(context, spoilt)
        for address in (*INSIDE, "/nowhere"):
            answer = page.goto(spoilt.address + address)
            assert answer is not None
            assert answer.status == (404 if address == "/nowhere" else 200), address
            check(page, address)


@pytest.mark.parametrize("width", [900, 760, 360])
def test_nothing_sticks_out_at_any_width(width: int, chromium: Browser, spoilt: Service) -> None:
    with chromium.new_context(viewport={"width": width, "height": 800}) as context:
        page = signed_in(context, spoilt)
        for address in INSIDE:
            page.goto(spoilt.address + address, wait_until="domcontentloaded")
            assert page.evaluate(BEYOND) <= 0, address


def test_a_page_is_small_and_asks_no_other_host(chromium: Browser, spoilt: Service) -> None:
    """At most 100 kB before any compression, all of it from the service itself."""
    asked: list[str] = []
    with chromium.new_context() as context:
        page = signed_in(context, spoilt)
        page.on("request", lambda request: asked.append(request.url))
        for address in INSIDE:
            page.goto(spoilt.address + address, wait_until="load")
            sizes = page.evaluate(SIZES)
            assert len(sizes) >= 4, "the page, two stylesheets and a script"
            assert sum(sizes) <= 100_000, address
    assert [url for url in asked if not url.startswith((spoilt.address, "data:"))] == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_first_visit_is_readable(colours: Colours, chromium: Browser, empty: Service) -> None:
    with chromium.new_context(color_scheme=colours) as context:
        page = context.new_page()
        page.goto(empty.address)
        page.get_by_role("button").click()
        check(page, "/first-visit with what is wrong")


def test_on_a_phone_the_list_of_tables_shows_all_of_each(chromium: Browser, spoilt: Service) -> None:
    with chromium.new_context(viewport={"width": 390, "height": 800}) as context:
        page = signed_in(context, spoilt)
        page.goto(f"{spoilt.address}/tables")
        cut_off = "box => box.scrollWidth - box.clientWidth"
        assert page.get_by_role("region", name="Tables in pages").evaluate(cut_off) <= 0


def check(page: Page, address: str) -> None:
    """Nothing sticks out, and axe objects to nothing, once what the page asks for by itself is there."""
    expect(page.locator("[aria-busy]")).to_have_count(0)
    beyond = page.evaluate(BEYOND)
    assert beyond <= 0, f"{address} is {beyond} px wider than the window"
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    told = [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]]
    assert told == [], f"{address}: {told}"
