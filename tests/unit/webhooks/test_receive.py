"""The door for events: nothing unsigned comes in, nothing uncommitted is confirmed, nobody learns of it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from connector.store.engine import Database
from connector.store.errors import StoreUnavailable
from connector.store.reconnecting import replace_webhook_secret
from tests.clock import FakeClock
from tests.unit.commands.stand_in import SECRET, Stand, stand
from webhooks.door import NOT_UNDERSTOOD
from webhooks.receive import make_receiver

BODY = json.dumps(
    {"webhookEvent": "jira:issue_updated", "timestamp": 1_795_000_000_000, "issue": {"id": "10412"}}
).encode()
OTHER = BODY.replace(b"10412", b"10413")
JIRA, CONFLUENCE, NOBODY = "/webhooks/jira/1", "/webhooks/jira/2", "/webhooks/jira/99"
CAP = 4096


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Stand:
    """Jira is connection 1, Confluence connection 2; bodies up to CAP bytes."""
    made = stand(sqlite_database, clock, tmp_path, webhook_max_bytes=CAP)
    made.connected("jira")
    made.connected("confluence")
    return made


@pytest.fixture
def door(service: Stand) -> FlaskClient:
    return door_of(service)


def door_of(service: Stand) -> FlaskClient:
    app = Flask("door")
    app.register_blueprint(make_receiver(service.on))
    return app.test_client()


def signature(body: bytes, secret: str = SECRET, method: str = "sha256") -> str:
    return f"{method}=" + hmac.new(secret.encode(), body, method).hexdigest()


def send(
    door: FlaskClient, body: bytes = BODY, path: str = JIRA, name: str = "id-1", sign: str | None = None, **more: str
) -> TestResponse:
    """An event as Jira sends it, or with another signature header (empty: none); what the server does after its answer
    is done when this returns."""
    headers = {"X-Hub-Signature": signature(body) if sign is None else sign, "X-Atlassian-Webhook-Identifier": name}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    answer = door.post(path, data=body, headers={name: value for name, value in headers.items() if value})
    answer.close()
    return answer


def deliveries(service: Stand) -> list[tuple[Any, ...]]:
    return service.rows("SELECT identifier, event, issue_ids, times FROM delivery ORDER BY id")


def refused(service: Stand) -> list[int]:
    return [row[0] for row in service.rows("SELECT rejected_deliveries FROM connection ORDER BY id")]


def nothing_kept(service: Stand) -> bool:
    return deliveries(service) == [] == service.due("issue") and service.bell.rung == 0


class TestAccepted:
    """What is genuine is committed, and then answered."""

    def test_an_event_is_one_row_and_its_issue_is_due(self, service: Stand, door: FlaskClient) -> None:
        answer = send(door)
        assert (answer.status_code, answer.data) == (200, b"")
        assert deliveries(service) == [("id-1", "jira:issue_updated", '["10412"]', 1)]
        assert service.due("issue") == ["1:10412"]
        assert service.connections()[0].last_event_at == service.clock.now()
        assert (service.bell.rung, refused(service)) == (1, [0, 0])

    def test_five_times_the_same_is_one_row_and_one_ring(self, service: Stand, door: FlaskClient) -> None:
        codes = [send(door, X_Atlassian_Webhook_Retry=str(number)).status_code for number in range(5)]
        assert codes == [200] * 5
        assert [row[3] for row in deliveries(service)] == [5]
        assert service.rows("SELECT target, generation FROM work") == [("1:10412", 1)]
        assert service.bell.rung == 1

    def test_the_same_identifier_with_another_body_hides_nothing(self, service: Stand, door: FlaskClient) -> None:
        send(door)
        send(door, OTHER)
        assert len(deliveries(service)) == 2
        assert service.due("issue") == ["1:10412", "1:10413"]

    def test_without_an_identifier_the_body_stands_for_itself(self, service: Stand, door: FlaskClient) -> None:
        for body in (BODY, BODY, OTHER):
            send(door, body, name="")
        assert [row[3] for row in deliveries(service)] == [2, 1]

    @pytest.mark.parametrize("name", ["x" * 500, "with space", "\xe4\xf6\xfc"])
    def test_a_strange_identifier_is_no_reason_to_lose_an_event(
        self, service: Stand, door: FlaskClient, name: str
    ) -> None:
        assert [send(door, name=name).status_code for _ in range(2)] == [200, 200]
        assert [row[3] for row in deliveries(service)] == [2]

    @pytest.mark.parametrize("event", ["comment_created", "jira:issue_dreamt"])
    def test_what_is_left_alone_is_kept_and_marks_nothing(self, service: Stand, door: FlaskClient, event: str) -> None:
        assert send(door, BODY.replace(b"jira:issue_updated", event.encode())).status_code == 200
        assert [row[1:3] for row in deliveries(service)] == [(event, "[]")]
        assert service.rows("SELECT id FROM work") == []

    def test_a_project_that_went_away_has_everything_read_again(self, service: Stand, door: FlaskClient) -> None:
        send(door, BODY.replace(b"jira:issue_updated", b"project_deleted"))
        assert service.due("full_check") == ["1"]
        assert service.rows("SELECT id FROM delivery WHERE handled_at IS NULL") == []

    def test_the_bell_is_rung_only_after_the_answer(self, service: Stand, door: FlaskClient) -> None:
        answer = door.post(JIRA, data=BODY, headers={"X-Hub-Signature": signature(BODY)})
        assert (answer.status_code, service.bell.rung) == (200, 0)
        assert len(deliveries(service)) == 1
        answer.close()
        assert service.bell.rung == 1

    def test_nothing_of_a_payload_but_ids_and_the_name_is_kept(self, service: Stand, door: FlaskClient) -> None:
        body = json.dumps(
            {"webhookEvent": "jira:issue_updated", "issue": {"id": 7, "fields": {"summary": "canary-title"}}}
        ).encode()
        send(door, body)
        assert "canary" not in str([service.rows(f"SELECT * FROM {table}") for table in ("delivery", "work")])


FORGED = {
    "none": "",
    "no method": signature(BODY).removeprefix("sha256="),
    "no value": "sha256=",
    "another secret": signature(BODY, "guessed"),
    "empty secret": signature(BODY, ""),
    "sha1": signature(BODY, method="sha1"),
    "sha512": signature(BODY, method="sha512"),
    "called sha1": signature(BODY).replace("sha256", "sha1"),
    "upper case": signature(BODY).upper(),
    "upper-case hex": "sha256=" + signature(BODY)[7:].upper(),
    "cut": signature(BODY)[:-1],
    "longer": signature(BODY) + "0",
    "not ASCII": "sha256=" + "\xe4" * 64,
    "two in one": f"{signature(BODY)},{signature(BODY)}",
    "of another body": signature(OTHER),
}


class TestRefused:
    """What is not genuine costs a counter and nothing else."""

    @pytest.mark.parametrize("sign", FORGED.values(), ids=FORGED)
    def test_a_wrong_signature_is_401_and_only_a_counter(self, service: Stand, door: FlaskClient, sign: str) -> None:
        answer = send(door, sign=sign)
        assert (answer.status_code, answer.data) == (401, b"")
        assert nothing_kept(service)
        assert refused(service) == [1, 0]
        assert service.connections()[0].last_event_at is None

    def test_a_signature_in_another_header_is_none(self, service: Stand, door: FlaskClient) -> None:
        assert send(door, sign="", X_Hub_Signature_256=signature(BODY)).status_code == 401
        assert nothing_kept(service)

    def test_two_signature_headers_are_none(self, service: Stand, door: FlaskClient) -> None:
        headers = [("X-Hub-Signature", signature(BODY)), ("X-Hub-Signature", signature(BODY, "guessed"))]
        with door.post(JIRA, data=BODY, headers=headers) as answer:
            assert answer.status_code == 401
        assert nothing_kept(service)

    def test_a_body_that_was_written_anew_is_401(self, service: Stand, door: FlaskClient) -> None:
        rewritten = json.dumps(json.loads(BODY), indent=1).encode()
        assert send(door, rewritten, sign=signature(BODY)).status_code == 401
        assert nothing_kept(service)

    @pytest.mark.parametrize("path", [NOBODY, CONFLUENCE, "/webhooks/jira/0", f"/webhooks/jira/{2**63 - 1}"])
    @pytest.mark.parametrize("header", [signature(BODY), "", signature(BODY, "")])
    def test_an_unknown_connection_answers_like_a_wrong_signature(
        self, service: Stand, door: FlaskClient, path: str, header: str
    ) -> None:
        known = send(door, sign=signature(BODY, "guessed"))
        answer = send(door, path=path, sign=header)
        assert (answer.status_code, answer.data, dict(answer.headers)) == (401, known.data, dict(known.headers))
        assert nothing_kept(service)
        assert refused(service) == [1, 0]

    @pytest.mark.parametrize(
        "path", ["/webhooks/jira/-1", "/webhooks/jira/x", f"/webhooks/jira/{2**63}", "/webhooks/jira/"]
    )
    def test_what_is_no_number_of_a_connection_is_404(self, door: FlaskClient, path: str) -> None:
        assert send(door, path=path).status_code == 404

    @pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b"[" * 3_000, b'{"webhookEvent": 7}'])
    def test_a_signed_body_that_is_no_event_is_400(self, service: Stand, door: FlaskClient, body: bytes) -> None:
        assert send(door, body).status_code == 400
        assert (service.due("issue"), service.bell.rung, refused(service)) == ([], 0, [0, 0])
        assert deliveries(service) == [("id-1", NOT_UNDERSTOOD, "[]", 1)], "kept, for an admin to look at"

    def test_the_signature_is_looked_at_before_the_json(self, door: FlaskClient) -> None:
        assert send(door, b"not json", sign=signature(b"other")).status_code == 401

    @pytest.mark.parametrize("path", [JIRA, NOBODY])
    def test_a_body_over_the_cap_is_413_wherever_it_is_sent(self, service: Stand, door: FlaskClient, path: str) -> None:
        assert send(door, b"x" * (CAP + 1), path=path).status_code == 413
        assert nothing_kept(service)

    def test_a_body_at_the_cap_is_read(self, door: FlaskClient) -> None:
        body = BODY[:-1] + b" " * (CAP - len(BODY)) + b"}"
        assert (len(body), send(door, body).status_code) == (CAP, 200)

    def test_a_body_without_an_end_is_not_read_on_and_on(self, service: Stand) -> None:
        app = Flask("door")
        app.register_blueprint(make_receiver(service.on))
        environ: dict[str, Any] = dict(EnvironBuilder(path=JIRA, method="POST").get_environ())
        environ.pop("CONTENT_LENGTH", None)
        endless = Endless()
        environ |= {"wsgi.input": endless, "wsgi.input_terminated": True, "HTTP_X_HUB_SIGNATURE": signature(BODY)}
        _, status, _ = run_wsgi_app(app, environ, buffered=True)
        assert status.startswith("413")
        assert endless.given <= CAP + 100_000

    def test_few_bodies_that_may_be_large_are_read_at_once(self, service: Stand) -> None:
        app = Flask("door")
        app.register_blueprint(make_receiver(service.on))

        def send_endless(meanwhile: Callable[[], object]) -> str:
            environ: dict[str, Any] = dict(EnvironBuilder(path=JIRA, method="POST").get_environ())
            environ.pop("CONTENT_LENGTH", None)
            environ |= {"wsgi.input": Endless(meanwhile), "wsgi.input_terminated": True}
            return run_wsgi_app(app, environ, buffered=True)[1][:3]

        seen: list[str] = []
        among_two = partial(send_endless, lambda: seen.append(send_endless(lambda: None)))
        assert send_endless(lambda: seen.append(among_two())) == "413"
        assert seen == ["503", "413"], "the third is not read"
        assert send_endless(lambda: None) == "413", "there is room again"
        assert send(app.test_client()).status_code == 200

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_only_post(self, door: FlaskClient, method: str) -> None:
        assert door.open(JIRA, method=method).status_code == 405


class Endless:
    """A body without an end. ``meanwhile`` happens when its first bytes are asked for."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.given = 0
        self._meanwhile = meanwhile

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "the whole body was asked for"
        if not self.given:
            self._meanwhile()
        self.given += size
        return b"x" * size


class TestAway:
    """Without a commit there is no 2xx."""

    @pytest.mark.parametrize("part", ["read", "write"])
    def test_a_database_that_is_away_is_503(self, service: Stand, part: str) -> None:
        door = door_of(replace(service, on=replace(service.on, database=AwayDatabase(service.on.database, part))))
        assert send(door).status_code == 503
        assert nothing_kept(service)

    def test_a_refusal_that_cannot_be_counted_is_still_a_refusal(self, service: Stand) -> None:
        door = door_of(replace(service, on=replace(service.on, database=AwayDatabase(service.on.database, "write"))))
        assert send(door, sign="").status_code == 401

    def test_a_secret_that_nobody_can_read_is_503(self, service: Stand, door: FlaskClient) -> None:
        with service.on.database.write() as conn:
            replace_webhook_secret(conn, service.workspace_id, 1, b"sealed with a lost key")
        assert send(door).status_code == 503
        assert nothing_kept(service)

    def test_what_was_answered_with_503_comes_in_when_sent_again(self, service: Stand, door: FlaskClient) -> None:
        away = door_of(replace(service, on=replace(service.on, database=AwayDatabase(service.on.database, "write"))))
        assert [send(away).status_code, send(door).status_code] == [503, 200]
        assert [row[3] for row in deliveries(service)] == [1]

    @pytest.mark.parametrize("kept", range(3))
    def test_wherever_the_database_goes_away_the_issue_is_due_in_the_end(
        self, service: Stand, door: FlaskClient, kept: int
    ) -> None:
        """After so many transactions. What is kept of an event without its marks hides the one that is sent again."""
        database = AwayDatabase(service.on.database, "write", after=kept)
        if send(door_of(replace(service, on=replace(service.on, database=database)))).status_code != 200:
            send(door)
        assert service.due("issue") == ["1:10412"]


class AwayDatabase(Database):
    """A database of which one part does not answer, once it did ``after`` times."""

    def __init__(self, real: Database, part: str, after: int = 0) -> None:
        super().__init__(real.engine)
        self._part = part
        self._left = after

    @contextmanager
    def read(self) -> Iterator[Any]:
        if self._part == "read" and not self._is_there():
            raise StoreUnavailable("The database is away.")
        with super().read() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Any]:
        with super().write() as conn:
            yield conn
            if self._part == "write" and not self._is_there():
                raise StoreUnavailable("The database went away before the commit.")

    def _is_there(self) -> bool:
        self._left -= 1
        return self._left >= 0


def test_a_forged_event_in_another_workspace_finds_no_way(service: Stand, door: FlaskClient) -> None:
    """The secret of one connection opens no other, also where the two have the same ids."""
    second = service.connected("jira", "https://other.atlassian.net")
    with service.on.database.write() as conn:
        replace_webhook_secret(conn, service.workspace_id, second.id, service.on.secrets.seal("another"))
    assert send(door, path=f"/webhooks/jira/{second.id}").status_code == 401
    assert send(door, path=f"/webhooks/jira/{second.id}", sign=signature(BODY, "another")).status_code == 200
    assert service.due("issue") == [f"{second.id}:10412"]
