"""What became of a text that somebody typed in a table, in words for the screens and the terminal."""

from __future__ import annotations

from collections.abc import Callable

from mapping.sentences import sentence

_SETTLED = {
    "taken": sentence("became a check-in"),
    "given_up": sentence("was given up"),
    "superseded": sentence("something newer was typed"),
    "replaced": sentence("replaced: this cell is filled for you"),
    "to_confirm": sentence("waits until somebody confirms that it was meant"),
}
_AS_SAID = sentence("{what}, as {who} said")
_NEEDED = {
    "now": sentence("stays in the page: a plain number is needed, such as 29 or 3.6"),
    "confidence": sentence("stays in the page: a number from 0 to 10 is needed"),
}
_SHORTER = sentence("stays in the page: at most 2,000 characters are read")
_WHO_MAY = {
    "owner": sentence("stays in the page: only the owner of the key result checks in here"),
    "team": sentence("stays in the page: only its team checks in here"),
}
_MAY_NOT = sentence("stays in the page: its author may not check in here")


def outcome_words(
    outcome: str, column: str, check_in_by: str, settled_by: str = "", say: Callable[[str], str] = str
) -> str:
    """``became a check-in``, ``stays in the page: a number from 0 to 10 is needed``; who decided, where somebody did.

    ``check_in_by`` is what the table says of who may: owner | team | editors. ``say`` is the language, if not English.
    """
    if outcome == "not_understood":
        return say(_NEEDED.get(column, _SHORTER))
    if outcome == "not_allowed":
        return say(_WHO_MAY.get(check_in_by, _MAY_NOT))
    what = say(_SETTLED[outcome])
    return say(_AS_SAID).format(what=what, who=settled_by) if settled_by else what
