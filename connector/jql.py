"""JQL out of values, so that no text can become an operator and no time depends on an account's time zone.

Times are epoch milliseconds, which JQL takes as an instant; a bare date and time would be read in the time zone of the
asking account, to the minute (support.atlassian.com, "JQL fields": Updated).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """``text`` as one JQL string, whatever it holds. ValueError for NUL and lone surrogates, which none can hold."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("a JQL text cannot hold this character")
    return '"' + "".join(_ESCAPES.get(c) or (c if c >= " " else f"\\u{ord(c):04x}") for c in text) + '"'


def by_ids(issue_ids: Iterable[str]) -> str:
    """The issues with these ids. ValueError for no ids, or one that is not a number."""
    return f"id in ({_id_list(issue_ids)})"


def children_of(issue_ids: Iterable[str]) -> str:
    """The direct children of these issues. ValueError for no ids, or one that is not a number."""
    return f"parent in ({_id_list(issue_ids)})"


def of_projects(project_ids: Iterable[str]) -> str:
    """The issues of the projects with these ids. ValueError for no ids, or one that is not a number."""
    return f"project in ({_id_list(project_ids)})"


def changed_since(at: datetime) -> str:
    """Issues changed at that time or later. ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone is not an instant")
    return f"updated >= {max((at - _EPOCH) // timedelta(milliseconds=1), 0)}"


def all_of(*clauses: str) -> str:
    """Where every clause holds."""
    return " AND ".join(f"({clause})" for clause in clauses)


def any_of(*clauses: str) -> str:
    """Where at least one clause holds."""
    return " OR ".join(f"({clause})" for clause in clauses)


def _id_list(issue_ids: Iterable[str]) -> str:
    ids = list(issue_ids)
    if not ids or not all(one.isascii() and one.isdigit() for one in ids):
        raise ValueError("JQL needs at least one id, and ids are numbers")
    return ", ".join(ids)
