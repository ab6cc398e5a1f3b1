"""A service for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.commands.stand_in import Stand, stand


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Stand:
    """Nothing is connected yet."""
    return stand(sqlite_database, clock, tmp_path)


@pytest.fixture
def connected(service: Stand) -> Stand:
    """One Jira (connection 1) and one Confluence (connection 2) are connected."""
    service.connected("jira")
    service.connected("confluence")
    return service
