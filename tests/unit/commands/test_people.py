"""Coming in: one-time code, password, and how little a stranger learns."""

from __future__ import annotations

import pytest

from connector.store.people import Person, find_by_email
from sync import commands
from sync.commands import NotPossible
from sync.commands.passwords import PASSWORDS
from sync.commands.people import CODE_DOES_NOT_FIT, DOES_NOT_FIT
from tests.unit.commands.cheap_passwords import CHEAP
from tests.unit.commands.stand_in import Stand

MAIL = "rosa@acme.example"
PASSWORD = "correct horse battery"


def claim(service: Stand, code: str, mail: str = MAIL, password: str = PASSWORD) -> None:
    commands.claim_installation(service.on, service.workspace_id, code, "Rosa Klein", mail, password, passwords=CHEAP)


def new_code(service: Stand) -> str:
    return commands.make_sign_in_code(service.on, passwords=CHEAP)


def sign_in(service: Stand, mail: str, password: str) -> Person:
    return commands.sign_in(service.on, service.workspace_id, mail, password, passwords=CHEAP)


@pytest.fixture
def owned(service: Stand) -> Stand:
    claim(service, new_code(service))
    return service


def refusal(service: Stand, mail: str, password: str) -> str:
    with pytest.raises(NotPossible) as refused:
        sign_in(service, mail, password)
    return str(refused.value)


def test_the_first_start_makes_one_workspace_and_later_ones_find_it(service: Stand) -> None:
    assert commands.first_workspace(service.on) == service.workspace_id
    assert len(service.rows("SELECT id FROM workspace")) == 1


def test_whoever_has_the_code_takes_possession_and_signs_in(owned: Stand) -> None:
    person = sign_in(owned, MAIL.upper(), PASSWORD)
    assert (person.name, person.role) == ("Rosa Klein", "admin")
    assert owned.log() == ["Rosa Klein: took possession of this installation"]


def test_the_code_may_be_typed_in_any_case_and_with_spaces(service: Stand) -> None:
    claim(service, new_code(service).lower().replace("-", " "))


def test_the_code_works_once(service: Stand) -> None:
    code = new_code(service)
    claim(service, code)
    with pytest.raises(NotPossible, match="not the code"):
        claim(service, code, "second@acme.example")
    assert len(service.rows("SELECT id FROM person")) == 1


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC-DDDD-EEEE", "-", "x" * 10_000])
def test_a_wrong_code_opens_nothing(service: Stand, code: str) -> None:
    new_code(service)
    with pytest.raises(NotPossible) as refused:
        claim(service, code)
    assert str(refused.value) == CODE_DOES_NOT_FIT
    assert service.rows("SELECT id FROM person") == []


def test_without_a_code_nothing_opens(service: Stand) -> None:
    with pytest.raises(NotPossible, match="not the code"):
        claim(service, "")


def test_a_new_code_replaces_the_one_before(service: Stand) -> None:
    first = new_code(service)
    second = new_code(service)
    with pytest.raises(NotPossible):
        claim(service, first)
    claim(service, second)


def test_a_lost_password_is_replaced_by_a_code_from_the_console(owned: Stand) -> None:
    for _ in range(6):
        refusal(owned, MAIL, "guess")
    claim(owned, new_code(owned), MAIL.upper(), "another long one")
    assert sign_in(owned, MAIL, "another long one").name == "Rosa Klein"
    assert refusal(owned, MAIL, PASSWORD) == DOES_NOT_FIT
    assert len(owned.rows("SELECT id FROM person")) == 1
    assert owned.log()[-1] == "Rosa Klein: has a new password, by a code from the console"


def test_a_code_for_another_address_makes_another_admin(owned: Stand) -> None:
    claim(owned, new_code(owned), "ben@acme.example", "another long one")
    assert sign_in(owned, "ben@acme.example", "another long one").role == "admin"
    assert sign_in(owned, MAIL, PASSWORD).email == MAIL


def test_a_short_password_is_refused(service: Stand) -> None:
    code = new_code(service)
    with pytest.raises(NotPossible, match="10 to 1000"):
        claim(service, code, password="too short")
    claim(service, code)


def test_wrong_password_and_unknown_address_read_the_same(owned: Stand) -> None:
    assert refusal(owned, MAIL, "wrong password") == refusal(owned, "nobody@acme.example", PASSWORD) == DOES_NOT_FIT


def test_guessing_is_slowed_down_and_says_nothing_else(owned: Stand) -> None:
    for _ in range(5):
        refusal(owned, MAIL, "guess")
    assert refusal(owned, MAIL, PASSWORD) == DOES_NOT_FIT
    owned.clock.advance(seconds=29)
    refusal(owned, MAIL, PASSWORD)
    owned.clock.advance(seconds=2)
    assert sign_in(owned, MAIL, PASSWORD).email == MAIL


def test_the_rest_grows_with_each_guess_but_not_beyond_a_quarter_of_an_hour(owned: Stand) -> None:
    rests = []
    for _ in range(12):
        refusal(owned, MAIL, "guess")
        with owned.on.database.read() as conn:
            person = find_by_email(conn, owned.workspace_id, MAIL)
        assert person is not None
        rests.append(person.sign_in_after and (person.sign_in_after - owned.clock.now()).total_seconds())
        owned.clock.advance(minutes=16)
    assert rests == [None] * 4 + [30, 60, 120, 240, 480, 900, 900, 900]


def test_the_right_password_forgets_failures(owned: Stand) -> None:
    for _ in range(4):
        refusal(owned, MAIL, "guess")
    sign_in(owned, MAIL, PASSWORD)
    assert owned.rows("SELECT failed_sign_ins, sign_in_after FROM person") == [(0, None)]


def test_waiting_guesses_are_not_counted_on_and_on(owned: Stand) -> None:
    for _ in range(9):
        refusal(owned, MAIL, "guess")
    assert owned.rows("SELECT failed_sign_ins FROM person") == [(5,)]


def test_nobody_costs_as_much_time_as_somebody() -> None:
    assert not PASSWORDS.hasher.check_needs_rehash(PASSWORDS.nobodys)
