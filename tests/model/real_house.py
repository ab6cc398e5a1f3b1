"""The product in this process as the model begins: one key result, one epic, one table that stands in its page."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection as Transaction
from sqlalchemy import delete

from connector.store import check_ins, completions, issues, links, okrs, tables
from connector.store.engine import make_engine
from connector.store.schema import work
from connector.store.tables import NewTable
from connector.store.work import mark_due
from mapping.field_choices import FieldChoices
from mapping.figures import IssueCounts
from mapping.issue import IssueSnapshot, StatusCategory
from mapping.okr import CheckIn, Cycle, Initiative, KeyResult, Objective
from sync.ports import Resources
from sync.stages import STAGES
from sync.work import do_what_is_due
from tests.campaign.house import MEMORY, House
from tests.clock import START, FakeClock
from tests.databases import SqliteTemplate
from tests.model.gates import GatedDatabase, GatedJira, GatedPages, Put
from tests.model.sites_in_memory import EPIC_ID, EPIC_KEY, PAGE_ID, EpicInMemory, PageInMemory, SitesInMemory

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
KEY, REGION_ID = "M-KR1", "okr-model"
COLUMNS = ("key_result", "now", "confidence", "initiatives", "next_step")


@dataclass
class RealHouse:
    """``late``: PUTs whose senders do not wait for them any more."""

    on: Resources
    clock: FakeClock
    epic: EpicInMemory
    page: PageInMemory
    workspace_id: int
    jira_id: int
    confluence_id: int
    table_id: int
    late: list[Put]

    def target(self, kind: str) -> str:
        """The one target of each kind."""
        issue = f"{self.jira_id}:{EPIC_ID}"
        return {
            "issue": issue,
            "initiative": issue,
            "table": str(self.table_id),
            "poll": str(self.jira_id),
            "pages": str(self.confluence_id),
        }[kind]


@contextmanager
def real_houses() -> Iterator[RealHouses]:
    """On a database in memory where the machine has such a place."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        found = RealHouses(Path(folder))
        yield found
        found.close()


class RealHouses:
    """One database, emptied for each story."""

    def __init__(self, folder: Path) -> None:
        self.database = GatedDatabase(make_engine(SqliteTemplate(folder).copy()))
        self._house = House(self.database, folder)

    def close(self) -> None:
        self.database.close()

    def fresh(self) -> RealHouse:
        """A house in which the table was just written and nothing is due."""
        self._house.empty()
        clock, late = FakeClock(), list[Put]()
        epic, page = EpicInMemory(clock), PageInMemory(clock)
        sites = SitesInMemory(GatedJira(epic), GatedPages(page, late.append))
        on = self._house.resources(clock, sites)
        place = (self._house.home.workspace_id, self._house.home.jira_id)
        with self.database.write() as conn:
            _put_in(conn, *place)
            new = NewTable(
                connection_id=self._house.home.confluence_id,
                page_id=PAGE_ID,
                region_id=REGION_ID,
                cycle_key="now",
                columns=COLUMNS,
            )
            table_id = tables.add_table(conn, place[0], new, at=START, by="Petra").id
            mark_due(conn, place[0], "table", [str(table_id)], START, urgency=1)
        do_what_is_due(on, STAGES, stopping=lambda: False)
        self._forget_what_time_changes()
        clock.advance(minutes=1)
        return RealHouse(on, clock, epic, page, *place, self._house.home.confluence_id, table_id, late)

    def _forget_what_time_changes(self) -> None:
        with self.database.write() as conn:
            conn.execute(delete(work).where(work.c.workspace_id == self._house.home.workspace_id))


def _put_in(conn: Transaction, workspace_id: int, jira_id: int) -> None:
    cycle = Cycle("now", "Now", date(2026, 10, 1), date(2026, 12, 31))
    key_result = KeyResult(KEY, "M-O1", "Checkout time", owner="Ana Duarte", baseline=Decimal(38), target=Decimal(20))
    kept = okrs.OkrSet([cycle], [Objective("M-O1", "now", "Paying feels instant", team="Payments")], [key_result])
    okrs.record_okrs(conn, workspace_id, kept, at=LONG_AGO, who="Petra")
    snapshot = IssueSnapshot(
        issue_id=EPIC_ID, issue_key=EPIC_KEY, project_id="10000", project_key="PAY", level=1, parent_id=None,
        status_category=StatusCategory.NEW, resolution_id=None, estimate=None, created=LONG_AGO, updated=LONG_AGO,
    )  # fmt: skip
    issues.upsert_issues(conn, workspace_id, jira_id, [snapshot], FieldChoices(), LONG_AGO)
    completions.record_scanned(conn, workspace_id, jira_id, [EPIC_ID], START)
    completions.record_completion(
        conn, workspace_id, jira_id, EPIC_ID, IssueCounts(0, 0, 0),
        own_status=StatusCategory.NEW, own_wont_do=False, at=START,
    )  # fmt: skip
    links.record_link(conn, workspace_id, Initiative(KEY, jira_id, EPIC_ID), at=LONG_AGO, by="Petra")
    said = CheckIn(KEY, START, value=Decimal(29), confidence=6, next_step="text 0", author="Ana Duarte")
    check_ins.record_check_in(conn, workspace_id, said, idempotency_key="before", recorded_at=START)
