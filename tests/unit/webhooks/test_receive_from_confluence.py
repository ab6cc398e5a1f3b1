"""The door for Confluence's events: a page that changed has its tables visited; all else is as at Jira's door."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from connector.store.connections import Connection
from connector.store.engine import Database
from connector.store.reconnecting import replace_webhook_secret
from connector.store.tables import NewTable, add_table
from connector.store.work import claim_work, mark_due, record_done
from sync import commands
from tests.clock import FakeClock
from tests.unit.commands.stand_in import OKRS, Stand, stand
from tests.unit.webhooks.test_receive import CAP, FORGED, AwayDatabase, door_of, signature
from webhooks.door import NOT_UNDERSTOOD

JIRA, CONFLUENCE = "/webhooks/confluence/1", "/webhooks/confluence/2"


def event(page_id: Any = 4711, name: str = "page_updated", **more: Any) -> bytes:
    """As Data Center sends it: ids, and nothing else."""
    told = {"timestamp": 1_795_000_000_000, "event": name, "userKey": "ff80", "page": {"id": page_id}, **more}
    return json.dumps(told).encode()


BODY = event()


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Stand:
    """Jira is connection 1, Confluence 2 and 3; tables 1 and 2 stand in page 4711 of 2, 3 in 4712, 4 in 4711 of 3."""
    made = stand(sqlite_database, clock, tmp_path, webhook_max_bytes=CAP)
    made.connected("jira")
    first = made.connected("confluence")
    second = made.connected("confluence", "https://other.atlassian.net")
    commands.import_okrs(made.on, made.workspace_id, OKRS.replace("[PAY-412]", "[]").replace(
        "\n          - {issue: PAY-431, drives: 2}", " []"), "Rosa")  # fmt: skip
    for connection, page_id, region_id in (
        (first, "4711", "a"),
        (first, "4711", "b"),
        (first, "4712", "a"),
        (second, "4711", "a"),
    ):
        put(made, connection, page_id, region_id)
    with made.on.database.write() as conn:
        conn.execute(text("DELETE FROM work"))
    made.bell.rung = 0
    return made


def put(service: Stand, connection: Connection, page_id: str, region_id: str) -> None:
    new = NewTable(connection.id, page_id, region_id, "2026-q4")
    with service.on.database.write() as conn:
        add_table(conn, service.workspace_id, new, at=service.clock.now(), by="Rosa")


@pytest.fixture
def door(service: Stand) -> FlaskClient:
    return door_of(service)


def send(door: FlaskClient, body: bytes = BODY, path: str = CONFLUENCE, sign: str | None = None) -> TestResponse:
    headers = {"X-Hub-Signature": signature(body) if sign is None else sign}
    answer = door.post(path, data=body, headers=headers)
    answer.close()
    return answer


def nothing_kept(service: Stand) -> bool:
    return service.rows("SELECT id FROM delivery") == [] == service.due("table") and service.bell.rung == 0


class TestAccepted:
    """What is genuine is committed, and then answered."""

    def test_the_tables_in_that_page_of_that_site_are_due_and_no_others(
        self, service: Stand, door: FlaskClient
    ) -> None:
        answer = send(door)
        assert (answer.status_code, answer.data) == (200, b"")
        assert service.rows("SELECT target, urgency FROM work") == [("1", 2), ("2", 2)]
        assert [each.last_event_at for each in service.connections()] == [None, service.clock.now(), None]
        assert service.bell.rung == 1

    def test_the_event_is_kept_by_name_and_nothing_waits_for_it(self, service: Stand, door: FlaskClient) -> None:
        send(door)
        kept = service.rows("SELECT connection_id, event, issue_ids, handled_at IS NULL FROM delivery")
        assert kept == [(2, "page_updated", "[]", 0)]

    def test_the_same_event_again_is_counted_and_marks_nothing(self, service: Stand, door: FlaskClient) -> None:
        send(door)
        for claim in claim_work(service.on.database, now=service.clock.now(), lease_seconds=9, limit=9):
            with service.on.database.write() as conn:
                record_done(conn, claim)
        send(door)
        assert service.rows("SELECT times FROM delivery") == [(2,)]
        assert (service.due("table"), service.bell.rung) == ([], 1)

    def test_an_event_sent_again_under_other_names_is_the_same(self, service: Stand, door: FlaskClient) -> None:
        """Confluence names none, and what a header says is not signed: who copied one event could go on for ever."""
        for name in ("a", "b", "c"):
            headers = {"X-Hub-Signature": signature(BODY), "X-Atlassian-Webhook-Identifier": name}
            door.post(CONFLUENCE, data=BODY, headers=headers).close()
        assert (service.rows("SELECT times FROM delivery"), service.bell.rung) == ([(3,)], 1)

    @pytest.mark.parametrize("name", ["page_updated", "page_restored", "page_trashed", "page_removed", "page_moved"])
    def test_whatever_happens_to_a_page_its_tables_are_visited(
        self, service: Stand, door: FlaskClient, name: str
    ) -> None:
        send(door, event("4711", name))
        assert service.due("table") == ["1", "2"]

    @pytest.mark.parametrize(
        "body",
        [
            event(4713),
            event(4711, "page_created"),
            event(4711, "comment_created"),
            event(4711, "page_dreamt"),
            event({"id": 4711}),
            event(-4711),
            event(True),
            event("4711 or 1=1"),
            json.dumps({"event": "page_updated"}).encode(),
            json.dumps({"event": "page_updated", "page": [4711]}).encode(),
        ],
    )
    def test_other_events_are_kept_and_mark_nothing(self, service: Stand, door: FlaskClient, body: bytes) -> None:
        assert send(door, body).status_code == 200
        assert service.due("table") == []
        assert len(service.rows("SELECT id FROM delivery")) == 1

    def test_a_signed_test_of_the_connection_is_welcome(self, service: Stand, door: FlaskClient) -> None:
        assert send(door, b'{"test": true}').status_code == 200
        assert service.rows("SELECT event FROM delivery") == [("test",)]
        assert service.connections()[1].last_event_at == service.clock.now()

    def test_a_visit_that_was_put_off_to_wait_for_a_person_comes_at_once(
        self, service: Stand, door: FlaskClient, clock: FakeClock
    ) -> None:
        """The open draft for which a visit waits is published by the very event."""
        with service.on.database.write() as conn:
            mark_due(conn, service.workspace_id, "table", ["1"], clock.now().replace(year=2030))
        send(door)
        due = claim_work(service.on.database, now=clock.now(), lease_seconds=9, limit=9, kinds=["table"])
        assert [claim.target for claim in due] == ["1", "2"]

    def test_nothing_of_a_payload_but_its_name_is_kept(self, service: Stand, door: FlaskClient) -> None:
        send(door, event(4711, title="canary", userKey="canary"))
        assert "canary" not in str([service.rows(f"SELECT * FROM {table}") for table in ("delivery", "work")])


class TestRefused:
    """What is not genuine costs a counter and nothing else."""

    @pytest.mark.parametrize("name", sorted(set(FORGED) - {"not ASCII"}))
    def test_a_wrong_signature_is_401_and_only_a_counter(self, service: Stand, door: FlaskClient, name: str) -> None:
        answer = send(door, sign=FORGED[name])
        assert (answer.status_code, answer.data) == (401, b"")
        assert nothing_kept(service)
        assert service.rows("SELECT rejected_deliveries FROM connection ORDER BY id") == [(0,), (1,), (0,)]

    @pytest.mark.parametrize("path", [JIRA, "/webhooks/confluence/99", "/webhooks/confluence/0"])
    def test_an_unknown_connection_answers_like_a_wrong_signature(
        self, service: Stand, door: FlaskClient, path: str
    ) -> None:
        known, answer = send(door, sign=signature(BODY, "guessed")), send(door, path=path)
        assert (answer.status_code, answer.data, dict(answer.headers)) == (401, known.data, dict(known.headers))
        assert nothing_kept(service)

    def test_the_secret_of_one_connection_opens_no_other(self, service: Stand, door: FlaskClient) -> None:
        with service.on.database.write() as conn:
            replace_webhook_secret(conn, service.workspace_id, 3, service.on.secrets.seal("another"))
        assert send(door, path="/webhooks/confluence/3").status_code == 401
        assert send(door, path="/webhooks/confluence/3", sign=signature(BODY, "another")).status_code == 200
        assert service.due("table") == ["4"]

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event": 7}', b'{"test": 1}', b"[" * 3_000])
    def test_a_signed_body_that_is_no_event_is_400(self, service: Stand, door: FlaskClient, body: bytes) -> None:
        assert send(door, body).status_code == 400
        assert (service.due("table"), service.bell.rung) == ([], 0)
        assert service.rows("SELECT event, handling FROM delivery") == [(NOT_UNDERSTOOD, "unknown")]

    def test_a_body_over_the_cap_is_413(self, service: Stand, door: FlaskClient) -> None:
        assert send(door, b"x" * (CAP + 1)).status_code == 413
        assert nothing_kept(service)

    @pytest.mark.parametrize("part", ["read", "write"])
    def test_a_database_that_is_away_is_503(self, service: Stand, part: str) -> None:
        away = replace(service, on=replace(service.on, database=AwayDatabase(service.on.database, part)))
        assert send(door_of(away)).status_code == 503
        assert nothing_kept(service)
