"""The product in this process: its stages and commands on one SQLite file, emptied between cases, with a fake clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet
from sqlalchemy import Table, insert, select

from connector.crypto import SecretBox
from connector.settings import Settings
from connector.store import check_ins, connections, tables
from connector.store.connections import NewConnection
from connector.store.engine import Database
from connector.store.page_visits import TypedText
from connector.store.schema import metadata
from connector.store.tables import NewTable, PageTable
from connector.store.work import mark_due
from mapping.okr import CheckIn
from sync.commands import first_workspace
from sync.ports import Resources, Sites
from sync.queues import SilentBell
from tests.campaign.wiki import SITE_URL
from tests.clock import FakeClock
from tests.databases import SqliteTemplate, closing
from tests.integration.line import POLL_SECONDS, Line
from tests.site.roster import SYNC
from tests.site.running import Site
from tests.typed_texts import load_typed_texts

JIRA_URL = "http://jira.test"
SERVICE_URL = "https://okr.test"
AT_ONCE = 1
Rows = tuple[Table, list[dict[str, Any]]]


class House:
    """One workspace with its two connections, the same again for each case."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        chosen: Any = {"_env_file": None, "data_dir": folder, "allow_private_sites": True, "base_url": SERVICE_URL}
        self.settings = Settings(**chosen)
        self._secrets = SecretBox([Fernet.generate_key()])
        self.workspace_id = first_workspace(self.resources(FakeClock(), cast("Sites", None)))
        self.jira_id, self.confluence_id = self._connect("jira", JIRA_URL), self._connect("confluence", SITE_URL)
        self._start = self._rows()

    def resources(self, clock: FakeClock, sites: Sites) -> Resources:
        return Resources(self.settings, self.database, clock, SilentBell(), self._secrets, sites)

    def empty(self) -> None:
        """As it was made: the same rows, the same next numbers."""
        with self.database.write() as conn:
            for table in reversed(metadata.sorted_tables):
                conn.execute(table.delete())
            for table, rows in self._start:
                conn.execute(insert(table), rows)

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
        with self.database.write() as conn:
            return connections.add_connection(conn, self.workspace_id, new, FakeClock().now()).id

    def _rows(self) -> list[Rows]:
        with self.database.read() as conn:
            found = [(each, conn.execute(select(each)).mappings().all()) for each in metadata.sorted_tables]
        return [(table, [{str(name): row[name] for name in row} for row in rows]) for table, rows in found if rows]


@dataclass
class Tenant:
    """One case's stay in the house."""

    house: House
    clock: FakeClock
    on: Resources
    table_id: int = 0

    @property
    def line(self) -> Line:
        return Line(self.on, cast("Site", None), self.clock, self.house.workspace_id)

    def add_table(self, new: NewTable) -> None:
        with self.house.database.write() as conn:
            made = tables.add_table(conn, self.house.workspace_id, new, at=self.clock.now(), by="Petra Admin")
        self.table_id = made.id
        self.mark_table(AT_ONCE)

    def mark_table(self, urgency: int) -> None:
        with self.house.database.write() as conn:
            mark_due(conn, self.house.workspace_id, "table", [str(self.table_id)], self.clock.now(), urgency=urgency)

    def look(self) -> None:
        """The regular question a minute later, and all the work that follows from it."""
        self.clock.advance(seconds=POLL_SECONDS)
        self.line.mark("pages", str(self.house.confluence_id), urgency=4)
        self.line.work()

    @property
    def table(self) -> PageTable:
        return self.line.table(self.table_id)

    def check_ins(self, keys: list[str]) -> dict[str, tuple[CheckIn, ...]]:
        with self.house.database.read() as conn:
            return check_ins.load_check_ins(conn, self.house.workspace_id, keys)

    def typed_texts(self) -> list[TypedText]:
        with self.house.database.read() as conn:
            return list(load_typed_texts(conn, self.house.workspace_id, self.table_id))


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """A house on a new database in the folder."""
    with closing(SqliteTemplate(folder).copy()) as database:
        yield House(database, folder)
