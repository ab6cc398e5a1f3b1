"""OKRs come back as they were given, and what is agreed does not change silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.store.activity import recent_activity, record_activity
from connector.store.agreement import ReasonNeeded
from connector.store.check_ins import load_check_ins, record_check_in
from connector.store.engine import Database
from connector.store.jql_values import jql_key_results, load_jql_values, record_jql_unreadable, record_jql_value
from connector.store.okrs import (
    OkrSet,
    Recorded,
    UnknownOkr,
    cycles_of,
    load_cycle,
    load_cycles,
    load_key_results,
    load_made_at,
    record_okrs,
)
from connector.store.workspaces import all_ids
from mapping.okr import CheckIn, CheckInOrigin, KeyResult, Kind, Objective, Stage
from tests.clock import START
from tests.unit.store.samples import (
    ALL,
    CYCLE,
    GUARD,
    METRIC,
    MILESTONE,
    PAY,
    PLA,
    QUERY,
    UNMEASURED,
    add_workspace,
    keep,
)


def _record(db: Database, workspace_id: int, okrs: OkrSet, reason: str = "") -> Recorded:
    with db.write() as conn:
        return record_okrs(conn, workspace_id, okrs, at=START, who="Ana", reason=reason)


def test_a_cycle_comes_back_as_it_was_given_in_its_order(database: Database, workspace_id: int) -> None:
    recorded = _record(database, workspace_id, ALL)
    assert recorded.added == (CYCLE.key, *(o.key for o in ALL.objectives), *(k.key for k in ALL.key_results))
    with database.read() as conn:
        loaded = load_cycle(conn, workspace_id, CYCLE.key)
        assert load_cycles(conn, workspace_id) == (CYCLE,)
        assert load_key_results(conn, workspace_id, ["PAY-KR1", "PAY-KR9"]) == {"PAY-KR1": METRIC}
        assert cycles_of(conn, workspace_id, ["PAY-KR1", "PAY-KR9"]) == {"PAY-KR1": CYCLE.key}
    assert loaded.cycle == CYCLE
    assert loaded.objectives == ((PLA, (MILESTONE, QUERY, UNMEASURED)), (PAY, (GUARD, METRIC)))
    assert loaded.key_results == (MILESTONE, QUERY, UNMEASURED, GUARD, METRIC)
    assert str(loaded.key_results[-1].baseline) == "38.0"


def test_a_cycle_shows_nothing_of_another(database: Database, workspace_id: int) -> None:
    _record(database, workspace_id, ALL)
    later = replace(CYCLE, key="2027-q1")
    theirs = replace(PAY, key="PAY-O2", cycle_key=later.key)
    _record(database, workspace_id, OkrSet([later], [theirs], [replace(METRIC, key="PAY-KR3", objective_key="PAY-O2")]))
    with database.read() as conn:
        assert [o.key for o, _ in load_cycle(conn, workspace_id, later.key).objectives] == ["PAY-O2"]
        assert len(load_cycle(conn, workspace_id, CYCLE.key).key_results) == 5


def test_the_same_again_changes_nothing(database: Database, workspace_id: int) -> None:
    _record(database, workspace_id, ALL)
    assert _record(database, workspace_id, ALL) == Recorded((), ())


def test_what_differs_is_changed_and_the_rest_is_left_alone(database: Database, workspace_id: int) -> None:
    _record(database, workspace_id, ALL)
    owner = replace(METRIC, owner="Cleo")
    decimals = replace(GUARD, target=Decimal("0.50"))
    assert _record(database, workspace_id, OkrSet([CYCLE], [PAY], [owner, decimals])).changed == ("PAY-KR1", "PAY-KR2")
    with database.read() as conn:
        found = load_key_results(conn, workspace_id, ["PAY-KR1", "PAY-KR2"])
    assert found["PAY-KR1"] == owner
    assert str(found["PAY-KR2"].target) == "0.50"


def test_when_a_key_result_was_made_stays_when_it_changes(database: Database, workspace_id: int) -> None:
    _record(database, workspace_id, ALL)
    with database.write() as conn:
        later = OkrSet(key_results=[replace(METRIC, owner="Cleo")])
        record_okrs(conn, workspace_id, later, at=START + timedelta(days=3), who="Ana")
    with database.read() as conn:
        assert load_made_at(conn, workspace_id, ["PAY-KR1", "PAY-KR9"]) == {"PAY-KR1": START}
        assert load_made_at(conn, workspace_id + 1, ["PAY-KR1"]) == {}


def test_an_unknown_cycle_or_objective_is_named_and_nothing_is_written(database: Database, workspace_id: int) -> None:
    with pytest.raises(UnknownOkr, match="there is no cycle 2026-q4"):
        _record(database, workspace_id, OkrSet(objectives=[PAY]))
    with pytest.raises(UnknownOkr, match="there is no objective PLA-O1"):
        _record(database, workspace_id, OkrSet([CYCLE], [PAY], [QUERY]))
    with database.read() as conn, pytest.raises(UnknownOkr, match="2026-q4"):
        load_cycle(conn, workspace_id, CYCLE.key)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replace(METRIC, title="Time"), "PAY-KR1: title Checkout time → Time"),
        (replace(METRIC, target=Decimal("22.5")), "PAY-KR1: target 20 → 22.5"),
        (replace(METRIC, baseline=Decimal(40)), "PAY-KR1: baseline 38.0 → 40"),
        (replace(METRIC, unit="min"), "PAY-KR1: unit s → min"),
        (replace(METRIC, dropped_on=date(2026, 11, 1)), "PAY-KR1: dropped on none → 2026-11-01"),
        (replace(PAY, title="Paying is fun"), "PAY-O1: title Paying is a pleasure → Paying is fun"),
        (replace(PAY, stage=Stage.DRAFT), "PAY-O1: agreed → draft"),
    ],
)
def test_agreed_okrs_change_only_with_a_reason_that_is_shown(
    database: Database, workspace_id: int, change: KeyResult | Objective, said: str
) -> None:
    _record(database, workspace_id, ALL)
    okrs = OkrSet([CYCLE], [change], []) if isinstance(change, Objective) else OkrSet([CYCLE], [], [change])
    with pytest.raises(ReasonNeeded) as caught:
        _record(database, workspace_id, okrs, reason="  ")
    assert caught.value.changes == (said,)
    assert said in str(caught.value)
    assert _record(database, workspace_id, okrs, reason="the law changed").changed == (change.key,)
    with database.read() as conn:
        (line,) = recent_activity(conn, workspace_id)
    assert (line.who, line.text) == ("Ana", f"{said}. Reason: the law changed")


@pytest.mark.parametrize(
    "change",
    [
        replace(METRIC, owner="Cleo", position=7),
        replace(METRIC, target=Decimal("20.0")),
        replace(METRIC, dropped_on=date(2026, 11, 1), dropped_why="the law changed"),
        replace(QUERY, target=Decimal(5)),
        replace(PAY, stage=Stage.GRADED, sponsor="Cleo"),
    ],
)
def test_other_changes_need_none(database: Database, workspace_id: int, change: KeyResult | Objective) -> None:
    _record(database, workspace_id, ALL)
    okrs = OkrSet([CYCLE], [change], []) if isinstance(change, Objective) else OkrSet([CYCLE], [], [change])
    assert _record(database, workspace_id, okrs).changed == (change.key,)


def test_a_draft_that_is_changed_and_agreed_in_one_go_needs_none(database: Database, workspace_id: int) -> None:
    _record(database, workspace_id, ALL)
    agreed = OkrSet([CYCLE], [replace(PLA, stage=Stage.AGREED)], [replace(QUERY, target=Decimal(5))])
    assert _record(database, workspace_id, agreed).changed == ("PLA-O1", "PLA-KR2")
    with pytest.raises(ReasonNeeded):
        _record(database, workspace_id, OkrSet([CYCLE], [], [QUERY]))


def test_the_first_baseline_of_an_agreed_key_result_is_an_answer(database: Database, workspace_id: int) -> None:
    agreed = replace(UNMEASURED, objective_key=PAY.key)
    measured = replace(agreed, kind=Kind.METRIC, baseline=Decimal(9), target=Decimal(4), unit="min")
    _record(database, workspace_id, OkrSet([CYCLE], [PAY], [agreed]))
    assert _record(database, workspace_id, OkrSet([CYCLE], [], [measured])).changed == (agreed.key,)
    with pytest.raises(ReasonNeeded):
        _record(database, workspace_id, OkrSet([CYCLE], [], [replace(measured, baseline=Decimal(10))]))


def test_long_wording_leaves_room_for_the_reason(database: Database, workspace_id: int) -> None:
    _record(database, workspace_id, OkrSet([CYCLE], [replace(PAY, title="x" * 300)], []))
    _record(database, workspace_id, OkrSet([CYCLE], [replace(PAY, title="y" * 300)], []), reason="shorter")
    with database.read() as conn:
        assert recent_activity(conn, workspace_id)[0].text.endswith("… → " + "y" * 119 + "…. Reason: shorter")


def _said(minutes: int, **more: object) -> CheckIn:
    return CheckIn("PAY-KR1", START + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]


def test_check_ins_come_back_oldest_first(database: Database, workspace_id: int) -> None:
    full = _said(
        2, value=Decimal("29.50"), confidence=6, done_since="a", note="b", blockers="c", next_step="d",
        author="Ben", origin=CheckInOrigin.CONFLUENCE,
    )  # fmt: skip
    early = _said(1)
    with database.write() as conn:
        keep(conn, workspace_id)
        for number, said in enumerate((full, early)):
            assert record_check_in(conn, workspace_id, said, idempotency_key=str(number), recorded_at=START)
    with database.read() as conn:
        found = load_check_ins(conn, workspace_id, ["PAY-KR1", "PAY-KR2"])
    assert found == {"PAY-KR1": (early, full), "PAY-KR2": ()}
    assert str(found["PAY-KR1"][1].value) == "29.50"


def test_the_same_act_is_one_check_in(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        keep(conn, workspace_id)
        assert record_check_in(conn, workspace_id, _said(1), idempotency_key="form 7", recorded_at=START)
        assert not record_check_in(conn, workspace_id, _said(2), idempotency_key="form 7", recorded_at=START)
        assert load_check_ins(conn, workspace_id, ["PAY-KR1"])["PAY-KR1"] == (_said(1),)


def test_a_check_in_needs_a_key_result_and_a_name(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        with pytest.raises(UnknownOkr, match="PAY-KR1"):
            record_check_in(conn, workspace_id, _said(1), idempotency_key="x", recorded_at=START)
        for key in ("", "x" * 201):
            with pytest.raises(ValueError, match="1 to 200"):
                record_check_in(conn, workspace_id, _said(1), idempotency_key=key, recorded_at=START)


def test_a_query_that_cannot_be_read_keeps_its_last_value_and_its_first_moment(
    database: Database, workspace_id: int
) -> None:
    key, later = QUERY.key, START + timedelta(hours=1)
    with database.write() as conn:
        keep(conn, workspace_id)
        assert jql_key_results(conn, workspace_id) == (key,)
        assert load_jql_values(conn, workspace_id, [key, "PAY-KR1"])[key].value is None
        assert record_jql_value(conn, workspace_id, key, Decimal("12.5"), START)
        assert not record_jql_value(conn, workspace_id, key, Decimal("12.5"), later)
        record_jql_unreadable(conn, workspace_id, key, START, "no permission")
        record_jql_unreadable(conn, workspace_id, key, later, "no answer")
        kept = load_jql_values(conn, workspace_id, [key])[key]
        assert (kept.value, kept.as_of, kept.unreadable_since, kept.unreadable_why) == (
            Decimal("12.5"), later, START, "no answer",
        )  # fmt: skip
        assert record_jql_value(conn, workspace_id, key, Decimal("12.5"), later)
        assert load_jql_values(conn, workspace_id, [key])[key].unreadable_since is None


def test_a_dropped_key_result_is_not_asked_for(database: Database, workspace_id: int) -> None:
    dropped = replace(QUERY, dropped_on=date(2026, 11, 1), dropped_why="done with")
    with database.write() as conn:
        keep(conn, workspace_id, OkrSet([CYCLE], [PLA], [dropped]))
        assert jql_key_results(conn, workspace_id) == ()


def test_the_log_is_newest_first_and_cuts_what_is_too_long(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        for number in range(3):
            record_activity(conn, workspace_id, at=START, who="Ana", text=f"{number}" * 600, url="https://x")
        lines = recent_activity(conn, workspace_id, limit=2)
    assert [line.text[0] for line in lines] == ["2", "1"]
    assert len(lines[0].text) == 500
    assert lines[0].text.endswith("…")


def test_workspaces_do_not_see_each_other(database: Database, workspace_id: int) -> None:
    other = add_workspace(database)
    with database.write() as conn:
        keep(conn, workspace_id)
        keep(conn, other, OkrSet([CYCLE], [PAY], [replace(METRIC, title="Theirs")]))
        record_check_in(conn, other, _said(1), idempotency_key="x", recorded_at=START)
        assert record_check_in(conn, workspace_id, _said(1), idempotency_key="x", recorded_at=START)
        record_okrs(conn, other, OkrSet([CYCLE], [], [METRIC]), at=START, who="Eve", reason="ours")
    with database.read() as conn:
        assert load_cycle(conn, workspace_id, CYCLE.key).key_results[-1] == METRIC
        assert len(load_cycle(conn, other, CYCLE.key).key_results) == 1
        assert recent_activity(conn, workspace_id) == ()
        assert all_ids(conn) == (workspace_id, other)
