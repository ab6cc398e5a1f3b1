"""Take the pictures anew: ``docs/images/tables/<what>-<look>.png``. 2 without a browser."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.databases import SqliteTemplate
from tests.demo_processes import ROOT
from tests.gallery.pages import PICTURES, Put, put_all
from tests.pictures import keep_picture
from tests.provide import find_chromium, why_no_chromium
from tests.screenshots import ARGUMENTS
from tests.site.running import start_site

IMAGES = ROOT / "docs" / "images" / "tables"
# Viewports that leave the page 1100 and 760 px.
WIDE, NARROW = 1400, 800


def main(only: list[str]) -> int:
    chromium = find_chromium()
    if chromium is None:
        print(why_no_chromium())
        return 2
    folder = Path(tempfile.mkdtemp(prefix="okr-gallery-"))
    try:
        with start_site(folder) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            chosen = [picture for picture in PICTURES if not only or picture.name in only]
            template = SqliteTemplate(folder)
            for put in put_all(site, folder, template, chosen):
                _take(browser, put)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _take(browser: Browser, put: Put) -> None:
    for colours in ("light", "dark"):
        if put.picture.width == "narrow" and colours == "dark":
            continue
        with _tab(browser, NARROW if put.picture.width == "narrow" else WIDE, colours) as tab:
            tab.goto(put.url)
            path = IMAGES / f"{put.picture.file}-{colours}.png"
            if put.picture.opened:
                tab.locator(".cf details").evaluate_all("all => all.forEach(each => each.open = true)")
            keep_picture(tab.locator(".cf").screenshot(), path)
            print(path.relative_to(ROOT), flush=True)


@contextmanager
def _tab(browser: Browser, width: int, colours: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if colours == "dark" else "light"
    )
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
