"""What got done since the last check-in, as a first draft of the sentence: to be corrected and completed."""

from __future__ import annotations

from collections.abc import Iterable

from mapping.figures import InitiativeFigure
from web.language import gettext, ngettext


def done_words(moved: Iterable[InitiativeFigure]) -> str:
    """One line for each epic in which anything moved; empty where nothing did, or nobody knows."""
    return "\n".join(filter(None, map(_line, moved)))


def _line(item: InitiativeFigure) -> str:
    figure = item.completion
    if figure is None or item.gone:
        return ""
    parts = [_done(item.done_since or 0), _added(figure.added_since)]
    said = ", ".join(filter(None, parts))
    now = gettext("now {done} of {total} done").format(done=figure.done, total=figure.total)
    return f"{item.issue_key}: {said}; {now}." if said else ""


def _done(number: int) -> str:
    if number == 0:
        return ""
    text = ngettext("{n} more done", "{n} more done", number) if number > 0 else gettext("{n} no longer done")
    return text.format(n=abs(number))


def _added(number: int) -> str:
    return ngettext("{n} issue added", "{n} issues added", number).format(n=number) if number else ""
