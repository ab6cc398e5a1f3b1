"""The bytes of one webhook → the issues to read again. No I/O.

Nothing of a payload but ids and the event's name is ever used: an event is a hint, and the truth is read from Jira
again. Everything is untrusted, also under a good signature: what is missing or of another type is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from webhooks.event_names import Handling, handling_of

MAX_ISSUES = 500
"""At most so many issues are taken of one event; polling finds the rest. Jira sends one event per issue."""

MAX_CHANGES = 5_000

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.\-]{0,79}")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_MILLISECONDS = range(253_402_300_800_000)  # up to the year 9999

# Which of the three a re-parented issue shows differs by the kind of project, so all are watched.
_PARENT_FIELDS = frozenset({"parent", "issueparentassociation", "epic link"})


class UnreadableEvent(ValueError):
    """The body is not an event of Jira; sending it again would not help. The text says what is wrong."""


class NotJson(UnreadableEvent):
    """The body is not JSON, or nests deeper than any event does."""


class NotAnEvent(UnreadableEvent):
    """JSON, but without the name of an event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``issue_ids`` are distinct and sorted by number; ``sent_at`` is Jira's own word and orders nothing."""

    name: str
    handling: Handling
    issue_ids: tuple[str, ...]
    sent_at: datetime | None


def parse_event(body: bytes) -> Event:
    """The event in ``body``, which its caller has capped in size. Raises NotJson or NotAnEvent."""
    payload = _load(body)
    name = payload.get("webhookEvent")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise NotAnEvent("the JSON has no webhookEvent with the name of an event")
    handling = handling_of(name)
    found = islice(_issue_ids(payload), MAX_ISSUES) if handling is Handling.READ_AGAIN else ()
    return Event(name, handling, tuple(sorted(set(found), key=int)), _moment(payload.get("timestamp")))


def _load(body: bytes) -> Mapping[str, object]:
    try:
        payload = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # also bytes that are not UTF-8, and numbers beyond all sense
        raise NotJson(f"the body is not JSON that can be read ({type(error).__name__})") from None
    if not isinstance(payload, dict):
        raise NotAnEvent("the JSON is not an object")
    return payload


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _issue_ids(payload: Mapping[str, object]) -> Iterator[str]:
    """The issue itself, both ends of an issue link, and the parents that a change left and entered."""
    yield from _an_id(_object(payload.get("issue")).get("id"))
    link = _object(payload.get("issueLink"))
    yield from _an_id(link.get("sourceIssueId"))
    yield from _an_id(link.get("destinationIssueId"))
    for change in _changes(payload):
        if _is_about_parent(change):
            yield from _an_id(change.get("from"))
            yield from _an_id(change.get("to"))


def _changes(payload: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    items = _object(payload.get("changelog")).get("items")
    return (_object(item) for item in islice(items if isinstance(items, list) else (), MAX_CHANGES))


def _is_about_parent(change: Mapping[str, object]) -> bool:
    named = (change.get("field"), change.get("fieldId"))
    return any(isinstance(name, str) and name.lower() in _PARENT_FIELDS for name in named)


def _an_id(value: object) -> Iterator[str]:
    """The id, which payloads write as text or as a number; nothing where it is neither."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _ID.fullmatch(text):
        yield text


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _MILLISECONDS:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)
