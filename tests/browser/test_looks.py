"""Every page, light and dark, wide and narrow: nothing sticks out, and axe finds nothing to object to."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from connector.store import connection_state, runs
from connector.store.connections import Health
from tests.browser.conftest import Service, signed_in
from tests.unit.web import made_up

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
ADDRESSES = (
    "/", "/kr/PAY-KR1", "/kr/GRO-KR3", "/check-in/PAY-KR2", "/mappings", "/mappings/epics", "/mappings/gone",
    "/mappings/projects", "/tables", "/tables/1", "/status", "/nowhere",
)  # fmt: skip


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 760, 375, 360])
def test_every_page_is_readable(width: int, colours: str, chromium: Browser, service: Service) -> None:
    _spoil(service)
    with chromium.new_context(color_scheme=colours, viewport={"width": width, "height": 800}) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{service.address}/sign-in")
        check(page, "/sign-in")
        page.close()
        page = signed_in(context, service)
        for address in ADDRESSES:
            page.goto(service.address + address)
            check(page, address)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_first_visit_is_readable(colours: str, chromium: Browser, empty: Service) -> None:
    with chromium.new_context(color_scheme=colours) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(empty.address)
        page.get_by_role("button").click()
        check(page, "/first-visit with what is wrong")


def test_on_a_phone_the_list_of_tables_shows_all_of_each(chromium: Browser, service: Service) -> None:
    _spoil(service)
    with chromium.new_context(viewport={"width": 390, "height": 800}) as context:
        page = signed_in(context, service)
        page.goto(f"{service.address}/tables")
        cut_off = "box => box.scrollWidth - box.clientWidth"
        assert page.get_by_role("region", name="Tables in pages").evaluate(cut_off) <= 0


def _spoil(service: Service) -> None:
    """So that notes, progress and something set aside are there to be looked at."""
    made, on = service.made_up, service.on
    assert made is not None
    made_up.set_aside(on.database, made, on.clock.now())
    made_up.type_into(on.database, made, 1, "quite ok?", key="PAY-KR2", column="confidence")
    made_up.type_into(on.database, made, 1, "27", outcome="to_confirm")
    made_up.type_into(on.database, made, 1, "A".ljust(90, "o"), key="PAY-KR3", column="next_step", outcome="to_confirm")
    made_up.type_into(on.database, made, 1, "Somebody else", column="owner", outcome="replaced", version=213)
    with on.database.write() as conn:
        connection_state.record_health(
            conn, made.workspace_id, made.confluence.id, Health.NEEDS_PERMISSION, on.clock.now(), "It may not edit."
        )
        runs.begin(conn, made.workspace_id, made.jira.id, "full_check", 15, on.clock.now())


def check(page: Page, address: str) -> None:
    """Nothing sticks out, and axe objects to nothing."""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0, f"{address} is {beyond} px wider than the window"
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    told = [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]]
    assert told == [], f"{address}: {told}"
