"""The bytes of an event → JSON of which nothing is trusted. No I/O.

Also under a good signature: what is missing or of another type is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.\-]{0,79}")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_MILLISECONDS = range(253_402_300_800_000)  # up to the year 9999


class UnreadableEvent(ValueError):
    """The body is no event; sending it again would not help. The text says what is wrong."""


class NotJson(UnreadableEvent):
    """The body is not JSON, or nests deeper than any event does."""


class NotAnEvent(UnreadableEvent):
    """JSON, but without the name of an event."""


def load_payload(body: bytes) -> Mapping[str, object]:
    """The JSON object in ``body``, which its caller has capped in size. Raises NotJson or NotAnEvent."""
    try:
        payload = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # also bytes that are not UTF-8, and numbers beyond all sense
        raise NotJson(f"the body is not JSON that can be read ({type(error).__name__})") from None
    if not isinstance(payload, dict):
        raise NotAnEvent("the JSON is not an object")
    return payload


def name_in(payload: Mapping[str, object], field: str) -> str:
    """The name of the event. Raises NotAnEvent."""
    name = payload.get(field)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise NotAnEvent(f"the JSON has no {field} with the name of an event")
    return name


def an_id(value: object) -> Iterator[str]:
    """The id, which payloads write as text or as a number; nothing where it is neither."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _ID.fullmatch(text):
        yield text


def an_object(value: object) -> Mapping[str, object]:
    """The object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def a_moment(value: object) -> datetime | None:
    """Milliseconds since 1970, aware, in UTC; None where they are none."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in _MILLISECONDS:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
