"""People, accounts and settings, as somebody without JavaScript uses them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from connector.store import people
from connector.store.engine import Database
from connector.store.people import Person
from connector.store.schema import workspace
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import EMAIL, PASSWORD, MadeUp
from tests.unit.web.reading import heading, main, row
from tests.unit.web.surroundings import Visitor, visitor

CODE = re.compile(r"<code>(\d+-[A-Z0-9-]+)</code>")
JONAS = {"name": "Jonas Weber", "email": "jonas@acme.example", "role": "editor", "team": "Payments"}


def seen(visitor: Visitor, address: str) -> str:
    return unescape(visitor.get(address).text.partition('name="seen" value="')[2].partition('"')[0])


def load(database: Database, filled: MadeUp, email: str = JONAS["email"]) -> Person | None:
    with database.read() as conn:
        return people.find_by_email(conn, filled.workspace_id, email)


@pytest.fixture
def jonas(filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> Person:
    return made_up.add_owner(sqlite_database, clock.now(), role="editor", email=JONAS["email"])


def test_the_list_says_who_may_what(rosa: Visitor, jonas: Person) -> None:
    page = rosa.get("/people").text
    assert heading(page) == "2 people may come in"
    assert "There is only one admin." in main(page)
    assert row(page, "(you)").startswith("Rosa Klein (you) rosa.klein@acme.example Admin Chosen")
    assert "of all teams" in row(page, JONAS["email"])


def test_a_person_is_added_and_comes_in(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    assert "An editor of these teams only" in rosa.get("/people/new").text
    page = rosa.post("/people/new", JONAS).text
    assert heading(page) == "Pass this code on to Jonas Weber"
    found = CODE.search(page)
    assert found is not None
    assert "Code is valid until" in row(rosa.get("/people").text, JONAS["email"])
    guest = visitor(sqlite_database, clock)
    short = guest.post("/come-in", {"code": found[1], "password": "short"})
    assert (short.status_code, found[1] in short.text) == (422, True)
    assert guest.post("/come-in", {"code": found[1], "password": "a long sentence"}).location == "/"
    assert guest.get("/").status_code != 302
    assert guest.get("/people").status_code == 403
    assert "Payments" in main(guest.get("/account").text)
    assert "Chosen" in row(rosa.get("/people").text, JONAS["email"])
    assert found[1] not in rosa.get("/status/log").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter a name."),
        ("name", "x" * 201, "at most 200"),
        ("email", "", "Enter the e-mail"),
        ("email", "jonas", "needs an @"),
        ("email", "x" * 320 + "@y", "at most 320"),
        ("email", EMAIL.upper(), "here already"),
        ("role", "", "Choose one of these."),
        ("role", "owner", "Choose one of these."),
        ("team", "<b>Nobodys</b>", "Choose from these teams."),
    ],
)
def test_each_field_says_what_is_wrong_and_keeps_the_rest(
    field: str, typed: str, said: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    answer = rosa.post("/people/new", {**JONAS, field: typed})
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert f'id="{field}-wrong"' in answer.text
    assert field == "name" or 'value="Jonas Weber"' in answer.text
    assert "<b>Nobodys" not in answer.text
    assert load(sqlite_database, filled) is None


def test_wrong_codes_are_taken_slowly(stranger: Visitor, filled: MadeUp) -> None:
    form = {"code": "1-WRONG", "password": "a long sentence"}
    for _ in range(5):
        assert "does not fit" in stranger.post("/come-in", form).text
    assert "Wait half a minute" in stranger.post("/come-in", form).text


def test_role_and_teams_are_changed(rosa: Visitor, jonas: Person, filled: MadeUp, sqlite_database: Database) -> None:
    address = f"/people/{jonas.person_id}"
    form = {"name": "Jonas W.", "role": "editor", "team": "Growth", "seen": seen(rosa, address)}
    assert rosa.post(address, form).location == "/people"
    changed = load(sqlite_database, filled)
    assert changed is not None
    assert (changed.name, changed.teams) == ("Jonas W.", ("Growth",))
    assert 'value="Growth" checked' in rosa.get(address).text


def test_a_team_that_has_no_objective_any_more_may_stay(
    rosa: Visitor, jonas: Person, filled: MadeUp, sqlite_database: Database
) -> None:
    with sqlite_database.write() as conn:
        people.record_role(conn, filled.workspace_id, jonas.person_id, "Jonas", "editor", ("Gone",))
    address = f"/people/{jonas.person_id}"
    form = {"name": "Jonas", "role": "editor", "team": "Gone", "seen": seen(rosa, address)}
    assert rosa.post(address, form).status_code == 303


def test_the_second_of_two_admins_sees_what_the_first_changed(
    rosa: Visitor, jonas: Person, filled: MadeUp, sqlite_database: Database
) -> None:
    address = f"/people/{jonas.person_id}"
    opened = seen(rosa, address)
    rosa.post(address, {"name": "Jonas", "role": "reader", "seen": opened})
    answer = rosa.post(address, {"name": "Jonas Weber", "role": "admin", "seen": opened})
    assert answer.status_code == 409
    assert "Jonas was changed by somebody else meanwhile. Nothing was saved. As it is now: Jonas, Reader" in main(
        answer.text
    )
    assert 'value="Jonas Weber"' in answer.text
    kept = load(sqlite_database, filled)
    assert kept is not None
    assert kept.role == "reader"
    now = unescape(answer.text.partition('name="seen" value="')[2].partition('"')[0])
    assert rosa.post(address, {"name": "Jonas Weber", "role": "admin", "seen": now}).status_code == 303


def test_the_last_admin_cannot_step_down_or_be_removed(rosa: Visitor, filled: MadeUp) -> None:
    address = f"/people/{filled.person.person_id}"
    answer = rosa.post(address, {"name": "Rosa Klein", "role": "reader", "seen": seen(rosa, address)})
    assert answer.status_code == 422
    assert "is the only admin" in answer.text
    removal = rosa.post(f"{address}/remove")
    assert removal.status_code == 409
    assert "is the only admin" in removal.text
    assert rosa.get("/people").status_code == 200


def test_removing_is_asked_once_more_and_ends_every_sign_in(
    rosa: Visitor, jonas: Person, sqlite_database: Database, clock: FakeClock
) -> None:
    other = visitor(sqlite_database, clock)
    other.is_let_in(jonas, clock.now())
    assert other.get("/account").status_code == 200
    address = f"/people/{jonas.person_id}/remove"
    assert heading(rosa.get(address).text) == "Remove Rosa Klein?"
    assert rosa.post(address).location == "/people"
    assert other.get("/account").status_code == 302
    assert rosa.get(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "999", "-1", "x", "1.5", f"{2**63}"])
def test_nobody_of_such_a_number_is_not_found(number: str, rosa: Visitor) -> None:
    assert rosa.get(f"/people/{number}").status_code == 404


def test_a_person_of_another_workspace_is_not_found(rosa: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    with sqlite_database.write() as conn:
        made = workspace.insert().values(name="Other", created_at=clock.now()).returning(workspace.c.id)
        other = conn.execute(made).scalar_one()
        mallory = people.add_person(
            conn, other, email="m@x.example", name="Mallory", role="admin", password_hash="", at=clock.now()
        )
    for way in ("", "/remove"):
        assert rosa.get(f"/people/{mallory.person_id}{way}").status_code == 404
        assert (
            rosa.post(
                f"/people/{mallory.person_id}{way}", {"name": "x", "role": "reader"}, page="/people/new"
            ).status_code
            == 404
        )
    assert rosa.post(f"/people/{mallory.person_id}/code", page="/people/new").status_code == 404


def test_ones_own_name_and_language(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    assert rosa.post("/account", {"name": "Rosa K.", "language": "de"}).location == "/account"
    page = rosa.get("/account").text
    assert '<html lang="de">' in page
    assert "Rosa K." in heading(page)
    wrong = rosa.post("/account", {"name": " ", "language": "de"})
    assert (wrong.status_code, 'id="name-wrong"' in wrong.text) == (422, True)
    assert rosa.post("/account", {"name": "Rosa", "language": "tlh"}).status_code == 422


def test_another_password_ends_every_other_sign_in(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    elsewhere = visitor(sqlite_database, clock)
    elsewhere.is_let_in(filled.person, clock.now())
    wrong = rosa.post("/account/password", {"present_password": "x", "password": "another long one"}, page="/account")
    assert (wrong.status_code, 'id="present_password-wrong"' in wrong.text) == (422, True)
    form = {"present_password": PASSWORD, "password": "another long one"}
    assert rosa.post("/account/password", form, page="/account").status_code == 303
    assert rosa.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_signing_out_everywhere_keeps_only_this_one(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    elsewhere = visitor(sqlite_database, clock)
    elsewhere.is_let_in(filled.person, clock.now())
    copied = rosa.client.get_cookie("okr_session")
    assert copied is not None
    clock.advance(seconds=1)
    rosa.post("/account/sign-out-everywhere", page="/account")
    assert rosa.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    thief = visitor(sqlite_database, clock)
    thief.client.set_cookie("okr_session", copied.value)
    assert thief.get("/account").status_code == 302


def test_a_copied_cookie_is_worth_nothing_after_signing_out(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    elsewhere = visitor(sqlite_database, clock)
    elsewhere.is_let_in(filled.person, clock.now())
    copied = rosa.client.get_cookie("okr_session")
    assert copied is not None
    thief = visitor(sqlite_database, clock)
    thief.client.set_cookie("okr_session", copied.value)
    assert thief.get("/account").status_code == 200
    rosa.post("/sign-out", page="/account")
    assert thief.get("/account").status_code == 302
    assert elsewhere.get("/account").status_code == 200, "only that one sign-in was ended"


def test_settings_say_what_is_so_and_name_the_variables(rosa: Visitor) -> None:
    page = rosa.get("/settings").text
    assert heading(page) == "Only people with an account may read"
    assert "OKR_POLL_SECONDS" in row(page, "OKR_POLL_SECONDS")
    assert "60" in row(page, "OKR_POLL_SECONDS")
    assert "No check-in for 14 days" in main(page)
    assert "secret" not in page.lower().replace("okr_secret", "")


def test_of_two_admins_the_second_sees_what_changed(rosa: Visitor) -> None:
    opened = seen(rosa, "/settings")
    assert rosa.post("/settings", {"name": "Acme", "open": "", "seen": opened}).status_code == 303
    answer = rosa.post("/settings", {"name": "OKRs of all", "open": "yes", "seen": opened})
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile." in answer.text
    assert 'value="OKRs of all"' in answer.text
    assert "As it is now: Acme" in main(answer.text)
    assert heading(rosa.get("/settings").text) == "Only people with an account may read"
    assert rosa.post("/settings", {"name": " ", "seen": seen(rosa, "/settings")}).status_code == 422
