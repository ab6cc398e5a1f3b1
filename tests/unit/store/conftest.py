"""A workspace with a connection to Jira."""

from __future__ import annotations

import pytest

from connector.store.connections import NewConnection, add_connection
from connector.store.engine import Database
from connector.store.workspaces import first_workspace
from tests.clock import START


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
