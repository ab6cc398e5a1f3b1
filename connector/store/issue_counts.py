"""What the issues below a linked one add up to, and which issues to read again or to forget."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Numeric,
    Select,
    and_,
    case,
    cast,
    delete,
    func,
    or_,
    select,
)

from connector.store.batches import in_batches
from connector.store.prepared import prepared
from connector.store.rows import AnyRow
from connector.store.schema import completion, initiative, issue
from mapping.figures import IssueCounts
from mapping.issue import StatusCategory

# Estimates are summed as whole millionths, so that no order of addition and no binary fraction shows in a sum.
_MILLION = 1_000_000
# Not the bare column: SQLite would take its index, and go through every issue there is instead of those below a few.
_IS_NO_SUB_TASK = issue.c.level + 0 >= 0


def counts_below(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    issue_ids: Collection[str],
    *,
    sub_tasks: bool = False,
) -> dict[str, IssueCounts]:
    """What the kept children of each issue add up to, as IssueCounts says it; all zero where it has none.

    Children that are gone do not count, sub-tasks only if asked. ``added_since`` is left at 0: it depends on the key
    result, see ``added_since``.
    """
    counts = dict.fromkeys(issue_ids, IssueCounts(done=0, total=0, wont_do=0))
    for batch in in_batches(sorted(set(issue_ids)), 200):
        summed = (_with_sub_tasks if sub_tasks else _sums)(workspace_id, connection_id, batch)
        counts |= {row.parent_id: _counts(row) for row in conn.execute(*summed)}
    return counts


def added_since(
    conn: Connection, workspace_id: int, connection_id: int, since: Mapping[tuple[str, str], datetime]
) -> dict[tuple[str, str], int]:
    """How many children came under an issue after a moment; keys are (key result key, issue id).

    Counts as ``counts_below`` does: what is gone, will not be done, or is a sub-task was not added.
    """
    counts = dict.fromkeys(since, 0)
    by_parent: dict[str, list[tuple[str, datetime]]] = {}
    for (key_result_key, issue_id), moment in since.items():
        by_parent.setdefault(issue_id, []).append((key_result_key, moment))
    for batch in in_batches(sorted(by_parent)):
        oldest = min(moment for parent in batch for _, moment in by_parent[parent])
        for row in conn.execute(*_arrivals(workspace_id, connection_id, batch, oldest)):
            for key_result_key, moment in by_parent[row.parent_id]:
                counts[key_result_key, row.parent_id] += row.parent_since > moment
    return counts


def prune_unlinked(conn: Connection, workspace_id: int, connection_id: int, limit: int) -> int:
    """Forget issues that are neither linked nor below a linked one, at most ``limit`` of them, and completions of
    issues that are not linked. Epics stay, with what was counted at a look, until Jira no longer shows them: somebody
    may still say what they are for. How many issues were forgotten."""
    linked = select(initiative.c.issue_id).where(
        initiative.c.workspace_id == workspace_id, initiative.c.connection_id == connection_id
    )
    conn.execute(
        delete(completion).where(
            completion.c.workspace_id == workspace_id,
            completion.c.connection_id == connection_id,
            completion.c.issue_id.not_in(linked),
            completion.c.scanned_at.is_not(None),
        )
    )
    here = (issue.c.workspace_id == workspace_id, issue.c.connection_id == connection_id)
    unlinked = select(issue.c.id).where(
        *here,
        issue.c.issue_id.not_in(linked),
        or_(issue.c.parent_id.is_(None), issue.c.parent_id.not_in(linked)),
        or_(issue.c.level < 1, issue.c.gone_since.is_not(None)),
    )
    return conn.execute(delete(issue).where(*here, issue.c.id.in_(unlinked.limit(limit)))).rowcount


@prepared
def _sums(workspace_id: int, connection_id: int, parents: Sequence[str]) -> Select[Any]:
    return _summed(workspace_id, connection_id, parents).where(_IS_NO_SUB_TASK)


@prepared
def _with_sub_tasks(workspace_id: int, connection_id: int, parents: Sequence[str]) -> Select[Any]:
    return _summed(workspace_id, connection_id, parents)


def _summed(workspace_id: int, connection_id: int, parents: Sequence[str]) -> Select[Any]:
    c = issue.c
    below = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.parent_id.in_(parents))
    counted = ~c.wont_do
    done = and_(counted, c.status_category == str(StatusCategory.DONE))
    columns = {
        "done": _number(done),
        "total": func.count(),
        "wont_do": _number(c.wont_do),
        "points_done": _points(done),
        "points_total": _points(counted),
        "unestimated": _number(and_(counted, c.estimate.is_(None))),
    }
    summed = select(c.parent_id, *(column.label(name) for name, column in columns.items()))
    return summed.where(*below, c.gone_since.is_(None)).group_by(c.parent_id)


def _number(condition: ColumnElement[bool] | Column[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _points(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    millionths = cast(
        func.round(cast(issue.c.estimate, Numeric) * _MILLION), Integer().with_variant(Numeric(), "postgresql")
    )
    return func.coalesce(func.sum(case((condition, millionths))), 0)


@prepared
def _arrivals(
    workspace_id: int, connection_id: int, parents: Sequence[str], after: datetime
) -> Select[tuple[str | None, datetime]]:
    c = issue.c
    return select(c.parent_id, c.parent_since).where(
        c.workspace_id == workspace_id,
        c.connection_id == connection_id,
        c.parent_id.in_(parents),
        c.parent_since > after,
        c.gone_since.is_(None),
        ~c.wont_do,
        _IS_NO_SUB_TASK,
    )


def _counts(row: AnyRow) -> IssueCounts:
    return IssueCounts(
        done=row.done,
        total=row.total,
        wont_do=row.wont_do,
        points_done=_decimal(row.points_done),
        points_total=_decimal(row.points_total),
        unestimated=row.unestimated,
    )


def _decimal(millionths: int | Decimal) -> Decimal:
    """The sum with as many decimals as it needs: 13, 2.5."""
    exact = (Decimal(millionths) / _MILLION).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
