"""Which issues serve which key results, with what is kept of each issue: all that a figure needs, in one reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from connector.store.batches import in_batches
from connector.store.completions import StoredCompletion
from connector.store.prepared import prepared
from connector.store.rows import AnyRow
from connector.store.schema import completion, initiative, issue
from mapping.figures import IssueCounts
from mapping.issue import StatusCategory
from mapping.okr import Initiative, LinkOrigin, Role

# How many columns of ``select_linked`` are its own; more may follow.
_COLUMNS = 25


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
        found += map(linked_issue, conn.execute(*_of_key_results(workspace_id, batch)))
    return tuple(found)


@prepared
def _of_key_results(workspace_id: int, keys: Sequence[str]) -> Select[Any]:
    return select_linked(workspace_id).where(initiative.c.key_result_key.in_(keys)).order_by(initiative.c.id)


def with_unreadable(conn: Connection, workspace_id: int, key_result_keys: Collection[str]) -> set[str]:
    """Those of the key results that are linked to an issue whose figure cannot be read now."""
    i, c = initiative.c, completion.c
    counted = and_(c.workspace_id == i.workspace_id, c.connection_id == i.connection_id, c.issue_id == i.issue_id)
    unreadable = select(i.key_result_key).distinct().join_from(initiative, completion, counted).where(
        i.workspace_id == workspace_id, c.workspace_id == workspace_id, c.unreadable_since.is_not(None)
    )  # fmt: skip
    return set(conn.execute(unreadable).scalars()).intersection(key_result_keys)


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
    """Of a row of ``select_linked``, taken by its places: there may be thousands."""
    told: tuple[Any, ...] = row[:_COLUMNS]
    key, connection_id, issue_id, role, weight, step_key, origin, *kept = told
    issue_key, project_id, title, status_category, gone_since, gone_why, *counted = kept
    return LinkedIssue(
        Initiative(key, connection_id, issue_id, Role(role), weight, step_key, LinkOrigin(origin)),
        issue_key,
        project_id,
        title or "",
        status_category == StatusCategory.DONE,
        gone_since,
        gone_why,
        _completion(*counted),
    )


def _completion(
    done: int, total: int, wont_do: int, points_done: Decimal, points_total: Decimal, unestimated: int,
    own_status: str, own_wont_do: bool, scanned_at: datetime | None, counted_at: datetime | None,
    unreadable_since: datetime | None, unreadable_why: str,
) -> StoredCompletion | None:  # fmt: skip
    """None where nothing was ever counted: then none of it is set."""
    if counted_at is None:
        return None
    counts = IssueCounts(done, total, wont_do, points_done, points_total, unestimated)
    status = StatusCategory(own_status)
    return StoredCompletion(counts, status, own_wont_do, scanned_at, counted_at, unreadable_since, unreadable_why)
