"""A real Chromium, and the service on a port of this machine with made-up data."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from connector.store.engine import Database
from sync.ports import Resources
from tests import servers
from tests.clock import FakeClock
from tests.provide import find_chromium, why_no_chromium
from tests.unit.web import made_up
from tests.unit.web.made_up import EMAIL, PASSWORD, MadeUp
from tests.unit.web.surroundings import resources
from web.app import create_app

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 10_000
Colours = Literal["light", "dark"]


class Silent(WSGIRequestHandler):
    """Says nothing about each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  werkzeug's name
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Service:
    """The service as a browser reaches it."""

    address: str
    on: Resources
    made_up: MadeUp | None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        servers.unavailable("chromium", why_no_chromium())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(on: Resources) -> Iterator[str]:
    """The address at which the service with these resources answers."""
    server = make_server("127.0.0.1", 0, create_app(on), threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def empty(sqlite_database: Database, clock: FakeClock) -> Iterator[Service]:
    """Nobody was here yet."""
    on = resources(sqlite_database, clock)
    with served(on) as address:
        yield Service(address, on, None)


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock) -> Iterator[Service]:
    """Filled with made-up data; Rosa may sign in."""
    filled = made_up.fill(sqlite_database, clock.now())
    on = resources(sqlite_database, clock)
    with served(on) as address:
        yield Service(address, on, filled)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of one's own, in Berlin."""
    with chromium.new_context(timezone_id="Europe/Berlin", viewport={"width": 1280, "height": 800}) as made:
        made.set_default_timeout(PATIENCE_MS)
        yield made


@pytest.fixture
def page(context: BrowserContext, service: Service) -> Page:
    """Rosa, signed in, at the board."""
    return signed_in(context, service)


def signed_in(context: BrowserContext, service: Service) -> Page:
    """A new tab in which Rosa has signed in."""
    page = context.new_page()
    page.goto(service.address)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{service.address}/")
    return page
