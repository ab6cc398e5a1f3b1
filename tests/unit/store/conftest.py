"""A workspace with two connections, and the watch over every statement: it must name the workspace."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from sqlalchemy import event

from connector import store
from connector.store.connections import NewConnection, add_connection
from connector.store.engine import Database
from connector.store.schema import metadata
from connector.store.workspaces import first_workspace
from tests.clock import START

OWNED = sorted(name for name, table in metadata.tables.items() if "workspace_id" in table.columns)

# What runs for all workspaces at once, and why that is right.
FOR_ALL_WORKSPACES = {
    ("work", "claim_work"): "a worker does whatever is due",
    ("work_list", "next_due_at"): "the worker's next look",
    ("deliveries", "purge"): "housekeeping by age",
    ("connections", "find_connection"): "a webhook's address carries the connection's number alone",
}


@pytest.fixture
def workspace_id(database: Database) -> int:
    with database.write() as conn:
        return first_workspace(conn, START).id


@pytest.fixture
def jira_id(database: Database, workspace_id: int) -> int:
    """The number of a connection to Jira."""
    return connect(database, workspace_id, "https://acme.atlassian.net")


def connect(database: Database, workspace_id: int, site_url: str, product: str = "jira") -> int:
    new = NewConnection(
        product=product,
        site_url=site_url,
        api_url=site_url,
        auth_kind="classic",
        account_email="okr@example.com",
        credentials=b"locked",
        webhook_secret=b"locked too",
    )
    with database.write() as conn:
        return add_connection(conn, workspace_id, new, START).id


@pytest.fixture(autouse=True)
def statements_that_name_no_workspace(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Every statement of ``connector.store`` on a table with owners says whose rows it means."""
    found: list[str] = []

    def look(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        callers = _callers()
        if callers and not callers & FOR_ALL_WORKSPACES.keys():
            found.extend(f"{sorted(callers)}: {statement}" for table in unowned_tables(statement) if table)

    if "database" in request.fixturenames:
        event.listen(request.getfixturevalue("database").engine, "before_cursor_execute", look)
    yield found
    assert found == []


def unowned_tables(statement: str) -> list[str]:
    """The tables with owners that the statement uses without saying whose rows it means."""
    flat = " ".join(statement.split())
    used = [name for name in OWNED if re.search(rf'\b(?:FROM|JOIN|INTO|UPDATE) "?{name}"?(?= |$|,)', flat)]
    if flat.startswith("INSERT"):
        return [name for name in used if "workspace_id" not in flat.partition("VALUES")[0]]
    conditions = flat.partition(" FROM " if flat.startswith("SELECT") else " WHERE ")[2].partition(" RETURNING ")[0]
    return [name for name in used if f"{name}.workspace_id" not in conditions]


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
