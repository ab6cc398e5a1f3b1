"""A closed cycle as it ended: the score of each key result from 0 to 1, and what was learned. Written once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from mapping.figures import CycleFigure, KeyResultFigure, ObjectiveFigure
from mapping.languages import phrase, plain
from mapping.okr import Kind
from mapping.table_figures import limit, value_or_share, way
from mapping.table_parts import Cell, Column, KeyResultRow, TableSpec
from mapping.table_pieces import Break, Line, Link, Text
from mapping.table_shapes import alive
from mapping.words import Words
from mapping.written import LONGEST_NAME, LONGEST_TITLE, UNKNOWN, day, day_and_year, number, shortened


def snapshot_line(figure: CycleFigure, words: Words) -> Line:
    """That nothing changes any more; the score of the cycle, and how many key results reached their target."""
    key_results = alive(figure)
    reached = sum(1 for each in key_results if each.held or (each.progress or 0) >= 1)
    ended = phrase(words.blocks.ended, cycle=figure.cycle.name, day=day_and_year(figure.cycle.ends_on, words))
    score = phrase(
        words.blocks.score,
        score=score_of(figure.progress, words),
        best=score_of(Fraction(1), words),
        n=reached,
        total=len(key_results),
    )
    return (*ended, Break(), *score)


def score_of(progress: Fraction | None, words: Words) -> str:
    """`0.6`, from 0.0 to 1.0; 1.0 only where the target was reached; `–` without a figure."""
    if progress is None:
        return UNKNOWN
    clamped = min(max(progress, Fraction(0)), Fraction(1))
    tenths = int(clamped * 10 + Fraction(1, 2))
    return number(Decimal(min(tenths, 9) if clamped < 1 else 10) / 10, 1, words)


def snapshot_objective(figure: ObjectiveFigure, words: Words) -> Line:
    """`Title · team · 0.6`"""
    objective = figure.objective
    team = f" · {shortened(objective.team, LONGEST_NAME)}" if objective.team else ""
    title = Text(shortened(objective.title, LONGEST_TITLE), strong=True)
    return (title, Text(f"{team} · "), Text(score_of(figure.progress, words), strong=True))


def snapshot_row(figure: KeyResultFigure, spec: TableSpec, words: Words) -> KeyResultRow:
    kr = figure.key_result
    title = Link(shortened(kr.title, LONGEST_TITLE), f"{spec.service_url}/kr/{kr.key}")
    cells = (
        Cell(Column.KEY_RESULT, ((title,),)),
        Cell(Column.RESULT, (_result(figure, words),)),
        Cell(Column.SCORE, ((Text(_score(figure, words), strong=True),),)),
        Cell(Column.LEARNED, _lines(figure.learned)),
    )
    return KeyResultRow(kr.key, cells)


def _result(figure: KeyResultFigure, words: Words) -> Line:
    """From where to where, and where it ended."""
    kr, said = figure.key_result, words.blocks
    if kr.dropped_on is not None:
        return (Text(plain(words.dropped, day=day(kr.dropped_on, words))),)
    if kr.kind is Kind.TO_MEASURE:
        return (Text(said.not_measured),)
    if kr.kind is Kind.MILESTONE:
        done = UNKNOWN if figure.done_steps is None else figure.done_steps
        return phrase(said.steps_done, done=done, total=len(kr.steps))
    if kr.kind is Kind.THRESHOLD:
        return _ended(limit(kr, words), figure, words)
    return _ended(way(figure, words), figure, words)


def _ended(aim: str, figure: KeyResultFigure, words: Words) -> Line:
    value = value_or_share(figure, words)
    said = words.blocks.ended_without if value == UNKNOWN else words.blocks.ended_at
    return phrase(said, way=aim, value=value)


def _score(figure: KeyResultFigure, words: Words) -> str:
    if figure.held is not None:
        return words.held if figure.held else words.blocks.not_held
    return score_of(figure.progress, words)


def _lines(text: str) -> tuple[Line, ...]:
    return tuple((Text(line.strip()),) for line in text.splitlines() if line.strip())
