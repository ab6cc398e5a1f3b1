"""People come in, are let do what their role says, and lose nothing: in a real browser, with and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from connector.store import check_ins
from tests.browser.conftest import Service, signed_in
from tests.unit.web.made_up import EMAIL, PASSWORD

pytestmark = pytest.mark.browser


def test_somebody_is_added_comes_in_and_may_what_the_role_says(page: Page, chromium: Browser, service: Service) -> None:
    page.get_by_role("link", name="People").click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name").fill("Jonas Weber")
    page.get_by_label("E-mail").fill("jonas@acme.example")
    page.get_by_label(re.compile("^Reader")).check()
    page.get_by_role("button", name="Add and make a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pass this code on to Jonas Weber")
    code = page.locator("dd code").last.inner_text()
    with chromium.new_context(java_script_enabled=False) as context:
        jonas = context.new_page()
        jonas.goto(f"{service.address}/come-in")
        jonas.get_by_label("Code").fill(code.lower())
        jonas.get_by_label("New password").fill("a long sentence")
        jonas.get_by_role("button", name="Choose this password").click()
        expect(jonas.get_by_label("Jonas Weber: account")).to_be_visible()
        expect(jonas.get_by_role("link", name="People")).to_have_count(0)
        jonas.get_by_role("link", name="Status").click()
        expect(jonas.get_by_role("button", name="Pause all writing")).to_have_count(0)
        jonas.goto(f"{service.address}/people")
        expect(jonas.get_by_role("heading", level=1)).to_have_text("Your role does not allow that")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_sign_in_that_ends_mid_form_loses_nothing(scripts: bool, chromium: Browser, service: Service) -> None:
    made = service.made_up
    assert made is not None
    with chromium.new_context(java_script_enabled=scripts) as context:
        page = signed_in(context, service)
        page.goto(f"{service.address}/check-in/PAY-KR2")
        page.get_by_label("1. What was done").fill("Issuer A retries.\nIssuer B, too.")
        context.clear_cookies()
        page.get_by_role("button", name="Check in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to send it")
        _fill_in(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in again. Nothing was lost.")
        page.get_by_role("button", name="Send it now").click()
        expect(page.get_by_text("Checked in. Thank you.")).to_be_visible()
    with service.on.database.read() as conn:
        said = check_ins.load_check_ins(conn, made.workspace_id, ["PAY-KR2"])["PAY-KR2"]
    assert [each.done_since.splitlines() for each in said].count(["Issuer A retries.", "Issuer B, too."]) == 1


def test_another_site_cannot_have_a_form_kept(context: BrowserContext, service: Service) -> None:
    page = context.new_page()
    form = f'<form method="post" action="{service.address}/status/pause"><input name="a" value="b"><button>Go</button>'
    page.route("http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.example/")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send the form once more")
    expect(page.get_by_role("button")).to_have_count(0)


def test_the_log_is_narrowed_as_one_types(page: Page, service: Service) -> None:
    page.goto(f"{service.address}/status/log")
    expect(page.get_by_text("Linked PAY-412 to PAY-KR1")).to_be_visible()
    page.get_by_label("With the words").fill("version 214")
    expect(page.get_by_text("Linked PAY-412 to PAY-KR1")).to_be_hidden()
    expect(page.get_by_text("OKRs Q4 2026 written")).to_be_visible()
    page.get_by_label("With the words").fill("nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing was found")


def _fill_in(page: Page) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
