"""Issues as rows, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connector.store.rows import AnyRow, Values
from mapping.issue import FieldChoice, IssueSnapshot, StatusCategory, is_wont_do

# A larger estimate is a mistake or an attack; it would overflow SQLite's sums. It counts as no estimate.
LARGEST_ESTIMATE = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class StoredIssue:
    """An issue as kept. ``gone_since``: Jira no longer shows it to us, it was deleted or we lost the permission."""

    snapshot: IssueSnapshot
    wont_do: bool
    parent_since: datetime
    read_at: datetime
    gone_since: datetime | None
    gone_why: str


def issue_values(snapshot: IssueSnapshot, choice: FieldChoice, read_at: datetime) -> Values:
    return {
        "issue_id": snapshot.issue_id,
        "issue_key": snapshot.issue_key,
        "title": snapshot.title,
        "project_id": snapshot.project_id,
        "project_key": snapshot.project_key,
        "level": snapshot.level,
        "parent_id": snapshot.parent_id,
        "status_category": str(snapshot.status_category),
        "resolution_id": snapshot.resolution_id,
        "wont_do": is_wont_do(snapshot, choice),
        "estimate": _usable(snapshot.estimate),
        "created": snapshot.created,
        "updated": snapshot.updated,
        "read_at": read_at,
    }


def _usable(estimate: Decimal | None) -> Decimal | None:
    if estimate is None or not estimate.is_finite() or abs(estimate) > LARGEST_ESTIMATE:
        return None
    return estimate


def snapshot_of(row: AnyRow) -> IssueSnapshot:
    return IssueSnapshot(
        issue_id=row.issue_id,
        issue_key=row.issue_key,
        project_id=row.project_id,
        project_key=row.project_key,
        level=row.level,
        parent_id=row.parent_id,
        status_category=StatusCategory(row.status_category),
        resolution_id=row.resolution_id,
        estimate=row.estimate,
        created=row.created,
        updated=row.updated,
        title=row.title,
    )


def stored_issue(row: AnyRow) -> StoredIssue:
    return StoredIssue(snapshot_of(row), row.wont_do, row.parent_since, row.read_at, row.gone_since, row.gone_why)
