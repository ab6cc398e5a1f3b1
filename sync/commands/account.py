"""What a person does about their own account: come in with a code, a name, a language, a password, signing out."""

from __future__ import annotations

from datetime import datetime

from connector.store import people
from connector.store.activity import record_activity
from connector.store.people import Person
from mapping.sentences import sentence
from mapping.words import LANGUAGES
from sync.commands.members import number_and_code
from sync.commands.names import check_name
from sync.commands.not_possible import NotPossible
from sync.commands.passwords import PASSWORDS, Passwords, check_password
from sync.commands.people import prove_password
from sync.ports import Resources

CODE_IS_NONE = sentence(
    "This code does not fit, was used already, or is older than seven days. Ask an admin for a new one."
)
IS_NOT_YOURS = sentence(
    "This is not your present password, or there were too many attempts. After five, wait a few minutes."
)


def come_in(on: Resources, workspace_id: int, typed: str, password: str, *, passwords: Passwords = PASSWORDS) -> Person:
    """Whoever has a one-time code of a person chooses their password; the code works once. NotPossible with what to do,
    always with the same words and after the same work where the code does not fit."""
    check_password(password)
    number, code = number_and_code(typed)
    now = on.clock.now()
    with on.database.read() as conn:
        person = people.find_person(conn, workspace_id, number) if number is not None else None
    holds = person is not None and person.code_until is not None and person.code_until > now
    fits = passwords.code_fits(person.code_hash if person and holds else "", code)
    if person is None or not fits:
        raise NotPossible(CODE_IS_NONE)
    hashed = passwords.hasher.hash(password)
    with on.database.write() as conn:
        # Two with the same code: only the first finds it unused.
        if not people.use_code(conn, workspace_id, person.person_id, person.code_hash):
            raise NotPossible(CODE_IS_NONE)
        people.record_password(conn, workspace_id, person.person_id, hashed)
        people.record_sign_in(conn, workspace_id, person.person_id)
        record_activity(conn, workspace_id, at=now, who=person.name, text="came in with a code and chose a password")
    return person


def describe_self(on: Resources, person: Person, name: str, language: str) -> None:
    """Another name, or another language of the screens; an empty one is as the browser asks. NameRefused where the
    name is somebody else's."""
    if language and language not in LANGUAGES:
        raise NotPossible("Choose one of the languages.")
    with on.database.write() as conn:
        if name != person.name:
            check_name(conn, person.workspace_id, name, person.person_id)
        people.record_self(conn, person.workspace_id, person.person_id, name, language)
        if name != person.name:
            text = f"goes by the name of {name} now"
            record_activity(conn, person.workspace_id, at=on.clock.now(), who=person.name, text=text)


def change_password(on: Resources, person: Person, old: str, new: str, *, passwords: Passwords = PASSWORDS) -> None:
    """A new password; every other sign-in ends. NotPossible where the old one is not theirs; guessing it is slowed down
    as at the sign-in."""
    check_password(new)
    if prove_password(on, person.workspace_id, person.person_id, old, passwords=passwords) is None:
        raise NotPossible(IS_NOT_YOURS)
    hashed = passwords.hasher.hash(new)
    with on.database.write() as conn:
        people.record_password(conn, person.workspace_id, person.person_id, hashed)
        text = "changed the own password"
        record_activity(conn, person.workspace_id, at=on.clock.now(), who=person.name, text=text)


def sign_out(on: Resources, person: Person, sign_in: str, holds_until: datetime) -> None:
    """End this one sign-in, also for whoever has a copy of its cookie; ``holds_until``: it would end by itself then."""
    with on.database.write() as conn:
        people.end_sign_in(conn, person, sign_in, holds_until, on.clock.now())


def sign_out_everywhere(on: Resources, person: Person) -> datetime:
    """End every sign-in from before now. Returns the moment: one that begins then holds."""
    now = on.clock.now()
    with on.database.write() as conn:
        people.end_all_sign_ins(conn, person.workspace_id, person.person_id, now)
        record_activity(conn, person.workspace_id, at=now, who=person.name, text="signed out everywhere else")
    return now
