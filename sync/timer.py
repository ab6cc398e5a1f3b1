"""The one timer among all workers: marks due what only time makes due. It calls nothing outside and takes no long time.

Whoever holds the lease in the database ticks; the others find it taken and do nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection as Transaction

from connector.store import (
    activity,
    completions,
    connections,
    deliveries,
    issue_counts,
    jql_values,
    leases,
    link_rules,
    runs,
    tables,
    work_list,
    workers,
    workspaces,
)
from connector.store.connections import Connection
from connector.store.work import mark_due
from sync.ports import Resources

LEASE_NAME = "timer"
LEASE_SECONDS = 15.0
JQL_EVERY = timedelta(minutes=10)
RULES_EVERY = timedelta(minutes=15)
KEEP_DELIVERIES = timedelta(days=30)
# The contents of events that nobody here knows: long enough for an update that knows them.
KEEP_BODIES = timedelta(days=7)
KEEP_ACTIVITY = timedelta(days=400)
KEEP_RUNS = timedelta(days=90)
FORGET_WORKERS_AFTER = timedelta(minutes=10)
PURGE_EVERY = timedelta(hours=1)
SET_ASIDE_FOR = timedelta(days=1)
# So many rows of a kind are forgotten in one round, so that nobody waits long for the database.
MOST_FORGOTTEN_AT_ONCE = 2000
# The rolling full check begins before its time is over, so that it ends within it.
BEGIN_EARLY = 0.9
# The rolling full check takes at most this many linked issues in one round of the poll.
MOST_CHECKED_AT_ONCE = 200


def tick(on: Resources, holder: str) -> bool:
    """One round, if the lease is ours or free. True where something is due now, so that the bell should ring."""
    now = on.clock.now()
    with on.database.write() as conn:
        if leases.hold_lease(conn, LEASE_NAME, holder, now, LEASE_SECONDS) is None:
            return False
        for workspace_id in workspaces.all_ids(conn):
            kept = connections.load_connections(conn, workspace_id)
            for connection in kept:
                _mark_connection(conn, connection, on, now)
            if any(connection.product == "jira" for connection in kept):
                _mark_queries(conn, workspace_id, now)
            _mark_rules(conn, workspace_id, on, now)
        _purge(conn, now)
        first = work_list.next_due_at(conn)
    return first is not None and first <= now


def _mark_connection(conn: Transaction, connection: Connection, on: Resources, now: datetime) -> None:
    every = timedelta(seconds=on.settings.poll_seconds)
    if connection.last_poll_at is not None and now - connection.last_poll_at < every:
        return
    target = str(connection.id)
    before = now - timedelta(hours=on.settings.full_check_hours) * BEGIN_EARLY
    if connection.product == "confluence":
        _mark_unless_marked(conn, connection.workspace_id, "pages", [target], now, urgency=4)
        # A page that nobody saw a change of is looked at all the same.
        unseen = tables.not_visited_since(conn, connection.workspace_id, connection.id, before)
        _mark_unless_marked(conn, connection.workspace_id, "table", map(str, unseen), now, urgency=8)
        return
    _mark_unless_marked(conn, connection.workspace_id, "poll", [target], now, urgency=4)
    oldest = completions.scanned_before(conn, connection.workspace_id, connection.id, before, MOST_CHECKED_AT_ONCE)
    targets = [f"{connection.id}:{issue_id}" for issue_id in oldest]
    _mark_unless_marked(conn, connection.workspace_id, "children", targets, now, urgency=8)


def _mark_queries(conn: Transaction, workspace_id: int, now: datetime) -> None:
    _mark_unless_marked(conn, workspace_id, "jql", _queries_to_ask(conn, workspace_id, now), now)


def _queries_to_ask(conn: Transaction, workspace_id: int, now: datetime) -> list[str]:
    keys = jql_values.jql_key_results(conn, workspace_id)
    known = jql_values.load_jql_values(conn, workspace_id, keys) if keys else {}
    asked = {key: value.as_of for key, value in known.items()}
    return [key for key in keys if (at := asked.get(key)) is None or now - at >= JQL_EVERY]


def _mark_rules(conn: Transaction, workspace_id: int, on: Resources, now: datetime) -> None:
    """What only Jira's search knows is asked often; the others are told by each issue that is read."""
    rarely = timedelta(hours=on.settings.full_check_hours) * BEGIN_EARLY
    due = [
        rule.target
        for rule in link_rules.load_rules(conn, workspace_id)
        if rule.is_on and _is_over(rule.checked_at, RULES_EVERY if rule.rule.is_told_by_search else rarely, now)
    ]
    _mark_unless_marked(conn, workspace_id, "rule", due, now)


def _is_over(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or now - last >= every


def _mark_unless_marked(
    conn: Transaction, workspace_id: int, kind: str, targets: Iterable[str], now: datetime, urgency: int = 6
) -> None:
    """What waits already is left as it is: marking it again would only move its generation."""
    wanted = set(targets)
    missing = wanted - work_list.marked(conn, workspace_id, kind, wanted) if wanted else wanted
    mark_due(conn, workspace_id, kind, missing, now, urgency=urgency)


def _purge(conn: Transaction, now: datetime) -> None:
    # A holder may take its own lease again at any time, so each round is a holder of its own.
    token = leases.hold_lease(conn, "purge", token_hex(8), now, PURGE_EVERY.total_seconds())
    if token is None:
        return
    if max(_forget(conn, now)) >= MOST_FORGOTTEN_AT_ONCE:
        leases.release_lease(conn, "purge", token)  # there is more: the next round goes on
    deliveries.purge_bodies(conn, now - KEEP_BODIES)
    workers.forget_silent(conn, now - FORGET_WORKERS_AFTER)
    # Nobody may be looking, and the cause may have gone: what was set aside gets one more round of tries a day. Else an
    # epic that was set aside would drop out of the full check.
    for workspace_id in workspaces.all_ids(conn):
        work_list.retry_parked(conn, workspace_id, now, urgency=8, before=now - SET_ASIDE_FOR)


def _forget(conn: Transaction, now: datetime) -> Iterator[int]:
    """How many rows of each kind were forgotten. The history of figures is kept, for cycles that are over."""
    most = MOST_FORGOTTEN_AT_ONCE
    yield deliveries.purge(conn, now - KEEP_DELIVERIES, most)
    for workspace_id in workspaces.all_ids(conn):
        yield activity.purge(conn, workspace_id, now - KEEP_ACTIVITY, most)
        yield runs.purge(conn, workspace_id, now - KEEP_RUNS, most)
        for jira in connections.load_connections(conn, workspace_id, "jira"):
            yield issue_counts.prune_unlinked(conn, workspace_id, jira.id, most)
