"""Taking a connection away, with everything that is known through it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select

from connector.store.connections import UnknownConnection
from connector.store.schema import completion, connection, delivery, initiative, issue, page_table, sync_run, work

_OF_A_CONNECTION = ("issue", "children", "initiative", "poll", "pages", "full_check")


@dataclass(frozen=True, slots=True)
class Hanging:
    """What goes with a connection: ``links`` of its issues to key results, ``tables`` in its pages, ``issues`` that
    are known through it."""

    links: int
    tables: int
    issues: int


def what_hangs_on(conn: Connection, workspace_id: int, connection_id: int) -> Hanging:
    """How much is known through the connection."""
    return Hanging(*(_count(conn, table, workspace_id, connection_id) for table in (initiative, page_table, issue)))


def remove_connection(conn: Connection, workspace_id: int, connection_id: int) -> None:
    """Forget the connection and all that is known through it. Pages and issues stay as they are, where they are.

    Raises UnknownConnection.
    """
    conn.execute(delete(work).where(work.c.workspace_id == workspace_id, _its_work(conn, workspace_id, connection_id)))
    for table in (initiative, issue, completion, page_table, delivery, sync_run):
        conn.execute(delete(table).where(*_of(table, workspace_id, connection_id)))
    this = (connection.c.workspace_id == workspace_id, connection.c.id == connection_id)
    if not conn.execute(delete(connection).where(*this)).rowcount:
        raise UnknownConnection(f"there is no connection {connection_id}")


def _its_work(conn: Connection, workspace_id: int, connection_id: int) -> ColumnElement[bool]:
    tables = select(page_table.c.id).where(*_of(page_table, workspace_id, connection_id))
    targets = [str(table_id) for table_id in conn.execute(tables).scalars()]
    of_connection = and_(work.c.kind.in_(_OF_A_CONNECTION), work.c.target_group == str(connection_id))
    return or_(of_connection, and_(work.c.kind == "table", work.c.target.in_(targets)))


def _count(conn: Connection, table: Table, workspace_id: int, connection_id: int) -> int:
    found = select(func.count()).select_from(table).where(*_of(table, workspace_id, connection_id))
    return conn.execute(found).scalar_one()


def _of(table: Table, workspace_id: int, connection_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.workspace_id == workspace_id, table.c.connection_id == connection_id
