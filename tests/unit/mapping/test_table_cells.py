"""What the cells of a key result say; how they look is in test_storage_format."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from mapping.figures import (
    Completion,
    CountedBy,
    InitiativeFigure,
    Mark,
)
from mapping.okr import Bound, KeyResult, Kind, Source, Step
from mapping.table import build_table
from mapping.table_changes import cell_text, input_cells
from mapping.table_parts import Column, KeyResultRow, Shape, Width
from mapping.table_pieces import Bar, Link
from tests.unit.mapping.example import AT, FIGURE, PAY, PLA, SPEC, figure, initiative
from tests.unit.mapping.sayings import cell, completed, lines, lozenges, with_key_results

# --- progress


def test_progress_has_share_bar_and_way() -> None:
    progress = cell(PAY[0], Column.PROGRESS)
    assert lines(progress) == ["50 % Behind", "■■■■■□□□□□", "38 → 20 s"]
    assert lozenges(progress.lines) == [("Behind", "Yellow")]


def test_all_three_numbers_have_the_decimals_of_the_most_precise() -> None:
    assert lines(cell(PLA[1], Column.PROGRESS))[2] == "9.0 → 3.0 %"
    whole = replace(PLA[1], now=Decimal(3), key_result=replace(PLA[1].key_result, baseline=Decimal("9.5")))
    assert cell_text(cell(whole, Column.NOW)) == "3.0"


def test_an_average_of_issues_does_not_show_every_decimal_of_the_division() -> None:
    endless = replace(PLA[2], now=Decimal(144) / Decimal(7))
    assert cell_text(cell(endless, Column.NOW)) == "20.6"


def test_without_a_value_there_is_a_dash_and_no_bar() -> None:
    unknown = replace(PAY[0], progress=None, now=None, marks=())
    assert lines(cell(unknown, Column.PROGRESS)) == ["–", "38 → 20 s"]
    assert cell_text(cell(unknown, Column.NOW)) == ""


@pytest.mark.parametrize(
    ("held", "since", "said"),
    [
        (True, None, ["held", "below 12"]),
        (False, date(2026, 11, 16), ["Broken since 16 Nov", "below 12"]),
        (False, None, ["Broken", "below 12"]),
        (None, None, ["–", "below 12"]),
    ],
)
def test_a_limit_has_no_percentage(held: bool | None, since: date | None, said: list[str]) -> None:
    limit = cell(replace(PAY[2], held=held, held_since=since), Column.PROGRESS)
    assert lines(limit) == said
    assert not any(isinstance(piece, Bar) for line in limit.lines for piece in line)


def test_a_limit_has_its_own_decimals_and_its_unit() -> None:
    kr = replace(PAY[2].key_result, bound=Bound.ABOVE, target=Decimal("99.5"), unit="%")
    assert lines(cell(replace(PAY[2], key_result=kr, now=Decimal(99)), Column.PROGRESS))[1] == "above 99.5 %"


def test_a_milestone_is_computed_from_its_steps() -> None:
    steps = tuple(Step(f"s{n}", f"Step {n}", Fraction(1, 4)) for n in range(4))
    kr = KeyResult("PAY-KR9", "PAY-O1", "Move to the new ledger", Kind.MILESTONE, steps=steps)
    milestone = figure(kr, progress=Fraction(1, 2))
    assert lines(cell(milestone, Column.PROGRESS)) == ["50 %", "■■■■■□□□□□", "4 steps"]
    assert lines(cell(replace(milestone, done_steps=2), Column.PROGRESS))[2] == "2 of 4 steps"
    now = cell(milestone, Column.NOW)
    assert (now.grey, now.typed, cell_text(now)) == (True, False, "50 %")


def test_a_baseline_to_be_measured_says_until_when() -> None:
    to_measure = FIGURE.objectives[2].key_results[2]
    assert lines(cell(to_measure, Column.PROGRESS)) == ["No baseline yet", "baseline due 30 Nov"]
    assert lozenges(cell(to_measure, Column.PROGRESS).lines) == [("No baseline yet", "Grey")]
    assert lines(cell(to_measure, Column.KEY_RESULT))[2] == "aspirational"


def test_a_dropped_key_result_asks_for_nothing() -> None:
    kr = replace(PAY[0].key_result, dropped_on=date(2026, 11, 3), dropped_why="The product was stopped.")
    dropped = replace(PAY[0], key_result=kr, progress=None, now=None, marks=())
    assert lines(cell(dropped, Column.PROGRESS)) == ["dropped 3 Nov", "The product was stopped."]
    assert lines(cell(dropped, Column.OWNER)) == ["Ana Duarte"]
    assert not input_cells(build_table(with_key_results(dropped), SPEC, AT))


def test_where_the_value_comes_from_is_said_and_its_cell_is_grey() -> None:
    assert lines(cell(PLA[2], Column.PROGRESS))[2] == "31 → 60, from Jira"
    assert cell(PLA[2], Column.NOW).grey
    kr = replace(PAY[0].key_result, source=Source.INITIATIVES, baseline=None, target=None)
    driven = replace(PAY[0], key_result=kr, now=None, progress=Fraction(47, 100))
    assert lines(cell(driven, Column.PROGRESS)) == ["47 % Behind", "■■■■□□□□□□", "from initiatives"]
    assert (cell(driven, Column.NOW).grey, cell_text(cell(driven, Column.NOW))) == (True, "47 %")
    unknown = replace(driven, progress=None, marks=())
    assert cell_text(cell(unknown, Column.NOW)) == "–"


def test_narrow_tables_have_no_bar() -> None:
    narrow = replace(SPEC, width=Width.NARROW)
    assert lines(cell(PAY[0], Column.PROGRESS, narrow)) == ["50 % Behind", "38 → 20 s"]


# --- cells for typing


def test_input_cells_hold_plain_text_alone() -> None:
    table = build_table(FIGURE, replace(SPEC, columns=(*SPEC.shown_columns, Column.BLOCKERS)), AT)
    typed = [cell for row in table.rows if isinstance(row, KeyResultRow) for cell in row.cells if cell.typed]
    assert {cell.column for cell in typed} == {Column.NOW, Column.CONFIDENCE, Column.NEXT_STEP, Column.BLOCKERS}
    assert all(type(piece).__name__ == "Text" for cell in typed for line in cell.lines for piece in line)
    assert all(not piece.strong for cell in typed for line in cell.lines for piece in line)  # type: ignore[union-attr]


def test_now_from_jira_is_no_input_cell_and_all_others_are() -> None:
    cells = input_cells(build_table(FIGURE, SPEC, AT))
    assert ("PLA-KR3", Column.NOW) not in cells
    assert ("PLA-KR3", Column.CONFIDENCE) in cells
    assert len(cells) == 9 * 3 - 1


def test_every_line_of_a_next_step_is_kept() -> None:
    step = replace(PAY[0], next_step="Ask B.\r\n\n  Then ship.  ")
    assert lines(cell(step, Column.NEXT_STEP)) == ["Ask B.", "Then ship."]


def test_note_and_blockers_say_what_stands_now() -> None:
    said = replace(PAY[0], note="Learned a lot", blockers="Issuer B")
    spec = replace(SPEC, columns=(Column.KEY_RESULT, Column.NOTE, Column.BLOCKERS))
    assert cell_text(cell(said, Column.NOTE, spec)) == "Learned a lot"
    assert cell_text(cell(said, Column.BLOCKERS, spec)) == "Issuer B"


# --- owner, last check-in and its marks


@pytest.mark.parametrize(
    ("change", "marks", "days", "said"),
    [
        (1, (), 3, "19 Nov, confidence up 1"),
        (-2, (Mark.LOW,), 3, "19 Nov, confidence down 2 Low"),
        (0, (), 3, "19 Nov"),
        (None, (Mark.LOW,), 3, "19 Nov · confidence 6 Low"),
        (0, (Mark.STALE,), 23, "19 Nov Stale 23 days"),
        (-2, (Mark.STALE, Mark.LOW), 23, "19 Nov Stale 23 days confidence down 2 Low"),
        (None, (Mark.STALE, Mark.LOW), 23, "19 Nov Stale 23 days confidence 6 Low"),
    ],
)
def test_the_last_check_in(change: int | None, marks: tuple[Mark, ...], days: int, said: str) -> None:
    owner = cell(replace(PAY[0], confidence_change=change, marks=marks, days_since_check_in=days), Column.OWNER)
    assert lines(owner) == ["Ana Duarte", said]


@pytest.mark.parametrize(
    ("marks", "said"),
    [((), "30 Oct"), ((Mark.LOW,), "30 Oct · confidence 8 Low"), ((Mark.STALE,), "30 Oct Stale 4 days")],
)
def test_how_confidence_changed_is_not_said_where_it_is_not_shown(marks: tuple[Mark, ...], said: str) -> None:
    spec = replace(SPEC, shape=Shape.HEALTH)
    worse = replace(PAY[2], confidence_change=-2, marks=marks, days_since_check_in=4)
    assert lines(cell(worse, Column.OWNER, spec)) == ["Mei Tanaka", said]


def test_no_check_in_and_none_although_the_cycle_is_old() -> None:
    silent = replace(PAY[0], last_check_in=None, days_since_check_in=None, marks=())
    assert lozenges(cell(silent, Column.OWNER).lines) == [("No check-in", "Grey")]
    stale = replace(silent, marks=(Mark.STALE,))
    assert lozenges(cell(stale, Column.OWNER).lines) == [("No check-in", "Grey"), ("Stale", "Yellow")]


def test_nobody_is_blamed_where_there_is_no_owner() -> None:
    assert lines(cell(replace(PAY[0], key_result=replace(PAY[0].key_result, owner="")), Column.OWNER))[0] == "no owner"


# --- initiatives


@pytest.mark.parametrize(
    ("completion", "said"),
    [
        (completed(), "7 of 12 done"),
        (completed(added_since=3), "7 of 12 done Scope +3"),
        (completed(by_count_although_points_wanted=True), "7 of 12 done, by count"),
        (completed(CountedBy.POINTS, ratio=Fraction(62, 100)), "7 of 12 done, 62 % of points"),
        (
            completed(CountedBy.POINTS, ratio=Fraction(62, 100), unestimated=2),
            "7 of 12 done, 62 % of points, 2 without an estimate",
        ),
        (completed(CountedBy.STATUS, ratio=Fraction(0), done=0, total=0), "not started, by status"),
        (completed(CountedBy.STATUS, ratio=Fraction(1, 2), done=0, total=0), "started, by status"),
        (completed(CountedBy.STATUS, ratio=Fraction(1), done=0, total=0), "done, by status"),
        (completed(ratio=None, done=0, total=0, wont_do=4), "all 4 will not be done"),
        (completed(ratio=None, done=0, total=0), "nothing to count"),
        (None, "not read yet"),
    ],
)
def test_what_is_done_of_an_initiative(completion: Completion | None, said: str) -> None:
    linked = replace(PAY[0], initiatives=(replace(initiative("PAY-412"), completion=completion),))
    assert lines(cell(linked, Column.INITIATIVES)) == [f"PAY-412 {said}"]


def test_an_issue_that_is_gone_says_so() -> None:
    linked = replace(PAY[0], initiatives=(replace(initiative("PAY-412", 1, 2, 3), gone=True),))
    assert lines(cell(linked, Column.INITIATIVES)) == ["PAY-412 no longer found in Jira"]


def test_three_initiatives_stand_open_and_of_more_two() -> None:
    three = cell(PAY[1], Column.INITIATIVES)
    assert (len(three.lines), three.expand) == (3, None)
    four = cell(PLA[0], Column.INITIATIVES)
    assert len(four.lines) == 2
    assert four.expand is not None
    assert four.expand.title == "2 more, 5 of 9 done"
    assert len(four.expand.lines) == 2


def test_a_sum_is_only_said_where_all_are_counted() -> None:
    unread: InitiativeFigure = replace(initiative("PLA-99"), completion=None)
    some = cell(replace(PLA[0], initiatives=(*PLA[0].initiatives[:3], unread)), Column.INITIATIVES)
    assert some.expand is not None
    assert some.expand.title == "2 more"


def test_an_initiative_is_its_key_as_link() -> None:
    links = [piece for line in cell(PAY[0], Column.INITIATIVES).lines for piece in line if isinstance(piece, Link)]
    assert links == [
        Link("PAY-412", "https://acme.atlassian.net/browse/PAY-412"),
        Link("PAY-431", "https://acme.atlassian.net/browse/PAY-431"),
    ]
