"""A site that asks for patience is left alone; nobody waits for it, and no worker sleeps."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from connector.crypto import SecretBox, load_keys
from connector.errors import RateLimited
from connector.settings import Settings
from connector.store import workspaces
from connector.store.connections import NewConnection, add_connection
from connector.store.engine import Database
from connector.store.work import Claim, mark_due, record_done
from sync.ports import Resources
from sync.queues import SilentBell
from sync.wiring import SiteClients
from sync.work import Stage, do_what_is_due
from tests.clock import FakeClock

MOST_SECONDS = 10.0


def a_jira(name: str) -> NewConnection:
    site = f"https://{name}.example"
    return NewConnection("jira", site, site, "classic", "okr@acme.example", b"sealed", b"sealed")


def test_while_one_site_asks_to_wait_half_an_hour_the_work_of_another_is_done(
    sqlite_database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    secrets = SecretBox(load_keys(settings))
    on = Resources(settings, sqlite_database, clock, SilentBell(), secrets, SiteClients(settings, secrets))
    with on.database.write() as conn:
        workspace_id = workspaces.first_workspace(conn, clock.now()).id
        busy, free = (add_connection(conn, workspace_id, a_jira(name), clock.now()).id for name in ("busy", "free"))
        mark_due(conn, workspace_id, "issue", [f"{busy}:1", f"{free}:1"], clock.now())
    asked: list[str] = []

    def ask(_on: Resources, claims: Sequence[Claim]) -> None:
        asked.extend(claim.target for claim in claims)
        if claims[0].target == f"{busy}:1":
            raise RateLimited("wait", 1800)
        with on.database.write() as conn:
            record_done(conn, claims[0])

    stages = {"issue": Stage(ask, lambda _conn, claim: int(claim.target.partition(":")[0]))}
    worker = threading.Thread(target=lambda: do_what_is_due(on, stages, stopping=lambda: False), daemon=True)
    worker.start()
    worker.join(MOST_SECONDS)
    assert not worker.is_alive()
    assert asked == [f"{busy}:1", f"{free}:1"]
