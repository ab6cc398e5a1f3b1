"""The kept issues of one project, when somebody chooses how it is read: what that changes of what is kept already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, update

from connector.store.schema import initiative, issue
from mapping.issue import StatusCategory


@dataclass(frozen=True, slots=True)
class WontDoChange:
    """How many kept issues would count as "won't do" that did not before, and the other way round."""

    more: int
    fewer: int


def wont_do_change(
    conn: Connection, workspace_id: int, connection_id: int, project_id: str, resolution_ids: Collection[str]
) -> WontDoChange:
    """What these resolutions would change of the kept issues of the project."""
    will_be = _will_not_be_done(resolution_ids)
    found = select(
        func.coalesce(func.sum(case((and_(will_be, ~issue.c.wont_do), 1), else_=0)), 0),
        func.coalesce(func.sum(case((and_(~will_be, issue.c.wont_do), 1), else_=0)), 0),
    ).where(*_of(workspace_id, connection_id, project_id))
    more, fewer = conn.execute(found).one()
    return WontDoChange(more, fewer)


def apply_wont_do(
    conn: Connection, workspace_id: int, connection_id: int, project_id: str, resolution_ids: Collection[str]
) -> None:
    """Let the kept issues of the project count so from now on."""
    value = case((_will_not_be_done(resolution_ids), True), else_=False)
    conn.execute(update(issue).where(*_of(workspace_id, connection_id, project_id)).values(wont_do=value))


def forget_titles(conn: Connection, workspace_id: int, connection_id: int, project_id: str) -> None:
    """Its project shows no titles any more, so none is kept."""
    conn.execute(update(issue).where(*_of(workspace_id, connection_id, project_id)).values(title=""))


def linked_through(conn: Connection, workspace_id: int, connection_id: int, project_id: str) -> tuple[str, ...]:
    """The ids of the linked issues that an issue of the project is, or lies directly below."""
    here = _of(workspace_id, connection_id, project_id)
    own, above = select(issue.c.issue_id).where(*here), select(issue.c.parent_id).where(*here)
    i = initiative.c
    found = select(i.issue_id).where(
        i.workspace_id == workspace_id,
        i.connection_id == connection_id,
        i.issue_id.in_(own.union(above)),
    )
    return tuple(conn.execute(found.distinct().order_by(i.issue_id)).scalars())


def count_links_of(conn: Connection, workspace_id: int) -> dict[tuple[int, str], int]:
    """How many links lead to issues of each project, by connection and project id."""
    i = initiative.c
    same = and_(
        issue.c.workspace_id == i.workspace_id,
        issue.c.connection_id == i.connection_id,
        issue.c.issue_id == i.issue_id,
    )
    found = (
        select(issue.c.connection_id, issue.c.project_id, func.count())
        .join_from(initiative, issue, same)
        .where(i.workspace_id == workspace_id)
        .group_by(issue.c.connection_id, issue.c.project_id)
    )
    return {(connection_id, project_id): number for connection_id, project_id, number in conn.execute(found)}


def _will_not_be_done(resolution_ids: Collection[str]) -> ColumnElement[bool]:
    resolved = func.coalesce(issue.c.resolution_id, "").in_(sorted(resolution_ids))
    return and_(issue.c.status_category == str(StatusCategory.DONE), resolved)


def _of(workspace_id: int, connection_id: int, project_id: str) -> tuple[ColumnElement[bool], ...]:
    c = issue.c
    return c.workspace_id == workspace_id, c.connection_id == connection_id, c.project_id == project_id
