"""What became of a text that somebody typed in a table, in words for the screens and the terminal."""

from __future__ import annotations

_SETTLED = {
    "taken": "became a check-in",
    "given_up": "was given up",
    "superseded": "something newer was typed",
    "replaced": "replaced: this cell is filled for you",
    "to_confirm": "waits until somebody confirms that it was meant",
}
_NEEDED = {"now": "a plain number is needed, such as 29 or 3.6", "confidence": "a number from 0 to 10 is needed"}
_SHORTER = "at most 2,000 characters are read"
_WHO_MAY = {"owner": "only the owner of the key result checks in here", "team": "only its team checks in here"}


def outcome_words(outcome: str, column: str, check_in_by: str, settled_by: str = "") -> str:
    """``became a check-in``, ``stays in the page: a number from 0 to 10 is needed``; who decided, where somebody did.

    ``check_in_by`` is what the table says of who may: owner | team | editors.
    """
    if outcome == "not_understood":
        return f"stays in the page: {_NEEDED.get(column, _SHORTER)}"
    if outcome == "not_allowed":
        return f"stays in the page: {_WHO_MAY.get(check_in_by, 'its author may not check in here')}"
    words = _SETTLED[outcome]
    return f"{words}, as {settled_by} said" if settled_by else words
