"""Figures that are made without the initiatives one by one are those that the initiatives make."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import Connection as Transaction

from connector.store import completions, issues, links, okrs, projects, tables
from connector.store.engine import Database
from mapping.field_choices import FieldChoices
from mapping.figures import CycleFigure, IssueCounts, Thresholds
from mapping.issue import FieldChoice, IssueSnapshot, StatusCategory
from mapping.okr import Initiative, KeyResult, Kind, Role, Source, Step
from mapping.table_parts import KeyResultRow
from sync.composing import compose_table
from sync.figures import load_cycle_figure, load_key_result_figures
from sync.sketching import sketch
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import settings

STEPS = tuple(Step(f"s{number}", f"Step {number}", Fraction(1, 4)) for number in range(4))
COUNTED = {  # issue → done, total, points done, points total
    "901": (3, 10, 20, 24),
    "902": (1, 2, 0, 0),
    "903": (5, 5, 8, 13),
    "904": (0, 0, 0, 0),
}


@pytest.fixture
def filled(database: Database, clock: FakeClock) -> MadeUp:
    made = made_up.fill(database, clock.now())
    with database.write() as conn:
        _add(conn, made, clock.now())
    return made


def _add(conn: Transaction, made: MadeUp, at: datetime) -> None:
    ws, jira = made.workspace_id, made.jira.id
    driven = KeyResult(
        "PAY-KR90", "PAY-O1", "driven", source=Source.INITIATIVES, baseline=Decimal(0), target=Decimal(1)
    )
    milestone = KeyResult("PAY-KR91", "PAY-O1", "steps", kind=Kind.MILESTONE, steps=STEPS)
    unread = replace(milestone, key="PAY-KR92")
    okrs.record_okrs(conn, ws, okrs.OkrSet(key_results=[driven, milestone, unread]), at=at, who="", reason="test")
    issues.upsert_issues(conn, ws, jira, [_epic(one, at) for one in (*COUNTED, "905", "906")], FieldChoices(), at)
    completions.record_scanned(conn, ws, jira, COUNTED, at)
    for one, (done, total, points_done, points_total) in (*COUNTED.items(), ("906", (1, 1, 1, 1))):
        counts = IssueCounts(done, total, 0, Decimal(points_done), Decimal(points_total))
        completions.record_completion(
            conn, ws, jira, one, counts, own_status=StatusCategory.INDETERMINATE, own_wont_do=False, at=at
        )
    completions.record_unreadable(conn, ws, jira, ["902"], "no permission", at - timedelta(hours=3))
    for one, weight in (("901", 1), ("902", 3), ("903", 1), ("904", 2), ("905", 5), ("906", 5)):
        link = Initiative("PAY-KR90", jira, one, Role.DRIVES, Decimal(weight))
        links.record_link(conn, ws, link, at=at, by="")
    for key, one, step in (("PAY-KR91", "901", "s0"), ("PAY-KR91", "903", "s1"), ("PAY-KR92", "905", "s0")):
        links.record_link(conn, ws, Initiative(key, jira, one, Role.STEP, step_key=step), at=at, by="")


def _epic(one: str, at: datetime) -> IssueSnapshot:
    """Those of even numbers are of another project; 903 is done."""
    status = StatusCategory.DONE if one == "903" else StatusCategory.INDETERMINATE
    return IssueSnapshot(
        issue_id=one, issue_key=f"NEW-{one}", project_id=f"7{int(one) % 2}", project_key="NEW", level=1, parent_id=None,
        status_category=status, resolution_id=None, estimate=None, created=at, updated=at,
    )  # fmt: skip


def _figure(database: Database, made: MadeUp, at: datetime, *, figures_only: bool) -> CycleFigure:
    with database.read() as conn:
        return load_cycle_figure(
            conn, made.workspace_id, "2026-q4", figures_only=figures_only, at=at, thresholds=Thresholds()
        )


def _without_initiatives(figure: CycleFigure) -> CycleFigure:
    bare = [
        replace(each, key_results=tuple(replace(kr, initiatives=()) for kr in each.key_results))
        for each in figure.objectives
    ]
    return replace(figure, objectives=tuple(bare))


def _progress(figure: CycleFigure) -> dict[str, Fraction | None]:
    return {kr.key_result.key: kr.progress for each in figure.objectives for kr in each.key_results}


def test_the_figures_are_the_same(database: Database, filled: MadeUp, clock: FakeClock) -> None:
    every = _figure(database, filled, clock.now(), figures_only=False)
    assert _figure(database, filled, clock.now(), figures_only=True) == _without_initiatives(every)
    told = _progress(every)
    # 3/10, 3 times 1/2, 1, and 2 times the ½ of an epic in progress; what was never listed is unknown.
    assert told["PAY-KR90"] == (Fraction(3, 10) + Fraction(3, 2) + 1 + 1) / 7
    assert (told["PAY-KR91"], told["PAY-KR92"]) == (Fraction(1, 4), None)
    assert [kr.older_why for each in every.objectives for kr in each.key_results if kr.older_why] == ["no permission"]


def test_a_project_that_counts_otherwise_does_so_too(database: Database, filled: MadeUp, clock: FakeClock) -> None:
    with database.write() as conn:
        projects.record_seen(conn, filled.workspace_id, filled.jira.id, [projects.SeenProject("71", "NEW", "New")])
        projects.record_project_choice(
            conn, filled.workspace_id, filled.jira.id, "71", FieldChoice("customfield_1", frozenset(), by_points=True),
            at=clock.now(), by="",
        )  # fmt: skip
    every = _figure(database, filled, clock.now(), figures_only=False)
    assert _figure(database, filled, clock.now(), figures_only=True) == _without_initiatives(every)
    assert _progress(every)["PAY-KR90"] == (Fraction(20, 24) + Fraction(3, 2) + Fraction(8, 13) + 1) / 7


@pytest.mark.parametrize("shape", ["table", "objective", "meeting", "attention", "health", "snapshot"])
def test_a_sketch_is_the_table_but_for_its_later_rows(
    database: Database, filled: MadeUp, clock: FakeClock, shape: str
) -> None:
    with database.read() as conn:
        chosen = replace(tables.load_tables(conn, filled.workspace_id)[0], cycle_key="2026-q4", shape=shape, columns=())
        of = (conn, filled.workspace_id, chosen, settings(), clock.now())
        every, one = compose_table(*of), sketch(*of, many=0, enough=1)
        assert sketch(*of).table == every
    assert replace(one.table, rows=every.rows) == every, "what stands above it names what cannot be read"
    places = [place for place, row in enumerate(every.rows) if isinstance(row, KeyResultRow)]
    assert one.table.rows == every.rows[: places[0] + 1 if places else None]
    assert one.key_results == len(places)


def test_single_key_results_are_figured_so(database: Database, filled: MadeUp, clock: FakeClock) -> None:
    every = _progress(_figure(database, filled, clock.now(), figures_only=False))
    with database.read() as conn:
        few = load_key_result_figures(conn, filled.workspace_id, ["PAY-KR90", "PAY-KR91"], clock.now(), Thresholds())
        assert load_key_result_figures(conn, filled.workspace_id + 1, ["PAY-KR90"], clock.now(), Thresholds()) == {}
    assert {key: figure.progress for key, figure in few.items()} == {key: every[key] for key in few}
    assert few["PAY-KR90"].initiatives == ()
