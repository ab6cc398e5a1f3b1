"""An app with everything outside replaced, and somebody who clicks through it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from flask import session
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from connector.crypto import SecretBox
from connector.settings import Settings
from connector.store.connections import Connection
from connector.store.engine import Database
from connector.store.people import Person
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.web.made_up import EMAIL, KEY, PASSWORD
from web.app import create_app
from web.session import start_session

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class CountingBell:
    """How often it was rung."""

    rings: int = 0

    def ring(self) -> None:
        self.rings += 1


class NoSites:
    """Pages never talk to Jira or Confluence."""

    def jira(self, connection: Connection) -> NoReturn:
        raise AssertionError(f"a page talked to {connection.site_url}")

    confluence = jira


def settings(**values: object) -> Settings:
    """Settings that read no file of the machine."""
    return Settings(_env_file=None, **{"secret_keys": KEY.decode(), **values})  # type: ignore[call-arg, arg-type]


def resources(database: Database, clock: FakeClock, **values: object) -> Resources:
    return Resources(settings(**values), database, clock, CountingBell(), SecretBox([KEY]), NoSites())


@dataclass
class Visitor:
    """Somebody with a browser without JavaScript: follows the forms of the pages."""

    client: FlaskClient
    bell: CountingBell
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, headers=self.headers, buffered=True)

    def post(self, address: str, form: dict[str, str] | None = None, *, page: str = "") -> TestResponse:
        """Send a form as a page of ours would, with the token of ``page`` (or of the address itself)."""
        token = self.token(page or address)
        return self.client.post(address, data={**(form or {}), "csrf_token": token}, headers=self.headers)

    def token(self, page: str) -> str:
        found = TOKEN.search(self.get(page).text)
        assert found is not None, f"{page} has no form"
        return found[1]

    def is_let_in(self, person: Person, at: datetime) -> None:
        """Signed in without the (slow) password being checked."""
        with self.client.session_transaction() as kept, self.client.application.test_request_context():
            start_session(person, at)
            kept.update(session)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", {"email": email, "password": password})


def visitor(database: Database, clock: FakeClock, at: str = "http://127.0.0.1:8400", **values: object) -> Visitor:
    """A visitor of an app of one's own, not signed in."""
    return visitor_of(resources(database, clock, **values), at)


def visitor_of(on: Resources, at: str = "http://127.0.0.1:8400") -> Visitor:
    """A visitor of an app with these resources."""
    assert isinstance(on.bell, CountingBell)
    app = create_app(on)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()  # every test has an app of its own
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = at.partition(":")[0]
    client.environ_base["HTTP_HOST"] = at.partition("//")[2]
    return Visitor(client, on.bell)
