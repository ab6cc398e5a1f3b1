"""What an admin does about people: let them in, say what they may, let them in anew, let them go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection as Transaction

from connector.store import people
from connector.store.activity import record_activity
from connector.store.people import Person, SamePerson
from mapping.sentences import sentence
from sync.commands.names import check_name
from sync.commands.not_possible import NotPossible
from sync.commands.passwords import PASSWORDS, Passwords, new_code
from sync.ports import Resources

ROLES = ("admin", "editor", "reader")
CODE_LIVES = timedelta(days=7)

LAST_ADMIN = sentence("{name} is the only admin who can sign in. Make somebody else an admin first.")


class ChangedMeanwhile(NotPossible):
    """Somebody else changed the same thing since the form was opened; nothing was saved."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person shall be. ``teams``: those of an editor, empty for all teams; nobody else has any."""

    name: str
    role: str
    teams: tuple[str, ...] = ()

    @property
    def kept_teams(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.teams))) if self.role == "editor" else ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person and the code with which they come in, which nobody can look up again."""

    person: Person
    code: str


def add_member(
    on: Resources, workspace_id: int, email: str, wish: Wish, who: str, *, passwords: Passwords = PASSWORDS
) -> Invitation:
    """A new person, who comes in with a one-time code and chooses a password. NotPossible where the e-mail address is
    known here."""
    _check_role(wish)
    code, now = new_code(), on.clock.now()
    hashed = passwords.hash_code(code)
    with on.database.write() as conn:
        check_name(conn, workspace_id, wish.name)
        try:
            added = people.add_person(
                conn, workspace_id, email=email, name=wish.name, role=wish.role, password_hash="", at=now
            )
        except SamePerson:
            raise NotPossible("Somebody with this e-mail address is here already.") from None
        people.record_role(conn, workspace_id, added.person_id, wish.name, wish.role, wish.kept_teams)
        people.record_code(conn, workspace_id, added.person_id, hashed, now + CODE_LIVES)
        record_activity(conn, workspace_id, at=now, who=who, text=f"added {wish.name} as {_as_role(wish)}")
        person = _member(conn, workspace_id, added.person_id)
    return Invitation(person, _with_number(person, code))


def change_member(on: Resources, workspace_id: int, person_id: int, wish: Wish, seen: str, who: str) -> Person:
    """Another name, role or teams. ``seen`` is the fingerprint of the person as the form was opened with;
    ChangedMeanwhile where that is not so any more. NotPossible where nobody would be left to administer."""
    _check_role(wish)
    now = on.clock.now()
    with on.database.write() as conn:
        before = _member(conn, workspace_id, person_id)
        if seen != before.fingerprint:
            raise ChangedMeanwhile("{name} was changed by somebody else meanwhile.", name=before.name)
        if wish.name != before.name:
            check_name(conn, workspace_id, wish.name, person_id)
        if wish.role != "admin":
            _keep_an_admin(conn, before)
        people.record_role(conn, workspace_id, person_id, wish.name, wish.role, wish.kept_teams)
        after = _member(conn, workspace_id, person_id)
        if after.fingerprint != before.fingerprint:
            record_activity(conn, workspace_id, at=now, who=who, text=f"made {wish.name} {_as_role(wish)}")
    return after


def make_code(
    on: Resources, workspace_id: int, person_id: int, who: str, *, passwords: Passwords = PASSWORDS
) -> Invitation:
    """A new one-time code for somebody who never came in or has lost the password; an earlier one is worth nothing any
    more. The password holds until the code is used."""
    code, now = new_code(), on.clock.now()
    hashed = passwords.hash_code(code)
    with on.database.write() as conn:
        person = _member(conn, workspace_id, person_id)
        people.record_code(conn, workspace_id, person_id, hashed, now + CODE_LIVES)
        record_activity(conn, workspace_id, at=now, who=who, text=f"made a new code for {person.name}")
        person = _member(conn, workspace_id, person_id)
    return Invitation(person, _with_number(person, code))


def remove_member(on: Resources, workspace_id: int, person_id: int, who: str) -> str:
    """Let somebody go; what they wrote stays, under their name. Returns the name. NotPossible where nobody would be
    left to administer."""
    now = on.clock.now()
    with on.database.write() as conn:
        person = _member(conn, workspace_id, person_id)
        _keep_an_admin(conn, person)
        people.remove_person(conn, workspace_id, person_id)
        record_activity(conn, workspace_id, at=now, who=who, text=f"removed {person.name}")
    return person.name


def number_and_code(typed: str) -> tuple[int | None, str]:
    """The number of a person and their code, out of what they typed: 7-ABCD-EFGH-…"""
    number, _, code = typed.strip().replace(" ", "-").partition("-")
    return (int(number), code) if number.isascii() and number.isdigit() and len(number) < 19 else (None, code)


def _with_number(person: Person, code: str) -> str:
    """So that whoever has the code need not say who they are."""
    return f"{person.person_id}-{code}"


def _member(conn: Transaction, workspace_id: int, person_id: int) -> Person:
    person = people.find_person(conn, workspace_id, person_id)
    if person is None:
        raise NotPossible("This person is not here any more.")
    return person


def _keep_an_admin(conn: Transaction, person: Person) -> None:
    others = people.lock_admins(conn, person.workspace_id) - {person.person_id}
    if person.role == "admin" and not others:
        raise NotPossible(LAST_ADMIN, name=person.name)


def _check_role(wish: Wish) -> None:
    if wish.role not in ROLES:
        raise NotPossible("Choose a role: admin, editor or reader.")


def _as_role(wish: Wish) -> str:
    return f"{wish.role} of {', '.join(wish.kept_teams)}" if wish.kept_teams else wish.role
