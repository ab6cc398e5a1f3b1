"""The Connect descriptor: as the file says it, with only the base address filled in."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web.surroundings import visitor

SCHEMA = Path(__file__).parent / "data" / "connect-jira-schema.json"
FILE = Path(__file__).parents[3] / "atlassian-connect.json"


def test_only_the_base_address_is_filled_in(sqlite_database: Database, clock: FakeClock) -> None:
    address = "https://okr.acme.example"
    answer = visitor(sqlite_database, clock, address, base_url=address + "/").get("/atlassian-connect.json")
    assert answer.content_type == "application/json"
    assert answer.json == {**json.loads(FILE.read_text("utf-8")), "baseUrl": address}


def test_it_is_what_connect_for_jira_understands(sqlite_database: Database, clock: FakeClock) -> None:
    descriptor = visitor(sqlite_database, clock).get("/atlassian-connect.json").json
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft4Validator(schema).validate(descriptor)


def test_it_asks_for_reading_alone() -> None:
    file = json.loads(FILE.read_text("utf-8"))
    assert file["scopes"] == ["READ"]
    assert file["authentication"] == {"type": "jwt"}
    assert {hook["event"] for hook in file["modules"]["webhooks"]} == {
        "jira:issue_created", "jira:issue_updated", "jira:issue_deleted"
    }  # fmt: skip
