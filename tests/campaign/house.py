"""The product in this process: its stages and commands on one SQLite file, emptied between cases, with a fake clock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet

from connector.crypto import SecretBox
from connector.settings import Settings
from connector.store import connections
from connector.store.connections import NewConnection
from connector.store.engine import Database
from sync.commands import first_workspace
from sync.ports import Resources, Sites
from sync.queues import SilentBell
from tests.campaign.tenant import Home
from tests.campaign.wiki import SITE_URL
from tests.clock import FakeClock
from tests.databases import SqliteTemplate, closing, put_rows_back, rows_of
from tests.site.roster import SYNC

JIRA_URL = "http://jira.test"
SERVICE_URL = "https://okr.test"
MEMORY = Path("/dev/shm")


class House:
    """One workspace with its two connections, the same again for each case."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        chosen: Any = {"_env_file": None, "data_dir": folder, "allow_private_sites": True, "base_url": SERVICE_URL}
        self._settings = Settings(**chosen)
        self._secrets = SecretBox([Fernet.generate_key()])
        self._workspace_id = first_workspace(self.resources(FakeClock(), cast("Sites", None)))
        jira, confluence = self._connect("jira", JIRA_URL), self._connect("confluence", SITE_URL)
        self.home = Home(database, self._workspace_id, jira, confluence)
        self._start = rows_of(database)

    def resources(self, clock: FakeClock, sites: Sites) -> Resources:
        return Resources(self._settings, self._database, clock, SilentBell(), self._secrets, sites)

    def empty(self) -> None:
        """As it was made: the same rows, the same next numbers."""
        put_rows_back(self._database, self._start)

    def _connect(self, product: str, url: str) -> int:
        new = NewConnection(
            product=product,
            site_url=url,
            api_url=url,
            auth_kind="classic",
            account_email=SYNC.email,
            credentials=b"not used",
            webhook_secret=b"not used",
            account_id=SYNC.account_id,
        )
        with self._database.write() as conn:
            return connections.add_connection(conn, self._workspace_id, new, FakeClock().now()).id


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """A house on a new database in the folder."""
    with closing(SqliteTemplate(folder).copy()) as database:
        yield House(database, folder)


@contextmanager
def house_in_memory() -> Iterator[House]:
    """The database lies in memory where the machine has such a place; nothing here is about its durability."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder, open_house(Path(folder)) as it:
        yield it
