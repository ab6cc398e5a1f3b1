"""Objectives, columns, designs and languages of a table."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from mapping.figures import (
    ObjectiveFigure,
    Pace,
    Thresholds,
)
from mapping.table import build_table
from mapping.table_changes import intended_fields
from mapping.table_parts import (
    Column,
    Design,
    InvalidTable,
    KeyResultRow,
    ObjectiveRow,
    Shape,
    TableSpec,
    Width,
)
from mapping.words import LANGUAGES, Language
from mapping.words_english import ENGLISH
from tests.unit.mapping.example import AT, FIGURE, OBJECTIVES, PAY, SERVICE, SPEC
from tests.unit.mapping.sayings import cell, lines, lozenges, summary, text_of

# --- objectives


def objective_text(objective: ObjectiveFigure) -> str:
    table = build_table(replace(FIGURE, objectives=(objective,)), SPEC, AT)
    return next(text_of(row.line) for row in table.rows if isinstance(row, ObjectiveRow))


def test_an_objective_always_carries_its_state() -> None:
    said = "Paying feels instant and safe · Payments · sponsor Carla Mendes · 37 %"
    assert objective_text(OBJECTIVES[0]) == f"{said} Off pace"
    assert objective_text(replace(OBJECTIVES[0], pace=Pace.ON_PACE)) == f"{said} On pace"
    assert objective_text(replace(OBJECTIVES[0], pace=None)) == said


def test_an_objective_without_a_figure_says_so() -> None:
    bare = replace(OBJECTIVES[0].objective, team="", sponsor="")
    assert objective_text(replace(OBJECTIVES[0], objective=bare, progress=None)) == (
        "Paying feels instant and safe · no figure yet"
    )


# --- columns, designs, languages


@pytest.mark.parametrize(
    "columns",
    [
        (Column.KEY_RESULT,),
        (Column.NOW, Column.KEY_RESULT),
        (Column.KEY_RESULT, Column.NOW, Column.NOW),
        tuple(Column),
    ],
)
def test_columns_that_no_table_can_have(columns: tuple[Column, ...]) -> None:
    with pytest.raises(InvalidTable):
        replace(SPEC, columns=columns)


@pytest.mark.parametrize(
    ("region_id", "url"), [("", SERVICE), (" x", SERVICE), ("x", "javascript:x"), ("x", f"{SERVICE}/")]
)
def test_choices_that_no_table_can_have(region_id: str, url: str) -> None:
    with pytest.raises(InvalidTable):
        TableSpec(region_id, url)


@pytest.mark.parametrize("width", list(Width))
@pytest.mark.parametrize("columns", [tuple(Column)[:2], tuple(Column)[:8], SPEC.shown_columns])
def test_widths_fill_the_table(width: Width, columns: tuple[Column, ...]) -> None:
    header = build_table(FIGURE, replace(SPEC, width=width, columns=columns), AT).header
    assert sum(cell.width for cell in header) == width.pixels
    assert min(cell.width for cell in header) > 40


def test_the_legend_speaks_only_of_what_the_table_has() -> None:
    def legend(spec: TableSpec) -> str:
        found = build_table(FIGURE, spec, AT).legend
        assert found is not None
        return "\n".join(text_of(line) for line in found.lines)

    assert "Now (29 or 3.6), Confidence (0 to 10) or Next step (plain words)" in legend(SPEC)
    assert "filled square" not in legend(replace(SPEC, width=Width.NARROW))
    few = legend(replace(SPEC, columns=(Column.KEY_RESULT, Column.OWNER)))
    assert "You may type" not in few
    assert "Initiatives" not in few
    assert "Progress" not in few
    other = legend(replace(SPEC, thresholds=Thresholds(10, 5, Fraction(1, 5), Fraction(3, 5))))
    assert "more than 20 % less" in other
    assert "60 % of its target" in other
    assert "no check-in for 10 days" in other
    assert "confidence under 5" in other


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("choices", "marks"),
    [
        ({}, ["Behind", "Off pace", "Reached early", "Stale", "Low", "Scope +3"]),
        ({"columns": (Column.KEY_RESULT, Column.PROGRESS)}, ["Behind", "Off pace", "Reached early"]),
        ({"columns": (Column.KEY_RESULT, Column.INITIATIVES)}, ["Scope +3"]),
        ({"columns": (Column.KEY_RESULT, Column.NOW)}, []),
        ({"shape": Shape.HEALTH}, ["Stale", "Low"]),
        ({"shape": Shape.MEETING}, ["Behind", "Off pace", "Reached early"]),
    ],
)
def test_the_legend_explains_the_marks_that_can_stand_there(
    language: Language, choices: dict[str, Any], marks: list[str]
) -> None:
    found = build_table(FIGURE, replace(SPEC, language=language, **choices), AT).legend
    assert found is not None
    shown = [title for title, _ in lozenges(found.lines)]
    assert len(shown) == len(marks)
    if language == "en":
        assert shown == marks


def test_the_legend_says_who_may_check_in_by_typing() -> None:
    def first(**choices: object) -> str:
        found = build_table(FIGURE, replace(SPEC, **choices), AT).legend  # type: ignore[arg-type]
        assert found is not None
        return text_of(found.lines[0])

    assert "within 2 minutes. All other cells, and a grey one under Now, are filled" in first()
    assert "within 2 minutes. It is taken from the owner of the key result;" in first(check_in_by="owner")
    assert "within 2 minutes. It is taken from the owners and sponsors of the team;" in first(check_in_by="team")
    assert "All other cells are filled" in first(columns=(Column.KEY_RESULT, Column.NEXT_STEP))
    meeting = first(shape=Shape.MEETING)
    assert "Now (29 or 3.6), Confidence (0 to 10), Blockers (plain words) or Next step (plain words)" in meeting


def test_the_short_design_has_one_line_per_key_result() -> None:
    short = replace(SPEC, design=Design.SHORT)
    table = build_table(FIGURE, short, AT)
    assert all(len(cell.lines) <= 1 for row in table.rows if isinstance(row, KeyResultRow) for cell in row.cells)
    assert lines(cell(PAY[0], Column.KEY_RESULT, short)) == ["Median checkout time"]
    assert lines(cell(PAY[0], Column.PROGRESS, short)) == ["50 % Behind ■■■■■□□□□□"]
    assert lines(cell(PAY[1], Column.OWNER, short)) == ["Jonas Weber Low"]
    initiatives = cell(PAY[0], Column.INITIATIVES, short)
    assert initiatives.expand is not None
    assert initiatives.expand.title == "16 of 21 done"


def test_german_words_numbers_and_dates() -> None:
    german = replace(SPEC, language="de")
    fields = intended_fields(build_table(FIGURE, german, AT))
    assert fields["PAY-KR2", Column.PROGRESS] == "24 % Weit zurück\n■■□□□□□□□□\n4,1 → 2,0 %"
    assert fields["PAY-KR2", Column.NOW] == "3,6"
    assert fields["PAY-KR2", Column.OWNER] == "Jonas Weber\n18. Nov., Zuversicht um 2 tiefer Niedrig"
    assert fields["PAY-KR1", Column.INITIATIVES] == "PAY-412 7 von 12 erledigt Umfang +3\nPAY-431 9 von 9 erledigt"
    assert summary(FIGURE, spec=german) == [
        "4 von 9 Key Results brauchen Aufmerksamkeit · 56 % des Wegs, 58 % erwartet · Stand 22. Nov. 2026, 09:40 UTC"
    ]
    assert [cell.text.replace("\u00a0", " ") for cell in build_table(FIGURE, german, AT).header] == [
        "Key Result", "Fortschritt", "Stand ✎", "Zuversicht ✎", "Verantwortlich", "Initiativen", "Nächster Schritt ✎",
    ]  # fmt: skip


def test_fields_are_what_a_person_sees() -> None:
    fields = intended_fields(build_table(FIGURE, SPEC, AT))
    assert len(fields) == 9 * len(SPEC.shown_columns)
    assert fields["PAY-KR1", Column.KEY_RESULT] == "Median checkout time\nPAY-KR1"
    assert fields["PLA-KR1", Column.INITIATIVES].split("\n")[2] == "2 more, 5 of 9 done"
    assert ENGLISH.no_check_in in fields["GRO-KR3", Column.OWNER]
