"""Who may come in: with a one-time code from the console, and by e-mail and password.

Nothing here tells a stranger more than "this does not fit": not whether an e-mail address is known, not whether its
password was nearly right, not whether it must wait. Guessing is slowed down for each account.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.store import people, workspaces
from connector.store.activity import record_activity
from connector.store.people import Person
from mapping.sentences import sentence
from sync.commands.not_possible import NotPossible
from sync.commands.passwords import MOST_PASSWORD, PASSWORDS, Passwords, check_password, new_code
from sync.ports import Resources

FREE_GUESSES = 5
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)

DOES_NOT_FIT = sentence(
    "This e-mail address and password do not fit, or there were too many attempts. "
    "Check both; after five attempts wait a few minutes. "
    "If the password is lost, an admin makes a code for a new one under People; "
    "whoever runs the service gets one by: okr sign-in-code"
)
CODE_DOES_NOT_FIT = sentence(
    "This is not the code that was shown last, or it was used already. Get a new one: okr sign-in-code"
)


def first_workspace(on: Resources) -> int:
    """The number of the workspace; the first start makes it."""
    with on.database.read() as conn:
        known = workspaces.all_ids(conn)
    if known:
        return known[0]
    now = on.clock.now()
    with on.database.write() as conn:
        return workspaces.first_workspace(conn, now).id


def make_sign_in_code(on: Resources, *, passwords: Passwords = PASSWORDS) -> str:
    """A new one-time code; an earlier one is worth nothing any more. For the first visit, and later for whoever runs
    the service and has lost a password.
    """
    workspace_id = first_workspace(on)
    code = new_code()
    hashed = passwords.hash_code(code)
    with on.database.write() as conn:
        workspaces.record_setup_code(conn, workspace_id, hashed)
    return code


def claim_installation(
    on: Resources,
    workspace_id: int,
    code: str,
    name: str,
    email: str,
    password: str,
    *,
    passwords: Passwords = PASSWORDS,
) -> Person:
    """Whoever has the code becomes an administrator or, where somebody has this e-mail address, gets a new password.
    The code works once. NotPossible with what to change."""
    check_password(password)
    with on.database.read() as conn:
        code_hash = workspaces.load_workspace(conn, workspace_id).setup_code_hash
    if not passwords.code_fits(code_hash, code):
        raise NotPossible(CODE_DOES_NOT_FIT)
    hashed = passwords.hasher.hash(password)
    now = on.clock.now()
    with on.database.write() as conn:
        # Two visitors with the same code: only the first finds it unused.
        if workspaces.load_workspace(conn, workspace_id).setup_code_hash != code_hash:
            raise NotPossible(CODE_DOES_NOT_FIT)
        workspaces.record_setup_code(conn, workspace_id, "")
        return _let_in(conn, workspace_id, name, email, hashed, now)


def _let_in(conn: Transaction, workspace_id: int, name: str, email: str, hashed: str, at: datetime) -> Person:
    known = people.find_by_email(conn, workspace_id, email)
    if known is not None:
        people.record_password(conn, workspace_id, known.person_id, hashed)
        people.record_sign_in(conn, workspace_id, known.person_id)
        text = "has a new password, by a code from the console"
        record_activity(conn, workspace_id, at=at, who=known.name, text=text)
        return known
    is_first = not people.any_person(conn, workspace_id)
    person = people.add_person(conn, workspace_id, email=email, name=name, role="admin", password_hash=hashed, at=at)
    text = "took possession of this installation" if is_first else "became an admin, by a code from the console"
    record_activity(conn, workspace_id, at=at, who=name, text=text)
    return person


def sign_in(on: Resources, workspace_id: int, email: str, password: str, *, passwords: Passwords = PASSWORDS) -> Person:
    """The person, if the password is theirs. NotPossible otherwise, always with the same words, after the same work."""
    with on.database.read() as conn:
        known = people.find_by_email(conn, workspace_id, email)
    person = prove_password(on, workspace_id, known.person_id if known else None, password, passwords=passwords)
    if person is None:
        raise NotPossible(DOES_NOT_FIT)
    weak = passwords.hasher.check_needs_rehash(person.password_hash)
    if weak:
        stronger = passwords.hasher.hash(password)
        with on.database.write() as conn:
            people.record_password(conn, workspace_id, person.person_id, stronger)
    return person


def prove_password(
    on: Resources, workspace_id: int, person_id: int | None, password: str, *, passwords: Passwords = PASSWORDS
) -> Person | None:
    """The person of this number if the password is theirs and they need not wait; None otherwise, after the same work.

    The attempt is counted as failed before the password is checked, so that guessing many at once gains nothing.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        person = people.find_person(conn, workspace_id, person_id) if person_id is not None else None
        must_wait = person is not None and person.sign_in_after is not None and person.sign_in_after > now
        if person is not None and not must_wait:
            people.record_failed_sign_in(conn, workspace_id, person.person_id, _not_before(person, now))
    fits = passwords.fits(person.password_hash if person else "", password[:MOST_PASSWORD])
    if person is None or must_wait or not fits:
        return None
    with on.database.write() as conn:
        people.record_sign_in(conn, workspace_id, person.person_id)
    return person


def _not_before(person: Person, now: datetime) -> datetime | None:
    beyond = person.failed_sign_ins + 1 - FREE_GUESSES
    return now + min(FIRST_REST * 2 ** min(beyond, 10), LONGEST_REST) if beyond >= 0 else None
