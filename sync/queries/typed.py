"""What people typed in tables: what waits for a decision, and what became of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import tables, typed_texts
from connector.store.page_visits import TypedText
from connector.store.tables import PageTable


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One text in one cell. ``outcome``: not_understood | not_allowed | to_confirm (these wait) | taken | given_up |
    superseded | replaced. ``settled_by`` is who decided, empty where nobody had to."""

    table_id: int
    page_title: str
    page_url: str
    key: str
    column: str
    text: str
    author: str
    at: datetime
    version: int
    outcome: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class TypedView:
    """Of one table: what waits, the oldest first, and what does not, the newest first."""

    waiting: tuple[TypedLine, ...]
    history: tuple[TypedLine, ...]


def load_typed(conn: Transaction, workspace_id: int, table_id: int, limit: int) -> TypedView:
    """Everything that waits in one table, and the last ``limit`` texts that do not. Raises UnknownTable."""
    table = tables.load_table(conn, workspace_id, table_id)
    waiting = typed_texts.load_waiting(conn, workspace_id, table_id)
    settled = typed_texts.load_settled(conn, workspace_id, table_id, limit)
    return TypedView(
        tuple(_line(table, text) for text in waiting),
        tuple(_line(table, text) for text in settled),
    )


def load_waiting_for(conn: Transaction, workspace_id: int, key: str) -> tuple[TypedLine, ...]:
    """What waits in the rows of one key result, in whichever table."""
    found = typed_texts.load_waiting_for_key(conn, workspace_id, key)
    shown = {table_id: tables.load_table(conn, workspace_id, table_id) for table_id, _ in found}
    return tuple(_line(shown[table_id], text) for table_id, text in found)


def _line(table: PageTable, text: TypedText) -> TypedLine:
    return TypedLine(
        table_id=table.id,
        page_title=table.page_title or f"Page {table.page_id}",
        page_url=table.page_url,
        key=text.key_result_key,
        column=text.column,
        text=text.text,
        author=text.author_name,
        at=text.at,
        version=text.version,
        outcome=text.outcome,
        settled_at=text.settled_at,
        settled_by=text.settled_by,
    )
