"""Reading JSON of a remote strictly: what is missing or of another type makes the whole answer Unavailable."""

from __future__ import annotations

from datetime import UTC, datetime

from connector.errors import Unavailable


def as_object(value: object, what: str) -> dict[str, object]:
    """``value`` as a JSON object. ``what`` names it in the error."""
    if not isinstance(value, dict):
        raise _not(what, "an object")
    return value


def as_list(value: object, what: str) -> list[object]:
    """``value`` as a JSON list."""
    if not isinstance(value, list):
        raise _not(what, "a list")
    return value


def objects_in(container: dict[str, object], name: str) -> list[dict[str, object]]:
    """The field ``name`` as a list of objects."""
    return [as_object(entry, name) for entry in as_list(container.get(name), name)]


def object_in(container: dict[str, object], name: str) -> dict[str, object]:
    """The field ``name`` as an object."""
    return as_object(container.get(name), name)


def list_or_empty(container: dict[str, object], name: str) -> list[object]:
    """The field ``name`` as a list; empty where it is missing or null."""
    value = container.get(name)
    return [] if value is None else as_list(value, name)


def object_or_empty(container: dict[str, object], name: str) -> dict[str, object]:
    """The field ``name`` as an object; empty where it is missing or null."""
    value = container.get(name)
    return {} if value is None else as_object(value, name)


def text_in(container: dict[str, object], name: str) -> str:
    """The field ``name`` as text that is not empty."""
    value = container.get(name)
    if not isinstance(value, str) or not value:
        raise _not(name, "a text")
    return value


def text_or_empty(container: dict[str, object], name: str) -> str:
    """The field ``name`` as text; empty where it is missing or null."""
    value = container.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _not(name, "a text")
    return value


def number_in(container: dict[str, object], name: str) -> int:
    """The field ``name`` as a whole number of at least 0."""
    value = container.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _not(name, "a whole number")
    return value


def flag_in(container: dict[str, object], name: str) -> bool:
    """The field ``name`` as true or false."""
    value = container.get(name)
    if not isinstance(value, bool):
        raise _not(name, "true or false")
    return value


def moment_in(container: dict[str, object], name: str) -> datetime:
    """The field ``name`` as an aware time in UTC, from ISO 8601 with a zone."""
    try:
        found = datetime.fromisoformat(text_in(container, name))
        at = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _not(name, "a time") from None
    if found.tzinfo is None:
        raise _not(name, "a time with a zone")
    return at


def _not(what: str, kind: str) -> Unavailable:
    return Unavailable(f"The answer is not complete: {what} is not {kind}.")
