"""A German browser is answered in German, until its person chooses otherwise."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, Service
from tests.unit.web.made_up import EMAIL, PASSWORD

pytestmark = pytest.mark.browser


def test_a_german_browser_is_answered_in_german(chromium: Browser, service: Service) -> None:
    with chromium.new_context(locale="de-DE", timezone_id="Europe/Berlin") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        _sign_in(page, service)
        expect(page.get_by_role("heading", level=1)).to_have_text("4 von 9 Key Results brauchen Aufmerksamkeit")
        page.clock.set_fixed_time(service.on.clock.now())
        page.get_by_role("link", name="Status").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Alles ist aktuell")
        page.goto(f"{service.address}/kr/PAY-KR1")
        expect(page.locator("time[data-show=day]").first).to_have_text("19. Nov.")


def test_a_person_chooses_another_language(chromium: Browser, service: Service) -> None:
    with chromium.new_context(locale="de-DE") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        _sign_in(page, service)
        page.goto(f"{service.address}/account")
        page.get_by_label("Sprache").select_option(label="English")
        page.get_by_role("button", name="Speichern").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_label("Language").select_option(label="Deutsch")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Gespeichert.")).to_be_visible()


def test_what_is_wrong_is_said_in_german_beside_its_field(chromium: Browser, service: Service) -> None:
    with chromium.new_context(locale="de-DE") as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        _sign_in(page, service)
        page.goto(f"{service.address}/check-in/PAY-KR2")
        page.get_by_label("Wie ist der Stand jetzt?").fill("viel")
        page.get_by_role("button", name="Einchecken").click()
        expect(page.get_by_label("Wie ist der Stand jetzt?")).to_have_accessible_description(
            "Gebraucht wird eine einfache Zahl wie 29 oder 3,6, ohne Einheit."
        )
        page.get_by_label("Wie ist der Stand jetzt?").fill("3,4")
        page.get_by_role("button", name="Einchecken").click()
        expect(page.get_by_text("Eingecheckt. Danke.")).to_be_visible()


def _sign_in(page: Page, service: Service) -> None:
    page.goto(service.address)
    page.get_by_label("E-Mail").fill(EMAIL)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(f"{service.address}/")
