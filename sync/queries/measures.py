"""Counts of the present, for monitoring: sums over all workspaces, and no name of a person, issue or page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection as Transaction

from connector.store import measures, workers
from sync.ports import Resources
from sync.queries.standing import SILENT_AFTER

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: its name, what it means, and its value."""

    name: str
    meaning: str
    value: float
    labels: Labels = ()
    kind: Literal["gauge", "counter"] = "gauge"


def load_samples(on: Resources, at: datetime) -> tuple[Sample, ...]:
    """Read them at ``at``. Raises StoreUnavailable where the database is away."""
    with on.database.read() as conn:
        return (*_work(conn, at), *_events(conn), *_connections(conn), *_machines(conn, at))


def _work(conn: Transaction, at: datetime) -> list[Sample]:
    counts = measures.work_by_kind(conn, at)
    due = [Sample("okr_work_due", "Work that is due now.", c.due, (("kind", c.kind),)) for c in counts]
    aside = [Sample("okr_work_set_aside", "Work left to a person.", c.set_aside, (("kind", c.kind),)) for c in counts]
    oldest = max((at - c.waiting_since for c in counts if c.waiting_since), default=None)
    seconds = oldest.total_seconds() if oldest else 0.0
    return [*due, *aside, Sample("okr_work_oldest_due_seconds", "How long the oldest due work has waited.", seconds)]


def _events(conn: Transaction) -> list[Sample]:
    totals = measures.totals(conn)
    return [
        Sample("okr_deliveries_kept", "Accepted webhooks that are still kept.", totals.deliveries),
        Sample("okr_deliveries_rejected_total", "Webhooks with a wrong signature.", totals.rejected, (), "counter"),
        Sample("okr_page_versions_written_total", "Page versions written.", totals.page_versions, (), "counter"),
    ]


def _connections(conn: Transaction) -> list[Sample]:
    return [
        Sample(
            "okr_connections",
            "Connections by product and health.",
            number,
            (("product", product), ("health", health)),
        )
        for product, health, number in measures.connections_by_health(conn)
    ]


def _machines(conn: Transaction, at: datetime) -> list[Sample]:
    alive = len(workers.alive_since(conn, at - SILENT_AFTER))
    return [Sample("okr_workers_alive", "Workers that gave a sign within half a minute.", alive)]
