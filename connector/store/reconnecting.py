"""What renewed credentials set going again: everything that waited for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from connector.store.connections import UnknownConnection
from connector.store.schema import connection, page_table, work

_KINDS_BY_CONNECTION = ("issue", "children", "initiative", "rule", "poll", "pages", "full_check")


def resume_work(conn: Connection, workspace_id: int, connection_id: int, at: datetime) -> int:
    """Make due now, with a clean count, whatever of this connection was put off, failed or set aside. How many."""
    of_connection = and_(work.c.kind.in_(_KINDS_BY_CONNECTION), work.c.target_group == str(connection_id))
    stopped = or_(work.c.not_before.is_not(None), work.c.parked_at.is_not(None))
    waiting = (
        work.c.workspace_id == workspace_id,
        work.c.claim_token.is_(None),
        stopped,
        or_(of_connection, _of_its_pages(conn, workspace_id, connection_id)),
    )
    fresh = update(work).where(*waiting)
    return conn.execute(fresh.values(due_at=at, not_before=None, attempts=0, parked_at=None, parked_reason="")).rowcount


def replace_webhook_secret(conn: Connection, workspace_id: int, connection_id: int, sealed: bytes) -> None:
    """Keep another secret for the connection's webhook, encrypted already. Raises UnknownConnection."""
    this = (connection.c.workspace_id == workspace_id, connection.c.id == connection_id)
    if not conn.execute(update(connection).where(*this).values(webhook_secret=sealed)).rowcount:
        raise UnknownConnection(f"there is no connection {connection_id}")


def _of_its_pages(conn: Connection, workspace_id: int, connection_id: int) -> ColumnElement[bool]:
    c = page_table.c
    tables = select(c.id).where(c.workspace_id == workspace_id, c.connection_id == connection_id)
    targets = [str(table_id) for table_id in conn.execute(tables).scalars()]
    return and_(work.c.kind == "table", work.c.target.in_(targets))
