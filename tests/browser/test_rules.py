"""Linking rules in a real browser: the look ahead as one types, many at once, without a script, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from connector.store import link_rules
from connector.store.engine import Database
from mapping.rules import Rule, RuleKind
from tests.browser.conftest import Colours, Service, served, signed_in
from tests.browser.test_looks import check
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.rules_desk import JQL, WRONG, Desk, at_desk

pytestmark = pytest.mark.browser

RULES = "/mappings/rules"


@dataclass(frozen=True, slots=True)
class Ruled(Service):
    """A service with a Jira that answers."""

    desk: Desk


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock) -> Iterator[Ruled]:
    filled = made_up.fill(sqlite_database, clock.now())
    desk = at_desk(sqlite_database, clock, filled)
    with served(desk.on) as address:
        yield Ruled(address, desk.on, filled, desk)


def test_a_rule_says_ahead_what_it_would_link(page: Page, service: Ruled) -> None:
    page.get_by_role("link", name="Mappings").click()
    page.get_by_role("link", name="Rules").click()
    page.get_by_role("link", name="Make the first rule").click()
    page.get_by_role("link", name="Query").click()
    query = page.get_by_label("Epics that match this JQL")
    page.get_by_label("Serve").select_option("PAY-KR2 supports")
    query.fill("labels = = retry")
    expect(page.get_by_text(WRONG)).to_be_visible()
    query.fill("labels = retry")
    expect(page.get_by_text("Valid. Matches 2 epics now.")).to_be_visible()
    expect(query).to_be_focused()
    assert service.desk.rules() == ()
    page.get_by_role("button", name="Save: link 2").dblclick()
    expect(page.get_by_text("Saved. 2 epics linked.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rule “labels = retry”")
    assert len(service.desk.rules()) == 1


def test_a_weight_is_asked_for_only_where_it_drives(page: Page, service: Ruled) -> None:
    page.goto(f"{service.address}{RULES}/new")
    expect(page.get_by_label("Weight")).to_be_hidden()
    page.get_by_label("Serve").select_option("PLA-KR3 drives")
    expect(page.get_by_label("Weight")).to_be_visible()


def test_only_a_tick_unlinks_and_the_button_says_so(page: Page, service: Ruled) -> None:
    rule_id = service.desk.rule(JQL)
    service.desk.linked_by(rule_id, "PAY-395")
    page.goto(f"{service.address}{RULES}/{rule_id}")
    save = page.get_by_role("button", name="Save")
    expect(save).to_have_text("Save: link 2")
    page.get_by_label("unlink PAY-395").check()
    expect(save).to_have_text("Save: link 2, unlink 1")
    save.click()
    expect(page.get_by_text("Saved. 2 epics linked. 1 link taken away.")).to_be_visible()


def test_many_at_once_are_asked_about_without_a_script(chromium: Browser, service: Ruled) -> None:
    service.desk.jira.find(*(f"PAY-{number}" for number in range(600, 634)))
    with chromium.new_context(java_script_enabled=False) as context:
        page = signed_in(context, service)
        page.goto(f"{service.address}{RULES}/new?kind=label")
        page.get_by_label("Epics with this label").fill("retry")
        page.get_by_label("Serve").select_option("PAY-KR1 supports")
        service.desk.jira.find(*(f"PAY-{number}" for number in range(600, 634)), labels=["retry"])
        page.get_by_role("button", name="Show what it would link").click()
        page.get_by_role("button", name="Save, then decide about 34 epics").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Link 34 epics?")
        page.get_by_role("link", name="Not now").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Rule “retry”: 34 epics wait for you")
        page.get_by_role("link", name="Decide").click()
        page.get_by_role("button", name="Link 34 epics").click()
        expect(page.get_by_text("34 epics linked.")).to_be_visible()
        assert len(service.desk.links("PAY-KR1")) >= 34


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (760, "light"), (390, "dark")])
def test_the_rules_are_readable(width: int, colours: Colours, chromium: Browser, service: Ruled) -> None:
    addresses = _some_of_each_kind(service)
    with chromium.new_context(color_scheme=colours, viewport={"width": width, "height": 800}) as context:
        page = signed_in(context, service)
        for address in addresses:
            page.goto(service.address + address)
            check(page, address)
        page.get_by_role("button", name="Save").click()
        check(page, "with what is wrong")


def _some_of_each_kind(service: Ruled) -> tuple[str, ...]:
    desk, made = service.desk, service.desk.made
    retry, wrong = desk.rule(JQL), desk.rule(Rule(RuleKind.JQL, "labels = = x", "PAY-KR1"), "Wrong")
    away, off = (
        desk.rule(Rule(RuleKind.JQL, "slow = 1", "PAY-KR1"), "Away"),
        desk.rule(Rule(RuleKind.PROJECT, "OPS"), "Upkeep"),
    )
    for key in ("PAY-388", "PAY-395"):
        desk.linked_by(retry, key)
    at = desk.on.clock.now()
    with desk.on.database.write() as conn:
        link_rules.record_checked(conn, made.workspace_id, retry, at=at, matched=2, waiting=["1", "2"])
        link_rules.record_trouble(conn, made.workspace_id, wrong, at=at, trouble=WRONG)
        link_rules.turn_rule(conn, made.workspace_id, off, None)
    one = tuple(f"{RULES}/{number}" for number in (retry, wrong, away, off))
    kinds = tuple(f"{RULES}/new?kind={kind}" for kind in RuleKind)
    return (RULES, *one, f"{RULES}/{retry}/waiting", f"{RULES}/{away}/waiting", f"{RULES}/{retry}/delete", *kinds)
