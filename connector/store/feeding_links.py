"""The links that make figures, without saying which issue each is of: as little as a roll-up of thousands needs.

``linked_issues`` tells everything of each link; here links that say the same stand together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, String, and_, null, select, type_coerce

from connector.store.batches import in_batches
from connector.store.schema import completion, initiative, issue
from mapping.figures import IssueCounts
from mapping.issue import StatusCategory
from mapping.okr import Role


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of an issue; ``unreadable_since`` as ``completions.StoredCompletion`` says."""

    counts: IssueCounts
    own_status: StatusCategory
    own_wont_do: bool
    unreadable_since: datetime | None
    unreadable_why: str


@dataclass(frozen=True, slots=True)
class AlikeLinks:
    """Links of one role and weight to issues that are as far as each other. ``project_id`` is None where projects were
    not told apart, or Jira has not told us of the issue; ``counted`` is None where nothing below it was ever listed in
    full. ``key_results`` names each as often as it has such a link."""

    connection_id: int
    project_id: str | None
    role: Role
    weight: Decimal
    counted: Counted | None
    key_results: list[str] = field(default_factory=list)


def load_feeding_links(
    conn: Connection, workspace_id: int, key_result_keys: Collection[str], *, by_project: bool
) -> tuple[AlikeLinks, ...]:
    """The links that drive these key results, or are a step of them. ``by_project``: tell projects apart."""
    found: dict[tuple[Any, ...], AlikeLinks] = {}
    for batch in in_batches(sorted(set(key_result_keys))):
        for key, *rest in conn.execute(_feeding(workspace_id, batch, by_project)).all():
            same = tuple(rest)
            alike = found.get(same)
            if alike is None:
                alike = found[same] = _alike(*same)
            alike.key_results.append(key)
    return tuple(found.values())


def load_done_steps(conn: Connection, workspace_id: int, key_result_keys: Collection[str]) -> dict[str, frozenset[str]]:
    """The keys of the milestone steps that an issue which is done stands for, by key result."""
    found: dict[str, set[str]] = {}
    i = initiative.c
    own_issue = and_(
        issue.c.workspace_id == i.workspace_id,
        issue.c.connection_id == i.connection_id,
        issue.c.issue_id == i.issue_id,
    )
    done = select(i.key_result_key, i.step_key).join_from(initiative, issue, own_issue).where(
        i.workspace_id == workspace_id, i.role == str(Role.STEP), issue.c.status_category == str(StatusCategory.DONE)
    )  # fmt: skip
    for batch in in_batches(sorted(set(key_result_keys))):
        for key, step_key in conn.execute(done.where(i.key_result_key.in_(batch))):
            found.setdefault(key, set()).add(step_key)
    return {key: frozenset(steps) for key, steps in found.items()}


def _feeding(workspace_id: int, key_result_keys: Collection[str], by_project: bool) -> Select[Any]:
    i, kept, c = initiative.c, issue.c, completion.c
    listed = and_(
        c.workspace_id == i.workspace_id,
        c.connection_id == i.connection_id,
        c.issue_id == i.issue_id,
        c.counted_at.is_not(None),
        c.scanned_at.is_not(None),
    )
    joined = initiative.join(completion, listed, isouter=True)
    if by_project:
        own_issue = and_(
            kept.workspace_id == i.workspace_id, kept.connection_id == i.connection_id, kept.issue_id == i.issue_id
        )
        joined = joined.join(issue, own_issue, isouter=True)
    columns = (
        *(i.key_result_key, i.connection_id, kept.project_id if by_project else null(), i.role, _as_kept(i.weight)),
        *(c.done, c.total, c.wont_do, _as_kept(c.points_done), _as_kept(c.points_total), c.unestimated),
        *(c.own_status, c.own_wont_do, c.unreadable_since, c.unreadable_why),
    )
    return select(*columns).select_from(joined).where(
        i.workspace_id == workspace_id,
        i.key_result_key.in_(key_result_keys),
        i.role.in_([str(Role.DRIVES), str(Role.STEP)]),
    )  # fmt: skip


def _as_kept(number: Column[Decimal]) -> ColumnElement[str]:
    """Its text, of which a number is made only once for all links that are alike."""
    return type_coerce(number, String)


def _alike(
    connection_id: int,
    project_id: str | None,
    role: str,
    weight: str,
    *counted: Any,
) -> AlikeLinks:
    of = (connection_id, project_id, Role(role), Decimal(weight))
    return AlikeLinks(*of, None if counted[0] is None else _counted(*counted))


def _counted(
    done: int, total: int, wont_do: int, points_done: str, points_total: str, unestimated: int,
    own_status: str, own_wont_do: bool, unreadable_since: datetime | None, unreadable_why: str,
) -> Counted:  # fmt: skip
    counts = IssueCounts(done, total, wont_do, Decimal(points_done), Decimal(points_total), unestimated)
    return Counted(counts, StatusCategory(own_status), own_wont_do, unreadable_since, unreadable_why)
