"""The beginning of a full check: everything linked over one connection is due to be listed again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import link_rules, links, runs
from connector.store.work import mark_due


def begin_full_check(conn: Transaction, workspace_id: int, connection_id: int, now: datetime, urgency: int = 7) -> None:
    """Mark what lies below each linked issue, and each rule. It also is tried again what was set aside."""
    linked = links.linked_issue_ids(conn, workspace_id, connection_id)
    runs.begin(conn, workspace_id, connection_id, "full_check", len(linked), now)
    targets = [f"{connection_id}:{issue_id}" for issue_id in linked]
    mark_due(conn, workspace_id, "children", targets, now, urgency=urgency, retry=True)
    rules = link_rules.rules_at_work(conn, workspace_id, connection_id)
    mark_due(conn, workspace_id, "rule", [rule.target for rule in rules], now, urgency=urgency, retry=True)
