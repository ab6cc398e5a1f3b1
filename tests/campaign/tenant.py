"""One workspace of the product in this process, as a case sees it: what is done there, and what stands in its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from connector.store import check_ins, tables
from connector.store.engine import Database
from connector.store.page_visits import TypedText
from connector.store.tables import NewTable, PageTable
from connector.store.work import mark_due
from mapping.okr import CheckIn
from sync.ports import Resources
from tests.clock import FakeClock
from tests.integration.line import POLL_SECONDS, Line
from tests.site.running import Site
from tests.typed_texts import load_typed_texts

AT_ONCE = 1


@dataclass(frozen=True)
class Home:
    """Where the rows of a case lie: a workspace and its two connections."""

    database: Database
    workspace_id: int
    jira_id: int
    confluence_id: int


@dataclass
class Tenant:
    """The product as one case has it: its home, its clock, its table."""

    home: Home
    clock: FakeClock
    on: Resources
    table_id: int = 0

    @property
    def line(self) -> Line:
        return Line(self.on, cast("Site", None), self.clock, self.home.workspace_id)

    def add_table(self, new: NewTable) -> None:
        self.table_id = self._added(new)
        self.mark_table(AT_ONCE)

    def add_table_beside(self, new: NewTable) -> None:
        """A further one, of which nobody asks but by looking at the page."""
        self._mark(self._added(new), AT_ONCE)

    def mark_table(self, urgency: int) -> None:
        self._mark(self.table_id, urgency)

    def _added(self, new: NewTable) -> int:
        with self.home.database.write() as conn:
            return tables.add_table(conn, self.home.workspace_id, new, at=self.clock.now(), by="Petra Admin").id

    def _mark(self, table_id: int, urgency: int) -> None:
        with self.home.database.write() as conn:
            mark_due(conn, self.home.workspace_id, "table", [str(table_id)], self.clock.now(), urgency=urgency)

    def look(self, after: float = POLL_SECONDS) -> None:
        """The regular question so many seconds later, and all the work that follows from it."""
        self.clock.advance(seconds=after)
        self.line.mark("pages", str(self.home.confluence_id), urgency=4)
        self.line.work()

    def answer(self) -> None:
        """The work that is due already, without looking around."""
        self.line.work()

    @property
    def table(self) -> PageTable:
        return self.line.table(self.table_id)

    def check_ins(self, keys: list[str]) -> dict[str, tuple[CheckIn, ...]]:
        with self.home.database.read() as conn:
            return check_ins.load_check_ins(conn, self.home.workspace_id, keys)

    def typed_texts(self) -> list[TypedText]:
        with self.home.database.read() as conn:
            return list(load_typed_texts(conn, self.home.workspace_id, self.table_id))
