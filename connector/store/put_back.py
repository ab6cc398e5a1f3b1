"""After a backup was put back: what is known may be older than what stands in Jira and in pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from connector.store.schema import page_table, work
from connector.store.tables import TableState, set_table


def doubt_tables(conn: Connection, workspace_id: int, at: datetime) -> None:
    """We may have written every table since, without remembering it. A snapshot that is finished is written no more."""
    c = page_table.c
    ours = c.workspace_id == workspace_id, c.state != str(TableState.FINISHED)
    conn.execute(update(page_table).where(*ours).values(put_back_at=at))


def trust_table(conn: Connection, workspace_id: int, table_id: int) -> None:
    """What is remembered of this table is what stands in its page. Raises UnknownTable."""
    set_table(conn, workspace_id, table_id, {"put_back_at": None})


def free_claims(conn: Connection, workspace_id: int) -> None:
    """Whoever had something in hand when the backup was made has it no more."""
    c = work.c
    in_hand = c.workspace_id == workspace_id, c.claim_token.is_not(None)
    free = {"claim_token": None, "claimed_until": None, "claimed_generation": None}
    conn.execute(update(work).where(*in_hand).values(**free))
