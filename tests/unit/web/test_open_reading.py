"""Reading without an account: closed unless an admin opens it, and then OKRs and status only."""

from __future__ import annotations

import pytest

from connector.store import connection_state, workspaces
from connector.store.connections import Health
from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import EMAIL, MadeUp
from tests.unit.web.surroundings import Visitor
from tests.unit.web.test_routes import WHO_MAY
from web.access import OPEN_TO_VISITORS

OPEN = ("/", "/cycles/2026-q4", "/kr/PAY-KR1", "/objectives/PAY-O1", "/status")
NEVER_SHOWN = ("okr-bot@acme.example", EMAIL, "/account", "/people", "/settings", "Last changes", "Linked PAY-412")


@pytest.fixture
def opened(stranger: Visitor, filled: MadeUp, sqlite_database: Database) -> Visitor:
    """Nobody is signed in, and reading is open."""
    with sqlite_database.write() as conn:
        workspaces.record_open_to_readers(conn, filled.workspace_id, True)
    return stranger


@pytest.mark.parametrize("address", OPEN)
def test_closed_reading_leads_to_the_sign_in(address: str, stranger: Visitor, filled: MadeUp) -> None:
    assert stranger.get(address).location.startswith("/sign-in")


@pytest.mark.parametrize("address", OPEN)
def test_open_reading_shows_okrs_and_status_and_offers_the_sign_in(address: str, opened: Visitor) -> None:
    answer = opened.get(address)
    assert answer.status_code == 200
    assert f'href="/sign-in?next={address}"' in answer.text
    for never in NEVER_SHOWN:
        assert never not in answer.text


def test_everything_else_stays_closed(opened: Visitor) -> None:
    rules = {rule.rule: rule.endpoint for rule in opened.client.application.url_map.iter_rules()}
    for (method, rule), who in WHO_MAY.items():
        if who in {"anyone", "sender", "local"} or (method == "GET" and rules[rule] in OPEN_TO_VISITORS):
            continue
        address = rule
        for part in rule.split("/"):
            if part.startswith("<"):
                address = address.replace(part, "1")
        answer = opened.client.open(address, method=method, data={"csrf_token": opened.token("/sign-in")})
        assert answer.status_code in {302, 303}, rule
        assert answer.location.startswith("/sign-in"), rule


def test_a_visitor_reads_neither_what_a_site_answered_nor_who_paused(
    opened: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    made_up.set_aside(sqlite_database, filled, clock.now())
    with sqlite_database.write() as conn:
        workspaces.pause_writing(conn, filled.workspace_id, at=clock.now(), who="Rosa Klein")
        connection_state.record_health(
            conn, filled.workspace_id, filled.confluence.id, Health.RATE_LIMITED, clock.now(), "token of okr-bot"
        )
    page = opened.get("/status").text
    assert "Somebody paused it" in page
    assert "token of okr-bot" not in page
    assert "cut off at 64 kB" not in page
    assert "<form" not in page


def test_a_visitor_can_send_nothing(opened: Visitor) -> None:
    token = opened.token("/sign-in")
    for address in ("/status/pause", "/check-in/PAY-KR1"):
        answer = opened.client.post(address, data={"csrf_token": token, "value": "1"})
        assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_whoever_signs_in_is_that_person_again(opened: Visitor, filled: MadeUp, clock: FakeClock) -> None:
    opened.is_let_in(filled.person, clock.now())
    assert "Rosa Klein: account" in opened.get("/status").text
