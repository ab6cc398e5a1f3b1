"""Who may come in."""

from __future__ import annotations

from connector.store import people, workspaces
from connector.store.people import Person
from sync.ports import Resources


def load_person(on: Resources, workspace_id: int, person_id: int) -> Person | None:
    """The person of this number; None where there is none (any more)."""
    with on.database.read() as conn:
        return people.find_person(conn, workspace_id, person_id)


def code_waits(on: Resources, workspace_id: int) -> bool:
    """True while a one-time code was made and not used."""
    with on.database.read() as conn:
        return bool(workspaces.load_workspace(conn, workspace_id).setup_code_hash)


def is_owned(on: Resources, workspace_id: int) -> bool:
    """True once somebody has made this installation theirs."""
    with on.database.read() as conn:
        return people.any_person(conn, workspace_id)
