"""A cycle and its roll-up → the table as it is meant to stand in the page, free of any markup.

    build_table(figure, spec, at, notices, most) -> Table
    too_long(figure, spec) -> Explained | None      what to advise where the table would be very long

What a table is made of stands in ``mapping.table_parts``, how two of them are compared in ``mapping.table_changes``.
"""

from __future__ import annotations

from datetime import datetime

from mapping.figures import CycleFigure
from mapping.languages import words_of
from mapping.sentences import Explained, sentence
from mapping.table_attention import attention_closing
from mapping.table_legend import legend
from mapping.table_notices import NO_NOTICES, Notices
from mapping.table_parts import Design, HeaderCell, Shape, Table, TableSpec
from mapping.table_pieces import Line
from mapping.table_rows import rows, with_a_row
from mapping.table_shapes import is_final, real_width
from mapping.table_summary import summary
from mapping.table_widths import widths
from mapping.words import NO_BREAK_SPACE

# ✎ after the word says that one may type; it is text, not an emoji, and no part of the header when columns are matched.
PENCIL = "\u270e"
# More rows than these are read by nobody; measured with the designs of the table.
MANY_KEY_RESULTS = 15
# Of a table with more than that, so many show well enough how it will look.
ENOUGH_TO_SEE = 8

# By whether several teams are in it, and whether it is short already.
_ADVICE = {
    (True, True): sentence("{number} key results in one table: one table per team reads better."),
    (False, True): sentence("{number} key results in one table: one table per objective reads better."),
    (True, False): sentence(
        "{number} key results in one table: one table per team reads better; the short design helps too."
    ),
    (False, False): sentence(
        "{number} key results in one table: one table per objective reads better; the short design helps too."
    ),
}


def build_table(
    figure: CycleFigure, spec: TableSpec, at: datetime, notices: Notices = NO_NOTICES, most: int | None = None
) -> Table:
    """``at`` (aware) is the moment of the figures; it must be the one that ``figure`` was rolled up for. ``most``: only
    so many key results have their row; what stands above and below the rows speaks of all."""
    return Table(
        region_id=spec.region_id,
        container=spec.container,
        width=real_width(spec),
        language=spec.language,
        summary=summary(figure, spec, notices, at),
        header=_header(spec),
        rows=rows(figure, spec, most),
        legend=legend(spec),
        shape=spec.shape,
        closing=_closing(figure, spec),
        in_panel=is_final(figure, spec),
        design=spec.design,
    )


def too_long(figure: CycleFigure, spec: TableSpec) -> Explained | None:
    """Advice in plain words where the table would have more than 15 key results; None where it reads well."""
    count = len(with_a_row(figure, spec))
    if count <= MANY_KEY_RESULTS or spec.shape in {Shape.ATTENTION, Shape.SNAPSHOT}:
        return None
    teams = {each.objective.team for each in figure.objectives}
    return Explained(_ADVICE[len(teams) > 1, spec.design is Design.SHORT], number=count)


def _closing(figure: CycleFigure, spec: TableSpec) -> Line:
    return attention_closing(figure, words_of(spec.language)) if spec.shape is Shape.ATTENTION else ()


def _header(spec: TableSpec) -> tuple[HeaderCell, ...]:
    words = words_of(spec.language)
    return tuple(
        HeaderCell(column, words.headers[column] + (NO_BREAK_SPACE + PENCIL if column.is_input else ""), width)
        for column, width in zip(spec.shown_columns, widths(spec), strict=True)
    )
