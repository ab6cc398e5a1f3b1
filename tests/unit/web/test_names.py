"""Nobody takes the name of somebody else, in whose name it would seem that they act."""

from __future__ import annotations

import pytest

from connector.store import people
from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor

TAKEN = ["Rosa Klein", " rosa  KLEIN ", "Ｒosa Klein", "OKR Connector"]
NOT_SHOWN = ["Ro\nsa", "\u202eRosa", "\x1b[31mRosa", "Ro\u200bsa Klein"]


def _called(database: Database, made: MadeUp, person_id: int) -> str:
    with database.read() as conn:
        found = people.find_person(conn, made.workspace_id, person_id)
    assert found is not None
    return found.name


@pytest.mark.parametrize("name", TAKEN + NOT_SHOWN)
def test_a_reader_cannot_go_by_the_name_of_another(
    name: str, stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    ben = made_up.add_owner(sqlite_database, clock.now(), role="reader", email="ben@acme.example")
    with sqlite_database.write() as conn:
        people.record_self(conn, ben.workspace_id, ben.person_id, "Ben Okri", "")
    stranger.is_let_in(ben, clock.now())
    answer = stranger.post("/account", {"name": name, "language": ""})
    assert answer.status_code == 422
    assert 'id="name-wrong"' in answer.text
    assert _called(sqlite_database, filled, ben.person_id) == "Ben Okri"
    assert stranger.post("/account", {"name": "Ben O.", "language": ""}).status_code == 303


@pytest.mark.parametrize("name", TAKEN + NOT_SHOWN)
def test_an_admin_cannot_give_it_to_them_by_mistake(name: str, rosa: Visitor) -> None:
    typed = {"name": name, "email": "new@acme.example", "role": "editor"}
    answer = rosa.post("/people/new", typed)
    assert answer.status_code == 422
    assert 'id="name-wrong"' in answer.text


def test_who_was_called_so_before_stays_so(rosa: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    made_up.add_owner(sqlite_database, clock.now(), email="second@acme.example")
    assert rosa.post("/account", {"name": "Rosa Klein", "language": "de"}).status_code == 303
