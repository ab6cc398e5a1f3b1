"""Who may come in, as what, and who is waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connector.store import okrs, people, workspaces
from connector.store.people import Person
from sync.ports import Resources

VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody on the list. ``has_come_in``: there is a password. ``code_until``: of a code that waits; what ran out is
    none. ``fingerprint`` of what an admin may change."""

    person_id: int
    name: str
    email: str
    role: str
    teams: tuple[str, ...]
    has_come_in: bool
    code_until: datetime | None
    fingerprint: str


def load_person(on: Resources, workspace_id: int, person_id: int) -> Person | None:
    """The person of this number; None where there is none (any more)."""
    with on.database.read() as conn:
        return people.find_person(conn, workspace_id, person_id)


def load_people(on: Resources, workspace_id: int, at: datetime) -> tuple[PersonRow, ...]:
    """Everybody, by name."""
    with on.database.read() as conn:
        return tuple(_row(person, at) for person in people.load_people(conn, workspace_id))


def load_member(on: Resources, workspace_id: int, person_id: int, at: datetime) -> PersonRow | None:
    """One of them; None where there is none."""
    person = load_person(on, workspace_id, person_id)
    return _row(person, at) if person is not None else None


def load_teams(on: Resources, workspace_id: int) -> tuple[str, ...]:
    """Every team that has an objective, by name."""
    with on.database.read() as conn:
        teams = {objective.team for objective in okrs.load_all_objectives(conn, workspace_id)}
    return tuple(sorted(teams - {""}))


def load_visitor(on: Resources, workspace_id: int) -> Person | None:
    """Somebody without an account, where reading is open to everybody; None where it is not."""
    with on.database.read() as conn:
        workspace = workspaces.load_workspace(conn, workspace_id)
    if not workspace.open_to_readers:
        return None
    return Person(
        person_id=0, workspace_id=workspace_id, email="", name="", role=VISITOR, password_hash="",
        created_at=workspace.created_at, failed_sign_ins=0, sign_in_after=None, teams=(), language="", code_hash="",
        code_until=None, signed_out_at=None, ended_sign_ins=(),
    )  # fmt: skip


def code_waits(on: Resources, workspace_id: int) -> bool:
    """True while a one-time code was made and not used."""
    with on.database.read() as conn:
        return bool(workspaces.load_workspace(conn, workspace_id).setup_code_hash)


def is_owned(on: Resources, workspace_id: int) -> bool:
    """True once somebody has made this installation theirs."""
    with on.database.read() as conn:
        return people.any_person(conn, workspace_id)


def _row(person: Person, at: datetime) -> PersonRow:
    return PersonRow(
        person_id=person.person_id,
        name=person.name,
        email=person.email,
        role=person.role,
        teams=person.teams,
        has_come_in=bool(person.password_hash),
        code_until=person.code_until if person.code_until is not None and person.code_until > at else None,
        fingerprint=person.fingerprint,
    )
