"""Everything that people typed into a table, settled or not, as tests look at it."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, select

from connector.store.page_visits import TypedText
from connector.store.rows import rows_as
from connector.store.schema import typed_text

# More than any test types.
_MOST = 1000


def load_typed_texts(conn: Connection, workspace_id: int, table_id: int) -> tuple[TypedText, ...]:
    """Newest first."""
    c = typed_text.c
    found = select(*(c[each.name] for each in fields(TypedText))).where(
        c.workspace_id == workspace_id, c.table_id == table_id
    )
    return rows_as(TypedText, conn, found.order_by(c.id.desc()).limit(_MOST))
