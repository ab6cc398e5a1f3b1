"""How much of each initiative is done: counted from the rows that reading left, and passed on to whatever it changes.

Nothing is asked of Jira here. It is a part of two stages, so that a first complete listing and its count become visible
in one transaction: a figure counted halfway through a listing is never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import activity, completions, issue_counts, issues, links, progress, tables
from connector.store.completions import StoredCompletion
from connector.store.issue_rows import StoredIssue
from connector.store.work import mark_due
from mapping.figures import IssueCounts, KeyResultFigure, Thresholds
from mapping.okr import Role
from sync.figures import load_key_result_figures

WHO = "OKR Connector"


def count_again(
    conn: Transaction,
    workspace_id: int,
    connection_id: int,
    ids: Sequence[str],
    at: datetime,
    *,
    just_listed: bool = False,
) -> None:
    """Count these linked issues of one connection; where a figure changed, keep its history and mark pages due.

    ``just_listed``: everything below them has just been listed, so that a first count is shown from now on.
    """
    changed = _count(conn, workspace_id, connection_id, sorted(set(ids)), at, just_listed=just_listed)
    _pass_on(conn, workspace_id, connection_id, changed, at)


def _count(
    conn: Transaction, workspace_id: int, connection_id: int, ids: list[str], at: datetime, *, just_listed: bool
) -> list[str]:
    """Count and keep. Returns the ids whose figure, or its age, differs from before for a reader."""
    rows = issues.load_issues(conn, workspace_id, connection_id, ids)
    counts = issue_counts.counts_below(conn, workspace_id, connection_id, ids)
    hidden = issues.parents_of_hidden(conn, workspace_id, connection_id, ids)
    before = completions.load_completions(conn, workspace_id, connection_id, ids)
    changed = []
    for issue_id in ids:
        row, old = rows.get(issue_id), before.get(issue_id)
        if row is None:
            continue
        why = row.gone_why if row.gone_since else hidden.get(issue_id, "")
        if why:
            completions.record_unreadable(conn, workspace_id, connection_id, [issue_id], why, row.gone_since or at)
            is_new = old is None or old.unreadable_since is None
        else:
            is_new = _keep(conn, workspace_id, connection_id, row, counts[issue_id], old, at)
            # Until it was listed once the page says that it is not read yet, whatever is counted.
            is_new = is_new and (just_listed or (old is not None and old.scanned_at is not None))
        if is_new:
            changed.append(issue_id)
    return changed


def _keep(
    conn: Transaction,
    workspace_id: int,
    connection_id: int,
    row: StoredIssue,
    counts: IssueCounts,
    old: StoredCompletion | None,
    at: datetime,
) -> bool:
    snapshot = row.snapshot
    is_new = completions.record_completion(
        conn, workspace_id, connection_id, snapshot.issue_id, counts,
        own_status=snapshot.status_category, own_wont_do=row.wont_do, at=at,
    )  # fmt: skip
    figure = {"done": counts.done, "total": counts.total - counts.wont_do, "status": str(snapshot.status_category)}
    progress.record_progress(
        conn, workspace_id, progress.issue_subject(connection_id, snapshot.issue_id), figure, at=at
    )
    # A figure is shown from its first complete listing on; until then there is no "before".
    first_shown = old is None or old.scanned_at is None
    if old is not None and not first_shown and old.counts != counts:
        text = f"{snapshot.issue_key} read again: {_said(counts)}, before {_said(old.counts)}"
        activity.record_activity(conn, workspace_id, at=at, who=WHO, text=text)
    return is_new or first_shown or (old is not None and old.unreadable_since is not None)


def _said(counts: IssueCounts) -> str:
    return f"{counts.done} of {counts.total - counts.wont_do} done"


def _pass_on(conn: Transaction, workspace_id: int, connection_id: int, changed: list[str], at: datetime) -> None:
    """Mark the pages that show what changed, and keep the figures of the key results that it drives."""
    if not changed:
        return
    touched = links.links_to(conn, workspace_id, connection_id, changed)
    showing = tables.tables_showing(conn, workspace_id, {link.key_result_key for link in touched})
    mark_due(conn, workspace_id, "table", map(str, showing), at, urgency=5)
    driven = {link.key_result_key for link in touched if link.role is not Role.SUPPORTS}
    for key, figure in load_key_result_figures(conn, workspace_id, driven, at, Thresholds()).items():
        progress.record_progress(conn, workspace_id, key, figure_to_keep(figure), at=at)


def figure_to_keep(figure: KeyResultFigure) -> dict[str, str | None]:
    """A key result's figure as the history keeps it: exact, as text."""
    return {
        "progress": None if figure.progress is None else str(figure.progress),
        "now": None if figure.now is None else str(figure.now),
        "held": None if figure.held is None else str(figure.held),
    }
