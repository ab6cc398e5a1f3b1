"""Cycles, and their end: unfinished objectives go on as drafts, and objectives are graded with a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.store import links, okrs
from connector.store.okr_changes import GRADE, load_changes
from mapping.okr import Cycle, CycleState, Stage
from sync import commands
from sync.commands import NotPossible
from sync.commands.carrying_over import CarriedOver, carry_over
from sync.commands.cycles import add_cycle, change_cycle
from sync.commands.grading import grade_objectives
from sync.commands.okr_refusals import ChangedMeanwhile, WrongField
from sync.queries.okr_forms import load_cycle_to_change, propose_cycle
from tests.unit.commands.stand_in import OKRS, Stand

NEXT = Cycle("2027-q1", "Q1 2027", date(2027, 1, 1), date(2027, 3, 31), CycleState.PLANNED)


@pytest.fixture
def filled(connected: Stand) -> Stand:
    """The OKRs of the file, and the next quarter."""
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    add_cycle(connected.on, connected.workspace_id, NEXT, who="Rosa")
    return connected


def _seen(stand: Stand, key: str) -> str:
    found = load_cycle_to_change(stand.on, stand.workspace_id, key)
    assert found is not None
    return found[1]


def test_a_cycle_is_made_once_and_its_key_is_its_own(filled: Stand) -> None:
    assert not add_cycle(filled.on, filled.workspace_id, NEXT, who="Rosa")
    with pytest.raises(WrongField, match="There is a cycle 2027-q1 already: Q1 2027"):
        add_cycle(filled.on, filled.workspace_id, replace(NEXT, name="Winter"), who="Rosa")


def test_a_cycle_is_changed_by_whoever_saw_it_as_it_is(filled: Stand) -> None:
    seen = _seen(filled, "2027-q1")
    open_ = replace(NEXT, state=CycleState.OPEN)
    assert change_cycle(filled.on, filled.workspace_id, open_, seen=seen, who="Ben")
    assert filled.log()[-1] == "Ben: set the cycle 2027-q1 from planned to open"
    with pytest.raises(ChangedMeanwhile):
        change_cycle(filled.on, filled.workspace_id, replace(NEXT, name="Winter"), seen=seen, who="Ana")


def test_the_next_quarter_is_proposed() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    present = propose_cycle([], at)
    assert present is not None
    assert (present.key, present.state) == ("2026-q4", CycleState.OPEN)
    assert propose_cycle([present], at) == NEXT
    half = Cycle("2027-h1", "H1 2027", date(2027, 1, 1), date(2027, 6, 30))
    following = propose_cycle([NEXT, half, present], at)
    assert following is not None
    assert following.key == "2027-q3"


def test_what_is_unfinished_goes_on_as_a_draft_from_where_it_stands(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    assert carry_over(on, ws, "2026-q4", "2027-q1", ["PAY-O1"], who="Rosa") == CarriedOver(1, 0)
    with on.database.read() as conn:
        ((objective, key_results),) = okrs.load_cycle(conn, ws, "2027-q1").objectives
        linked = links.load_links(conn, ws, ["PAY-KR4"])
        before = okrs.load_key_results(conn, ws, ["PAY-KR1"])["PAY-KR1"]
    assert (objective.key, objective.title, objective.stage) == ("PAY-O2", "Paying feels instant", Stage.DRAFT)
    assert [kr.key for kr in key_results] == ["PAY-KR4", "PAY-KR5", "PAY-KR6"]
    assert (key_results[0].baseline, key_results[0].target) == (Decimal(29), Decimal(20))
    assert before.baseline == Decimal(38), "the old one stays as it is"
    assert [each.initiative.issue_id for each in linked] == ["10412"]


def test_carrying_over_again_writes_nothing(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    carry_over(on, ws, "2026-q4", "2027-q1", ["PAY-O1"], who="Rosa")
    before = filled.rows("SELECT key FROM key_result ORDER BY id")
    assert carry_over(on, ws, "2026-q4", "2027-q1", ["PAY-O1"], who="Rosa") == CarriedOver(0, 1)
    assert filled.rows("SELECT key FROM key_result ORDER BY id") == before
    for nowhere in ("2026-q4", "2031-q1"):
        with pytest.raises(NotPossible, match="There is no other cycle"):
            carry_over(on, ws, "2026-q4", nowhere, ["PAY-O1"], who="Rosa")


def test_grades_are_given_at_the_end_with_the_progress_as_score(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    with pytest.raises(NotPossible, match="Q4 2026 still runs"):
        grade_objectives(on, ws, "2026-q4", {"PAY-O1": "Saved cards helped most."}, who="Rosa")
    filled.clock.advance(days=26)
    assert grade_objectives(on, ws, "2026-q4", {"PAY-O1": "Saved cards helped most."}, who="Rosa") == 1
    assert grade_objectives(on, ws, "2026-q4", {"PAY-O1": "Saved cards helped most."}, who="Rosa") == 0
    with on.database.read() as conn:
        (grade,) = load_changes(conn, ws, ["PAY-O1"])
        (objective,) = okrs.load_objectives(conn, ws, "2026-q4")
    assert (grade.kind, grade.what, grade.why) == (GRADE, "1/2", "Saved cards helped most.")
    assert objective.stage is Stage.GRADED


def test_only_objectives_of_the_cycle_are_graded(filled: Stand) -> None:
    filled.clock.advance(days=40)
    with pytest.raises(NotPossible, match="no objective PAY-O9"):
        grade_objectives(filled.on, filled.workspace_id, "2026-q4", {"PAY-O9": "Well."}, who="Rosa")
