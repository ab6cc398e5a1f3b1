"""Writes that were sent to a page and of which nobody knows what became: their answers were lost, or their senders.

Such a write may still arrive, for as long as the page has no version of its number. So it is kept until then, also
beside a later one that was sent for the same number: whichever arrives is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from connector.store.rows import Values
from connector.store.tables import PageTable, one_of, set_table

# What is older than so many later ones does not arrive any more.
MOST_KEPT = 5
_EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Sending:
    """A write that was to make version ``number``; ``kept`` is what has to be remembered should it turn out applied."""

    number: int
    kept: dict[str, Any]


def sendings_of(table: PageTable) -> tuple[Sending, ...]:
    """Newest first."""
    return _sendings(table.sending_version, table.sending)


def record_sending(conn: Connection, workspace_id: int, table_id: int, number: int, kept: Mapping[str, Any]) -> None:
    """A write is about to be sent: after a crash the next visit can tell our own version from a person's. Raises
    UnknownTable."""
    earlier = _load(conn, workspace_id, table_id)
    keep_sendings(conn, workspace_id, table_id, (Sending(number, dict(kept)), *earlier))


def forget_last_sending(conn: Connection, workspace_id: int, table_id: int) -> None:
    """The write that was sent last was refused. Raises UnknownTable."""
    keep_sendings(conn, workspace_id, table_id, _load(conn, workspace_id, table_id)[1:])


def load_open(conn: Connection, workspace_id: int, table_id: int, version: int) -> tuple[Sending, ...]:
    """What may still arrive once the page has that version, newest first. Raises UnknownTable."""
    return tuple(each for each in _load(conn, workspace_id, table_id) if each.number > version)


def keep_sendings(conn: Connection, workspace_id: int, table_id: int, sendings: Sequence[Sending]) -> None:
    """These, newest first, and no other are still to be found out about. Raises UnknownTable."""
    last, *earlier = sendings[:MOST_KEPT] or (None,)
    values: Values = {"sending_version": None, "sending": None}
    if last is not None:
        kept = {**last.kept, _EARLIER: [[each.number, each.kept] for each in earlier]} if earlier else last.kept
        values = {"sending_version": last.number, "sending": kept}
    set_table(conn, workspace_id, table_id, values)


def _load(conn: Connection, workspace_id: int, table_id: int) -> tuple[Sending, ...]:
    row = one_of(conn, workspace_id, table_id, "sending_version", "sending")
    return _sendings(row.sending_version, row.sending)


def _sendings(number: int | None, kept: dict[str, Any] | None) -> tuple[Sending, ...]:
    if number is None or kept is None:
        return ()
    earlier = kept.get(_EARLIER, [])
    last = {name: part for name, part in kept.items() if name != _EARLIER}
    return (Sending(number, last), *(Sending(*each) for each in earlier))
