"""Who is let in, what they may, and that somebody always is left to administer."""

from __future__ import annotations

import pytest

from connector.store.people import Person, find_by_email, find_person
from sync import commands
from sync.commands import NotPossible, account, members
from sync.commands.members import ChangedMeanwhile, Invitation, Wish, number_and_code
from tests.unit.commands.cheap_passwords import CHEAP
from tests.unit.commands.stand_in import Stand

ROSA, JONAS = "rosa@acme.example", "jonas@acme.example"
PASSWORD = "correct horse battery"


@pytest.fixture
def owned(service: Stand) -> Stand:
    """Rosa is the admin."""
    code = commands.make_sign_in_code(service.on, passwords=CHEAP)
    commands.claim_installation(service.on, service.workspace_id, code, "Rosa", ROSA, PASSWORD, passwords=CHEAP)
    return service


def person(service: Stand, email: str) -> Person:
    with service.on.database.read() as conn:
        found = find_by_email(conn, service.workspace_id, email)
    assert found is not None
    return found


def add(service: Stand, role: str = "editor", teams: tuple[str, ...] = (), email: str = JONAS) -> Invitation:
    wish = Wish("Jonas Weber", role, teams)
    return members.add_member(service.on, service.workspace_id, email, wish, "Rosa", passwords=CHEAP)


def come_in(service: Stand, code: str, password: str = PASSWORD) -> Person:
    return account.come_in(service.on, service.workspace_id, code, password, passwords=CHEAP)


def sign_in(service: Stand, email: str, password: str = PASSWORD) -> Person:
    return commands.sign_in(service.on, service.workspace_id, email, password, passwords=CHEAP)


def change(service: Stand, who: Person, wish: Wish, seen: str = "") -> Person:
    seen = seen or who.fingerprint
    return members.change_member(service.on, service.workspace_id, who.person_id, wish, seen, "Rosa")


def test_a_new_person_comes_in_with_the_code_and_chooses_a_password(owned: Stand) -> None:
    added = add(owned, teams=("Payments", "Growth", "Payments"))
    with pytest.raises(NotPossible):
        sign_in(owned, JONAS, "")
    come_in(owned, f"  {added.code.lower().replace('-', ' ')} ")
    jonas = sign_in(owned, JONAS)
    assert (jonas.name, jonas.role, jonas.teams) == ("Jonas Weber", "editor", ("Growth", "Payments"))
    assert owned.log()[1:] == [
        "Rosa: added Jonas Weber as editor of Growth, Payments",
        "Jonas Weber: came in with a code and chose a password",
    ]


def test_a_code_works_once(owned: Stand) -> None:
    code = add(owned).code
    come_in(owned, code)
    with pytest.raises(NotPossible, match="used already"):
        come_in(owned, code, "another long one")
    assert sign_in(owned, JONAS).email == JONAS


def test_a_code_ends_after_seven_days(owned: Stand) -> None:
    code = add(owned).code
    owned.clock.advance(days=7, seconds=1)
    with pytest.raises(NotPossible, match="older than seven days"):
        come_in(owned, code)


def test_a_new_code_replaces_the_one_before_and_the_password_holds_until_it_is_used(owned: Stand) -> None:
    first = add(owned).code
    come_in(owned, first)
    jonas = person(owned, JONAS)
    made = [
        members.make_code(owned.on, owned.workspace_id, jonas.person_id, "Rosa", passwords=CHEAP).code for _ in range(2)
    ]
    assert sign_in(owned, JONAS).email == JONAS
    with pytest.raises(NotPossible):
        come_in(owned, made[0], "another long one")
    come_in(owned, made[1], "another long one")
    assert sign_in(owned, JONAS, "another long one").email == JONAS
    with pytest.raises(NotPossible):
        sign_in(owned, JONAS)


@pytest.mark.parametrize("typed", ["", "-", "1-", "2", "99-AAAA-BBBB", "x-AAAA", "9" * 40 + "-A", "²-AAAA", "-1-AAAA"])
def test_what_is_no_code_opens_nothing(typed: str, owned: Stand) -> None:
    add(owned)
    with pytest.raises(NotPossible, match="does not fit"):
        come_in(owned, typed)


def test_the_code_of_one_person_opens_no_other_account(owned: Stand) -> None:
    _, code = number_and_code(add(owned).code)
    rosa = person(owned, ROSA)
    with pytest.raises(NotPossible, match="does not fit"):
        come_in(owned, f"{rosa.person_id}-{code}")


def test_a_short_password_does_not_use_the_code_up(owned: Stand) -> None:
    code = add(owned).code
    with pytest.raises(NotPossible, match="10 to 1000"):
        come_in(owned, code, "short")
    come_in(owned, code)


def test_an_address_is_known_in_any_case(owned: Stand) -> None:
    with pytest.raises(NotPossible, match="here already"):
        add(owned, email=ROSA.upper())


def test_only_editors_have_teams(owned: Stand) -> None:
    assert add(owned, "reader", ("Payments",)).person.teams == ()
    changed = change(owned, person(owned, JONAS), Wish("Jonas", "editor", ("Payments",)))
    assert changed.teams == ("Payments",)
    assert change(owned, changed, Wish("Jonas", "admin", ("Payments",))).teams == ()
    assert owned.log()[-1] == "Rosa: made Jonas admin"


def test_an_unknown_role_is_refused(owned: Stand) -> None:
    with pytest.raises(NotPossible, match="Choose a role"):
        add(owned, "owner")
    with pytest.raises(NotPossible, match="Choose a role"):
        change(owned, person(owned, ROSA), Wish("Rosa", ""))


def test_of_two_who_change_the_same_person_the_second_saves_nothing(owned: Stand) -> None:
    add(owned)
    opened = person(owned, JONAS)
    change(owned, opened, Wish("Jonas Weber", "reader"))
    with pytest.raises(ChangedMeanwhile):
        change(owned, opened, Wish("Jonas Weber", "admin"))
    assert person(owned, JONAS).role == "reader"


def test_saving_the_same_twice_is_one_line_in_the_log(owned: Stand) -> None:
    add(owned)
    opened = change(owned, person(owned, JONAS), Wish("Jonas Weber", "reader"))
    lines = len(owned.log())
    change(owned, opened, Wish("Jonas Weber", "reader"))
    assert len(owned.log()) == lines


def test_the_last_admin_stays_admin_and_stays(owned: Stand) -> None:
    rosa = person(owned, ROSA)
    with pytest.raises(NotPossible, match="only admin"):
        change(owned, rosa, Wish("Rosa", "reader"))
    with pytest.raises(NotPossible, match="only admin"):
        members.remove_member(owned.on, owned.workspace_id, rosa.person_id, "Rosa")
    add(owned, "admin")
    with pytest.raises(NotPossible, match="only admin"):
        members.remove_member(owned.on, owned.workspace_id, rosa.person_id, "Rosa")
    code = members.make_code(owned.on, owned.workspace_id, person(owned, JONAS).person_id, "Rosa", passwords=CHEAP)
    come_in(owned, code.code)
    assert members.remove_member(owned.on, owned.workspace_id, rosa.person_id, "Rosa") == "Rosa"
    assert [row[0] for row in owned.rows("SELECT email FROM person")] == [JONAS]


def test_nobody_of_another_workspace_is_touched(owned: Stand) -> None:
    rosa = person(owned, ROSA)
    with pytest.raises(NotPossible, match="not here any more"):
        members.remove_member(owned.on, owned.workspace_id + 1, rosa.person_id, "Mallory")
    with pytest.raises(NotPossible, match="not here any more"):
        members.make_code(owned.on, owned.workspace_id + 1, rosa.person_id, "Mallory", passwords=CHEAP)
    assert person(owned, ROSA) == rosa


def test_whoever_was_removed_is_gone_with_the_password(owned: Stand) -> None:
    come_in(owned, add(owned).code)
    jonas = person(owned, JONAS)
    members.remove_member(owned.on, owned.workspace_id, jonas.person_id, "Rosa")
    with pytest.raises(NotPossible):
        sign_in(owned, JONAS)
    with owned.on.database.read() as conn:
        assert find_person(conn, owned.workspace_id, jonas.person_id) is None
