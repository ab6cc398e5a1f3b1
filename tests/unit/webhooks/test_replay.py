"""Accepted events once more: what they name is read again, whatever they said, and as often as wanted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update

from connector.store.delivery_list import DeliveryWish, Outcome, list_deliveries
from connector.store.engine import Database
from connector.store.schema import delivery
from connector.store.work import claim_work, mark_due, record_failed
from sync.queries.events import load_events
from sync.timer import KEEP_BODIES, tick
from tests.clock import FakeClock
from tests.unit.commands.stand_in import OKRS, Stand, stand
from tests.unit.webhooks.test_receive import BODY, JIRA, door_of, send, signature
from tests.unit.webhooks.test_receive_from_confluence import event, put
from webhooks.confluence_events import handling_of_page_event
from webhooks.door import MOST_KEPT_OF_A_BODY
from webhooks.event_names import Handling
from webhooks.replay import Replayed, body_of, replay

UNKNOWN = json.dumps({"webhookEvent": "quantum_issue_entangled", "issue": {"id": "10412"}, "é": "ü"}).encode()
PROJECT = json.dumps({"webhookEvent": "project_updated", "project": {"id": "1"}}).encode()
COMMENT = json.dumps({"webhookEvent": "comment_created", "issue": {"id": "10412"}}).encode()
PAGES = "/webhooks/confluence/2"


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Stand:
    """Jira is connection 1, Confluence 2; table 1 stands in page 4711."""
    from sync import commands

    made = stand(sqlite_database, clock, tmp_path)
    made.connected("jira")
    confluence = made.connected("confluence")
    commands.import_okrs(made.on, made.workspace_id, OKRS, "Rosa")
    put(made, confluence, "4711", "a")
    return made


@pytest.fixture
def door(service: Stand) -> FlaskClient:
    return door_of(service)


def quiet(service: Stand) -> None:
    """Everything that was due is done."""
    with service.on.database.write() as conn:
        conn.execute(text("DELETE FROM work"))
        conn.execute(text("UPDATE delivery SET handled_at = received_at"))


def kept(service: Stand, wish: DeliveryWish | None = None) -> list[str]:
    with service.on.database.read() as conn:
        found = list_deliveries(conn, service.workspace_id, wish or DeliveryWish(), 50)
    return [each.event for each in found]


def again(service: Stand, *numbers: int) -> Replayed:
    return replay(service.on, service.workspace_id, numbers, "Rosa")


def test_an_issue_that_was_named_is_due_again(service: Stand, door: FlaskClient) -> None:
    send(door)
    quiet(service)
    assert again(service, 1) == Replayed(events=1, issues=1, pages=0, sites=0, empty=0)
    assert service.due("issue") == ["1:10412"]
    assert service.log()[-1] == "Rosa: asked to read again what 1 of the accepted events name"
    again(service, 1)
    assert service.due("issue") == ["1:10412"]


def test_a_page_and_a_whole_site_are_due_again(service: Stand, door: FlaskClient) -> None:
    send(door, event(4711), PAGES)
    send(door, PROJECT, JIRA)
    quiet(service)
    assert again(service, 1, 2) == Replayed(events=2, issues=0, pages=1, sites=1, empty=0)
    assert (service.due("table"), service.due("full_check")) == (["1"], ["1"])


def test_what_was_set_aside_is_tried_again(service: Stand, door: FlaskClient) -> None:
    send(door)
    quiet(service)
    now = service.clock.now()
    with service.on.database.write() as conn:
        mark_due(conn, service.workspace_id, "issue", ["1:10412"], now)
    (claim,) = claim_work(service.on.database, now=now, lease_seconds=60, kinds=["issue"])
    with service.on.database.write() as conn:
        record_failed(conn, claim, at=now, error="cut off", parked_reason="cut off each time")
    again(service, 1)
    assert service.rows("SELECT parked_at FROM work WHERE kind = 'issue'") == [(None,)]


def test_numbers_that_are_not_kept_are_passed_over(service: Stand) -> None:
    assert again(service, 99) == Replayed(0, 0, 0, 0, 0)
    assert not any("accepted events" in line for line in service.log())


class TestContents:
    """They are kept only where nobody knows what an event is good for."""

    def test_of_an_unknown_kind_encrypted(self, service: Stand, door: FlaskClient) -> None:
        send(door, UNKNOWN)
        ((sealed,),) = service.rows("SELECT body FROM delivery")
        assert b"quantum" not in sealed
        assert service.on.secrets.open(sealed).encode() == UNKNOWN

    @pytest.mark.parametrize("body", [BODY, COMMENT, PROJECT])
    def test_of_no_other(self, service: Stand, door: FlaskClient, body: bytes) -> None:
        send(door, body)
        assert service.rows("SELECT body FROM delivery") == [(None,)]

    def test_only_their_beginning(self, service: Stand, door: FlaskClient) -> None:
        send(door, json.dumps({"webhookEvent": "quantum_leap", "much": "ü" * MOST_KEPT_OF_A_BODY}).encode())
        with service.on.database.read() as conn:
            (found,) = list_deliveries(conn, service.workspace_id, DeliveryWish(), 1)
        assert len(body_of(service.on.secrets, found).encode()) <= MOST_KEPT_OF_A_BODY
        assert again(service, found.id).empty == 1

    def test_of_what_is_no_event_at_all(self, service: Stand, door: FlaskClient) -> None:
        assert send(door, b"\xffnot json").status_code == 400
        with service.on.database.read() as conn:
            (found,) = list_deliveries(conn, service.workspace_id, DeliveryWish(outcome=Outcome.UNKNOWN), 9)
        assert body_of(service.on.secrets, found) == "not json"
        assert again(service, found.id) == Replayed(events=1, issues=0, pages=0, sites=0, empty=1)

    def test_they_go_after_seven_days_and_the_rest_stays(self, service: Stand, door: FlaskClient) -> None:
        send(door, UNKNOWN)
        service.clock.advance(seconds=KEEP_BODIES.total_seconds() - 60)
        tick(service.on, "one")
        assert service.rows("SELECT count(*) FROM delivery WHERE body IS NOT NULL") == [(1,)]
        service.clock.advance(hours=2)
        tick(service.on, "one")
        assert service.rows("SELECT body, event FROM delivery") == [(None, "quantum_issue_entangled")]

    def test_a_kind_that_is_known_by_now_is_understood_from_them(self, service: Stand, door: FlaskClient) -> None:
        """As kept by a version that did not know the kind."""
        send(door)
        quiet(service)
        with service.on.database.write() as conn:
            older = {"handling": "unknown", "issue_ids": [], "body": service.on.secrets.seal(BODY.decode())}
            conn.execute(update(delivery).where(delivery.c.workspace_id == service.workspace_id).values(older))
        assert again(service, 1) == Replayed(events=1, issues=1, pages=0, sites=0, empty=0)
        assert service.due("issue") == ["1:10412"]


class TestListed:
    """By site, kind, time and outcome, the newest first."""

    @pytest.fixture(autouse=True)
    def _sent(self, service: Stand, door: FlaskClient) -> None:
        for body, path in ((BODY, JIRA), (COMMENT, JIRA), (UNKNOWN, JIRA), (event(), PAGES)):
            service.clock.advance(minutes=1)
            send(door, body, path, name=signature(body))

    def test_newest_first(self, service: Stand) -> None:
        assert kept(service) == ["page_updated", "quantum_issue_entangled", "comment_created", "jira:issue_updated"]

    @pytest.mark.parametrize(
        ("outcome", "events"),
        [
            (Outcome.WAITING, ["jira:issue_updated"]),
            (Outcome.READ, ["page_updated"]),
            (Outcome.LEFT_ALONE, ["comment_created"]),
            (Outcome.UNKNOWN, ["quantum_issue_entangled"]),
        ],
    )
    def test_by_outcome(self, service: Stand, outcome: Outcome, events: list[str]) -> None:
        assert kept(service, DeliveryWish(outcome=outcome)) == events
        view = load_events(service.on, service.workspace_id, DeliveryWish(), 50)
        assert [line.event for line in view.lines if line.outcome is outcome] == events

    def test_by_site_kind_and_time(self, service: Stand) -> None:
        now = service.clock.now()
        assert kept(service, DeliveryWish(connection_id=2)) == ["page_updated"]
        assert kept(service, DeliveryWish(kind="comment")) == ["comment_created"]
        assert kept(service, DeliveryWish(kind="comment%")) == []
        assert kept(service, DeliveryWish(since=now)) == ["page_updated"]
        assert kept(service, DeliveryWish(until=now - timedelta(minutes=2))) == ["jira:issue_updated"]
        assert kept(service, DeliveryWish(below=2)) == ["jira:issue_updated"]

    def test_issues_stand_under_their_keys_where_they_are_known(self, service: Stand) -> None:
        view = load_events(service.on, service.workspace_id, DeliveryWish(kind="jira:"), 50)
        assert view.lines[0].names == ("PAY-412",)
        assert (view.kept_days, view.bodies_kept_days, view.older) == (30, 7, None)


def test_every_kind_of_page_event_is_decided() -> None:
    assert handling_of_page_event("page_updated") is Handling.READ_AGAIN
    assert handling_of_page_event("comment_created") is Handling.LEFT_ALONE
    assert handling_of_page_event("page_quantum") is Handling.UNKNOWN
