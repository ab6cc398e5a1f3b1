"""The example in every shape, for tests to look at."""

from __future__ import annotations

from dataclasses import replace

from mapping.figures import CycleFigure
from mapping.okr import CycleState
from mapping.table import build_table
from mapping.table_changes import intended_fields
from mapping.table_notices import Notices, NotTaken
from mapping.table_parts import Column, KeyResultRow, Shape, Table, TableSpec
from tests.unit.mapping.example import AT, CYCLE, FIGURE, PAY, SPEC
from tests.unit.mapping.sayings import text_of

CLOSED = replace(FIGURE, cycle=replace(CYCLE, state=CycleState.CLOSED))
LIMIT = PAY[2]
NOTICES = Notices(not_taken=(NotTaken("PAY-KR1", Column.NOW, "?"), NotTaken("PAY-KR2", Column.NOW, "4")))


def spec_of(shape: Shape, **choices: object) -> TableSpec:
    return replace(SPEC, shape=shape, **choices)  # type: ignore[arg-type]


def figure_for(shape: Shape, figure: CycleFigure = FIGURE) -> CycleFigure:
    """What a table of that shape is built from: one objective, a closed cycle, or everything."""
    if shape is Shape.OBJECTIVE:
        one = figure.objectives[0]
        return replace(figure, objectives=(one,), progress=one.progress, needing_attention=2, key_results=3)
    return replace(figure, cycle=CLOSED.cycle) if shape is Shape.SNAPSHOT else figure


def table_of(shape: Shape, figure: CycleFigure | None = None, **choices: object) -> Table:
    return build_table(figure or figure_for(shape), spec_of(shape, **choices), AT)


def first_line(shape: Shape, figure: CycleFigure | None = None, **choices: object) -> str:
    return text_of(table_of(shape, figure, **choices).summary[0])


def keys(table: Table) -> list[str]:
    return [row.key for row in table.rows if isinstance(row, KeyResultRow)]


def fields(shape: Shape, figure: CycleFigure | None = None, **choices: object) -> dict[tuple[str, Column], str]:
    return intended_fields(table_of(shape, figure, **choices))
