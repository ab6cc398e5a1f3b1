"""What each of the shapes beside the whole table says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from mapping.figures import KeyResultFigure, Mark
from mapping.okr import KeyResult, Kind, Step
from mapping.storage_format import render_region
from mapping.table import build_table, too_long
from mapping.table_changes import input_cells, intended_fields
from mapping.table_notices import NotCurrent, Notices
from mapping.table_parts import Column, Design, ObjectiveRow, Shape, default_columns
from mapping.table_pieces import Break
from tests.unit.mapping.example import AT, FIGURE, GRO, OBJECTIVES, PAY, PLA, SPEC, figure
from tests.unit.mapping.sayings import text_of, with_key_results
from tests.unit.mapping.shapes import (
    CLOSED,
    LIMIT,
    fields,
    figure_for,
    first_line,
    keys,
    spec_of,
    table_of,
)

OBJECTIVE_TARGET = Path(__file__).parent / "data" / "okr-objective.storage.xml"


# --- one objective


def test_one_objective_comes_out_exactly_as_drawn() -> None:
    why = "So that nobody leaves a full basket because paying is slow or frightening."
    one = replace(OBJECTIVES[0], objective=replace(OBJECTIVES[0].objective, why=why))
    figure = figure_for(Shape.OBJECTIVE, replace(FIGURE, objectives=(one,)))
    region = render_region(table_of(Shape.OBJECTIVE, figure, region_id="okr-pay-1"))
    assert region + "\n" == OBJECTIVE_TARGET.read_text(encoding="utf-8")


def test_an_objective_is_named_also_where_the_line_says_something_else() -> None:
    spec = spec_of(Shape.OBJECTIVE)
    notice = Notices(NotCurrent(AT, "not reachable"))
    (line,) = build_table(figure_for(Shape.OBJECTIVE), spec, AT, notice).summary
    assert text_of(line).endswith("What is being done Paying feels instant and safe Sponsor: Carla Mendes.")
    closed = replace(figure_for(Shape.OBJECTIVE), cycle=CLOSED.cycle)
    assert "Paying feels instant and safe" in first_line(Shape.OBJECTIVE, closed)


def test_two_objectives_have_rows_of_their_own() -> None:
    rows = table_of(Shape.OBJECTIVE, FIGURE).rows
    assert sum(isinstance(row, ObjectiveRow) for row in rows) == 3


def test_an_objective_without_anything_to_say_has_one_line() -> None:
    bare = replace(OBJECTIVES[0].objective, sponsor="")
    one = replace(OBJECTIVES[0], objective=bare, pace=None, progress=None, key_results=())
    figure = replace(FIGURE, objectives=(one,), key_results=0, progress=None)
    assert first_line(Shape.OBJECTIVE, figure) == (
        "Paying feels instant and safe: no key results yet · as of 22 Nov 2026, 09:40 UTC"
    )
    assert Break() not in table_of(Shape.OBJECTIVE, figure).summary[0]


# --- what needs attention


def test_the_most_urgent_comes_first_and_says_why_and_who_does_what() -> None:
    shown = fields(Shape.ATTENTION, replace(FIGURE, objectives=(*OBJECTIVES[::-1],)))
    assert list(dict.fromkeys(key for key, _ in shown)) == ["PAY-KR2", "PAY-KR3", "PLA-KR2", "GRO-KR3"]
    said = {key: [shown[key, column] for column in default_columns(Shape.ATTENTION)] for key, _ in shown}
    assert said["PAY-KR2"] == [
        "Off pace",
        "Payments that fail and are not retried\n24 %, confidence 3.",
        "Jonas Weber: Meet issuer B on 25 Nov.",
    ]
    assert said["PAY-KR3"] == [
        "Stale 23 days",
        "Chargebacks per 10,000 orders\nLast check-in 30 Oct.",
        "Mei Tanaka: is 9.4 still right?",
    ]
    assert said["PLA-KR2"][1:] == ["Failed deployments\n2.8 % against 3.0 %.", "Lucie Martin: Agree a harder target."]
    assert said["GRO-KR3"] == [
        "No baseline yet",
        "Shops that return in week 2\nBaseline due 30 Nov.",
        "Inês Faria: on course to measure it?",
    ]


def test_each_mark_has_its_reason_and_its_question() -> None:
    def said(before: KeyResultFigure, **changes: object) -> list[str]:
        changed = replace(before, next_step="", **changes)  # type: ignore[arg-type]
        shown = fields(Shape.ATTENTION, with_key_results(changed))
        return [text for (_, column), text in shown.items() if column is not Column.NEEDS_ATTENTION]

    late = Fraction(58, 100)
    assert said(PAY[1], expected=late) == [
        "Payments that fail and are not retried\n24 % (58 % expected), confidence 3.",
        "Jonas Weber: what is the one next step?",
    ]
    assert said(PLA[1], reached_since=date(2026, 11, 9))[0].endswith("2.8 % against 3.0 % since 9 Nov.")
    assert said(PLA[1])[1] == "Lucie Martin: harder target, or free the people?"
    assert said(PLA[1], now=None)[0].endswith("\n103 % done.")
    broken = {"held": False, "held_since": date(2026, 11, 16), "marks": (Mark.BROKEN,), "now": Decimal(14)}
    assert said(LIMIT, **broken)[0].endswith("14 instead of below 12 since 16 Nov.")
    assert said(LIMIT, last_check_in=None, now=None) == [
        "Chargebacks per 10,000 orders\nNo check-in yet.",
        "Mei Tanaka: what has happened since?",
    ]
    nobody = replace(PAY[1].key_result, owner="")
    assert said(PAY[1], key_result=nobody)[1] == "Nobody yet: who looks after it?"
    unplanned = replace(GRO[2].key_result, baseline_due_on=None)
    assert said(GRO[2], key_result=unplanned)[0].endswith("No day set for measuring it.")


def test_german_months_end_in_a_full_stop_already() -> None:
    shown = fields(Shape.ATTENTION, language="de")
    assert shown["PAY-KR3", Column.KEY_RESULT].endswith("Letzter Check-in 30. Okt.")
    assert shown["PAY-KR2", Column.KEY_RESULT].endswith("24 %, Zuversicht 3.")
    reached = with_key_results(replace(PLA[1], reached_since=date(2026, 11, 9)))
    shown = fields(Shape.ATTENTION, reached, language="de")
    assert shown["PLA-KR2", Column.KEY_RESULT].endswith("2,8 % (Ziel 3,0 %) seit 9. Nov.")


def test_calm_is_one_line_and_many_are_cut_at_twenty() -> None:
    calm = replace(FIGURE, objectives=(replace(OBJECTIVES[1], key_results=PLA[:1]),), needing_attention=0)
    table = table_of(Shape.ATTENTION, calm)
    assert (table.rows, text_of(table.closing)) == ((), "Nothing asks for attention here.")
    rows = tuple(
        replace(PAY[1], key_result=replace(PAY[1].key_result, key=f"PAY-KR{number}")) for number in range(1, 24)
    )
    many = table_of(Shape.ATTENTION, with_key_results(*rows))
    assert (len(many.rows), text_of(many.closing)) == (20, "… and 3 more, in the whole table.")
    assert first_line(Shape.ATTENTION) == "4 of 9 key results need attention · as of 22 Nov 2026, 09:40 UTC"


def test_what_was_dropped_asks_for_nothing() -> None:
    dropped = replace(PAY[1], key_result=replace(PAY[1].key_result, dropped_on=date(2026, 11, 3)))
    for each in (Shape.ATTENTION, Shape.MEETING):
        assert keys(table_of(each, with_key_results(dropped, PAY[2]))) == ["PAY-KR3"]


# --- a meeting


def moved(*since: int | None) -> list[str]:
    linked = [replace(each, done_since=n) for each, n in zip(PLA[0].initiatives, since, strict=False)]
    shown = fields(Shape.MEETING, with_key_results(replace(PLA[0], initiatives=tuple(linked))))
    return shown["PLA-KR1", Column.DONE_SINCE].split("\n")


def test_a_meeting_sees_what_moved_in_jira() -> None:
    assert moved(3, 0) == ["PLA-77: 3 done"]
    assert moved(3, -1, None) == ["PLA-77: 3 done", "PLA-81: 1 opened again"]
    assert moved(0, 0) == ["nothing moved in Jira"]
    assert moved(0, None) == ["–"]
    assert moved() == ["–"]
    assert moved(1, 2, 3, 4) == ["PLA-77: 1 done", "PLA-81: 2 done", "2 more", "PLA-90: 3 done", "PLA-93: 4 done"]


def test_a_meeting_asks_for_what_is_in_the_way() -> None:
    said = replace(PAY[0], blockers="Issuer B")
    table = table_of(Shape.MEETING, with_key_results(said))
    assert intended_fields(table)["PAY-KR1", Column.BLOCKERS] == "Issuer B"
    assert ("PAY-KR1", Column.BLOCKERS) in input_cells(table)
    assert isinstance(table.rows[0], ObjectiveRow)


# --- limits


def test_limits_stand_alone() -> None:
    table = table_of(Shape.HEALTH)
    assert keys(table) == ["PAY-KR3"]
    assert not any(isinstance(row, ObjectiveRow) for row in table.rows)
    broken = replace(
        LIMIT, held=False, held_since=date(2026, 11, 16), key_result=replace(LIMIT.key_result, key="A-KR1")
    )
    assert fields(Shape.HEALTH, with_key_results(broken))["A-KR1", Column.PROGRESS] == "Broken since 16 Nov\nbelow 12"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((True, True, False), "2 of 3 limits hold · as of"),
        ((True, False), "1 of 2 limits holds · as of"),
        ((True,), "1 of 1 limit holds · as of"),
        ((False,), "0 of 1 limit holds · as of"),
        ((False, False), "None of 2 limits holds · as of"),
        ((True, True, None), "2 of 3 limits hold · 1 without a figure · as of"),
        ((), "No limits to hold have been agreed yet · as of"),
    ],
)
def test_how_many_limits_hold(held: tuple[bool | None, ...], said: str) -> None:
    limits = [
        replace(LIMIT, held=each, key_result=replace(LIMIT.key_result, key=f"PAY-KR{number}"))
        for number, each in enumerate(held, start=1)
    ]
    assert first_line(Shape.HEALTH, with_key_results(PAY[0], *limits)).startswith(said)


# --- a closed cycle


def test_a_closed_cycle_as_it_ended() -> None:
    table = table_of(Shape.SNAPSHOT)
    assert text_of(table.summary[0]) == (
        "Q4 2026 ended on 31 Dec 2026. This is how it ended; nothing here changes any more. "
        "Score 0.6 of 1.0 · 2 of 9 key results reached"
    )
    assert (table.in_panel, table.legend) == (True, None)
    assert text_of(next(row.line for row in table.rows if isinstance(row, ObjectiveRow))) == (
        "Paying feels instant and safe · Payments · 0.4"
    )


def result(before: KeyResultFigure, **changes: object) -> list[str]:
    changed = replace(before, **changes)  # type: ignore[arg-type]
    shown = fields(Shape.SNAPSHOT, replace(with_key_results(changed), cycle=CLOSED.cycle))
    return list(shown.values())[1:]


def test_each_kind_has_its_result_and_its_score() -> None:
    assert result(PAY[0], learned="Ask earlier.") == ["38 → 20 s, ended 29", "0.5", "Ask earlier."]
    assert result(PLA[1])[:2] == ["9.0 → 3.0 %, ended 2.8", "1.0"]
    assert result(PAY[0], progress=Fraction(97, 100))[1] == "0.9"
    assert result(PAY[0], progress=Fraction(-1))[1] == "0.0"
    assert result(PAY[0], progress=None, now=None)[:2] == ["38 → 20 s, no figure", "–"]
    assert result(LIMIT)[:2] == ["below 12, ended 9.4", "held"]
    assert result(LIMIT, held=False)[1] == "broken"
    assert result(GRO[2])[:2] == ["never measured", "–"]
    dropped = replace(PAY[0].key_result, dropped_on=date(2026, 11, 3))
    assert result(PAY[0], key_result=dropped, progress=None)[:2] == ["dropped 3 Nov", "–"]
    steps = tuple(Step(f"s{n}", f"Step {n}", Fraction(1, 4)) for n in range(4))
    milestone = figure(KeyResult("PAY-KR9", "PAY-O1", "Ledger", Kind.MILESTONE, steps=steps), progress=Fraction(3, 4))
    assert result(milestone, done_steps=3)[:2] == ["3 of 4 steps", "0.8"]


def test_a_cycle_that_is_not_closed_is_never_called_final() -> None:
    table = table_of(Shape.SNAPSHOT, FIGURE)
    assert not table.in_panel
    assert text_of(table.summary[0]).startswith("4 of 9 key results need attention")


# --- length


def test_many_key_results_are_better_in_several_tables() -> None:
    many = replace(FIGURE, objectives=OBJECTIVES * 2)
    assert str(too_long(many, SPEC)) == (
        "18 key results in one table: one table per team reads better; the short design helps too."
    )
    assert str(too_long(many, replace(SPEC, design=Design.SHORT))) == (
        "18 key results in one table: one table per team reads better."
    )
    one_team = replace(FIGURE, objectives=OBJECTIVES[:1] * 6)
    assert "one table per objective" in str(too_long(one_team, SPEC))
    assert too_long(FIGURE, SPEC) is None
    assert too_long(many, spec_of(Shape.HEALTH)) is None
    assert too_long(many, spec_of(Shape.SNAPSHOT)) is None


def test_long_computed_texts_are_shortened_and_typed_ones_are_kept() -> None:
    title, step = "word " * 50, "step " * 300
    kr = replace(PAY[0].key_result, title=title, owner="O" * 200, dropped_why="why " * 100)
    one = replace(PAY[0], key_result=kr, next_step=step)
    for each in (Shape.TABLE, Shape.OBJECTIVE, Shape.MEETING):
        shown = fields(each, with_key_results(one))
        assert len(shown["PAY-KR1", Column.KEY_RESULT]) <= 130
        assert shown["PAY-KR1", Column.NEXT_STEP] == step.strip()
    assert len(fields(Shape.TABLE, with_key_results(one))["PAY-KR1", Column.OWNER].split("\n")[0]) == 60
    unit = replace(PAY[0], key_result=replace(PAY[0].key_result, unit="u" * 200))
    assert fields(Shape.TABLE, with_key_results(unit))["PAY-KR1", Column.PROGRESS].endswith(" " + "u" * 29 + "…")
    dropped = replace(one, key_result=replace(kr, dropped_on=date(2026, 11, 3)), progress=None)
    assert len(fields(Shape.TABLE, with_key_results(dropped))["PAY-KR1", Column.PROGRESS]) <= 140
    long = replace(OBJECTIVES[0].objective, title=title, team="T" * 200, sponsor="S" * 200)
    line = table_of(Shape.TABLE, replace(FIGURE, objectives=(replace(OBJECTIVES[0], objective=long),))).rows[0]
    assert isinstance(line, ObjectiveRow)
    assert len(text_of(line.line)) < 280
