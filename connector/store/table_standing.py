"""What people decide about a table that stands in its page: writing is paused or goes on, or it is put back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from connector.store.rows import Values
from connector.store.tables import TableState, load_table, record_table_state, set_table

# Where a table is in one of these, its page or a person is in the way, whether or not it is paused.
_OTHERWISE_HELD = frozenset({
    TableState.REMOVED, TableState.NO_PAGE, TableState.NO_PERMISSION, TableState.NOT_READABLE, TableState.FINISHED,
})  # fmt: skip


def pause_table(conn: Connection, workspace_id: int, table_id: int, *, at: datetime, who: str, detail: str) -> bool:
    """Write nothing to the table's page until somebody resumes it. False where it was paused already, which stays as it
    was. Raises UnknownTable."""
    table = load_table(conn, workspace_id, table_id)
    if table.paused_at is not None:
        return False
    set_table(conn, workspace_id, table_id, {"paused_at": at, "paused_by": who})
    if table.state not in _OTHERWISE_HELD:
        record_table_state(conn, workspace_id, table_id, TableState.PAUSED, at, detail)
    return True


def resume_table(conn: Connection, workspace_id: int, table_id: int, *, at: datetime) -> bool:
    """Write to it again. False where it was not paused. Raises UnknownTable."""
    table = load_table(conn, workspace_id, table_id)
    if table.paused_at is None:
        return False
    set_table(conn, workspace_id, table_id, {"paused_at": None, "paused_by": ""})
    if table.state is TableState.PAUSED:
        record_table_state(conn, workspace_id, table_id, TableState.WAITING, at)
    return True


def begin_anew(conn: Connection, workspace_id: int, table_id: int, *, at: datetime) -> None:
    """A table that is no longer in its page is to stand there again: nothing is remembered of what was written; what
    people typed and which versions were ours stays. Raises UnknownTable."""
    forgotten: Values = {
        "seen_version": 0, "written_version": 0, "written_at": None, "written_as_of": None, "intended": "",
        "intended_fields": {}, "read_back": {}, "read_back_lines": "", "region_memory": {}, "must_write": False,
        "findings": [], "sending_version": None, "sending": None,
    }  # fmt: skip
    set_table(conn, workspace_id, table_id, forgotten)
    record_table_state(conn, workspace_id, table_id, TableState.WAITING, at)
