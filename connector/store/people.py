"""People who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, insert, select, update

from connector.store.schema import person


class SamePerson(ValueError):
    """Somebody with this e-mail address is there already."""


@dataclass(frozen=True, slots=True)
class Person:
    """``role``: admin | editor | reader. ``teams``: those of an editor, empty for all teams. ``language`` of the
    screens, empty: as the browser asks. ``sign_in_after``: after too many failures, not before this time.
    ``code_hash``: of a one-time code to come in with until ``code_until``. ``signed_out_at``: earlier sign-ins do not
    hold. ``ended_sign_ins``: single ones that do not hold either, each with the time until which it would have held."""

    person_id: int
    workspace_id: int
    email: str
    name: str
    role: str
    password_hash: str
    created_at: datetime
    failed_sign_ins: int
    sign_in_after: datetime | None
    teams: tuple[str, ...]
    language: str
    code_hash: str
    code_until: datetime | None
    signed_out_at: datetime | None
    ended_sign_ins: tuple[tuple[str, int], ...]


def add_person(
    conn: Connection, workspace_id: int, *, email: str, name: str, role: str, password_hash: str, at: datetime
) -> Person:
    """Keep a new person. Raises SamePerson where the workspace has somebody with this e-mail address (in any case)."""
    if find_by_email(conn, workspace_id, email) is not None:
        raise SamePerson(f"{email} is known here already")
    row = {
        "workspace_id": workspace_id,
        "email": email.strip(),
        "name": name,
        "role": role,
        "password_hash": password_hash,
        "created_at": at,
    }
    person_id = conn.execute(insert(person).values(row).returning(person.c.id)).scalar_one()
    return _people(conn, workspace_id, _columns().where(person.c.id == person_id))[0]


def find_person(conn: Connection, workspace_id: int, person_id: int) -> Person | None:
    """The person of this number; None where there is none."""
    found = _people(conn, workspace_id, _columns().where(person.c.id == person_id))
    return found[0] if found else None


def find_by_email(conn: Connection, workspace_id: int, email: str) -> Person | None:
    """The person with this e-mail address, in whatever case it is written; None where there is none."""
    wanted = email.strip().lower()
    found = _people(conn, workspace_id, _columns().where(func.lower(person.c.email) == wanted))
    return found[0] if found else None


def any_person(conn: Connection, workspace_id: int) -> bool:
    """True once somebody is there."""
    found = select(person.c.id).where(person.c.workspace_id == workspace_id).limit(1)
    return conn.execute(found).first() is not None


def record_failed_sign_in(conn: Connection, workspace_id: int, person_id: int, sign_in_after: datetime | None) -> None:
    """Count a wrong password; ``sign_in_after``: not before this time again."""
    values = {"failed_sign_ins": person.c.failed_sign_ins + 1, "sign_in_after": sign_in_after}
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(values))


def record_sign_in(conn: Connection, workspace_id: int, person_id: int) -> None:
    """The right password: failures are forgotten."""
    values = {"failed_sign_ins": 0, "sign_in_after": None}
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(values))


def record_password(conn: Connection, workspace_id: int, person_id: int, password_hash: str) -> None:
    """A new password, or the same with a stronger hash."""
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(password_hash=password_hash))


def _columns() -> Select[tuple[object, ...]]:
    c = person.c
    return select(
        c.id.label("person_id"),
        c.workspace_id,
        c.email,
        c.name,
        c.role,
        c.password_hash,
        c.created_at,
        c.failed_sign_ins,
        c.sign_in_after,
        c.teams,
        c.language,
        c.code_hash,
        c.code_until,
        c.signed_out_at,
        c.ended_sign_ins,
    )


def _people(conn: Connection, workspace_id: int, among: Select[tuple[object, ...]]) -> tuple[Person, ...]:
    found = conn.execute(among.where(person.c.workspace_id == workspace_id)).mappings()
    return tuple(_person(row) for row in found)


def _person(row: RowMapping) -> Person:
    ended = tuple((which, until) for which, until in row["ended_sign_ins"])
    return Person(**dict(row) | {"teams": tuple(row["teams"]), "ended_sign_ins": ended})


def _this(workspace_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return person.c.workspace_id == workspace_id, person.c.id == person_id
