"""What a person does about their own account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connector.store.people import MOST_ENDED, Person, find_by_email
from sync import commands
from sync.commands import NotPossible, account
from sync.commands.workspace import open_reading, rename_workspace
from sync.queries.people import load_visitor
from tests.unit.commands.cheap_passwords import CHEAP
from tests.unit.commands.stand_in import Stand

ROSA = "rosa@acme.example"
PASSWORD = "correct horse battery"


@pytest.fixture
def rosa(service: Stand) -> Person:
    code = commands.make_sign_in_code(service.on, passwords=CHEAP)
    commands.claim_installation(service.on, service.workspace_id, code, "Rosa", ROSA, PASSWORD, passwords=CHEAP)
    return present(service)


def present(service: Stand) -> Person:
    with service.on.database.read() as conn:
        found = find_by_email(conn, service.workspace_id, ROSA)
    assert found is not None
    return found


def test_name_and_language_are_ones_own(service: Stand, rosa: Person) -> None:
    account.describe_self(service.on, rosa, "Rosa Klein", "de")
    assert (present(service).name, present(service).language) == ("Rosa Klein", "de")
    assert service.log()[-1] == "Rosa: goes by the name of Rosa Klein now"
    account.describe_self(service.on, present(service), "Rosa Klein", "")
    assert present(service).language == ""
    with pytest.raises(NotPossible):
        account.describe_self(service.on, rosa, "Rosa", "tlh")


def test_another_password_needs_the_present_one(service: Stand, rosa: Person) -> None:
    with pytest.raises(NotPossible, match="not your present password"):
        account.change_password(service.on, rosa, "wrong", "another long one", passwords=CHEAP)
    with pytest.raises(NotPossible, match="10 to 1000"):
        account.change_password(service.on, rosa, PASSWORD, "short", passwords=CHEAP)
    account.change_password(service.on, rosa, PASSWORD, "another long one", passwords=CHEAP)
    assert commands.sign_in(service.on, service.workspace_id, ROSA, "another long one", passwords=CHEAP)


def test_guessing_the_present_password_is_slowed_down_as_at_the_sign_in(service: Stand, rosa: Person) -> None:
    for _ in range(5):
        with pytest.raises(NotPossible):
            account.change_password(service.on, rosa, "guess", "another long one", passwords=CHEAP)
    with pytest.raises(NotPossible):
        account.change_password(service.on, rosa, PASSWORD, "another long one", passwords=CHEAP)
    service.clock.advance(seconds=31)
    account.change_password(service.on, rosa, PASSWORD, "another long one", passwords=CHEAP)


def test_ended_sign_ins_are_remembered_only_as_long_as_they_could_have_held(service: Stand, rosa: Person) -> None:
    now = service.clock.now()
    account.sign_out(service.on, rosa, "first", now + timedelta(days=1))
    service.clock.advance(days=2)
    account.sign_out(service.on, rosa, "second", service.clock.now() + timedelta(days=1))
    assert [which for which, _ in present(service).ended_sign_ins] == ["second"]


def test_too_many_of_them_end_every_sign_in(service: Stand, rosa: Person) -> None:
    until = service.clock.now() + timedelta(days=1)
    for number in range(MOST_ENDED + 1):
        account.sign_out(service.on, rosa, str(number), until)
    assert present(service).ended_sign_ins == ()
    assert present(service).signed_out_at == service.clock.now()


def test_the_place_has_a_name_and_is_open_or_not(service: Stand) -> None:
    assert rename_workspace(service.on, service.workspace_id, " Acme ", "Rosa") is True
    assert rename_workspace(service.on, service.workspace_id, "Acme", "Rosa") is False
    for wrong in ("", "  ", "x" * 201):
        with pytest.raises(NotPossible):
            rename_workspace(service.on, service.workspace_id, wrong, "Rosa")
    assert load_visitor(service.on, service.workspace_id) is None
    assert open_reading(service.on, service.workspace_id, is_open=True, who="Rosa") is True
    assert open_reading(service.on, service.workspace_id, is_open=True, who="Rosa") is False
    visitor = load_visitor(service.on, service.workspace_id)
    assert visitor is not None
    assert (visitor.role, visitor.email, visitor.name) == ("visitor", "", "")
    assert service.log() == ["Rosa: named this place Acme", "Rosa: opened reading to everybody"]
