"""The demo's OKRs follow the calendar: on any day the quarter is as far gone as in the file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mapping.okr import KEY_PATTERN, Role
from mapping.pace import share_of_days_passed
from tests.demo_okrs import WRITTEN_FOR, demo_okrs, moved_to


def test_on_its_own_day_nothing_moves() -> None:
    assert moved_to(demo_okrs(), WRITTEN_FOR) == demo_okrs()


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2027, 3, 1), date(2028, 2, 29)])
def test_on_another_day_all_dates_move_together(today: date) -> None:
    before, after = demo_okrs(), moved_to(demo_okrs(), today)
    cycle = after.cycles[0]
    assert share_of_days_passed(cycle, today) == share_of_days_passed(before.cycles[0], WRITTEN_FOR)
    assert {objective.cycle_key for objective in after.objectives} == {cycle.key}
    by = today - WRITTEN_FOR
    assert [each.at - by for each in after.check_ins] == [each.at for each in before.check_ins]
    assert [kr.key for kr in after.key_results] == [kr.key for kr in before.key_results]
    assert after.links == before.links


def test_days_in_texts_move_too_and_the_cycle_is_named_by_its_days() -> None:
    moved = moved_to(demo_okrs(), WRITTEN_FOR + timedelta(days=40))
    steps = [each.next_step for each in moved.check_ins if each.at.date() > date(2026, 12, 27)]
    assert "Raise to 100 % on Sun 3 Jan." in steps
    assert "Meet issuer B on 4 Jan." in steps
    assert (moved.cycles[0].key, moved.cycles[0].name) == ("from-2026-11-10", "10 Nov to 9 Feb 2027")
    due = {kr.key: kr.baseline_due_on for kr in moved.key_results}
    assert due["GRO-KR3"] == date(2027, 1, 9)


def test_no_check_in_of_the_demo_lies_in_the_future() -> None:
    assert max(each.at for each in demo_okrs().check_ins) < datetime(2026, 11, 21, tzinfo=UTC)


def test_the_demo_has_three_objectives_with_three_key_results_and_one_of_them_driven() -> None:
    parsed = demo_okrs()
    assert [objective.key for objective in parsed.objectives] == ["PAY-O1", "PLA-O1", "GRO-O1"]
    assert [kr.key for kr in parsed.key_results] == [
        f"{team}-KR{number}" for team in ("PAY", "PLA", "GRO") for number in (1, 2, 3)
    ]
    assert all(KEY_PATTERN.fullmatch(kr.key) for kr in parsed.key_results)
    assert [link.issue_key for link in parsed.links if link.role is Role.DRIVES] == ["PLA-70"]
    assert [link.issue_key for link in parsed.links if link.key_result_key == "PAY-KR1"] == ["PAY-412", "PAY-431"]
