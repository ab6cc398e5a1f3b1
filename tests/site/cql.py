"""The little of CQL that a caller needs to find pages: conditions on id, type, space and title, joined by `and`.

[S: developer.atlassian.com, Advanced searching using CQL] for fields and operators; anything else is refused.
"""

import re
from collections.abc import Callable

from tests.site.confluence_pages import RefusedError
from tests.site.store import Document

_CONDITION = re.compile(r'\s*(\w+)\s*(=|in)\s*(\([^()]*\)|"[^"]*"|[^\s()"]+)\s*(and\b|$)', re.IGNORECASE)
_MOST_CONDITIONS = 10


def matching(text: str, space_key: Callable[[Document], str]) -> Callable[[Document], bool]:
    """Whether a page matches the query. RefusedError 400 for what is no query."""
    conditions: list[tuple[str, set[str]]] = []
    place = 0
    for _ in range(_MOST_CONDITIONS):
        match = _CONDITION.match(text, place)
        if not match:
            break
        conditions.append((match[1].lower(), _values(match[3])))
        place = match.end()
        if not match[4]:
            return lambda page: all(_holds(page, field, values, space_key) for field, values in conditions)
    # [U] The words.
    raise RefusedError(400, f"Could not parse cql : {text}")


def _values(text: str) -> set[str]:
    return {part.strip().strip('"') for part in text.strip("()").split(",")}


def _holds(page: Document, field: str, values: set[str], space_key: Callable[[Document], str]) -> bool:
    read: dict[str, Callable[[], str]] = {
        "id": lambda: str(page["id"]),
        "content": lambda: str(page["id"]),
        "type": lambda: "page",
        "space": lambda: space_key(page),
        "title": lambda: str(page["title"]),
    }
    if field not in read:
        raise RefusedError(400, f"Could not parse cql : unknown field {field}")
    return read[field]() in values
