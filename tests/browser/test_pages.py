"""What a person does on our pages, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from connector.store import check_ins, connection_state
from connector.store.connections import Health
from sync.commands.people import make_sign_in_code
from tests.browser.conftest import Service, signed_in
from tests.unit.web import made_up
from tests.unit.web.made_up import EMAIL

pytestmark = pytest.mark.browser

ADDRESSES = (
    "/", "/kr/PAY-KR1", "/kr/PLA-KR3", "/check-in/PAY-KR2", "/check-ins", "/objectives/PAY-O1", "/kr/PAY-KR1/edit",
    "/mappings", "/mappings/epics", "/mappings/gone",
    "/mappings/projects", "/tables", "/tables/1", "/status",
    "/tables/new", "/tables/owners", "/tables/adopt", "/tables/1/remove",
)  # fmt: skip


def test_the_first_visitor_takes_possession(context: BrowserContext, empty: Service) -> None:
    code = make_sign_in_code(empty.on)
    page = context.new_page()
    page.goto(empty.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Make this service yours")
    expect(page.get_by_label("One-time code")).to_be_focused()
    page.get_by_label("One-time code").fill(code.lower())
    page.get_by_label("Your name").fill("Rosa Klein")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("too short")
    page.get_by_role("button", name="Make it mine").click()
    expect(page.get_by_label("Password")).to_have_accessible_description(re.compile("at least 10"))
    page.get_by_label("Password").fill("a long sentence")
    page.get_by_role("button", name="Make it mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect your Atlassian site")
    page.get_by_role("link", name="Go on later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No objectives yet")
    page.get_by_label("Rosa Klein: account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("summary", has_text="All teams")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Growth")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 3 key results needs attention")


def test_a_check_in_is_corrected_and_saved(page: Page, service: Service) -> None:
    page.get_by_role("link", name="Check in: Payments that fail").click()
    page.get_by_label("1. What was done").fill("Issuer A retries.")
    page.get_by_label("2. What is the figure now?").fill("lots")
    page.get_by_label("4", exact=True).check()
    page.get_by_label("5. The one next step").fill("Call issuer B.")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_label("2. What is the figure now?")).to_have_accessible_description(re.compile("plain number"))
    expect(page.get_by_label("1. What was done")).to_have_value("Issuer A retries.")
    expect(page.get_by_label("4", exact=True)).to_be_checked()
    page.get_by_label("2. What is the figure now?").fill("3.4")
    page.get_by_role("button", name="Check in").dblclick()
    expect(page.get_by_text("Checked in. Thank you.")).to_be_visible()
    expect(page.get_by_text("now 3.4")).to_be_visible()
    assert service.made_up is not None
    with service.on.database.read() as conn:
        said = check_ins.load_check_ins(conn, service.made_up.workspace_id, ["PAY-KR2"])["PAY-KR2"]
    assert [each.next_step for each in said].count("Call issuer B.") == 1


def test_the_status_page_keeps_itself_current(page: Page, service: Service) -> None:
    page.get_by_role("link", name="Status").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything is current")
    page.evaluate("window.stayed = true")
    made = service.made_up
    assert made is not None
    with service.on.database.write() as conn:
        connection_state.record_health(
            conn,
            made.workspace_id,
            made.jira.id,
            Health.NEEDS_CREDENTIALS,
            service.on.clock.now(),
            "Jira answered 401.",
        )
    expect(page.get_by_role("heading", level=1)).to_have_text("One site needs new credentials")
    expect(page.get_by_role("heading", name="acme.atlassian.net refuses our token")).to_be_visible()
    expect(page).to_have_title("One site needs new credentials · OKRs")
    assert page.evaluate("window.stayed"), "the page was not loaded anew"


def test_what_is_open_stays_open_while_the_page_refreshes(page: Page, service: Service) -> None:
    made = service.made_up
    assert made is not None
    made_up.set_aside(service.on.database, made, service.on.clock.now())
    page.goto(f"{service.address}/status")
    page.get_by_text("Details").click()
    page.evaluate("document.addEventListener('okr:changed', () => document.documentElement.id = 'refreshed')")
    expect(page.locator("#refreshed")).to_be_attached()
    expect(page.get_by_text("Jira's answer was cut off at 64 kB")).to_be_visible()
    page.get_by_role("button", name="Try again: PAY-388").click()
    expect(page.get_by_text("It is tried again now.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("A change is on its way")


def test_a_service_that_stops_answering_is_told(page: Page, service: Service) -> None:
    page.clock.install(time=service.on.clock.now())
    page.goto(f"{service.address}/status")
    note = page.get_by_text("The service does not answer just now.")
    expect(note).to_be_hidden()
    page.route("**/status", lambda route: route.abort())
    for _ in range(3):
        with page.expect_event("requestfailed"):
            page.clock.run_for(20_000)
    expect(note).to_be_visible()
    page.unroute("**/status")
    page.clock.run_for(20_000)
    expect(note).to_be_hidden()


def test_times_are_in_the_readers_zone(page: Page, service: Service) -> None:
    page.clock.set_fixed_time(service.on.clock.now())
    page.goto(f"{service.address}/status")
    written = page.get_by_role("row", name="OKRs Q4 2026").locator("time")
    expect(written).to_have_text("09:56")
    expect(written).to_have_attribute("datetime", "2026-11-22T08:56:00+00:00")


def test_without_scripts_everything_still_works(chromium: Browser, service: Service) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = signed_in(context, service)
        page.locator("summary", has_text="All teams").click()
        page.get_by_role("link", name="Payments", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("2 of 3 key results need attention")
        page.get_by_role("link", name="Status").click()
        expect(page.get_by_role("row", name="OKRs Q4 2026").locator("time")).to_have_text("08:56 UTC")
        page.get_by_role("button", name="Pause all writing").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("All writing is paused")


def test_what_waits_is_decided_without_a_script(chromium: Browser, service: Service) -> None:
    made = service.made_up
    assert made is not None
    made_up.type_into(service.on.database, made, 1, "27", outcome="to_confirm")
    with chromium.new_context(java_script_enabled=False) as context:
        page = signed_in(context, service)
        page.get_by_role("link", name="Tables").click()
        page.get_by_role("link", name="1 text waits for a decision", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("OKRs Q4 2026: one text waits for you")
        page.get_by_role("button", name="Take as check-in: Now of PAY-KR1").click()
        expect(page.get_by_text("1 text is now a check-in.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("OKRs Q4 2026 is current")


def test_nothing_is_refused_by_the_policy_and_nothing_fails(page: Page, service: Service) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("requestfailed", lambda request: told.append(request.url))
    for address in ADDRESSES:
        page.goto(service.address + address)
        page.wait_for_load_state("networkidle")
    assert told == []
