"""People who may sign in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, delete, func, insert, select, update

from connector.store.schema import person

# More would be a program that signs in and out; then every sign-in of the person ends instead.
MOST_ENDED = 200


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

    @property
    def fingerprint(self) -> str:
        """Of what an admin may change: another one after each change."""
        return sha256(json.dumps([self.name, self.role, self.teams]).encode()).hexdigest()[:16]


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


def load_people(conn: Connection, workspace_id: int) -> tuple[Person, ...]:
    """Everybody, by name."""
    return _people(conn, workspace_id, _columns().order_by(func.lower(person.c.name), person.c.id))


def lock_admins(conn: Connection, workspace_id: int) -> frozenset[int]:
    """The admins who can sign in. They stay admins until the transaction ends: two who change each other wait."""
    c = person.c
    can = (c.workspace_id == workspace_id, c.role == "admin", c.password_hash != "")
    return frozenset(conn.execute(select(c.id).where(*can).order_by(c.id).with_for_update()).scalars())


def record_role(
    conn: Connection, workspace_id: int, person_id: int, name: str, role: str, teams: tuple[str, ...]
) -> None:
    """What an admin says of a person."""
    values = {"name": name, "role": role, "teams": list(teams)}
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(values))


def record_self(conn: Connection, workspace_id: int, person_id: int, name: str, language: str) -> None:
    """What a person says of themselves."""
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(name=name, language=language))


def record_code(conn: Connection, workspace_id: int, person_id: int, code_hash: str, until: datetime) -> None:
    """A one-time code to come in with, in place of the one before."""
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(code_hash=code_hash, code_until=until))


def use_code(conn: Connection, workspace_id: int, person_id: int, code_hash: str) -> bool:
    """Use the code up. False where it is not the present one."""
    present = (*_this(workspace_id, person_id), person.c.code_hash == code_hash)
    return conn.execute(update(person).where(*present).values(code_hash="", code_until=None)).rowcount > 0


def end_sign_in(conn: Connection, of: Person, sign_in: str, holds_until: datetime, at: datetime) -> None:
    """One sign-in does not hold any more. Those that would have ended by now are forgotten."""
    this = _this(of.workspace_id, of.person_id)
    kept = conn.execute(select(person.c.ended_sign_ins).where(*this).with_for_update()).scalar_one_or_none() or []
    ended = [each for each in kept if each[1] > at.timestamp()] + [[sign_in, int(holds_until.timestamp()) + 1]]
    if len(ended) > MOST_ENDED:
        end_all_sign_ins(conn, of.workspace_id, of.person_id, at)
    else:
        conn.execute(update(person).where(*this).values(ended_sign_ins=ended))


def end_all_sign_ins(conn: Connection, workspace_id: int, person_id: int, at: datetime) -> None:
    """No sign-in from before ``at`` holds."""
    values = {"signed_out_at": at, "ended_sign_ins": []}
    conn.execute(update(person).where(*_this(workspace_id, person_id)).values(values))


def remove_person(conn: Connection, workspace_id: int, person_id: int) -> None:
    """Forget a person; what they did stands elsewhere, under their name."""
    conn.execute(delete(person).where(*_this(workspace_id, person_id)))


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
