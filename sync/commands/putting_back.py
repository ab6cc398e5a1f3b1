"""What a backup that was put back makes due: the world has moved on since it was made.

Everything linked is listed again, every query is asked, and then every page is visited. What a visit does about
versions that we wrote after the backup, and do not remember, stands in ``sync.forgotten_versions``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import connections, jql_values, put_back, tables, workspaces
from connector.store.activity import record_activity
from connector.store.work import mark_due
from sync.checking import begin_full_check
from sync.commands.running import AT_ONCE, SOON


def mark_put_back(conn: Transaction, *, made_at: datetime, now: datetime, who: str) -> None:
    """Part of the transaction that puts a backup of ``made_at`` back."""
    for workspace_id in workspaces.all_ids(conn):
        put_back.free_claims(conn, workspace_id)
        put_back.doubt_tables(conn, workspace_id, now)
        for connection in connections.load_connections(conn, workspace_id):
            if connection.product == "jira":
                begin_full_check(conn, workspace_id, connection.id, now, urgency=SOON)
        mark_due(conn, workspace_id, "jql", jql_values.jql_key_results(conn, workspace_id), now, urgency=SOON)
        found = [str(table.id) for table in tables.load_tables(conn, workspace_id)]
        mark_due(conn, workspace_id, "table", found, now, urgency=AT_ONCE, retry=True)
        text = f"put back the backup of {made_at:%d %b %Y, %H:%M} UTC"
        record_activity(conn, workspace_id, at=now, who=who, text=text)
