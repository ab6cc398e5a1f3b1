"""Taking a site away again."""

from __future__ import annotations

from connector.store.activity import record_activity
from connector.store.connections import UnknownConnection, load_connection
from connector.store.disconnecting import Hanging, remove_connection, what_hangs_on
from sync.commands.not_possible import NotPossible
from sync.ports import Resources


def disconnect(on: Resources, workspace_id: int, connection_id: int, seen: Hanging, *, who: str) -> str:
    """Forget a connection with its links and tables; nothing is changed at the site. Returns its address.

    ``seen`` is what a person was shown would go with it. NotPossible, and nothing is done, where there is no such
    connection, or where more hangs on it by now.
    """
    with on.database.write() as conn:
        try:
            connection = load_connection(conn, workspace_id, connection_id)
        except UnknownConnection:
            raise NotPossible("This site is not connected any more.") from None
        hanging = what_hangs_on(conn, workspace_id, connection_id)
        if hanging.links > seen.links or hanging.tables > seen.tables:
            raise NotPossible(
                "Somebody linked an epic or added a table meanwhile. Look once more at what would go with it."
            )
        remove_connection(conn, workspace_id, connection_id)
        text = (
            f"removed {connection.product.capitalize()} of {connection.site_url}, "
            f"with {_counted(hanging.links, 'link')} and {_counted(hanging.tables, 'table')}"
        )
        record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text, url=connection.site_url)
    return connection.site_url


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
