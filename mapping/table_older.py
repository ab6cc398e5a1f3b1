"""What the first line says of figures that cannot be read now: the last good ones stay, with age and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mapping.figures import CycleFigure, InitiativeFigure, KeyResultFigure
from mapping.languages import plain
from mapping.okr import Source
from mapping.table_pieces import Colour, Line, Lozenge, Text
from mapping.words import Words
from mapping.written import day, utc_day

# More names than these would make a sentence that nobody reads.
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """One figure that is the last good one: its name, and since when and why it cannot be read."""

    since: datetime
    name: str
    why: str


def older_figures(figure: CycleFigure, words: Words) -> Line:
    """Which figures are the last good ones, since when and why; empty where all are of today."""
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
    return f" ({reason(why, words)})" if why else ""


def reason(why: str, words: Words) -> str:
    """A stored reason in the language of the table."""
    return words.reasons.get(why, why)
