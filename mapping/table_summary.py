"""The lines above the table: what needs attention first, how far, as of when; and what a reader must know beside it."""

from __future__ import annotations

from datetime import datetime

from mapping.figures import CycleFigure, ObjectiveFigure, Pace
from mapping.languages import phrase, plain, words_of
from mapping.okr import CycleState
from mapping.table_not_taken import not_taken_lines
from mapping.table_notices import NotCurrent, Notices
from mapping.table_older import older_figures, reason
from mapping.table_parts import Shape, TableSpec
from mapping.table_pieces import AsOf, Break, Colour, Line, Link, Lozenge, Text
from mapping.table_shapes import is_final, limits_of, only_objective
from mapping.table_snapshot import snapshot_line
from mapping.words import Words
from mapping.written import LONGEST_NAME, LONGEST_TITLE, day_and_year, moment, percent, shortened, utc_day

# Of why an objective matters, so much stands in the page.
_LONGEST_WHY = 300


def summary(figure: CycleFigure, spec: TableSpec, notices: Notices, at: datetime) -> tuple[Line, ...]:
    """One paragraph each; the first says how things stand."""
    words = words_of(spec.language)
    if is_final(figure, spec):
        return (snapshot_line(figure, words),)
    first = _first_line(figure, spec, notices, at, words)
    return (first, *not_taken_lines(notices.not_taken, spec))


def state_of(pace: Pace, words: Words) -> Lozenge:
    """The lozenge of an objective."""
    return {
        Pace.ON_PACE: Lozenge(words.on_pace, Colour.GREEN),
        Pace.BEHIND: Lozenge(words.behind, Colour.YELLOW),
        Pace.OFF_PACE: Lozenge(words.off_pace, Colour.RED),
    }[pace]


def _first_line(figure: CycleFigure, spec: TableSpec, notices: Notices, at: datetime, words: Words) -> Line:
    if notices.not_current is not None:
        return (*_not_current(notices.not_current, spec, words), *_what_for(figure, spec, words, named=True))
    if _is_planned(figure, at):
        return (*_planned(figure, spec, words), *_what_for(figure, spec, words, named=True))
    as_of = phrase(words.as_of, as_of=AsOf(moment(at, words)))
    is_closed = figure.cycle.state is CycleState.CLOSED
    said = _how_it_stands(figure, spec, words)
    return (*said, *as_of, *older_figures(figure, words), *_what_for(figure, spec, words, named=is_closed))


def _is_planned(figure: CycleFigure, at: datetime) -> bool:
    return figure.cycle.state is CycleState.PLANNED or utc_day(at) < figure.cycle.starts_on


def _how_it_stands(figure: CycleFigure, spec: TableSpec, words: Words) -> Line:
    if figure.cycle.state is CycleState.CLOSED:
        return (*_closed(figure, words), *_way(figure, words))
    if spec.shape is Shape.HEALTH:
        return _limits(figure, words)
    if spec.shape is Shape.ATTENTION:
        return _attention(figure, words)
    objective = only_objective(figure, spec)
    if objective is None:
        return (*_attention(figure, words), *_way(figure, words))
    state = () if objective.pace is None else (Text(" "), state_of(objective.pace, words))
    return (*_attention_of(objective, figure, words), *_way(figure, words), *state)


def _attention(figure: CycleFigure, words: Words) -> Line:
    if not figure.key_results:
        return phrase(words.no_key_results)
    if figure.key_results == 1:
        return phrase(words.only_one_needs_attention if figure.needing_attention else words.only_one_needs_none)
    said = {0: words.none_needs_attention, 1: words.one_needs_attention}.get(
        figure.needing_attention, words.need_attention
    )
    return phrase(said, n=figure.needing_attention, total=figure.key_results)


def _attention_of(objective: ObjectiveFigure, figure: CycleFigure, words: Words) -> Line:
    said, title = words.blocks, shortened(objective.objective.title, LONGEST_TITLE)
    if not figure.key_results:
        return phrase(said.objective_empty, title=title)
    line = {0: said.objective_none_needs, 1: said.objective_one_needs}.get(
        figure.needing_attention, said.objective_need
    )
    return phrase(line, title=title, n=figure.needing_attention, total=figure.key_results)


def _what_for(figure: CycleFigure, spec: TableSpec, words: Words, *, named: bool) -> Line:
    """Of one objective: why it matters and who stands behind it, in a line of their own. ``named``: the line before
    did not say which objective it is."""
    found = only_objective(figure, spec)
    if found is None:
        return ()
    objective = found.objective
    sponsor = plain(words.blocks.sponsor_is, name=shortened(objective.sponsor, LONGEST_NAME))
    rest = " ".join(
        part for part in (shortened(objective.why, _LONGEST_WHY), sponsor if objective.sponsor else "") if part
    )
    title = (Text(shortened(objective.title, LONGEST_TITLE), strong=True),) if named else ()
    text = (Text(f" {rest}" if title else rest),) if rest else ()
    return (Break(), *title, *text) if title or text else ()


def _limits(figure: CycleFigure, words: Words) -> Line:
    """How many limits hold; of some nobody knows."""
    said, limits = words.blocks, limits_of(figure)
    if not limits:
        return phrase(said.no_limits)
    held = sum(1 for each in limits if each.held)
    unknown = sum(1 for each in limits if each.held is None)
    several = {0: said.no_limit_holds, 1: said.one_limit_holds}.get(held, said.limits_hold)
    line = said.of_one_limit if len(limits) == 1 else several
    rest = phrase(said.limits_without_figure, n=unknown) if unknown else ()
    return (*phrase(line, n=held, total=len(limits)), *rest)


def _way(figure: CycleFigure, words: Words) -> Line:
    if figure.progress is None:
        return (Text(f" · {words.no_figure_yet}"),) if figure.key_results else ()
    if figure.expected is None or figure.cycle.state is CycleState.CLOSED:
        return phrase(words.of_the_way, progress=percent(figure.progress))
    return phrase(words.of_the_way_expected, progress=percent(figure.progress), expected=percent(figure.expected))


def _planned(figure: CycleFigure, spec: TableSpec, words: Words) -> Line:
    cycle = figure.cycle
    said = phrase(words.starts_on, cycle=cycle.name, day=day_and_year(cycle.starts_on, words))
    ask = (Text(" "), Link(words.write_objectives, f"{spec.service_url}/cycles/{cycle.key}"))
    return (Lozenge(words.planned, Colour.GREY), *said, *(() if figure.key_results else ask))


def _closed(figure: CycleFigure, words: Words) -> Line:
    said = phrase(words.ended_on, cycle=figure.cycle.name, day=day_and_year(figure.cycle.ends_on, words))
    return (Lozenge(words.closed, Colour.GREY), *said)


def _not_current(notice: NotCurrent, spec: TableSpec, words: Words) -> Line:
    why = plain(words.since_then, why=reason(notice.why, words))
    said = phrase(words.figures_are_from, moment=moment(notice.since, words), why=why)
    return (
        Lozenge(words.not_current, Colour.RED),
        *said,
        Link(words.what_is_being_done, f"{spec.service_url}/status"),
    )
