"""What the lines above the table say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from mapping.figures import (
    InitiativeFigure,
)
from mapping.okr import CycleState
from mapping.table_notices import NotCurrent, Notices
from tests.unit.mapping.example import CYCLE, FIGURE, PAY, PLA, SPEC, initiative
from tests.unit.mapping.sayings import completed, summary, with_key_results


def test_what_needs_attention_comes_first() -> None:
    assert summary(FIGURE) == [
        "4 of 9 key results need attention · 56 % of the way, 58 % expected · as of 22 Nov 2026, 09:40 UTC"
    ]
    assert summary(replace(FIGURE, needing_attention=1))[0].startswith("1 of 9 key results needs attention · ")
    assert summary(replace(FIGURE, needing_attention=0))[0].startswith("None of 9 key results needs attention · ")


def test_without_figures_nothing_is_made_up() -> None:
    assert "no figure yet · as of" in summary(replace(FIGURE, progress=None, expected=None))[0]
    assert "56 % of the way · as of" in summary(replace(FIGURE, expected=None))[0]
    empty = replace(FIGURE, progress=None, expected=None, objectives=(), key_results=0, needing_attention=0)
    assert summary(empty) == ["No key results yet · as of 22 Nov 2026, 09:40 UTC"]


def unreadable(key: str, why: str = "no permission") -> InitiativeFigure:
    since = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    return replace(initiative(key), completion=completed(unreadable_since=since, unreadable_why=why))


def test_a_figure_that_is_older_is_named_with_its_reason() -> None:
    one = with_key_results(replace(PAY[0], initiatives=(unreadable("GRO-149"), initiative("PAY-1"))), PAY[1])
    assert summary(one)[0].endswith(
        " · 1 figure older GRO-149 cannot be read since 20 Nov (no permission); its last figure stays"
    )


def test_older_figures_are_counted_once_each_and_not_all_named() -> None:
    many = tuple(unreadable(f"PAY-{n}", "no permission" if n else "not reachable") for n in range(5))
    line = summary(with_key_results(replace(PAY[0], initiatives=many), replace(PAY[1], initiatives=many)))[0]
    assert line.endswith(
        " · 5 figures older PAY-0, PAY-1, PAY-2 and 2 more cannot be read since 20 Nov; their last figures stay"
    )


def test_a_query_that_cannot_be_read_is_named_by_its_key_result() -> None:
    older = replace(PLA[2], older_since=datetime(2026, 11, 20, tzinfo=UTC), older_why="no permission")
    assert "1 figure older PLA-KR3 cannot be read" in summary(with_key_results(older))[0]


def test_a_whole_site_that_cannot_be_read() -> None:
    notice = Notices(NotCurrent(datetime(2026, 11, 20, 14, 5, tzinfo=UTC), "credentials refused"))
    assert summary(FIGURE, notice) == [
        "Not current Figures are from 20 Nov 2026, 14:05 UTC. Jira cannot be read since then (credentials refused); an "
        "admin has been told. What is being done"
    ]


def test_a_planned_cycle_asks_for_nothing() -> None:
    cycle = replace(CYCLE, key="2027-q1", name="Q1 2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31))
    planned = replace(FIGURE, cycle=cycle)
    assert summary(planned) == ["Planned Q1 2027 starts on 1 Jan 2027. Nothing is due before then."]
    assert summary(replace(planned, key_results=0, objectives=())) == [
        "Planned Q1 2027 starts on 1 Jan 2027. Nothing is due before then. Write the objectives"
    ]


def test_a_closed_cycle_expects_nothing_any_more() -> None:
    closed = replace(FIGURE, cycle=replace(CYCLE, state=CycleState.CLOSED))
    assert summary(closed) == ["Closed Q4 2026 ended on 31 Dec 2026 · 56 % of the way · as of 22 Nov 2026, 09:40 UTC"]


def test_reasons_are_translated() -> None:
    one = with_key_results(replace(PAY[0], initiatives=(unreadable("GRO-149"),)))
    assert "(keine Berechtigung)" in summary(one, spec=replace(SPEC, language="de"))[0]
