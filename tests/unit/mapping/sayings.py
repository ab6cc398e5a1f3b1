"""What a table says, as plain text, for tests to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from mapping.figures import (
    Completion,
    CountedBy,
    CycleFigure,
    KeyResultFigure,
)
from mapping.table import build_table
from mapping.table_changes import cell_text
from mapping.table_notices import NO_NOTICES, Notices
from mapping.table_parts import Cell, Column, KeyResultRow, TableSpec
from mapping.table_pieces import Line, Lozenge
from tests.unit.mapping.example import AT, FIGURE, OBJECTIVES, SPEC


def with_key_results(*key_results: KeyResultFigure, **changes: object) -> CycleFigure:
    objective = replace(OBJECTIVES[0], key_results=key_results)
    return replace(FIGURE, objectives=(objective,), key_results=len(key_results), **changes)  # type: ignore[arg-type]


def cell(key_result: KeyResultFigure, column: Column, spec: TableSpec = SPEC) -> Cell:
    table = build_table(with_key_results(key_result), spec, AT)
    (row,) = (row for row in table.rows if isinstance(row, KeyResultRow))
    return next(each for each in row.cells if each.column is column)


def lines(cell: Cell) -> list[str]:
    return cell_text(cell).split("\n")


def text_of(line: Line) -> str:
    return cell_text(Cell(Column.NOTE, (line,)))


def lozenges(cells: Iterable[Line]) -> list[tuple[str, str]]:
    return [(piece.title, piece.colour.value) for line in cells for piece in line if isinstance(piece, Lozenge)]


def summary(figure: CycleFigure, notices: Notices = NO_NOTICES, spec: TableSpec = SPEC) -> list[str]:
    return [text_of(line) for line in build_table(figure, spec, AT, notices).summary]


def completed(counted_by: CountedBy = CountedBy.COUNT, **changes: object) -> Completion:
    plain = Completion(Fraction(7, 12), 7, 12, 0, counted_by)
    return replace(plain, **changes)  # type: ignore[arg-type]
