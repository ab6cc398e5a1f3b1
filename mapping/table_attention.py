"""The rows of what needs attention: the most urgent first, each with one line why and who does what next.

Questions are about the key result, never about the person.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mapping.figures import CycleFigure, KeyResultFigure, Mark
from mapping.languages import phrase, plain, words_of
from mapping.table_figures import limit, target, value, with_units
from mapping.table_parts import Cell, Column, KeyResultRow, TableSpec
from mapping.table_pieces import Colour, Line, Link, Lozenge, Text
from mapping.table_shapes import alive
from mapping.visible_text import folded
from mapping.words import Words
from mapping.written import LONGEST_NAME, LONGEST_TITLE, day, percent, shortened, utc_day

MOST_ROWS = 20
_LONGEST_STEP = 200
_BY_URGENCY = (Mark.BROKEN, Mark.OFF_PACE, Mark.LOW, Mark.STALE, Mark.REACHED_EARLY, Mark.NO_BASELINE)


def attention_rows(figure: CycleFigure, spec: TableSpec) -> tuple[KeyResultRow, ...]:
    """At most 20."""
    words = words_of(spec.language)
    return tuple(KeyResultRow(each.key_result.key, _cells(each, spec, words)) for each in most_urgent(figure))


def most_urgent(figure: CycleFigure) -> tuple[KeyResultFigure, ...]:
    """Those that have a row, in its order."""
    return tuple(_needing(figure)[:MOST_ROWS])


def attention_closing(figure: CycleFigure, words: Words) -> Line:
    """What stands below: that nothing asks for attention, or how many more do; else nothing."""
    needing = len(_needing(figure))
    if not needing:
        return (Text(words.blocks.nothing_to_act_on),)
    return phrase(words.blocks.more_need, n=needing - MOST_ROWS) if needing > MOST_ROWS else ()


def _needing(figure: CycleFigure) -> list[KeyResultFigure]:
    needing = [each for each in alive(figure) if each.needs_attention]
    return sorted(needing, key=lambda each: _BY_URGENCY.index(_worst(each)))


def _worst(figure: KeyResultFigure) -> Mark:
    return next(mark for mark in _BY_URGENCY if mark in figure.marks)


def _cells(figure: KeyResultFigure, spec: TableSpec, words: Words) -> tuple[Cell, ...]:
    kr = figure.key_result
    title = Link(shortened(kr.title, LONGEST_TITLE), f"{spec.service_url}/kr/{kr.key}")
    worst = _worst(figure)
    why = _WHY[worst](figure, words)
    return (
        Cell(Column.NEEDS_ATTENTION, ((_lozenge(worst, figure, words),),)),
        Cell(Column.KEY_RESULT, ((title,), (Text(why if why.endswith(".") else f"{why}."),))),
        Cell(Column.WHO_NEXT, (_who_what(figure, worst, words),)),
    )


def _lozenge(mark: Mark, figure: KeyResultFigure, words: Words) -> Lozenge:
    days = figure.days_since_check_in
    return {
        Mark.BROKEN: Lozenge(words.broken, Colour.RED),
        Mark.OFF_PACE: Lozenge(words.off_pace, Colour.RED),
        Mark.LOW: Lozenge(words.low, Colour.RED),
        Mark.STALE: Lozenge(words.stale if days is None else plain(words.stale_days, n=days), Colour.YELLOW),
        Mark.REACHED_EARLY: Lozenge(words.reached_early, Colour.PURPLE),
        Mark.NO_BASELINE: Lozenge(words.no_baseline, Colour.GREY),
    }[mark]


# --- why


def _why_slow(figure: KeyResultFigure, words: Words) -> str:
    """`24 % (58 % expected), confidence 3`"""
    said = words.blocks.no_figure if figure.progress is None else percent(figure.progress)
    if figure.progress is not None and figure.expected is not None:
        said = plain(words.blocks.share_expected, share=said, expected=percent(figure.expected))
    if Mark.LOW in figure.marks and figure.confidence is not None:
        said = plain(words.blocks.with_confidence, said=said, n=figure.confidence)
    return said[:1].upper() + said[1:]


def _why_stale(figure: KeyResultFigure, words: Words) -> str:
    if figure.last_check_in is None:
        return words.blocks.never_checked_in
    return plain(words.blocks.last_check_in, day=day(utc_day(figure.last_check_in.at), words))


def _why_broken(figure: KeyResultFigure, words: Words) -> str:
    since = "" if figure.held_since is None else plain(words.blocks.since, day=day(figure.held_since, words))
    now = _now(figure, words)
    return plain(words.blocks.broken_why, now=now, limit=limit(figure.key_result, words)) + since


def _why_reached(figure: KeyResultFigure, words: Words) -> str:
    said, since = words.blocks, figure.reached_since
    if figure.now is None:
        return plain(said.share_reached, share=percent(figure.progress or Fraction(1)))
    text = plain(said.reached_why, now=_now(figure, words), target=target(figure, words))
    return text if since is None else text + plain(said.since, day=day(since, words))


def _why_unmeasured(figure: KeyResultFigure, words: Words) -> str:
    due = figure.key_result.baseline_due_on
    return words.blocks.no_baseline_day if due is None else plain(words.blocks.baseline_due, day=day(due, words))


_WHY: dict[Mark, Callable[[KeyResultFigure, Words], str]] = {
    Mark.BROKEN: _why_broken,
    Mark.OFF_PACE: _why_slow,
    Mark.LOW: _why_slow,
    Mark.STALE: _why_stale,
    Mark.REACHED_EARLY: _why_reached,
    Mark.NO_BASELINE: _why_unmeasured,
}


def _now(figure: KeyResultFigure, words: Words) -> str:
    return words.blocks.no_figure if figure.now is None else with_units(value(figure, figure.now, words), figure)


# --- who, what next


def _who_what(figure: KeyResultFigure, mark: Mark, words: Words) -> Line:
    owner = shortened(figure.key_result.owner, LONGEST_NAME)
    if not owner:
        return phrase(words.blocks.who_does_what, who=words.blocks.nobody, what=words.blocks.ask_who)
    return phrase(words.blocks.who_does_what, who=owner, what=_what_next(figure, mark, words))


def _what_next(figure: KeyResultFigure, mark: Mark, words: Words) -> str:
    """The next step; what was planned weeks ago may be done, so a stale one is asked."""
    said = words.blocks
    if mark is Mark.STALE:
        return said.ask_news if figure.now is None else plain(said.ask_still_right, value=_now(figure, words))
    if figure.next_step:
        return shortened(folded(figure.next_step), _LONGEST_STEP)
    return {Mark.REACHED_EARLY: said.ask_reached, Mark.NO_BASELINE: said.ask_baseline}.get(mark, said.ask_next_step)
