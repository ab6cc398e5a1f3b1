"""The `okr` command on a service of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.commands.stand_in import OKRS, Stand, stand
from web.cli.main import okr
from web.cli.service import Service

Run = Callable[..., Result]


@pytest.fixture
def service(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Stand:
    """Jira is connection 1, Confluence connection 2."""
    made = stand(sqlite_database, clock, tmp_path)
    made.connected("jira")
    made.connected("confluence")
    return made


@pytest.fixture
def run(service: Stand) -> Run:
    """Run `okr` with these words; an exception that is no refusal fails the test."""

    def invoke(*words: str, **more: object) -> Result:
        opened = Service(service.on, service.workspace_id, "rosa (command line)")
        result = CliRunner().invoke(okr, list(words), obj=lambda: opened, **more)  # type: ignore[arg-type]
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """OKRs as YAML."""
    path = tmp_path / "okrs.yaml"
    path.write_text(OKRS)
    return path
