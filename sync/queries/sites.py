"""The connected sites with what hangs on each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection as Transaction

from connector.store.connections import Connection, UnknownConnection, load_connection, load_connections
from connector.store.disconnecting import Hanging, what_hangs_on
from sync.ports import Resources
from sync.queries.set_up import can_send


@dataclass(frozen=True, slots=True)
class SiteView:
    """``can_tell``: the site can send its events to us."""

    connection: Connection
    hanging: Hanging
    can_tell: bool


def load_sites(on: Resources, workspace_id: int) -> tuple[SiteView, ...]:
    """Oldest first."""
    with on.database.read() as conn:
        return tuple(_view(conn, each) for each in load_connections(conn, workspace_id))


def load_site(on: Resources, workspace_id: int, connection_id: int) -> SiteView | None:
    """None where the workspace has no such connection."""
    with on.database.read() as conn:
        try:
            return _view(conn, load_connection(conn, workspace_id, connection_id))
        except UnknownConnection:
            return None


def _view(conn: Transaction, connection: Connection) -> SiteView:
    return SiteView(connection, what_hangs_on(conn, connection.workspace_id, connection.id), can_send(connection))
