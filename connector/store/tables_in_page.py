"""Which tables stand in a page: asked at every event of a site, so it reads numbers and nothing else."""

from __future__ import annotations

from sqlalchemy import Connection, select

from connector.store.schema import page_table


def tables_in_page(conn: Connection, workspace_id: int, connection_id: int, page_id: str) -> tuple[int, ...]:
    """The numbers of the tables in this page of this Confluence, in the order in which they were added."""
    c = page_table.c
    this_page = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.page_id == page_id)
    return tuple(conn.execute(select(c.id).where(*this_page).order_by(c.id)).scalars())
