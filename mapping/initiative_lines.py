"""The cells about initiatives: each issue as its key and link, with what is done of it. Titles never appear."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mapping.figures import Completion, CountedBy, InitiativeFigure, KeyResultFigure
from mapping.languages import plain
from mapping.table_parts import Cell, Column, Design, TableSpec
from mapping.table_pieces import Colour, Expand, Line, Link, Lozenge, Piece, Text
from mapping.words import Words
from mapping.written import UNKNOWN, percent

# Up to this many stand open; of more, the first two do.
_MOST_OPEN = 3
_OPEN_OF_MORE = 2


def initiatives_cell(initiatives: Sequence[InitiativeFigure], spec: TableSpec, words: Words) -> Cell:
    """In the order given."""
    shown = 0 if spec.design is Design.SHORT else _open(len(initiatives))
    rest = initiatives[shown:]
    return Cell(
        Column.INITIATIVES,
        tuple(initiative_line(each, words) for each in initiatives[:shown]),
        Expand(_title(rest, shown, words), tuple(initiative_line(each, words) for each in rest)) if rest else None,
    )


def initiative_line(figure: InitiativeFigure, words: Words) -> Line:
    """`PAY-412 7 of 12 done`, with `Scope +3` where issues were added since the last check-in."""
    line: list[Piece] = [Link(figure.issue_key, figure.issue_url), Text(f" {_said(figure, words)}")]
    added = figure.completion.added_since if figure.completion else 0
    if added > 0 and not figure.gone:
        line += [Text(" "), Lozenge(plain(words.scope, n=added), Colour.BLUE)]
    return tuple(line)


def done_since_cell(figure: KeyResultFigure, words: Words) -> Cell:
    """What moved in Jira since the last check-in; `–` where nobody knows."""
    moved = [each for each in figure.initiatives if each.done_since]
    lines = tuple(_moved_line(each, words) for each in moved)
    shown = _open(len(lines))
    if lines:
        rest = Expand(plain(words.more, n=len(lines) - shown), lines[shown:]) if lines[shown:] else None
        return Cell(Column.DONE_SINCE, lines[:shown], rest)
    is_known = bool(figure.initiatives) and all(each.done_since is not None for each in figure.initiatives)
    return Cell(Column.DONE_SINCE, ((Text(words.blocks.nothing_moved if is_known else UNKNOWN),),))


def _moved_line(figure: InitiativeFigure, words: Words) -> Line:
    moved = figure.done_since or 0
    said = words.blocks.done_since if moved > 0 else words.blocks.undone_since
    return (Link(figure.issue_key, figure.issue_url), Text(plain(said, n=abs(moved))))


def _open(count: int) -> int:
    return count if count <= _MOST_OPEN else _OPEN_OF_MORE


def _title(rest: Sequence[InitiativeFigure], shown: int, words: Words) -> str:
    counted = [each.completion for each in rest if each.completion and each.completion.total and not each.gone]
    if len(counted) < len(rest):
        return plain(words.more, n=len(rest)) if shown else words.headers[Column.INITIATIVES]
    done, total = sum(each.done for each in counted), sum(each.total for each in counted)
    return plain(words.more_done if shown else words.done, n=len(rest), done=done, total=total)


def _said(figure: InitiativeFigure, words: Words) -> str:
    if figure.gone:
        return words.gone
    if figure.completion is None:
        return words.not_read_yet
    return _completion(figure.completion, words)


def _completion(completion: Completion, words: Words) -> str:
    """Unknown is words, never 0."""
    if completion.ratio is None:
        return plain(words.wont_do, n=completion.wont_do) if completion.wont_do else words.nothing_below
    if completion.counted_by is CountedBy.STATUS:
        return plain(words.by_status, state=_state(completion.ratio, words))
    done = plain(words.done, done=completion.done, total=completion.total)
    if completion.counted_by is CountedBy.POINTS:
        return _by_points(done, completion, completion.ratio, words)
    return plain(words.by_count, done=done) if completion.by_count_although_points_wanted else done


def _state(ratio: Fraction, words: Words) -> str:
    if ratio >= 1:
        return words.finished
    return words.started if ratio > 0 else words.not_started


def _by_points(done: str, completion: Completion, ratio: Fraction, words: Words) -> str:
    said = plain(words.of_points, done=done, share=percent(ratio))
    return plain(words.unestimated, done=said, n=completion.unestimated) if completion.unestimated else said
