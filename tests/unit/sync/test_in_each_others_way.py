"""A webhook and a failing worker take the same rows in the same order, so that neither waits for the other for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from connector.crypto import SecretBox, load_keys
from connector.errors import RateLimited
from connector.settings import Settings
from connector.store import workspaces
from connector.store.connection_state import record_event
from connector.store.connections import NewConnection, add_connection
from connector.store.engine import Database
from connector.store.work import Claim, mark_due
from sync.ports import Resources
from sync.queues import SilentBell
from sync.wiring import SiteClients
from sync.work import Stage, do_what_is_due
from tests.clock import FakeClock

SITE = "https://acme.example"
NEW = NewConnection("jira", SITE, SITE, "classic", "okr@acme.example", b"sealed", b"sealed")


def test_an_event_about_an_issue_that_just_failed_is_kept(database: Database, clock: FakeClock, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    secrets = SecretBox(load_keys(settings))
    on = Resources(settings, database, clock, SilentBell(), secrets, SiteClients(settings, secrets))
    with database.write() as conn:
        workspace_id = workspaces.first_workspace(conn, clock.now()).id
        jira = add_connection(conn, workspace_id, NEW, clock.now()).id
        mark_due(conn, workspace_id, "issue", [f"{jira}:1"], clock.now())
    marked, failing = threading.Event(), threading.Event()

    def an_event_comes() -> None:
        with database.write() as conn:
            mark_due(conn, workspace_id, "issue", [f"{jira}:1"], clock.now())
            marked.set()
            failing.wait(10)
            time.sleep(0.3)  # the worker has begun to write what it failed at
            record_event(conn, workspace_id, jira, clock.now())
        kept.append(True)

    def fail(_on: Resources, _claims: Sequence[Claim]) -> None:
        event.start()
        assert marked.wait(10)
        failing.set()
        raise RateLimited("wait", 60)

    kept: list[bool] = []
    event = threading.Thread(target=an_event_comes)
    do_what_is_due(on, {"issue": Stage(fail, lambda _conn, _claim: jira)}, stopping=lambda: False)
    event.join(20)
    assert kept == [True]
