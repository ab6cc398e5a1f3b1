"""What a visit to a page knows before it asks for the page: the table as it should be, and who we are there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.store import connections, tables, work_list, workspaces
from connector.store.connections import Connection
from connector.store.tables import PageTable, UnknownTable
from connector.store.work import Claim
from mapping.okr import Cycle, CycleState
from mapping.rollup import next_change_at
from mapping.table_changes import Difference, difference, fingerprint
from mapping.table_intended import Intended, intended
from sync.composing import load_table_facts, table_of
from sync.figures import CycleFacts
from sync.page_memory import Visit
from sync.page_write import as_own_act
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
        facts = load_table_facts(conn, claim.workspace_id, table)
        now = intended(table_of(conn, claim.workspace_id, table, on.settings, facts, at))
        connection = connections.load_connection(conn, claim.workspace_id, table.connection_id)
        return Visit(
            claim=as_own_act(claim) if table.must_write or table.put_back_at else claim,
            at=at,
            table=table,
            connection=connection,
            intended=now,
            differs=_difference(conn, on, table, facts, now, at),
            figures_wait=_figures_wait(conn, claim.workspace_id, table, at),
            cycle_open=facts.cycle.state is CycleState.OPEN,
            account_id=_account_id(conn, claim.workspace_id, connection),
            paused=workspace.writing_paused_at is not None,
        )


def _difference(
    conn: Transaction, on: Resources, table: PageTable, facts: CycleFacts, now: Intended, at: datetime
) -> Difference:
    """The table is built anew for the moment of the last write only where time alone may have changed it since."""
    written, then = table.written_as_of, now.fingerprint
    if then != table.intended and written is not None and _has_time_changed(facts.cycle, written, at):
        then = fingerprint(table_of(conn, table.workspace_id, table, on.settings, facts, written, known_at=at))
    return difference(table.intended, then, now.fingerprint)


def _has_time_changed(cycle: Cycle, since: datetime, at: datetime) -> bool:
    first = next_change_at(cycle, since)
    return first is not None and first <= at


def _figures_wait(conn: Transaction, workspace_id: int, table: PageTable, at: datetime) -> timedelta | None:
    """Not None while linked issues wait to be listed or counted: a first table would show half of the truth, and one
    that was put back with a backup would show an older one."""
    kinds = {"children", "initiative"} | ({"jql"} if table.put_back_at else set())
    counts = [c for c in work_list.due_counts(conn, workspace_id, at) if c.kind in kinds]
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
