"""How forms name epics: ``3:10412``, the connection and the id, since ids are unique only within one connection."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST_ISSUE_ID = 19


def names_by_site(names: Iterable[str]) -> dict[int, list[str]]:
    """The ids of issues by connection, each once; what is no such name is left out."""
    found: dict[int, list[str]] = {}
    for name in dict.fromkeys(names):
        connection_id, _, issue_id = name.partition(":")
        if _is_number(connection_id, _LONGEST_ISSUE_ID) and _is_number(issue_id, _LONGEST_ISSUE_ID):
            found.setdefault(int(connection_id), []).append(issue_id)
    return found


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest
