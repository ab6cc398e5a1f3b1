"""Writing OKRs, explaining a figure and checking in, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Service, signed_in

pytestmark = pytest.mark.browser


def test_an_objective_and_its_key_result_are_written(page: Page) -> None:
    page.get_by_text("Write", exact=True).click()
    page.get_by_role("link", name="New objective").click()
    page.get_by_label("Objective", exact=True).fill("Nobody is charged twice")
    page.get_by_label("Team").fill("Payments")
    expect(page.get_by_text("Left empty, it becomes PAY-O2.")).to_be_visible()
    page.get_by_role("button", name="Write the objective").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("A new key result")
    page.get_by_label("What is measured?").fill("Launch the new checkout")
    expect(page.get_by_text("What will be different for people once this is done?")).to_be_visible()
    page.get_by_label("What is measured?").fill("Double charges")
    expect(page.get_by_text("What will be different for people once this is done?")).to_be_hidden()
    page.get_by_label("From", exact=True).fill("9")
    page.get_by_label("To", exact=True).fill("nine")
    page.get_by_role("button", name="Write the key result").click()
    expect(page.get_by_label("To", exact=True)).to_have_accessible_description(re.compile("plain number"))
    page.get_by_label("To", exact=True).fill("1")
    page.get_by_role("button", name="Write the key result").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Double charges")
    expect(page.get_by_text("PAY-KR4 · 9 → 1")).to_be_visible()


def test_the_form_shows_the_fields_of_the_kind_alone(page: Page, service: Service) -> None:
    page.goto(f"{service.address}/kr/new?objective=PAY-O1")
    expect(page.get_by_label("From", exact=True)).to_be_visible()
    expect(page.get_by_label("Query (JQL)")).to_be_hidden()
    page.get_by_label("A limit to hold").check()
    expect(page.get_by_label("From", exact=True)).to_be_hidden()
    expect(page.get_by_label("Limit", exact=True)).to_be_visible()
    page.get_by_label("Steps, one after the other").check()
    expect(page.get_by_label("Limit", exact=True)).to_be_hidden()
    expect(page.get_by_label("Step 1", exact=True)).to_be_visible()


def test_an_agreed_target_changes_with_a_reason(page: Page, service: Service) -> None:
    page.goto(f"{service.address}/kr/PAY-KR1")
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("To", exact=True).fill("15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Why does it change?")).to_have_accessible_description(re.compile("Say in one sentence"))
    page.get_by_label("Why does it change?").fill("20 was too easy.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="target 20 → 15")).to_contain_text("20 was too easy.")


def test_why_a_figure_is_so_opens_on_the_board(page: Page) -> None:
    page.get_by_role("link", name="Why is it 50 %?").click()
    expect(page.get_by_text("(38 − 29) ÷ (38 − 20) = 9 ÷ 18 = 50 %")).to_be_in_viewport()
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_text("(38 − 29)")).to_be_hidden()


def test_a_due_check_in_is_made_and_taken_back(page: Page) -> None:
    page.get_by_role("link", name="Check-ins").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 key results wait for a check-in")
    page.get_by_role("link", name="Check in: Payments that fail").click()
    page.get_by_label("2. What is the figure now?").fill("3.4")
    expect(page.get_by_text("makes 33 % of the way")).to_be_visible()
    page.get_by_label("3", exact=True).check()
    expect(page.get_by_text("Below 4, three things help.")).to_be_visible()
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_text("now 3.4")).to_be_visible()
    page.get_by_role("link", name="Withdraw the check-in of").first.click()
    page.get_by_label("What was wrong with it?").fill("It was last week's.")
    page.get_by_role("button", name="Withdraw 1 check-in").click()
    expect(page.get_by_text("now 3.6")).to_be_visible()
    expect(page.get_by_text("It was last week's.")).to_be_visible()


def test_all_of_it_works_without_scripts(chromium: Browser, service: Service) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = signed_in(context, service)
        page.goto(f"{service.address}/kr/new?objective=PAY-O1")
        page.get_by_label("What is measured?").fill("Launch the new checkout")
        page.get_by_role("button", name="What would a coach ask?").click()
        expect(page.get_by_text("What will be different for people once this is done?")).to_be_visible()
        expect(page.get_by_label("What is measured?")).to_have_value("Launch the new checkout")
        page.get_by_label("From", exact=True).fill("9")
        page.get_by_label("To", exact=True).fill("1")
        page.get_by_role("button", name="Write the key result").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Launch the new checkout")
