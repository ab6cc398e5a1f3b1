"""The bytes of one webhook of Jira → the issues to read again. No I/O.

Nothing of a payload but ids and the event's name is ever used: an event is a hint, and the truth is read from Jira
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from webhooks.event_names import Handling, handling_of
from webhooks.payload import a_moment, an_id, an_object, load_payload, name_in

MAX_ISSUES = 500
"""At most so many issues are taken of one event; polling finds the rest. Jira sends one event per issue."""

MAX_CHANGES = 5_000

# Which of the three a re-parented issue shows differs by the kind of project, so all are watched.
_PARENT_FIELDS = frozenset({"parent", "issueparentassociation", "epic link"})


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``issue_ids`` are distinct and sorted by number; ``sent_at`` is Jira's own word and orders nothing."""

    name: str
    handling: Handling
    issue_ids: tuple[str, ...]
    sent_at: datetime | None


def parse_event(body: bytes) -> Event:
    """The event in ``body``, which its caller has capped in size. Raises NotJson or NotAnEvent."""
    payload = load_payload(body)
    name = name_in(payload, "webhookEvent")
    handling = handling_of(name)
    found = islice(_issue_ids(payload), MAX_ISSUES) if handling is Handling.READ_AGAIN else ()
    return Event(name, handling, tuple(sorted(set(found), key=int)), a_moment(payload.get("timestamp")))


def _issue_ids(payload: Mapping[str, object]) -> Iterator[str]:
    """The issue itself, both ends of an issue link, and the parents that a change left and entered."""
    yield from an_id(an_object(payload.get("issue")).get("id"))
    link = an_object(payload.get("issueLink"))
    yield from an_id(link.get("sourceIssueId"))
    yield from an_id(link.get("destinationIssueId"))
    for change in _changes(payload):
        if _is_about_parent(change):
            yield from an_id(change.get("from"))
            yield from an_id(change.get("to"))


def _changes(payload: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    items = an_object(payload.get("changelog")).get("items")
    return (an_object(item) for item in islice(items if isinstance(items, list) else (), MAX_CHANGES))


def _is_about_parent(change: Mapping[str, object]) -> bool:
    named = (change.get("field"), change.get("fieldId"))
    return any(isinstance(name, str) and name.lower() in _PARENT_FIELDS for name in named)
