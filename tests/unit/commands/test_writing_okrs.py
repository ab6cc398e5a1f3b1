"""Objectives and key results written one at a time: the same checks as a file, reasons once agreed, two at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete

from connector.store import links, okrs
from connector.store.okr_changes import load_changes
from connector.store.schema import work
from mapping.okr import Initiative, JqlSource, KeyResult, Objective, Role, Source, Stage
from sync import commands
from sync.commands import NotPossible
from sync.commands.key_results import (
    add_key_result,
    change_key_result,
    delete_key_result,
    drop_key_result,
    take_up_key_result,
)
from sync.commands.objectives import add_objective, change_objective, delete_objective
from sync.commands.okr_refusals import ChangedMeanwhile, ReasonAsked, WrongField
from sync.commands.table_plan import TableWish
from sync.queries.okr_forms import load_choices, load_key_result_form, load_objective_form
from tests.unit.commands.stand_in import OKRS, Stand

DRAFT = Objective("PAY-O2", "2026-q4", "Nobody is charged twice", team="Payments", stage=Stage.DRAFT, position=5)
METRIC = KeyResult("PAY-KR9", "PAY-O2", "Double charges", baseline=Decimal(9), target=Decimal(1))


@pytest.fixture
def filled(connected: Stand) -> Stand:
    """The OKRs of the file, and a draft beside them."""
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    add_objective(connected.on, connected.workspace_id, DRAFT, who="Rosa")
    return connected


def _objective(stand: Stand, key: str) -> Objective:
    form = load_objective_form(stand.on, stand.workspace_id, key)
    assert form is not None
    return form.objective


def _key_result(stand: Stand, key: str) -> KeyResult:
    with stand.on.database.read() as conn:
        return okrs.load_key_results(conn, stand.workspace_id, [key])[key]


def _change_o(stand: Stand, new: Objective, *, seen: str = "", reason: str = "") -> bool:
    form = load_objective_form(stand.on, stand.workspace_id, new.key)
    assert form is not None
    return change_objective(stand.on, stand.workspace_id, new, seen=seen or form.seen, reason=reason, who="Ben")


def _change_kr(stand: Stand, new: KeyResult, *, seen: str = "", reason: str = "") -> bool:
    form = load_key_result_form(stand.on, stand.workspace_id, key=new.key)
    assert form is not None
    return change_key_result(stand.on, stand.workspace_id, new, seen=seen or form.seen, reason=reason, who="Ben")


def test_a_new_objective_is_kept_and_told_once(filled: Stand) -> None:
    assert add_objective(filled.on, filled.workspace_id, replace(DRAFT, key="PAY-O3"), who="Rosa") == "PAY-O2"
    assert _objective(filled, "PAY-O2") == DRAFT
    assert [line for line in filled.log() if "PAY-O" in line] == [
        "Rosa: wrote the objective PAY-O2: Nobody is charged twice"
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "PAY-O1"}, "key"),
        ({"cycle_key": "2031-q1"}, "cycle_key"),
        ({"parent_keys": ("COM-O9",)}, "parent_keys"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(filled: Stand, change: dict[str, Any], field: str) -> None:
    new = replace(DRAFT, **{"key": "PAY-O4"} | change)
    with pytest.raises(WrongField) as refused:
        add_objective(filled.on, filled.workspace_id, replace(new, title="Yet another"), who="Rosa")
    assert refused.value.field == field


def test_no_objective_lies_above_itself(filled: Stand) -> None:
    _change_o(filled, replace(DRAFT, parent_keys=("PAY-O1",)))
    with pytest.raises(WrongField, match="PAY-O1 would come to lie above itself"):
        _change_o(filled, replace(_objective(filled, "PAY-O1"), parent_keys=("PAY-O2",)))


def test_a_draft_changes_freely_and_what_is_agreed_with_a_reason(filled: Stand) -> None:
    assert _change_o(filled, replace(DRAFT, title="Nobody pays twice"))
    agreed = replace(_objective(filled, "PAY-O1"), title="Paying is fast")
    with pytest.raises(ReasonAsked) as asked:
        _change_o(filled, agreed)
    assert asked.value.changes == ("PAY-O1: title Paying feels instant → Paying is fast",)
    assert _change_o(filled, agreed, reason="shorter")
    with filled.on.database.read() as conn:
        (change,) = load_changes(conn, filled.workspace_id, ["PAY-O1", "PAY-O2"])
    assert (change.subject, change.who, change.why) == ("PAY-O1", "Ben", "shorter")
    assert change.what == "title Paying feels instant → Paying is fast"


def test_the_second_of_two_people_changes_nothing(filled: Stand) -> None:
    form = load_objective_form(filled.on, filled.workspace_id, "PAY-O2")
    assert form is not None
    _change_o(filled, replace(DRAFT, sponsor="Ana"))
    with pytest.raises(ChangedMeanwhile):
        _change_o(filled, replace(DRAFT, sponsor="Ben"), seen=form.seen)
    assert _objective(filled, "PAY-O2").sponsor == "Ana"
    assert not _change_o(filled, replace(DRAFT, sponsor="Ana"), seen="whatever"), "it says so already"


def test_only_a_draft_without_key_results_is_deleted(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    add_key_result(on, ws, METRIC, who="Rosa")
    with pytest.raises(NotPossible, match="still has key results"):
        delete_objective(on, ws, "PAY-O2", who="Rosa")
    with pytest.raises(NotPossible, match="PAY-O1 is agreed"):
        delete_objective(on, ws, "PAY-O1", who="Rosa")
    delete_key_result(on, ws, "PAY-KR9", who="Rosa")
    delete_objective(on, ws, "PAY-O2", who="Rosa")
    assert load_objective_form(on, ws, "PAY-O2") is None


def test_pages_show_an_objective_before_it_has_a_key_result(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    commands.add_table(on, ws, TableWish("4711", "2026-q4", teams=("Payments",)), who="Rosa")

    def pages() -> list[str]:
        due = filled.due("table")
        with on.database.write() as conn:
            conn.execute(delete(work))
        return due

    assert pages() == ["1"], "the table itself"
    another = replace(DRAFT, key="PAY-O3", title="Refunds arrive within a day")
    add_objective(on, ws, another, who="Rosa")
    assert pages() == ["1"]
    assert _change_o(filled, replace(another, title="Refunds arrive at once"))
    assert pages() == ["1"]
    assert _change_o(filled, replace(another, team="Growth"))
    assert pages() == ["1"], "it stands there no longer"
    delete_objective(on, ws, "PAY-O3", who="Rosa")
    assert pages() == [], "no page shows Growth"
    delete_objective(on, ws, "PAY-O2", who="Rosa")
    assert pages() == ["1"]


def test_a_key_result_is_kept_once_and_its_query_asked(filled: Stand) -> None:
    query = replace(METRIC, source=Source.JQL, jql=JqlSource("type = Bug"))
    assert add_key_result(filled.on, filled.workspace_id, query, who="Rosa") == "PAY-KR9"
    assert add_key_result(filled.on, filled.workspace_id, replace(query, key="PAY-KR10"), who="Rosa") == "PAY-KR9"
    assert filled.due("jql") == ["PAY-KR9"]
    with pytest.raises(WrongField) as refused:
        add_key_result(filled.on, filled.workspace_id, replace(METRIC, title="Another"), who="Rosa")
    assert refused.value.field == "key"


def test_a_changed_target_needs_a_reason_and_its_pages_are_written_anew(filled: Stand) -> None:
    commands.add_table(filled.on, filled.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    harder = replace(_key_result(filled, "PAY-KR1"), target=Decimal(15))
    with pytest.raises(ReasonAsked, match="Say in one sentence"):
        _change_kr(filled, harder)
    assert _key_result(filled, "PAY-KR1").target == Decimal(20)
    assert _change_kr(filled, harder, reason="too easy")
    assert filled.due("table") == ["1"]


def test_links_that_count_stand_in_the_way_of_another_source(filled: Stand) -> None:
    driven = _key_result(filled, "PAY-KR2")
    with pytest.raises(WrongField, match="1 linked issues drive its figure") as refused:
        _change_kr(filled, replace(driven, source=Source.CHECK_INS), reason="people know better")
    assert refused.value.field == "source"


def test_a_step_that_an_issue_is_stays(filled: Stand) -> None:
    with filled.on.database.write() as conn:
        link = Initiative("PAY-KR3", 1, "10412", Role.STEP, step_key="first")
        links.record_link(conn, filled.workspace_id, link, at=filled.clock.now(), by="Rosa")
    milestone = _key_result(filled, "PAY-KR3")
    renamed = replace(milestone, steps=(replace(milestone.steps[0], key="step-1"), milestone.steps[1]))
    with pytest.raises(WrongField, match="is the step first"):
        _change_kr(filled, renamed, reason="other words")


def test_dropping_needs_a_reason_and_keeps_everything(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    with pytest.raises(WrongField, match="why it is dropped"):
        drop_key_result(on, ws, "PAY-KR1", why="  ", who="Ben")
    assert drop_key_result(on, ws, "PAY-KR1", why="the market is closed", who="Ben")
    assert not drop_key_result(on, ws, "PAY-KR1", why="once more", who="Ben")
    dropped = _key_result(filled, "PAY-KR1")
    assert (dropped.dropped_on, dropped.dropped_why) == (date(2026, 11, 22), "the market is closed")
    with pytest.raises(ReasonAsked):
        take_up_key_result(on, ws, "PAY-KR1", why="", who="Ben")
    assert take_up_key_result(on, ws, "PAY-KR1", why="it opened again", who="Ben")
    assert _key_result(filled, "PAY-KR1").dropped_on is None
    with on.database.read() as conn:
        assert [each.why for each in load_changes(conn, ws, ["PAY-KR1"])] == ["it opened again", "the market is closed"]


def test_what_was_checked_in_or_agreed_is_not_deleted(filled: Stand) -> None:
    on, ws = filled.on, filled.workspace_id
    with pytest.raises(NotPossible, match="PAY-KR3 is agreed"):
        delete_key_result(on, ws, "PAY-KR3", who="Rosa")
    agreed = _objective(filled, "PAY-O1")
    _change_o(filled, replace(agreed, stage=Stage.DRAFT), reason="thought over")
    with pytest.raises(NotPossible, match="has check-ins"):
        delete_key_result(on, ws, "PAY-KR1", who="Rosa")
    delete_key_result(on, ws, "PAY-KR2", who="Rosa")
    assert filled.rows("SELECT id FROM initiative WHERE key_result_key = 'PAY-KR2'") == []


def test_nothing_of_another_workspace_is_seen_or_changed(filled: Stand) -> None:
    elsewhere = filled.workspace_id + 1
    assert load_objective_form(filled.on, elsewhere, "PAY-O1") is None
    assert load_key_result_form(filled.on, elsewhere, key="PAY-KR1") is None
    assert load_choices(filled.on, elsewhere).objectives == ()
    with pytest.raises(NotPossible, match="no key result PAY-KR1"):
        drop_key_result(filled.on, elsewhere, "PAY-KR1", why="not mine", who="Eve")
