"""Epics of which somebody said that they are worth doing anyway, and serve no key result."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from connector.store.batches import in_batches
from connector.store.rows import rows_as
from connector.store.schema import epic_choice
from connector.store.upsert import insert_once

JUST_DO_IT = "just_do_it"


@dataclass(frozen=True, slots=True)
class EpicChoice:
    """``rule_id`` is the rule that said so; None where a person did."""

    connection_id: int
    issue_id: str
    at: datetime
    by: str
    rule_id: int | None


def record_just_do_it(
    conn: Connection, workspace_id: int, connection_id: int, issue_id: str, *, at: datetime, by: str,
    rule_id: int | None = None,
) -> bool:  # fmt: skip
    """Say so of this epic. False where it was said before; then who said it stays."""
    row = {
        "workspace_id": workspace_id,
        "connection_id": connection_id,
        "issue_id": issue_id,
        "choice": JUST_DO_IT,
        "at": at,
        "by": by,
        "rule_id": rule_id,
    }
    return insert_once(conn, epic_choice, row)


def remove_just_do_it(conn: Connection, workspace_id: int, connection_id: int, issue_id: str) -> bool:
    """Take it back. False where nobody had said so."""
    c = epic_choice.c
    this = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.issue_id == issue_id)
    return conn.execute(delete(epic_choice).where(*this, c.choice == JUST_DO_IT)).rowcount > 0


def just_do_it_among(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]
) -> dict[str, EpicChoice]:
    """Those of the given epics, by id."""
    c = epic_choice.c
    found: dict[str, EpicChoice] = {}
    for batch in in_batches(sorted(set(issue_ids))):
        statement = select(c.connection_id, c.issue_id, c.at, c.by, c.rule_id).where(
            c.workspace_id == workspace_id, c.connection_id == connection_id,
            c.issue_id.in_(batch), c.choice == JUST_DO_IT,
        )  # fmt: skip
        found |= {each.issue_id: each for each in rows_as(EpicChoice, conn, statement)}
    return found
