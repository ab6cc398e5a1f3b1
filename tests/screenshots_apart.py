"""Pictures of what the demo never shows: nothing is there yet, or something is in the way. Of made-up data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from sync.ports import Resources
from tests.browser.conftest import Service, served
from tests.browser.every_page import out_of_reach, spoil
from tests.clock import FakeClock
from tests.databases import SqliteTemplate, closing
from tests.screenshots_looks import Look, context_of, picture
from tests.unit.web import made_up
from tests.unit.web.surroundings import resources

NOTHING_YET = (
    ("board-empty", "/"), ("check-ins-empty", "/check-ins"), ("mappings-empty", "/mappings"),
    ("rules-empty", "/mappings/rules"), ("tables-empty", "/tables"), ("status-empty", "/status"),
    ("set-up-empty", "/set-up/site"),
)  # fmt: skip
IN_THE_WAY = (
    ("status-trouble", "/status"), ("tables-trouble", "/tables"), ("table-trouble", "/tables/1"),
    ("table-edit-trouble", "/tables/1/edit"), ("mappings-trouble", "/mappings?q=flow"), ("not-found", "/nowhere"),
)  # fmt: skip


def take_apart(browser: Browser, looks: tuple[Look, ...]) -> None:
    """All of them, in each look."""
    for fill, screens in ((_nothing, NOTHING_YET), (_trouble, IN_THE_WAY)):
        for look in looks:
            with _service(fill) as service, context_of(browser, look) as context:
                tab = _signed_in(context, service)
                for name, path in screens:
                    tab.goto(service.address + path)
                    picture(tab, f"{name}-{look.suffix}")


def _signed_in(context: BrowserContext, service: Service) -> Page:
    """Wherever that leads: with nothing there, to the first steps."""
    tab = context.new_page()
    tab.goto(service.address)
    tab.get_by_label("E-mail").fill(made_up.EMAIL)
    tab.get_by_label("Password").fill(made_up.PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(lambda address: "/sign-in" not in address)
    return tab


@contextmanager
def _service(fill: Callable[[Resources, FakeClock], Resources]) -> Iterator[Service]:
    clock = FakeClock()
    with tempfile.TemporaryDirectory() as folder, closing(SqliteTemplate(Path(folder)).copy()) as database:
        on = fill(resources(database, clock), clock)
        with served(on) as address:
            yield Service(address, on, None)


def _nothing(on: Resources, clock: FakeClock) -> Resources:
    """Rosa alone."""
    made_up.add_owner(on.database, clock.now())
    return on


def _trouble(on: Resources, clock: FakeClock) -> Resources:
    """Sites do not answer, work was set aside, a page may not be edited, texts wait."""
    made = made_up.fill(on.database, clock.now())
    spoil(on, made)
    return out_of_reach(on)
