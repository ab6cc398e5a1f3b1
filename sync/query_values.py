"""Key results whose value is a query: ask Jira, keep the value, or the last good one where the answer is not whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection as Transaction

from connector.errors import Forbidden, Gone, Rejected, Unavailable
from connector.store import connection_state, connections, jql_values, okrs, tables
from connector.store.connections import Connection
from connector.store.work import Claim, mark_due, postpone, record_done
from mapping.issue import MalformedIssue
from mapping.okr import JqlSource
from mapping.query_value import QueryTotal
from sync.ports import JiraReader, Resources
from sync.retry import reason_of

MOST_PAGES = 500
# Jira gives up to 5,000 issues a page where only ids are asked for, and 100 with fields.
IDS_A_PAGE, FIELDS_A_PAGE = 5000, 100
# A query that Jira refuses is asked again no more often than one that it answers.
ASK_AGAIN = timedelta(minutes=10)
# After so many failures in a row the value is shown as one that cannot be read.
MOST_FAILURES = 3


def ask_queries(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``jql``: one query per key result."""
    for claim in claims:
        _ask(on, claim)


def jira_of(sites: Sequence[Connection]) -> Connection | None:
    """The Jira that queries are put to: the one connected first."""
    return min(sites, key=lambda site: site.id) if sites else None


def _ask(on: Resources, claim: Claim) -> None:
    with on.database.read() as conn:
        found = okrs.load_key_results(conn, claim.workspace_id, [claim.target])
        site = jira_of(connections.load_connections(conn, claim.workspace_id, "jira"))
    source = found[claim.target].jql if claim.target in found else None
    began = on.clock.now()
    value: Decimal | None = None
    why = ""
    if source is not None and site is not None:
        try:
            value = value_now(on.sites.jira(site), source)
        except (Rejected, Forbidden, Gone, MalformedIssue) as error:
            why = reason_of(error)
        except Unavailable as error:
            # Attempts count only while the site answers others: then it is this query that cannot be answered.
            if claim.attempts < MOST_FAILURES:
                raise
            why = reason_of(error)
    with on.database.write() as conn:
        changed = False
        if source is not None and site is not None:
            changed = _keep(conn, claim, value, why, began)
            connection_state.count_calls(conn, claim.workspace_id, site.id, 1, began.date())
        if changed:
            showing = tables.tables_showing(conn, claim.workspace_id, [claim.target])
            mark_due(conn, claim.workspace_id, "table", map(str, showing), began)
        if why:
            postpone(conn, claim, began + ASK_AGAIN)
        else:
            record_done(conn, claim)


def _keep(conn: Transaction, claim: Claim, value: Decimal | None, why: str, at: datetime) -> bool:
    """True where it is news for whoever reads the figure."""
    if not why:
        return jql_values.record_jql_value(conn, claim.workspace_id, claim.target, value, at)
    before = jql_values.load_jql_values(conn, claim.workspace_id, [claim.target]).get(claim.target)
    jql_values.record_jql_unreadable(conn, claim.workspace_id, claim.target, at, why)
    return before is None or before.unreadable_since is None or before.unreadable_why != why


def value_now(client: JiraReader, source: JqlSource) -> Decimal | None:
    """What the query comes to. Rejected where it finds too much; raises MalformedIssue as well."""
    total = QueryTotal(source)
    fields = [source.field_id] if source.field_id else ["id"]
    size = FIELDS_A_PAGE if source.field_id else IDS_A_PAGE
    token: str | None = None
    for _ in range(MOST_PAGES):
        page = client.search(source.jql, fields, token=token, page_size=size)
        total = total.plus(page.issues)
        if page.next_token is None:
            return total.value
        token = page.next_token
    raise Rejected(f"The query finds more than {MOST_PAGES * size:,} issues. Make it narrower.", 0)
