"""The watch over every statement of the store: it must say whose rows it means, by naming the workspace."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

from sqlalchemy import Engine, event

from connector import store
from connector.store.schema import metadata

OWNED = sorted(name for name, table in metadata.tables.items() if "workspace_id" in table.columns)

# What runs for all workspaces at once, and why that is right.
FOR_ALL_WORKSPACES = {
    ("work", "claim_work"): "a worker does whatever is due",
    ("work_list", "next_due_at"): "the worker's next look",
    ("deliveries", "purge"): "housekeeping by age",
    ("deliveries", "purge_bodies"): "the same",
    ("connections", "find_connection"): "a webhook's address carries the connection's number alone",
    ("measures", "work_by_kind"): "the figures of the whole service, for whoever runs it",
    ("measures", "totals"): "the same",
    ("measures", "connections_by_health"): "the same",
}


@contextmanager
def watching() -> Iterator[list[str]]:
    """Collects the statements of ``connector.store`` that run in the block and mean everybody's rows."""
    found: list[str] = []

    def look(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if unowned_tables(statement):
            callers = _callers()
            if callers and not callers & FOR_ALL_WORKSPACES.keys():
                found.append(f"{sorted(callers)}: {statement}")

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", look)


@cache
def unowned_tables(statement: str) -> tuple[str, ...]:
    """The tables with owners that the statement uses without saying whose rows it means."""
    flat = " ".join(statement.split())
    used = [name for name in OWNED if re.search(rf'\b(?:FROM|JOIN|INTO|UPDATE) "?{name}"?(?= |$|,)', flat)]
    if flat.startswith("INSERT"):
        return tuple(name for name in used if "workspace_id" not in flat.partition("VALUES")[0])
    conditions = flat.partition(" FROM " if flat.startswith("SELECT") else " WHERE ")[2].partition(" RETURNING ")[0]
    return tuple(name for name in used if f"{name}.workspace_id" not in conditions)


def _callers() -> set[tuple[str, str]]:
    """Which functions of ``connector.store`` led to where we are, as (module, function); the engine's do not count."""
    folder = Path(store.__path__[0])
    found = set()
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.parent == folder and path.stem not in {"engine", "dialects"}:
            found.add((path.stem, frame.f_code.co_name))
        frame = frame.f_back
    return found
