"""A cycle and its roll-up → the table as it is meant to stand in the page, free of any markup.

    build_table(figure, spec, at, notices) -> Table
    intended_fields(table) -> {(key, column): text}       input_fields(table) -> {(key, column), ...}

What a table is made of stands in ``mapping.table_parts``, how two of them are compared in ``mapping.table_changes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mapping.figures import CycleFigure, ObjectiveFigure, Pace
from mapping.languages import plain, words_of
from mapping.table_cells import cells
from mapping.table_legend import legend
from mapping.table_parts import (
    NO_NOTICES,
    Colour,
    Column,
    HeaderCell,
    KeyResultRow,
    Line,
    Lozenge,
    Notices,
    ObjectiveRow,
    Piece,
    Row,
    Table,
    TableSpec,
    Text,
    Width,
)
from mapping.table_summary import summary
from mapping.words import NO_BREAK_SPACE, Words
from mapping.written import percent

# ✎ after the word says that one may type; it is text, not an emoji, and no part of the header when columns are matched.
PENCIL = "\u270e"

# Pixels per column, so that no word breaks: measured with the seven default columns.
_WIDE = {
    Column.KEY_RESULT: 144, Column.PROGRESS: 174, Column.NOW: 74, Column.CONFIDENCE: 126, Column.OWNER: 138,
    Column.INITIATIVES: 182, Column.NEXT_STEP: 122, Column.NOTE: 122, Column.BLOCKERS: 122,
}  # fmt: skip
_NARROW = {
    Column.KEY_RESULT: 126, Column.PROGRESS: 127, Column.NOW: 58, Column.CONFIDENCE: 114, Column.OWNER: 121,
    Column.INITIATIVES: 108, Column.NEXT_STEP: 106, Column.NOTE: 106, Column.BLOCKERS: 106,
}  # fmt: skip


def build_table(figure: CycleFigure, spec: TableSpec, at: datetime, notices: Notices = NO_NOTICES) -> Table:
    """``at`` (aware) is the moment of the figures; it must be the one that ``figure`` was rolled up for."""
    return Table(
        region_id=spec.region_id,
        container=spec.container,
        width=spec.width,
        language=spec.language,
        summary=summary(figure, spec, notices, at),
        header=_header(spec),
        rows=tuple(_rows(figure, spec)),
        legend=legend(spec),
    )


def _rows(figure: CycleFigure, spec: TableSpec) -> Iterator[Row]:
    words = words_of(spec.language)
    for objective in figure.objectives:
        yield ObjectiveRow(objective.objective.key, _objective_line(objective, words))
        for key_result in objective.key_results:
            yield KeyResultRow(key_result.key_result.key, cells(key_result, spec))


def _objective_line(figure: ObjectiveFigure, words: Words) -> Line:
    """`Title · team · sponsor · 37 %` and its state: an objective always carries it."""
    objective = figure.objective
    sponsor = plain(words.sponsor, name=objective.sponsor) if objective.sponsor else ""
    between = "".join(f" · {part}" for part in (objective.team, sponsor) if part) + " · "
    title = Text(objective.title, strong=True)
    if figure.progress is None:
        return (title, Text(between + words.no_figure_yet))
    line: list[Piece] = [title, Text(between), Text(percent(figure.progress), strong=True)]
    if figure.pace is not None:
        line += [Text(" "), _state(figure.pace, words)]
    return tuple(line)


def _state(pace: Pace, words: Words) -> Lozenge:
    return {
        Pace.ON_PACE: Lozenge(words.on_pace, Colour.GREEN),
        Pace.BEHIND: Lozenge(words.behind, Colour.YELLOW),
        Pace.OFF_PACE: Lozenge(words.off_pace, Colour.RED),
    }[pace]


def _header(spec: TableSpec) -> tuple[HeaderCell, ...]:
    words = words_of(spec.language)
    return tuple(
        HeaderCell(column, words.headers[column] + (NO_BREAK_SPACE + PENCIL if column.is_input else ""), width)
        for column, width in zip(spec.columns, _widths(spec), strict=True)
    )


def _widths(spec: TableSpec) -> tuple[int, ...]:
    """The measured widths, in proportion where other columns are chosen."""
    chosen = [(_WIDE if spec.width is Width.WIDE else _NARROW)[column] for column in spec.columns]
    scaled = [width * spec.width.pixels // sum(chosen) for width in chosen]
    return (scaled[0] + spec.width.pixels - sum(scaled), *scaled[1:])
