"""OKRs and issues for tests, as short as they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, insert

from connector.store.engine import Database
from connector.store.okrs import OkrSet, record_okrs
from connector.store.schema import workspace
from mapping.issue import IssueSnapshot, StatusCategory
from mapping.okr import (
    Aggregate,
    Bound,
    Cycle,
    CycleState,
    JqlSource,
    KeyResult,
    Kind,
    Objective,
    PhasedTarget,
    Source,
    Stage,
    Step,
)
from tests.clock import START

CYCLE = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31), CycleState.OPEN)
PAY = Objective(
    "PAY-O1", CYCLE.key, "Paying is a pleasure", why="Baskets", sponsor="Ana", team="Payments",
    parent_keys=("ACME-O1",), weight=Decimal("2.50"), position=1,
)  # fmt: skip
PLA = Objective("PLA-O1", CYCLE.key, "Nobody notices the platform", team="Platform", position=0, stage=Stage.DRAFT)
METRIC = KeyResult(
    "PAY-KR1", PAY.key, "Checkout time", unit="s", baseline=Decimal("38.0"), target=Decimal(20), owner="Ben",
    phased=(PhasedTarget(date(2026, 11, 1), Decimal("30.5")),), aspirational=True, position=1,
)  # fmt: skip
GUARD = KeyResult("PAY-KR2", PAY.key, "Errors", kind=Kind.THRESHOLD, bound=Bound.BELOW, target=Decimal("0.5"), unit="%")
MILESTONE = KeyResult(
    "PLA-KR1", PLA.key, "Second region", kind=Kind.MILESTONE, lagging=True,
    steps=(Step("design", "Design agreed", Fraction(1, 3), done=True), Step("live", "Live", Fraction(2, 3))),
)  # fmt: skip
QUERY = KeyResult(
    "PLA-KR2", PLA.key, "Open incidents", source=Source.JQL, baseline=Decimal(40), target=Decimal(10),
    jql=JqlSource("type = Bug", Aggregate.SUM, "customfield_1"),
)  # fmt: skip
UNMEASURED = KeyResult("PLA-KR3", PLA.key, "Build time", kind=Kind.TO_MEASURE, baseline_due_on=date(2026, 11, 30))
ALL = OkrSet([CYCLE], [PAY, PLA], [METRIC, GUARD, MILESTONE, QUERY, UNMEASURED])


def keep(conn: Connection, workspace_id: int, okrs: OkrSet = ALL) -> None:
    record_okrs(conn, workspace_id, okrs, at=START, who="Ana")


def issue(issue_id: str, parent_id: str | None = None, *, minutes: float = 0, **changes: Any) -> IssueSnapshot:
    """An open story below ``parent_id``, last changed so many minutes after START."""
    snapshot = IssueSnapshot(
        issue_id=issue_id,
        issue_key=f"PAY-{issue_id}",
        project_id="1",
        project_key="PAY",
        level=0 if parent_id else 1,
        parent_id=parent_id,
        status_category=StatusCategory.NEW,
        resolution_id=None,
        estimate=None,
        created=START - timedelta(days=30),
        updated=START + timedelta(minutes=minutes),
    )
    return replace(snapshot, **changes)


def add_workspace(db: Database) -> int:
    """A workspace besides the first one."""
    with db.write() as conn:
        made = insert(workspace).values(name="Another", created_at=START).returning(workspace.c.id)
        number: int = conn.execute(made).scalar_one()
        return number
