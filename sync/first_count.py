"""When the pages that show a new link are written: with its first count, and not a moment earlier without it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.store.completions import load_completions

# Jira usually needs a few seconds. Whatever it needs longer, the page then says that the issue is not read yet.
LONGEST_WAIT = timedelta(seconds=30)


def when_counted(conn: Transaction, workspace_id: int, issues: Iterable[tuple[int, str]], at: datetime) -> datetime:
    """``at`` where each of these issues (connection and id) was counted before; else the end of the wait. The first
    count makes the pages due at once, and so does anything else that changes them meanwhile."""
    by_connection: dict[int, set[str]] = {}
    for connection_id, issue_id in issues:
        by_connection.setdefault(connection_id, set()).add(issue_id)
    for connection_id, ids in by_connection.items():
        kept = load_completions(conn, workspace_id, connection_id, ids)
        if any(issue_id not in kept or kept[issue_id].scanned_at is None for issue_id in ids):
            return at + LONGEST_WAIT
    return at
