"""The product in this process: one SQLite file, two workspaces with a site each, emptied between histories."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

from cryptography.fernet import Fernet
from sqlalchemy import insert

from connector.confluence import ConfluenceClient
from connector.connecting import not_counted
from connector.crypto import SecretBox
from connector.jira import JiraClient
from connector.settings import Settings
from connector.store import connections, schema
from connector.store.engine import make_engine
from sync.commands import connect, first_workspace
from sync.ports import Bell, Clock, Resources, Sites
from sync.queues import SilentBell
from tests.campaign.house import MEMORY
from tests.campaign.in_process import Call, ask
from tests.campaign.tenant import Home
from tests.clock import FakeClock
from tests.databases import Rows, SqliteTemplate, put_rows_back, rows_of
from tests.simulation.database import SteppedDatabase
from tests.simulation.network import dated, wired_session
from tests.simulation.site import CLOUD_ID, build_site, token_of
from tests.simulation.small_world import fill
from tests.site.roster import SYNC

SITES = ("http://one.test", "http://two.test")
SERVICE_URL = "https://okr.test"
# The real ones are 60 s, 24 h and half an hour; a history is over within hours of its own time.
POLL_SECONDS = 120
FULL_CHECK_HOURS = 2.0


@dataclass
class MetSite:
    """``sync.commands.site_access.SiteAccess`` of a site in this process."""

    call: Call
    name: str
    token: str
    calls: int = 0

    def cloud_id(self) -> str:
        return CLOUD_ID

    def api_url(self, _product: str, _auth_kind: str) -> str:
        return self.name

    def jira(self, _auth_kind: str) -> JiraClient:
        return JiraClient(wired_session(self.call, self.name, SYNC.email, self.token), self.name, not_counted)

    def confluence(self, _auth_kind: str) -> ConfluenceClient:
        session = wired_session(self.call, self.name, SYNC.email, self.token)
        return ConfluenceClient(session, self.name, self.name, not_counted)


class House:
    """Everything that stays the same from history to history."""

    def __init__(self, database: SteppedDatabase, folder: Path) -> None:
        self.database = database
        chosen: Any = {"_env_file": None, "data_dir": folder, "allow_private_sites": True, "base_url": SERVICE_URL}
        rhythm: Any = {"poll_seconds": POLL_SECONDS, "full_check_hours": FULL_CHECK_HOURS}
        self._settings = Settings(**chosen, **rhythm)
        self.secrets = SecretBox([Fernet.generate_key()])
        on = self.resources(FakeClock(), SilentBell(), cast("Sites", None))
        self.homes: list[Home] = []
        self._starts: list[Rows] = []
        for number, name in enumerate(SITES):
            self.homes.append(self._home(on, number, name))
            self._starts.append(rows_of(database))

    def resources(self, clock: Clock, bell: Bell, sites: Sites) -> Resources:
        return Resources(self._settings, self.database, clock, bell, self.secrets, sites)

    def empty(self, workspaces: int) -> None:
        """As it was made with so many workspaces: the same rows, the same next numbers."""
        self.database.points = None
        put_rows_back(self.database, self._starts[workspaces - 1])

    def webhook_secret(self, home: Home) -> str:
        with self.database.read() as conn:
            kept = connections.load_connection(conn, home.workspace_id, home.jira_id)
        return self.secrets.open(kept.webhook_secret)

    def _home(self, on: Resources, number: int, name: str) -> Home:
        workspace_id = first_workspace(on) if number == 0 else self._another_workspace(on)
        site = build_site(name, workspace_id, FakeClock(), Random(0), "", lambda _: 200, lambda _: None)
        fill(site.world, Random(0))
        met = MetSite(lambda request: dated(ask(site.parts.app, request), site.now()), name, token_of(name, 1))
        done = connect(
            on, workspace_id, site_url=name, email=SYNC.email, token=met.token, who="Petra Admin",
            meet=lambda *_: met,
        )  # fmt: skip
        site.parts.store.close()
        jira_id, confluence_id = (each.connection_id for each in done.connected)
        return Home(self.database, workspace_id, jira_id, confluence_id)

    def _another_workspace(self, on: Resources) -> int:
        row = {"name": "Second", "created_at": on.clock.now()}
        with self.database.write() as conn:
            made = insert(schema.workspace).values(row).returning(schema.workspace.c.id)
            return int(conn.execute(made).scalar_one())


@contextmanager
def house_in_memory() -> Iterator[House]:
    """The database lies in memory where the machine has such a place; nothing here is about its durability."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        database = SteppedDatabase(make_engine(SqliteTemplate(Path(folder)).copy()))
        try:
            yield House(database, Path(folder))
        finally:
            database.close()
