"""Which issues serve which key results, with what is kept of each issue: all that a figure needs, in one reading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from connector.store.batches import in_batches
from connector.store.completions import StoredCompletion, stored_completion
from connector.store.links import initiative_of
from connector.store.rows import AnyRow
from connector.store.schema import completion, initiative, issue
from mapping.issue import StatusCategory
from mapping.okr import Initiative


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """``issue_key`` and ``project_id`` are None where Jira has not told us of the issue yet; ``completion`` is None
    where nothing was ever counted. ``title``, ``gone_since`` and ``gone_why``: as ``issue_rows.StoredIssue`` says."""

    initiative: Initiative
    issue_key: str | None
    project_id: str | None
    title: str
    is_done: bool
    gone_since: datetime | None
    gone_why: str | None
    completion: StoredCompletion | None


def load_linked_issues(
    conn: Connection, workspace_id: int, key_result_keys: Collection[str]
) -> tuple[LinkedIssue, ...]:
    """Every link of the given key results."""
    found: list[LinkedIssue] = []
    for batch in in_batches(sorted(set(key_result_keys))):
        of_these = select_linked(workspace_id).where(initiative.c.key_result_key.in_(batch))
        found += map(linked_issue, conn.execute(of_these.order_by(initiative.c.id)))
    return tuple(found)


def select_linked(workspace_id: int, *more: ColumnElement[Any]) -> Select[Any]:
    """All links of the workspace, each as ``linked_issue`` reads it, with ``more`` columns; to be narrowed further."""
    i, kept, counted = initiative.c, issue.c, completion.c
    own_issue = and_(
        kept.workspace_id == i.workspace_id, kept.connection_id == i.connection_id, kept.issue_id == i.issue_id
    )
    own_completion = and_(
        counted.workspace_id == i.workspace_id,
        counted.connection_id == i.connection_id,
        counted.issue_id == i.issue_id,
        counted.counted_at.is_not(None),
    )
    columns = (
        *(i.key_result_key, i.connection_id, i.issue_id, i.role, i.weight, i.step_key, i.origin),
        *(kept.issue_key, kept.project_id, kept.title, kept.status_category, kept.gone_since, kept.gone_why),
        *(counted.done, counted.total, counted.wont_do, counted.points_done, counted.points_total),
        *(counted.unestimated, counted.own_status, counted.own_wont_do, counted.scanned_at, counted.counted_at),
        *(counted.unreadable_since, counted.unreadable_why),
    )
    joined = initiative.join(issue, own_issue, isouter=True).join(completion, own_completion, isouter=True)
    return select(*columns, *more).select_from(joined).where(i.workspace_id == workspace_id)


def linked_issue(row: AnyRow) -> LinkedIssue:
    """Of a row of ``select_linked``."""
    return LinkedIssue(
        initiative_of(row),
        row.issue_key,
        row.project_id,
        row.title or "",
        row.status_category == StatusCategory.DONE,
        row.gone_since,
        row.gone_why,
        None if row.counted_at is None else stored_completion(row),
    )
