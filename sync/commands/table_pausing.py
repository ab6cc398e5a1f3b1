"""Pausing one table: its page is looked at, what people type is taken, and nothing is written there."""

from __future__ import annotations

from connector.store import table_standing
from connector.store.activity import record_activity
from connector.store.work import mark_due
from sync.commands.running import AT_ONCE
from sync.commands.table_changes import load_known_table, title_of
from sync.pausing import paused_words
from sync.ports import Resources


def pause_table(on: Resources, workspace_id: int, table_id: int, *, who: str) -> bool:
    """Write nothing into this table until somebody resumes it. False where that was so already. NotPossible where
    there is no such table."""
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        detail = paused_words(who)
        paused = table_standing.pause_table(conn, workspace_id, table_id, at=now, who=who, detail=detail)
        if paused:
            text = f"paused the table {table.region_id} in {title_of(table)}"
            record_activity(conn, workspace_id, at=now, who=who, text=text, url=table.page_url)
    return paused


def resume_table(on: Resources, workspace_id: int, table_id: int, *, who: str) -> bool:
    """Write into it again; it is brought up to date at once. False where it was not paused. NotPossible where there is
    no such table."""
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        resumed = table_standing.resume_table(conn, workspace_id, table_id, at=now)
        if resumed:
            mark_due(conn, workspace_id, "table", [str(table_id)], now, urgency=AT_ONCE, retry=True)
            text = f"resumed the table {table.region_id} in {title_of(table)}"
            record_activity(conn, workspace_id, at=now, who=who, text=text, url=table.page_url)
    on.bell.ring()
    return resumed
