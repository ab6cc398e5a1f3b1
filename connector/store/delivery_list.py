"""The accepted webhooks as people look for them: newest first, by where they came from, kind, time and outcome."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, select

from connector.store.batches import in_batches
from connector.store.deliveries import Delivery, deliveries_among
from connector.store.schema import delivery


class Outcome(StrEnum):
    """What became of an event: something of it is still to be read, it was read again, it is of a kind that is left
    alone on purpose, or of one that nobody here knows."""

    WAITING = "waiting"
    READ = "read"
    LEFT_ALONE = "left_alone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeliveryWish:
    """Which ones; what is empty does not matter. ``kind``: the event's name or its beginning. ``since`` and ``until``
    speak of when it came; ``below`` of its number, to go on from the last one of a list."""

    connection_id: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    outcome: Outcome | None = None
    below: int | None = None


def list_deliveries(conn: Connection, workspace_id: int, wish: DeliveryWish, limit: int) -> tuple[Delivery, ...]:
    """The newest first."""
    found = select(delivery).where(*_wanted(wish)).order_by(delivery.c.id.desc()).limit(limit)
    return deliveries_among(conn, workspace_id, found)


def find_deliveries(conn: Connection, workspace_id: int, numbers: Collection[int]) -> tuple[Delivery, ...]:
    """Those of these numbers that are kept, oldest first."""
    found: list[Delivery] = []
    for some in in_batches(sorted(set(numbers))):
        these = select(delivery).where(delivery.c.id.in_(some)).order_by(delivery.c.id)
        found += deliveries_among(conn, workspace_id, these)
    return tuple(found)


def outcome_of(found: Delivery) -> Outcome:
    """What became of it so far."""
    if found.handled_at is None:
        return Outcome.WAITING
    return Outcome(found.handling) if found.handling in {Outcome.LEFT_ALONE, Outcome.UNKNOWN} else Outcome.READ


def _wanted(wish: DeliveryWish) -> list[ColumnElement[bool]]:
    c = delivery.c
    wanted = [_ended_as(wish.outcome)] if wish.outcome else []
    wanted += [c.connection_id == wish.connection_id] if wish.connection_id is not None else []
    wanted += [c.event.startswith(wish.kind, autoescape=True)] if wish.kind else []
    wanted += [c.received_at >= wish.since] if wish.since else []
    wanted += [c.received_at < wish.until] if wish.until else []
    return wanted + ([c.id < wish.below] if wish.below is not None else [])


def _ended_as(outcome: Outcome) -> ColumnElement[bool]:
    c = delivery.c
    if outcome is Outcome.WAITING:
        return c.handled_at.is_(None)
    if outcome is Outcome.READ:
        return c.handled_at.is_not(None) & c.handling.not_in([str(Outcome.LEFT_ALONE), str(Outcome.UNKNOWN)])
    return c.handling == str(outcome)
