"""The epics that are known here, in three piles by what they are for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

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


def count_piles(conn: Connection, workspace_id: int) -> dict[Pile, int]:
    """How many epics lie in each pile, in one look at them all."""
    counts = (func.count(case((_is(pile), 1))) for pile in Pile)
    row = conn.execute(select(*counts).select_from(issue).where(*_known(workspace_id))).one()
    return dict(zip(Pile, row, strict=True))


def projects_with_links(conn: Connection, workspace_id: int, connection_id: int) -> tuple[str, ...]:
    """The ids of the projects of everything that is linked over one connection and still shown to us."""
    linked = select(initiative.c.id).where(_same(initiative.c)).exists()
    here = (issue.c.workspace_id == workspace_id, issue.c.connection_id == connection_id)
    found = select(issue.c.project_id).where(*here, linked, issue.c.gone_since.is_(None)).distinct()
    return tuple(conn.execute(found.order_by(issue.c.project_id)).scalars())


def _in_pile(workspace_id: int, pile: Pile) -> tuple[ColumnElement[bool], ...]:
    return *_known(workspace_id), _is(pile)


def _known(workspace_id: int) -> tuple[ColumnElement[bool], ...]:
    return issue.c.workspace_id == workspace_id, issue.c.level >= EPIC_LEVEL, issue.c.gone_since.is_(None)


def _is(pile: Pile) -> ColumnElement[bool]:
    linked = select(initiative.c.id).where(_same(initiative.c)).exists()
    anyway = select(epic_choice.c.id).where(_same(epic_choice.c), epic_choice.c.choice == str(Pile.JUST_DO_IT)).exists()
    if pile is Pile.SERVES:
        return linked
    if pile is Pile.JUST_DO_IT:
        return and_(~linked, anyway)
    # What is quickest to see stands first.
    return and_(issue.c.status_category != str(StatusCategory.DONE), ~linked, ~anyway)


def _same(other: Any) -> ColumnElement[bool]:
    return and_(
        other.workspace_id == issue.c.workspace_id,
        other.connection_id == issue.c.connection_id,
        other.issue_id == issue.c.issue_id,
    )
