"""Which issues serve which key results, with what is kept of each issue: all that a figure needs, in one reading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from connector.store.batches import in_batches
from connector.store.completions import StoredCompletion, stored_completion
from connector.store.links import initiative_of
from connector.store.rows import AnyRow
from connector.store.schema import completion, initiative, issue
from mapping.issue import StatusCategory
from mapping.okr import Initiative


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """``issue_key`` is None where Jira has not told us of the issue yet; ``completion`` is None where nothing was ever
    counted. ``gone_since`` and ``gone_why``: as ``issue_rows.StoredIssue`` says."""

    initiative: Initiative
    issue_key: str | None
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
        found += map(_linked_issue, conn.execute(_links_of(workspace_id, batch)))
    return tuple(found)


def _links_of(workspace_id: int, key_result_keys: Collection[str]) -> Select[Any]:
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
        *(kept.issue_key, kept.status_category, kept.gone_since, kept.gone_why),
        *(counted.done, counted.total, counted.wont_do, counted.points_done, counted.points_total),
        *(counted.unestimated, counted.own_status, counted.own_wont_do, counted.scanned_at, counted.counted_at),
        *(counted.unreadable_since, counted.unreadable_why),
    )
    joined = initiative.join(issue, own_issue, isouter=True).join(completion, own_completion, isouter=True)
    return (
        select(*columns)
        .select_from(joined)
        .where(i.workspace_id == workspace_id, i.key_result_key.in_(key_result_keys))
        .order_by(i.id)
    )


def _linked_issue(row: AnyRow) -> LinkedIssue:
    return LinkedIssue(
        initiative_of(row),
        row.issue_key,
        row.status_category == StatusCategory.DONE,
        row.gone_since,
        row.gone_why,
        None if row.counted_at is None else stored_completion(row),
    )
