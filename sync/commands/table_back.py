"""Putting a table back that a person took out of its page, because somebody asks for it now."""

from __future__ import annotations

from connector.store import connections, table_standing
from connector.store.activity import record_activity
from connector.store.tables import PageTable, TableState
from connector.store.work import mark_due
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE
from sync.commands.site_access import as_confluence_account
from sync.commands.table_changes import load_known_table, title_of
from sync.commands.table_plan import readable_page
from sync.ports import Resources


def put_back_table(on: Resources, workspace_id: int, table_id: int, *, who: str) -> str:
    """Write the table into its page again, as it was chosen; a worker does it within seconds. Returns the page's title.

    NotPossible where there is no such table, where nobody took it out, or where its page can hold none now.
    """
    with on.database.read() as conn:
        table = _taken_out(load_known_table(conn, workspace_id, table_id))
        connection = connections.load_connection(conn, workspace_id, table.connection_id)
    readable_page(as_confluence_account(on.sites.confluence(connection)), connection, table.page_id)
    now = on.clock.now()
    with on.database.write() as conn:
        table = _taken_out(load_known_table(conn, workspace_id, table_id))
        table_standing.begin_anew(conn, workspace_id, table_id, at=now)
        mark_due(conn, workspace_id, "table", [str(table_id)], now, urgency=AT_ONCE, retry=True)
        text = f"put the table {table.region_id} back into {title_of(table)}"
        record_activity(conn, workspace_id, at=now, who=who, text=text, url=table.page_url)
    on.bell.ring()
    return title_of(table)


def _taken_out(table: PageTable) -> PageTable:
    if table.state is not TableState.REMOVED:
        raise NotPossible("The table in {page} was not taken out, so it is not put back.", page=title_of(table))
    return table
