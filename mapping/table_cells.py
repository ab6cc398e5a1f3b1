"""What stands in each cell of a key result's row.

Outcome and output stay apart: Progress comes from the value, Initiatives from what is done in Jira. A mark stands at
the thing that it qualifies. A cell is typed or computed, never both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from mapping.figures import KeyResultFigure, Mark
from mapping.initiative_lines import done_since_cell, initiatives_cell
from mapping.languages import plain, words_of
from mapping.okr import KeyResult, Kind, Source
from mapping.table_figures import limit, value, value_or_share, way
from mapping.table_owner import owner_cell
from mapping.table_parts import Cell, Column, Design, TableSpec, Width
from mapping.table_pieces import Bar, Colour, Line, Link, Lozenge, Text
from mapping.words import Words
from mapping.written import LONGEST_TITLE, UNKNOWN, day, full_tenths, percent, shortened

_GAP = Text(" ")
_LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class _Row:
    """Everything that a cell is made of."""

    figure: KeyResultFigure
    spec: TableSpec
    words: Words

    @property
    def kr(self) -> KeyResult:
        return self.figure.key_result

    @property
    def is_short(self) -> bool:
        return self.spec.design is Design.SHORT


def cells(figure: KeyResultFigure, spec: TableSpec) -> tuple[Cell, ...]:
    """One cell per column of the table, in its order."""
    row = _Row(figure, spec, words_of(spec.language))
    return tuple(_CELLS[column](row) for column in spec.shown_columns)


def _key_result(row: _Row) -> Cell:
    url = f"{row.spec.service_url}/kr/{row.kr.key}"
    title = shortened(row.kr.title, LONGEST_TITLE)
    if row.is_short:
        lines: list[Line] = [(Link(title, url),)]
    else:
        lines = [(Text(title),), (Link(row.kr.key, url),)]
    if row.kr.aspirational and not row.is_short:
        lines.append((Text(row.words.aspirational),))
    return Cell(Column.KEY_RESULT, tuple(lines))


def _progress(row: _Row) -> Cell:
    if row.kr.dropped_on is not None:
        return Cell(Column.PROGRESS, _dropped(row))
    lines = _LINES_OF_KIND[row.kr.kind](row)
    return Cell(Column.PROGRESS, lines[:1] if row.is_short else lines)


def _dropped(row: _Row) -> tuple[Line, ...]:
    assert row.kr.dropped_on is not None  # noqa: S101  the caller looked
    said = (Text(plain(row.words.dropped, day=day(row.kr.dropped_on, row.words)), strong=True),)
    why = (Text(shortened(row.kr.dropped_why, _LONGEST_REASON)),)
    return (said, why) if row.kr.dropped_why and not row.is_short else (said,)


def _metric_lines(row: _Row) -> tuple[Line, ...]:
    return (*_share_lines(row), *_line(way(row.figure, row.words)))


def _milestone_lines(row: _Row) -> tuple[Line, ...]:
    return (*_share_lines(row), *_line(_steps(row)))


def _steps(row: _Row) -> str:
    steps, done = len(row.kr.steps), row.figure.done_steps
    if done is not None:
        return plain(row.words.steps_of, done=done, total=steps)
    return row.words.one_step if steps == 1 else plain(row.words.steps, n=steps)


def _to_measure_lines(row: _Row) -> tuple[Line, ...]:
    lines: list[Line] = [(Lozenge(row.words.no_baseline, Colour.GREY),)]
    if row.kr.baseline_due_on is not None:
        lines.append((Text(plain(row.words.baseline_due, day=day(row.kr.baseline_due_on, row.words))),))
    return tuple(lines)


def _threshold_lines(row: _Row) -> tuple[Line, ...]:
    """A limit has no percentage."""
    return (_state_of_limit(row), (Text(limit(row.kr, row.words)),))


def _state_of_limit(row: _Row) -> Line:
    words, figure = row.words, row.figure
    if figure.held is None:
        return (Text(UNKNOWN, strong=True),)
    if figure.held:
        return (Text(words.held, strong=True),)
    since = "" if figure.held_since is None else plain(words.broken_since, day=day(figure.held_since, words))
    return (Lozenge(words.broken, Colour.RED), *((Text(since),) if since else ()))


_LINES_OF_KIND: dict[Kind, Callable[[_Row], tuple[Line, ...]]] = {
    Kind.METRIC: _metric_lines,
    Kind.MILESTONE: _milestone_lines,
    Kind.THRESHOLD: _threshold_lines,
    Kind.TO_MEASURE: _to_measure_lines,
}


def _share_lines(row: _Row) -> tuple[Line, ...]:
    progress = row.figure.progress
    if progress is None:
        return ((Text(UNKNOWN, strong=True),),)
    bar = Bar(full_tenths(progress))
    if row.is_short:
        return ((*_headline(row, progress), *((_GAP, bar) if _has_bar(row) else ())),)
    return (_headline(row, progress), *(((bar,),) if _has_bar(row) else ()))


def _has_bar(row: _Row) -> bool:
    """Ten squares need more room than seven narrow columns have."""
    return row.spec.width is Width.WIDE


def _headline(row: _Row, progress: Fraction) -> Line:
    mark = next((lozenge for mark, lozenge in _pace_marks(row.words) if mark in row.figure.marks), None)
    return (Text(percent(progress), strong=True), *((_GAP, mark) if mark else ()))


def _pace_marks(words: Words) -> tuple[tuple[Mark, Lozenge], ...]:
    return (
        (Mark.OFF_PACE, Lozenge(words.off_pace, Colour.RED)),
        (Mark.BEHIND, Lozenge(words.behind, Colour.YELLOW)),
        (Mark.REACHED_EARLY, Lozenge(words.reached_early, Colour.PURPLE)),
    )


def _now(row: _Row) -> Cell:
    if row.kr.dropped_on is not None or not _is_said_by_people(row.kr):
        return Cell(Column.NOW, _line(value_or_share(row.figure, row.words)), grey=True)
    now = row.figure.now
    return Cell(Column.NOW, _line("" if now is None else value(row.figure, now, row.words)), typed=True)


def _is_said_by_people(kr: KeyResult) -> bool:
    """A milestone is said step by step in the form; a query and initiatives say it by themselves."""
    return kr.kind is not Kind.MILESTONE and kr.source is Source.CHECK_INS


def _confidence(row: _Row) -> Cell:
    said = row.figure.confidence
    return _typed(row, Column.CONFIDENCE, "" if said is None else str(said))


def _owner(row: _Row) -> Cell:
    return owner_cell(row.figure, row.spec, row.words)


def _done_since(row: _Row) -> Cell:
    return done_since_cell(row.figure, row.words)


def _initiatives(row: _Row) -> Cell:
    return initiatives_cell(row.figure.initiatives, row.spec, row.words)


def _next_step(row: _Row) -> Cell:
    return _typed(row, Column.NEXT_STEP, row.figure.next_step)


def _note(row: _Row) -> Cell:
    return _typed(row, Column.NOTE, row.figure.note)


def _blockers(row: _Row) -> Cell:
    return _typed(row, Column.BLOCKERS, row.figure.blockers)


def _typed(row: _Row, column: Column, text: str) -> Cell:
    """Plain text alone. Nobody is asked to check in on a dropped key result."""
    lines = tuple((Text(line.strip()),) for line in text.splitlines() if line.strip())
    dropped = row.kr.dropped_on is not None
    return Cell(column, lines, typed=not dropped, grey=dropped)


def _line(text: str) -> tuple[Line, ...]:
    return ((Text(text),),) if text else ()


_CELLS: dict[Column, Callable[[_Row], Cell]] = {
    Column.KEY_RESULT: _key_result,
    Column.PROGRESS: _progress,
    Column.NOW: _now,
    Column.CONFIDENCE: _confidence,
    Column.OWNER: _owner,
    Column.INITIATIVES: _initiatives,
    Column.NEXT_STEP: _next_step,
    Column.NOTE: _note,
    Column.BLOCKERS: _blockers,
    Column.DONE_SINCE: _done_since,
}
