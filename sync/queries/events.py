"""The accepted events, as an admin looks at them: where each came from, what it names, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import issues, work_list
from connector.store.connections import Connection, load_connections
from connector.store.deliveries import Delivery
from connector.store.delivery_list import DeliveryWish, Outcome, list_deliveries, outcome_of
from sync.ports import Resources
from sync.queries.frame import host_of
from sync.timer import KEEP_BODIES, KEEP_DELIVERIES


@dataclass(frozen=True, slots=True)
class EventLine:
    """``names``: keys of issues, or their numbers where they are not known here. ``pages``: of Confluence, by number.
    ``is_set_aside``: what it names failed too often to be tried again by itself. ``times``: how often it was sent."""

    number: int
    at: datetime
    host: str
    product: str
    event: str
    names: tuple[str, ...]
    page_id: str
    outcome: Outcome
    is_set_aside: bool
    handled_at: datetime | None
    times: int
    has_body: bool


@dataclass(frozen=True, slots=True)
class EventSource:
    """A connection, to choose it by."""

    connection_id: int
    host: str
    product: str


@dataclass(frozen=True, slots=True)
class EventsView:
    """``lines`` newest first; ``older``: the number below which the next page begins, None on the last one."""

    at: datetime
    lines: tuple[EventLine, ...]
    older: int | None
    sources: tuple[EventSource, ...]
    kept_days: int
    bodies_kept_days: int


def load_events(on: Resources, workspace_id: int, wish: DeliveryWish, limit: int) -> EventsView:
    """At most ``limit`` of those that are wished for."""
    with on.database.read() as conn:
        connections = load_connections(conn, workspace_id)
        found = list_deliveries(conn, workspace_id, wish, limit + 1)
        lines = _lines(conn, workspace_id, connections, found[:limit])
    sources = tuple(EventSource(each.id, host_of(each.site_url), each.product) for each in connections)
    older = lines[-1].number if len(found) > limit else None
    return EventsView(on.clock.now(), lines, older, sources, KEEP_DELIVERIES.days, KEEP_BODIES.days)


def _lines(
    conn: Transaction, workspace_id: int, connections: Sequence[Connection], found: Sequence[Delivery]
) -> tuple[EventLine, ...]:
    by_id = {connection.id: connection for connection in connections}
    keys = {number: _keys(conn, workspace_id, number, found) for number in {each.connection_id for each in found}}
    waiting = {_target(each, name) for each in found if each.handled_at is None for name in each.issue_ids}
    parked = work_list.parked_among(conn, workspace_id, "issue", waiting)
    return tuple(_line(each, by_id[each.connection_id], keys[each.connection_id], parked) for each in found)


def _keys(conn: Transaction, workspace_id: int, connection_id: int, found: Sequence[Delivery]) -> dict[str, str]:
    ids = {name for each in found if each.connection_id == connection_id for name in each.issue_ids}
    known = issues.load_issues(conn, workspace_id, connection_id, ids)
    return {issue_id: stored.snapshot.issue_key for issue_id, stored in known.items()}


def _line(found: Delivery, connection: Connection, keys: dict[str, str], parked: frozenset[str]) -> EventLine:
    is_waiting = found.handled_at is None
    return EventLine(
        number=found.id,
        at=found.received_at,
        host=host_of(connection.site_url),
        product=connection.product,
        event=found.event,
        names=tuple(keys.get(name, name) for name in found.issue_ids),
        page_id=found.page_id,
        outcome=outcome_of(found),
        is_set_aside=is_waiting and any(_target(found, name) in parked for name in found.issue_ids),
        handled_at=found.handled_at,
        times=found.times,
        has_body=found.body is not None,
    )


def _target(found: Delivery, issue_id: str) -> str:
    return f"{found.connection_id}:{issue_id}"
