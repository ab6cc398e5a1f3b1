"""What a worker does about failures: no sleeping where a site asks for patience, no giving up while one is away, and
not all at once again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from connector.crypto import SecretBox, load_keys
from connector.errors import RateLimited, Unavailable
from connector.settings import Settings
from connector.store import connection_state, work_list, workspaces
from connector.store.connections import Health, NewConnection, add_connection
from connector.store.engine import Database
from connector.store.work import Claim, mark_due, record_done
from sync.ports import Resources
from sync.queues import SilentBell
from sync.retry import MOST_ATTEMPTS
from sync.wiring import SiteClients
from sync.work import Stage, do_what_is_due
from tests.clock import FakeClock

MOST_SECONDS = 10.0


@dataclass
class Worker:
    """One of a workspace that knows a few sites."""

    on: Resources
    clock: FakeClock
    workspace_id: int

    def connected(self, name: str) -> int:
        site = f"https://{name}.example"
        new = NewConnection("jira", site, site, "classic", "okr@acme.example", b"sealed", b"sealed")
        with self.on.database.write() as conn:
            return add_connection(conn, self.workspace_id, new, self.clock.now()).id

    def mark(self, *targets: str) -> None:
        with self.on.database.write() as conn:
            mark_due(conn, self.workspace_id, "issue", targets, self.clock.now())

    def work(self, run: Callable[[Resources, Sequence[Claim]], None]) -> None:
        stage = Stage(run, lambda _conn, claim: int(claim.target.partition(":")[0]))
        do_what_is_due(self.on, {"issue": stage}, stopping=lambda: False)

    def found(self, site: int, health: Health) -> None:
        """How a site fares, as the last probe found it."""
        with self.on.database.write() as conn:
            connection_state.record_health(conn, self.workspace_id, site, health, self.clock.now(), "as found")

    def due_at(self) -> list[datetime]:
        with self.on.database.read() as conn:
            return list(conn.exec_driver_sql("SELECT due_at FROM work").scalars())

    def set_aside(self) -> int:
        with self.on.database.read() as conn:
            return len(list(work_list.load_parked(conn, self.workspace_id)))


@pytest.fixture
def worker(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Worker:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    secrets = SecretBox(load_keys(settings))
    on = Resources(settings, sqlite_database, clock, SilentBell(), secrets, SiteClients(settings, secrets))
    with sqlite_database.write() as conn:
        return Worker(on, clock, workspaces.first_workspace(conn, clock.now()).id)


def away(_on: Resources, _claims: Sequence[Claim]) -> None:
    raise Unavailable("nobody answered")


def test_while_one_site_asks_to_wait_half_an_hour_the_work_of_another_is_done(worker: Worker) -> None:
    busy, free = (worker.connected(name) for name in ("busy", "free"))
    worker.mark(f"{busy}:1", f"{free}:1")
    asked: list[str] = []

    def ask(on: Resources, claims: Sequence[Claim]) -> None:
        asked.extend(claim.target for claim in claims)
        if claims[0].target == f"{busy}:1":
            raise RateLimited("wait", 1800)
        with on.database.write() as conn:
            record_done(conn, claims[0])

    working = threading.Thread(target=worker.work, args=[ask], daemon=True)
    working.start()
    working.join(MOST_SECONDS)
    assert not working.is_alive()
    assert asked == [f"{busy}:1", f"{free}:1"]


def test_what_failed_together_is_tried_again_at_different_times(worker: Worker) -> None:
    """Else all of it would come down on a site at once when it is back."""
    site = worker.connected("acme")
    worker.mark(*(f"{site}:{number}" for number in range(20)))
    worker.work(away)
    assert len(set(worker.due_at())) > 1


def test_nothing_is_set_aside_while_its_site_is_away(worker: Worker) -> None:
    site = worker.connected("acme")
    worker.found(site, Health.UNREACHABLE)
    worker.mark(f"{site}:1")
    for _ in range(MOST_ATTEMPTS + 1):
        worker.work(away)
        worker.clock.advance(minutes=15)
    assert worker.set_aside() == 0


def test_credentials_that_were_refused_are_not_tried_again_by_everything_that_is_due(worker: Worker) -> None:
    """A site may lock an account for that; the probes ask whether they are good again."""
    site = worker.connected("acme")
    worker.found(site, Health.NEEDS_CREDENTIALS)
    worker.mark(*(f"{site}:{number}" for number in range(3)))
    asked: list[str] = []
    worker.work(lambda _on, claims: asked.extend(claim.target for claim in claims))
    assert asked == []
