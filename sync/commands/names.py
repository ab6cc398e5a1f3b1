"""What people may be called. The log, check-ins and owners know people by their names alone, so each name is one
person's, and nobody's but the service's own is that of the service."""

from __future__ import annotations

from unicodedata import normalize

from sqlalchemy import Connection as Transaction

from connector.store import people
from connector.store.activity import SERVICE
from sync.commands.not_possible import NotPossible


class NameRefused(NotPossible):
    """Nobody may be called so here."""


def check_name(conn: Transaction, workspace_id: int, name: str, person_id: int | None = None) -> None:
    """NameRefused where the name cannot be shown on one line, or somebody else than this person has it."""
    if not name.strip() or not name.isprintable():
        raise NameRefused("Write a name on one line, with letters that can be shown.")
    others = (each.name for each in people.load_people(conn, workspace_id) if each.person_id != person_id)
    if _as_read(name) in {_as_read(SERVICE), *map(_as_read, others)}:
        raise NameRefused("Somebody is called so here already. Add what tells the two apart.")


def _as_read(name: str) -> str:
    """The same for names that look the same."""
    return " ".join(normalize("NFKC", name).casefold().split())
