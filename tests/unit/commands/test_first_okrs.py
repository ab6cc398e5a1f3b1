"""The first objective and key result: under which keys, in which cycle, and that nothing is kept twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.store.okrs import CycleOkrs, load_cycle
from mapping.okr import Bound, Kind, Stage
from sync.commands import NotPossible, import_okrs
from sync.commands.first_okrs import FirstOkr, Kept, cycles_to_choose, this_quarter, write_first_okr
from tests.unit.commands.stand_in import OKRS, Stand

WRITTEN = FirstOkr(
    "Paying feels instant", "Checkout", owner="Ana Duarte", unit="s", baseline=Decimal(38), target=Decimal(20),
    issue_key="PAY-412",
)  # fmt: skip


def write(service: Stand, written: FirstOkr = WRITTEN) -> Kept:
    return write_first_okr(service.on, service.workspace_id, written, who="Rosa")


def kept(service: Stand, cycle_key: str) -> CycleOkrs:
    with service.on.database.read() as conn:
        return load_cycle(conn, service.workspace_id, cycle_key)


@pytest.mark.parametrize(
    ("today", "key", "starts_on", "ends_on"),
    [
        (date(2026, 1, 1), "2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), "2026-q2", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), "2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_the_quarter_of_a_day(today: date, key: str, starts_on: date, ends_on: date) -> None:
    cycle = this_quarter(today)
    assert (cycle.key, cycle.starts_on, cycle.ends_on) == (key, starts_on, ends_on)


def test_it_is_kept_as_a_draft_with_its_epic(connected: Stand) -> None:
    said = write(connected)
    assert (said.objective_key, said.key_result_key) == ("PAY-O1", "PAY-KR1")
    ((objective, (key_result,)),) = kept(connected, said.cycle.key).objectives
    assert (objective.title, objective.stage) == ("Paying feels instant", Stage.DRAFT)
    assert (key_result.kind, key_result.baseline, key_result.target) == (Kind.METRIC, Decimal(38), Decimal(20))
    assert connected.rows("SELECT key_result_key, issue_id FROM initiative") == [("PAY-KR1", "10412")]


def test_the_same_again_is_kept_once(connected: Stand) -> None:
    assert write(connected) == write(connected)
    assert connected.rows("SELECT count(*) FROM objective") == [(1,)]
    assert connected.rows("SELECT count(*) FROM key_result") == [(1,)]


def test_keys_in_use_are_left_alone(connected: Stand) -> None:
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    said = write(connected, replace(WRITTEN, objective="Another aim", cycle_key="2026-q4"))
    assert (said.objective_key, said.key_result_key) == ("PAY-O2", "PAY-KR4")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"baseline": None, "target": None}, Kind.TO_MEASURE),
        ({"baseline": None}, Kind.TO_MEASURE),
        ({"baseline": None, "bound": Bound.BELOW}, Kind.THRESHOLD),
    ],
)
def test_without_a_baseline_it_is_measured_first_or_a_limit(
    connected: Stand, changes: dict[str, Any], kind: Kind
) -> None:
    said = write(connected, replace(WRITTEN, **changes))
    (key_result,) = kept(connected, said.cycle.key).key_results
    assert key_result.kind is kind
    assert (key_result.baseline_due_on is not None) is (kind is Kind.TO_MEASURE)


def test_an_epic_that_cannot_be_seen_keeps_nothing(connected: Stand) -> None:
    with pytest.raises(NotPossible, match="NO-1"):
        write(connected, replace(WRITTEN, issue_key="NO-1"))
    assert connected.rows("SELECT count(*) FROM objective") == [(0,)]


def test_a_cycle_that_is_not_there_is_refused(connected: Stand) -> None:
    with pytest.raises(NotPossible, match="no such cycle"):
        write(connected, replace(WRITTEN, cycle_key="1999-q1"))


def test_the_cycle_of_today_comes_first_and_is_proposed_where_there_is_none(connected: Stand) -> None:
    today = connected.clock.now().date()
    assert [each.key for each in cycles_to_choose(connected.on, connected.workspace_id)] == [this_quarter(today).key]
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    there = [each.key for each in cycles_to_choose(connected.on, connected.workspace_id)]
    assert there[0] == this_quarter(today).key
    assert "2026-q4" in there


@pytest.mark.parametrize(("team", "prefix"), [("Payments", "PAYM"), ("42", "OKR"), ("", "OKR"), ("Ärzte", "RZT")])
def test_without_an_epic_the_team_gives_the_keys(connected: Stand, team: str, prefix: str) -> None:
    said = write(connected, replace(WRITTEN, issue_key="", team=team))
    assert said.objective_key == f"{prefix}-O1"
