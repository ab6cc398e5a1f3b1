"""The lines above the table: what needs attention first, how far, as of when; and what a reader must know beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mapping.figures import CycleFigure, InitiativeFigure, KeyResultFigure
from mapping.languages import phrase, plain, words_of
from mapping.okr import CycleState, Source
from mapping.table_parts import (
    AsOf,
    Colour,
    Column,
    Line,
    Link,
    Lozenge,
    NotCurrent,
    Notices,
    NotUnderstood,
    TableSpec,
    Text,
)
from mapping.words import Words
from mapping.written import day, day_and_year, moment, percent, utc_day

# More names than these would make a sentence that nobody reads.
_MOST_NAMES = 3
_LONGEST_QUOTE = 80


def summary(figure: CycleFigure, spec: TableSpec, notices: Notices, at: datetime) -> tuple[Line, ...]:
    """One paragraph each; the first says how things stand."""
    words = words_of(spec.language)
    first = _first_line(figure, spec, notices, at, words)
    return (first, *(_not_understood(each, spec, words) for each in notices.not_understood))


def _first_line(figure: CycleFigure, spec: TableSpec, notices: Notices, at: datetime, words: Words) -> Line:
    if notices.not_current is not None:
        return _not_current(notices.not_current, spec, words)
    if _is_planned(figure, at):
        return _planned(figure, spec, words)
    closed = _closed(figure, words) if figure.cycle.state is CycleState.CLOSED else _attention(figure, words)
    as_of = phrase(words.as_of, as_of=AsOf(moment(at, words)))
    return (*closed, *_way(figure, words), *as_of, *_older(figure, words))


def _is_planned(figure: CycleFigure, at: datetime) -> bool:
    return figure.cycle.state is CycleState.PLANNED or utc_day(at) < figure.cycle.starts_on


def _attention(figure: CycleFigure, words: Words) -> Line:
    if not figure.key_results:
        return phrase(words.no_key_results)
    said = {0: words.none_needs_attention, 1: words.one_needs_attention}.get(
        figure.needing_attention, words.need_attention
    )
    return phrase(said, n=figure.needing_attention, total=figure.key_results)


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
    why = plain(words.since_then, why=_reason(notice.why, words))
    said = phrase(words.figures_are_from, moment=moment(notice.since, words), why=why)
    return (
        Lozenge(words.not_current, Colour.RED),
        *said,
        Link(words.what_is_being_done, f"{spec.service_url}/status"),
    )


def _not_understood(notice: NotUnderstood, spec: TableSpec, words: Words) -> Line:
    quote = notice.text if len(notice.text) <= _LONGEST_QUOTE else f"{notice.text[: _LONGEST_QUOTE - 1]}…"
    needed = {Column.NOW: words.number_needed, Column.CONFIDENCE: words.confidence_needed}
    said = phrase(
        words.stays_as_typed,
        column=words.headers[notice.column],
        key=notice.key,
        text=quote,
        needed=needed.get(notice.column, words.words_needed),
    )
    form = Link(words.check_in_by_form, f"{spec.service_url}/check-in/{notice.key}")
    return (Lozenge(words.not_understood, Colour.YELLOW), *said, form)


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """One figure that is the last good one: its name, and since when and why it cannot be read."""

    since: datetime
    name: str
    why: str


def _older(figure: CycleFigure, words: Words) -> Line:
    found = _unreadable(key_result for objective in figure.objectives for key_result in objective.key_results)
    if not found:
        return ()
    title = words.one_older if len(found) == 1 else plain(words.more_older, n=len(found))
    said = plain(
        words.one_cannot_be_read if len(found) == 1 else words.some_cannot_be_read,
        names=_names([each.name for each in found], words),
        since=day(utc_day(min(each.since for each in found)), words),
        why=_common_reason(found, words),
    )
    return (Text(" · "), Lozenge(title, Colour.YELLOW), Text(said))


def _unreadable(key_results: Iterable[KeyResultFigure]) -> list[_Unreadable]:
    """Each issue once, in the order of the table."""
    found: dict[str, _Unreadable] = {}
    for key_result in key_results:
        if key_result.older_since is not None and key_result.key_result.source is Source.JQL:
            key = key_result.key_result.key
            found.setdefault(key, _Unreadable(key_result.older_since, key, key_result.older_why))
        for initiative in key_result.initiatives:
            _add_unreadable(found, initiative)
    return list(found.values())


def _add_unreadable(found: dict[str, _Unreadable], figure: InitiativeFigure) -> None:
    completion = figure.completion
    if completion is not None and completion.unreadable_since is not None:
        key = figure.issue_key
        found.setdefault(key, _Unreadable(completion.unreadable_since, key, completion.unreadable_why))


def _names(names: list[str], words: Words) -> str:
    listed = ", ".join(names[:_MOST_NAMES])
    return plain(words.and_more, names=listed, n=len(names) - _MOST_NAMES) if len(names) > _MOST_NAMES else listed


def _common_reason(found: list[_Unreadable], words: Words) -> str:
    reasons = {each.why for each in found}
    why = reasons.pop() if len(reasons) == 1 else ""
    return f" ({_reason(why, words)})" if why else ""


def _reason(why: str, words: Words) -> str:
    return words.reasons.get(why, why)
