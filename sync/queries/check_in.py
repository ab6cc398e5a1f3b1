"""What the check-in form shows beside its fields: the same as the key result's page, and where it will stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import tables
from mapping.figures import InitiativeFigure
from sync.done_since import with_own_done_since
from sync.ports import Resources
from sync.queries.key_result import KeyResultView, load_key_result
from sync.queries.typed import TypedLine, load_waiting_for


@dataclass(frozen=True, slots=True)
class CheckInView:
    """``pages`` is the number of pages with a table that shows the key result; ``waiting`` was typed in one of them and
    waits for a decision. ``moved`` are the initiatives with what got done since the last check-in."""

    key_result: KeyResultView
    moved: tuple[InitiativeFigure, ...]
    pages: int
    waiting: tuple[TypedLine, ...]


def load_check_in(on: Resources, workspace_id: int, key: str, at: datetime) -> CheckInView | None:
    """None where nobody can check in: no such key result, it was dropped, or its cycle is closed."""
    view = load_key_result(on, workspace_id, key, at)
    if view is None or not view.is_open:
        return None
    with on.database.read() as conn:
        return CheckInView(
            view,
            with_own_done_since(conn, workspace_id, view.figure).initiatives,
            _pages(conn, workspace_id, key),
            load_waiting_for(conn, workspace_id, key),
        )


def _pages(conn: Transaction, workspace_id: int, key: str) -> int:
    showing = frozenset(tables.tables_showing(conn, workspace_id, [key]))
    among = (table for table in tables.load_tables(conn, workspace_id) if table.id in showing)
    return len({(table.connection_id, table.page_id) for table in among})
