"""``make screenshots``: the pictures in ``docs/images/``, taken by a real Chromium of the running demo."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.demo import FOLDER, Demo, okrs_of_today, running, wait_until_said
from tests.demo_pages import CONFIDENCE, type_in
from tests.provide import find_chromium, why_no_chromium
from tests.screenshots_apart import take_apart
from tests.screenshots_looks import IMAGES, Look, context_of, picture

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars")  # fmt: skip
EMAIL, PASSWORD = "rosa@acme.example", "a long enough password"


LOOKS = (Look(1280, "light"), Look(1280, "dark"), Look(760, "light"))
PHONE = Look(390, "dark")

SCREENS = (
    ("board", "/"), ("status", "/status"), ("key-result", "/kr/PAY-KR1"), ("check-in", "/check-in/PAY-KR1"),
    ("check-ins", "/check-ins"), ("objective", "/objectives/PAY-O1"), ("key-result-form", "/kr/PAY-KR1/edit"),
    ("mappings", "/mappings"), ("mappings-epics", "/mappings/epics"), ("mappings-projects", "/mappings/projects"),
    ("rules", "/mappings/rules"),
    ("tables", "/tables"), ("table", "/tables/1"), ("table-new", "/tables/new"), ("table-edit", "/tables/1/edit"),
    ("table-adopt", "/tables/adopt"), ("table-owners", "/tables/owners"),
    ("set-up-okrs", "/set-up/okrs"), ("set-up-page", "/set-up/page"),
    ("sites", "/settings/sites"),
    ("log", "/status/log"), ("events", "/status/events"), ("people", "/people"), ("settings", "/settings"),
    ("account", "/account"),
)  # fmt: skip

ON_A_PHONE = (
    ("board", "/"), ("check-in", "/check-in/PAY-KR1"), ("table", "/tables/1"), ("set-up-okrs", "/set-up/okrs"),
)  # fmt: skip

# Two epics that serve nothing yet, and one that serves the key result already.
SOME_EPICS = "key in (TIMOB-28114, TIMOB-27790, PAY-388)"
SERVED = "PAY-KR2"
SENTENCE = "Paying feels instant: checkout takes 20 s instead of 38 s"


def main() -> int:
    """Take all pictures anew. 2 without a browser."""
    chromium = find_chromium()
    if chromium is None:
        print(why_no_chromium())
        return 2
    folder = FOLDER.with_name(".demo-screenshots")
    shutil.rmtree(folder, ignore_errors=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running(folder) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        _take_possession(browser, demo)
        for look in LOOKS:
            _take_page(browser, demo, look)
        # Something that waits for a person, for the screens that show it; the page is taken before.
        type_in(demo.site, demo.page_id, okrs_of_today().cycles[0].key, "PAY-KR1", CONFIDENCE, "quite ok?")
        wait_until_said(demo, "says “quite ok?”", within=60)
        _let_jira_tell(demo)
        for look in LOOKS:
            _take_all(browser, demo, look, SCREENS)
        _take_all(browser, demo, PHONE, ON_A_PHONE)
        take_apart(browser, LOOKS)
        browser.close()
    return 0


def _take_possession(browser: Browser, demo: Demo) -> None:
    with _tab(browser, LOOKS[0]) as tab:
        tab.goto(demo.service_url)
        picture(tab, "first-visit-1280-light")
        tab.get_by_label("One-time code").fill(demo.first_visit_code())
        tab.get_by_label("Name").fill("Rosa Klein")
        tab.get_by_label("E-mail").fill(EMAIL)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_role("button").last.click()
        tab.wait_for_url("**/")


def _let_jira_tell(demo: Demo) -> None:
    """A few events, for the screen that lists them; no figure differs after them."""
    for child in demo.site.children("PAY-412")[:3]:
        demo.site.edit_issue(child["key"], summary=child["fields"]["summary"] + ", checked")


def _take_page(browser: Browser, demo: Demo, look: Look) -> None:
    with _tab(browser, look) as tab:
        tab.goto(demo.page_url)
        picture(tab, f"page-{look.suffix}")


def _take_all(browser: Browser, demo: Demo, look: Look, screens: tuple[tuple[str, str], ...]) -> None:
    with _tab(browser, look) as tab:
        tab.goto(demo.service_url)
        picture(tab, f"sign-in-{look.suffix}")
        tab.get_by_label("E-mail").fill(EMAIL)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_role("button", name="Sign in").click()
        tab.wait_for_url("**/")
        for name, path in screens:
            tab.goto(demo.service_url + path)
            picture(tab, f"{name}-{look.suffix}")
        if screens is SCREENS:
            _take_what_is_typed(tab, demo, look)


def _take_what_is_typed(tab: Page, demo: Demo, look: Look) -> None:
    """Pages that say something only once somebody has typed; nothing of it is kept."""
    tab.goto(f"{demo.service_url}/mappings?q={quote(SOME_EPICS)}&key_result={SERVED}")
    for epic in tab.locator("[name=epic]").all()[:2]:
        epic.check()
    tab.get_by_role("button", name="Link 2 epics").wait_for()
    picture(tab, f"mappings-link-{look.suffix}")
    tab.goto(f"{demo.service_url}/mappings/rules/new?kind=jql")
    tab.get_by_label("Epics that match this JQL").fill(SOME_EPICS)
    tab.get_by_label("Serve", exact=True).select_option(f"{SERVED} supports")
    tab.get_by_role("button", name="Save: link 2").wait_for()
    picture(tab, f"rule-{look.suffix}")
    tab.goto(f"{demo.service_url}/set-up/okrs/draft?issue=PAY-412")
    tab.get_by_label("In one sentence").fill(SENTENCE)
    expect(tab.get_by_label("Target", exact=True)).to_have_value("20")
    picture(tab, f"set-up-draft-{look.suffix}")
    tab.goto(f"{demo.service_url}/kr/new?objective=PAY-O1")
    tab.get_by_role("button", name="Write the key result").click()
    picture(tab, f"key-result-refused-{look.suffix}")


@contextmanager
def _tab(browser: Browser, look: Look) -> Iterator[Page]:
    with context_of(browser, look) as context:
        yield context.new_page()


if __name__ == "__main__":
    sys.exit(main())
