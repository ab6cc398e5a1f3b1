"""The rows of a table, by its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mapping.figures import CycleFigure, KeyResultFigure, ObjectiveFigure
from mapping.languages import plain, words_of
from mapping.table_attention import attention_rows, most_urgent
from mapping.table_cells import cells
from mapping.table_parts import KeyResultRow, ObjectiveRow, Row, Shape, TableSpec
from mapping.table_pieces import Line, Piece, Text
from mapping.table_shapes import alive, limits_of, only_objective
from mapping.table_snapshot import snapshot_objective, snapshot_row
from mapping.table_summary import state_of
from mapping.words import Words
from mapping.written import LONGEST_NAME, LONGEST_TITLE, percent, shortened


def rows(figure: CycleFigure, spec: TableSpec, most: int | None = None) -> tuple[Row, ...]:
    """What needs attention and limits stand without their objectives; a meeting speaks of nothing that was dropped.

    ``most`` (1 or more): no more key results than so many, without the work of making the others' cells.
    """
    every = _rows(figure, spec)
    return tuple(every) if most is None else tuple(_first(every, most))


def _first(every: Iterable[Row], most: int) -> Iterator[Row]:
    for row in every:
        yield row
        most -= isinstance(row, KeyResultRow)
        if not most:
            return


def _rows(figure: CycleFigure, spec: TableSpec) -> Iterable[Row]:
    if spec.shape is Shape.ATTENTION:
        return attention_rows(figure, spec)
    if spec.shape is Shape.HEALTH:
        return _key_results(limits_of(figure), spec)
    one = only_objective(figure, spec)
    return _key_results(one.key_results, spec) if one is not None else _by_objective(figure, spec)


def with_a_row(figure: CycleFigure, spec: TableSpec) -> tuple[KeyResultFigure, ...]:
    """The key results that ``rows`` shows, in the same order, without the work of making their cells."""
    if spec.shape is Shape.ATTENTION:
        return most_urgent(figure)
    if spec.shape is Shape.HEALTH:
        return tuple(limits_of(figure))
    one = only_objective(figure, spec)
    return tuple(each for objective in ((one,) if one else figure.objectives) for each in _below(objective, spec))


def _below(objective: ObjectiveFigure, spec: TableSpec) -> Iterable[KeyResultFigure]:
    return alive(objective) if spec.shape is Shape.MEETING else objective.key_results


def _by_objective(figure: CycleFigure, spec: TableSpec) -> Iterator[Row]:
    words = words_of(spec.language)
    for objective in figure.objectives:
        key = objective.objective.key
        if spec.shape is Shape.SNAPSHOT:
            yield ObjectiveRow(key, snapshot_objective(objective, words))
            yield from (snapshot_row(each, spec, words) for each in objective.key_results)
        else:
            yield ObjectiveRow(key, _objective_line(objective, words))
            yield from _key_results(_below(objective, spec), spec)


def _key_results(figures: Iterable[KeyResultFigure], spec: TableSpec) -> Iterator[KeyResultRow]:
    return (KeyResultRow(each.key_result.key, cells(each, spec)) for each in figures)


def _objective_line(figure: ObjectiveFigure, words: Words) -> Line:
    """`Title · team · sponsor · 37 %` and its state: an objective always carries it."""
    objective = figure.objective
    sponsor = plain(words.sponsor, name=shortened(objective.sponsor, LONGEST_NAME)) if objective.sponsor else ""
    between = "".join(f" · {part}" for part in (shortened(objective.team, LONGEST_NAME), sponsor) if part) + " · "
    title = Text(shortened(objective.title, LONGEST_TITLE), strong=True)
    if figure.progress is None:
        return (title, Text(between + words.no_figure_yet))
    line: list[Piece] = [title, Text(between), Text(percent(figure.progress), strong=True)]
    if figure.pace is not None:
        line += [Text(" "), state_of(figure.pace, words)]
    return tuple(line)
