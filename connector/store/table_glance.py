"""Single facts of a table, read without all that it remembers of its page, which is large."""

from __future__ import annotations

from sqlalchemy import Connection

from connector.store.tables import one_of


def is_asked_to_write(conn: Connection, workspace_id: int, table_id: int) -> bool:
    """``PageTable.must_write``. Raises UnknownTable."""
    must_write: bool = one_of(conn, workspace_id, table_id, "must_write").must_write
    return must_write


def place_of(conn: Connection, workspace_id: int, table_id: int) -> tuple[int, str]:
    """The Confluence connection and the page that the table stands in. Raises UnknownTable."""
    found = one_of(conn, workspace_id, table_id, "connection_id", "page_id")
    return found.connection_id, found.page_id
