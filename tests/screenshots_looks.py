"""How pictures of screens are taken: how wide, in which colours, and when a page is ready for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.demo_processes import ROOT
from tests.pictures import keep_picture

IMAGES = ROOT / "docs" / "images"


@dataclass(frozen=True, slots=True)
class Look:
    """How wide, and in which colours."""

    width: int
    colours: str

    @property
    def suffix(self) -> str:
        return f"{self.width}-{self.colours}"


@contextmanager
def context_of(browser: Browser, look: Look) -> Iterator[BrowserContext]:
    """A browser of somebody who sees it so."""
    with browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.colours == "dark" else "light",
    ) as context:
        yield context


def picture(tab: Page, name: str) -> None:
    """Keep the whole page, once what it asks for by itself is there."""
    tab.wait_for_load_state()
    expect(tab.locator("[aria-busy]")).to_have_count(0)
    path = IMAGES / f"{name}.png"
    keep_picture(tab.screenshot(full_page=True), path)
    print(path.relative_to(ROOT))
