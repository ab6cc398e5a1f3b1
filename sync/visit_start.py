"""What a visit to a page knows before it asks for the page: the table as it should be, and who we are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.store import connections, okrs, tables, work_list, workspaces
from connector.store.connections import Connection
from connector.store.tables import UnknownTable
from connector.store.work import Claim
from mapping.okr import CycleState
from mapping.table_changes import difference
from sync.composing import compose_table
from sync.page_memory import Visit
from sync.page_write import OWN_ACT
from sync.ports import Resources

FIGURES_WAIT = timedelta(seconds=2)
# Where the reading itself was put off, because Jira is away or asked for patience.
JIRA_WAIT = timedelta(seconds=30)


def prepare_visit(on: Resources, claim: Claim) -> Visit | None:
    """None where there is nothing to visit: the table was removed here."""
    at = on.clock.now()
    with on.database.read() as conn:
        try:
            table = tables.load_table(conn, claim.workspace_id, int(claim.target))
        except UnknownTable:
            return None
        workspace = workspaces.load_workspace(conn, claim.workspace_id)
        now = compose_table(conn, claim.workspace_id, table, on.settings, at)
        then = compose_table(conn, claim.workspace_id, table, on.settings, table.written_as_of or at, known_at=at)
        connection = connections.load_connection(conn, claim.workspace_id, table.connection_id)
        cycle = okrs.load_cycle(conn, claim.workspace_id, table.cycle_key).cycle
        return Visit(
            claim=_as_own_act(claim) if table.must_write else claim,
            at=at,
            table=table,
            connection=connection,
            now=now,
            differs=difference(table.intended, then, now),
            figures_wait=_figures_wait(conn, claim.workspace_id, at),
            cycle_open=cycle.state is CycleState.OPEN,
            account_id=_account_id(conn, claim.workspace_id, connection),
            paused=workspace.writing_paused_at is not None,
        )


def _as_own_act(claim: Claim) -> Claim:
    """Somebody typed, or asked for it; a worker that stopped in between does not make it anything else."""
    return replace(claim, urgency=min(claim.urgency, OWN_ACT))


def _figures_wait(conn: Transaction, workspace_id: int, at: datetime) -> timedelta | None:
    """Not None while linked issues wait to be listed or counted: a first table would show half of the truth."""
    counts = [c for c in work_list.due_counts(conn, workspace_id, at) if c.kind in {"children", "initiative"}]
    if any(c.due + c.in_hand for c in counts):
        return FIGURES_WAIT
    return JIRA_WAIT if any(c.later for c in counts) else None


def _account_id(conn: Transaction, workspace_id: int, connection: Connection) -> str:
    """Confluence does not say who we are; Jira does, and an account has the same id in both."""
    same = (
        each.account_id
        for each in connections.load_connections(conn, workspace_id)
        if each.account_id and each.account_email.lower() == connection.account_email.lower()
    )
    return connection.account_id or next(same, "")
