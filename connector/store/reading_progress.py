"""How far each project is read, while a Jira is read for the first time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from connector.store.schema import completion, initiative, issue


@dataclass(frozen=True, slots=True)
class ReadProject:
    """How far one project of a Jira is read: linked issues, those whose children were listed, all issues known."""

    connection_id: int
    project_key: str
    linked: int
    listed: int
    issues: int


def read_projects(conn: Connection, workspace_id: int, connection_ids: Collection[int]) -> tuple[ReadProject, ...]:
    """How far each project of these connections is read that has linked issues, by key."""
    i = issue.c
    ours = (i.workspace_id == workspace_id, i.connection_id.in_(sorted(connection_ids)))
    link = select(initiative.c.connection_id, initiative.c.issue_id).where(initiative.c.workspace_id == workspace_id)
    linked = link.distinct().subquery()
    listed = (completion.c.workspace_id == i.workspace_id) & (completion.c.connection_id == i.connection_id)
    per_project = (
        select(i.connection_id, i.project_key, func.count(), func.count(completion.c.scanned_at))
        .join_from(issue, linked, (linked.c.connection_id == i.connection_id) & (linked.c.issue_id == i.issue_id))
        .outerjoin(completion, listed & (completion.c.issue_id == i.issue_id))
        .where(*ours)
        .group_by(i.connection_id, i.project_key)
        .order_by(i.project_key, i.connection_id)
    )
    known = select(i.connection_id, i.project_key, func.count()).where(*ours).group_by(i.connection_id, i.project_key)
    issues = {(number, key): int(count) for number, key, count in conn.execute(known)}
    return tuple(
        ReadProject(number, key, int(of), int(done), issues.get((number, key), 0))
        for number, key, of, done in conn.execute(per_project)
    )
