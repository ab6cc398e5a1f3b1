"""Who changed what and when: the whole log, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connector.store.activity import Activity, authors, search_activity
from sync.ports import Resources
from sync.timer import KEEP_ACTIVITY

LINES = 50


@dataclass(frozen=True, slots=True)
class LogView:
    """``lines`` newest first; ``older``: the number before which the next page begins, None on the last one. ``people``
    who stand in the log."""

    at: datetime
    lines: tuple[Activity, ...]
    older: int | None
    people: tuple[str, ...]
    kept_days: int


def load_log(
    on: Resources, workspace_id: int, at: datetime, *, who: str, by: str, words: str, before: int | None
) -> LogView:
    """Lines of somebody, ``by`` people or service, holding words, before a line; each of these may be empty."""
    with on.database.read() as conn:
        found = search_activity(conn, workspace_id, who=who, by=by, words=words, before=before, limit=LINES + 1)
        people = authors(conn, workspace_id)
    lines = found[:LINES]
    return LogView(at, lines, lines[-1].line_id if len(found) > LINES else None, people, KEEP_ACTIVITY.days)
