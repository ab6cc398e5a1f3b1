"""The epics that are known here, in three piles by what they are for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from connector.store.issue_rows import StoredIssue, stored_issue
from connector.store.schema import epic_choice, initiative, issue
from mapping.issue import StatusCategory

EPIC_LEVEL = 1


class Pile(StrEnum):
    """What an epic is for: nobody has said yet (open ones only), it is done anyway, or it serves a key result."""

    UNDECIDED = "undecided"
    JUST_DO_IT = "just_do_it"
    SERVES = "serves"


def list_epics(
    conn: Connection, workspace_id: int, pile: Pile, *, limit: int, offset: int = 0
) -> tuple[tuple[int, StoredIssue], ...]:
    """The epics of one pile, each with its connection; the latest changed first."""
    found = select(issue).where(*_in_pile(workspace_id, pile)).order_by(issue.c.updated.desc(), issue.c.id)
    rows = conn.execute(found.limit(limit).offset(offset))
    return tuple((row.connection_id, stored_issue(row)) for row in rows)


def count_epics(conn: Connection, workspace_id: int, pile: Pile) -> int:
    """How many epics lie in that pile."""
    found = select(func.count()).select_from(issue).where(*_in_pile(workspace_id, pile))
    return conn.execute(found).scalar_one()


def projects_with_links(conn: Connection, workspace_id: int, connection_id: int) -> tuple[str, ...]:
    """The ids of the projects of everything that is linked over one connection and still shown to us."""
    linked = select(initiative.c.id).where(_same(initiative.c)).exists()
    here = (issue.c.workspace_id == workspace_id, issue.c.connection_id == connection_id)
    found = select(issue.c.project_id).where(*here, linked, issue.c.gone_since.is_(None)).distinct()
    return tuple(conn.execute(found.order_by(issue.c.project_id)).scalars())


def _in_pile(workspace_id: int, pile: Pile) -> tuple[ColumnElement[bool], ...]:
    known = (issue.c.workspace_id == workspace_id, issue.c.level >= EPIC_LEVEL, issue.c.gone_since.is_(None))
    linked = select(initiative.c.id).where(_same(initiative.c)).exists()
    anyway = select(epic_choice.c.id).where(_same(epic_choice.c), epic_choice.c.choice == str(Pile.JUST_DO_IT)).exists()
    if pile is Pile.SERVES:
        return *known, linked
    if pile is Pile.JUST_DO_IT:
        return *known, ~linked, anyway
    return *known, ~linked, ~anyway, issue.c.status_category != str(StatusCategory.DONE)


def _same(other: Any) -> ColumnElement[bool]:
    return and_(
        other.workspace_id == issue.c.workspace_id,
        other.connection_id == issue.c.connection_id,
        other.issue_id == issue.c.issue_id,
    )
