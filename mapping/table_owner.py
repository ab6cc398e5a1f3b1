"""What stands under Owner: whose key result it is, the day of the last check-in, and what has changed since."""

from __future__ import annotations

from mapping.figures import KeyResultFigure, Mark
from mapping.languages import plain
from mapping.table_parts import Cell, Column, Design, TableSpec
from mapping.table_pieces import Colour, Line, Lozenge, Text
from mapping.words import Words
from mapping.written import LONGEST_NAME, day, shortened, utc_day

_GAP = Text(" ")


def owner_cell(figure: KeyResultFigure, spec: TableSpec, words: Words) -> Cell:
    """In the short design the marks alone stand behind the name; nobody is asked for news of a dropped key result."""
    name: Line = (Text(shortened(figure.key_result.owner, LONGEST_NAME) or words.no_owner),)
    if figure.key_result.dropped_on is not None:
        return Cell(Column.OWNER, (name,))
    news = _news(figure, spec, words)
    if spec.design is Design.SHORT:
        marks = (piece for piece in news if isinstance(piece, Lozenge))
        return Cell(Column.OWNER, ((*name, *(part for mark in marks for part in (_GAP, mark))),))
    return Cell(Column.OWNER, (name, news))


def _news(figure: KeyResultFigure, spec: TableSpec, words: Words) -> Line:
    """`19 Nov, confidence up 1`: the day of the last check-in and what has changed, each with its mark."""
    stale = _stale(figure, words)
    if figure.last_check_in is None:
        return (Lozenge(words.no_check_in, Colour.GREY), *((_GAP, stale) if stale else ()))
    said = day(utc_day(figure.last_check_in.at), words)
    change = _change(figure, spec, words)
    # A low confidence that stands since before that day is no news of that day: a dot keeps them apart.
    apart, confidence = (", ", change) if change else (" · ", _standing(figure, words))
    if stale is None:
        return _with_low(figure, f"{said}{apart}{confidence}" if confidence else said, words)
    return (Text(f"{said} "), stale, *(_with_low(figure, f" {confidence}", words) if confidence else ()))


def _change(figure: KeyResultFigure, spec: TableSpec, words: Words) -> str:
    """How confidence changed, beside the column that has it."""
    change = figure.confidence_change or 0
    if not change or Column.CONFIDENCE not in spec.shown_columns:
        return ""
    return plain(words.confidence_up if change > 0 else words.confidence_down, n=abs(change))


def _standing(figure: KeyResultFigure, words: Words) -> str:
    """A low confidence is said in any table."""
    if Mark.LOW not in figure.marks or figure.confidence is None:
        return ""
    return plain(words.confidence, n=figure.confidence)


def _with_low(figure: KeyResultFigure, text: str, words: Words) -> Line:
    if Mark.LOW in figure.marks:
        return (Text(f"{text} "), Lozenge(words.low, Colour.RED))
    return (Text(text),)


def _stale(figure: KeyResultFigure, words: Words) -> Lozenge | None:
    if Mark.STALE not in figure.marks:
        return None
    days = figure.days_since_check_in
    return Lozenge(words.stale if days is None else plain(words.stale_days, n=days), Colour.YELLOW)
