"""Which stage does which kind of work, and over which connection it goes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection as Transaction

from connector.store import connections
from connector.store.table_glance import place_of
from connector.store.tables import UnknownTable
from connector.store.work import Claim
from sync.ingest import read_issues
from sync.pages import visit_pages
from sync.poll import look_at_pages, poll_jira
from sync.query_values import ask_queries, jira_of
from sync.recompute import recompute
from sync.reconcile import check_all, list_children
from sync.rules_stage import check_rules
from sync.work import Stage


def _named_first(_conn: Transaction, claim: Claim) -> int:
    return int(claim.target.partition(":")[0])


def _of_table(conn: Transaction, claim: Claim) -> int | None:
    try:
        connection_id, _ = place_of(conn, claim.workspace_id, int(claim.target))
    except UnknownTable:
        # It was taken out of our hands while a visit was due; the visit finds nothing to do.
        return None
    return connection_id


def _first_jira(conn: Transaction, claim: Claim) -> int | None:
    site = jira_of(connections.load_connections(conn, claim.workspace_id, "jira"))
    return site.id if site else None


def _none(_conn: Transaction, _claim: Claim) -> None:
    return None


STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "issue": Stage(read_issues, _named_first),
        "children": Stage(list_children, _named_first),
        "initiative": Stage(recompute, _none),
        "rule": Stage(check_rules, _named_first),
        "jql": Stage(ask_queries, _first_jira),
        "table": Stage(visit_pages, _of_table),
        "poll": Stage(poll_jira, _named_first),
        "pages": Stage(look_at_pages, _named_first),
        "full_check": Stage(check_all, _none),
    }
)
