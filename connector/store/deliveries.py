"""Accepted webhooks: who called, about what, and whether it was dealt with. Ids and a hash; ``delivery_list`` lists
them. Contents are kept only of an event that nobody here knows, encrypted, and not for long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from connector.store.batches import in_batches
from connector.store.prepared import prepared
from connector.store.rows import AnyRow
from connector.store.schema import delivery
from connector.store.upsert import insert_into

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Delivery:
    """One accepted webhook. ``times``: how often it was sent, with the retries of the sender. ``handling``: what is
    done about its kind of event (``webhooks.event_names``). ``body``: its beginning, encrypted, where that is nothing.
    """

    id: int
    connection_id: int
    identifier: str
    body_hash: str
    event: str
    issue_ids: tuple[str, ...]
    received_at: datetime
    times: int
    handled_at: datetime | None
    page_id: str = ""
    handling: str = "read_again"
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """How many webhooks came since a moment, how many were sent again, and the last one."""

    received: int
    repeats: int
    last_at: datetime | None
    last_event: str


def record_delivery(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    *,
    identifier: str,
    body_hash: str,
    event: str,
    issue_ids: Sequence[str],
    at: datetime,
    page_id: str = "",
    handling: str = "read_again",
    body: bytes | None = None,
) -> bool:
    """Keep an accepted webhook. False where it came before: then only its ``times`` grows. One that names no issue is
    dealt with by being kept.

    Jira sends the same identifier with each retry of the same body. The same identifier with another body is not a
    retry, whoever sent it: it is kept as a row of its own, under ``<identifier>#<start of the hash>``, so that neither
    hides the other. Without an identifier the body's hash serves as one.
    """
    row = {
        "workspace_id": workspace_id,
        "connection_id": connection_id,
        "body_hash": body_hash,
        "event": event[:80],
        "issue_ids": list(issue_ids),
        "page_id": page_id,
        "handling": handling,
        "body": body,
        "received_at": at,
        "handled_at": None if issue_ids else at,
    }
    name = _name(identifier, body_hash)
    times = _count(conn, {**row, "identifier": name})
    if times is None:
        times = _count(conn, {**row, "identifier": f"{name}#{body_hash[:16]}"})
    return times == 1


def unhandled_deliveries(
    conn: Connection, workspace_id: int, connection_id: int, limit: int = 500, after: int = 0
) -> tuple[Delivery, ...]:
    """What nobody has dealt with yet, oldest first, of those that came later than delivery number ``after``."""
    found = conn.execute(*_unhandled(workspace_id, connection_id, after, limit))
    return tuple(_delivery(row) for row in found)


@prepared
def _unhandled(workspace_id: int, connection_id: int, after: int, limit: int) -> Select[Any]:
    c = delivery.c
    these = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.handled_at.is_(None), c.id > after)
    return select(delivery).where(*these).order_by(c.id).limit(limit)


def mark_handled(conn: Connection, workspace_id: int, delivery_ids: Collection[int], at: datetime) -> None:
    """These were dealt with; the first time it was said stays."""
    c = delivery.c
    for batch in in_batches(sorted(delivery_ids)):
        these = (c.workspace_id == workspace_id, c.id.in_(batch), c.handled_at.is_(None))
        conn.execute(update(delivery).where(*these).values(handled_at=at))


def count_deliveries(conn: Connection, workspace_id: int, connection_id: int, since: datetime) -> DeliveryCount:
    """What came since then; the last one whenever it came."""
    c = delivery.c
    ours = (c.workspace_id == workspace_id, c.connection_id == connection_id)
    counted = select(func.count(), func.coalesce(func.sum(c.times - 1), 0)).where(*ours, c.received_at >= since)
    received, repeats = conn.execute(counted).one()
    last = conn.execute(select(c.received_at, c.event).where(*ours).order_by(c.id.desc()).limit(1)).first()
    return DeliveryCount(received, int(repeats), last.received_at if last else None, last.event if last else "")


def purge(conn: Connection, before: datetime, limit: int) -> int:
    """Forget what came before then, in all workspaces, at most ``limit`` of it. How many there were. What still
    waits is not forgotten by that: its marks stand in the work table."""
    old = select(delivery.c.id).where(delivery.c.received_at < before).limit(limit)
    return conn.execute(delete(delivery).where(delivery.c.id.in_(old))).rowcount


def purge_bodies(conn: Connection, before: datetime) -> int:
    """Forget the contents of what came before then, in all workspaces; the rest of it stays. How many there were."""
    old = (delivery.c.received_at < before, delivery.c.body.is_not(None))
    return conn.execute(update(delivery).where(*old).values(body=None)).rowcount


def _name(identifier: str, body_hash: str) -> str:
    if not identifier:
        return f"body:{body_hash}"
    if len(identifier) > _LONGEST:
        return f"long:{sha256(identifier.encode()).hexdigest()}"
    return identifier


def _count(conn: Connection, row: dict[str, object]) -> int | None:
    """How often the delivery of this name came, this time included; None where another body has the name."""
    insert = insert_into(conn, delivery)
    counted = insert.values(row).on_conflict_do_update(
        index_elements=["workspace_id", "connection_id", "identifier"],
        set_={"times": delivery.c.times + 1},
        where=delivery.c.body_hash == insert.excluded.body_hash,
    )
    times: int | None = conn.execute(counted.returning(delivery.c.times)).scalar_one_or_none()
    return times


def deliveries_among(conn: Connection, workspace_id: int, among: Select[tuple[object, ...]]) -> tuple[Delivery, ...]:
    """Those of the workspace; for the functions of this package."""
    found = among.where(delivery.c.workspace_id == workspace_id)
    return tuple(_delivery(row) for row in conn.execute(found))


def _delivery(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.id,
        connection_id=row.connection_id,
        identifier=row.identifier,
        body_hash=row.body_hash,
        event=row.event,
        issue_ids=tuple(row.issue_ids),
        received_at=row.received_at,
        times=row.times,
        handled_at=row.handled_at,
        page_id=row.page_id,
        handling=row.handling,
        body=row.body,
    )
