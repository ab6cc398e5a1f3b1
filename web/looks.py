"""Bounds how often a person may have the outside asked, by typing or by a loop, and says how the outside is met.

What a person has asked of Jira and Confluence spends the room that these give to the service as a whole. So each page
that asks them when it is opened, each preview, and each form that is sent counts; 429 where there were too many.
"""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, Response, after_this_request, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from sync.commands.site_look import REAL, Outside
from sync.ports import Clock

MOST_IN_A_MINUTE = 30
# Of connected sites: whoever types without a pause asks this often; nobody does so for long.
MOST_PREVIEWS = 90
MOST_FORMS = 60
# What reads all that there is.
MOST_WHOLE = 6
# Pages that ask when they are opened: always, or where this was said in the address.
_ASKING = {
    "mapping_projects.form": "",
    "mappings.links": "q",
    "rules.new": "",
    "rules.show": "",
    "rules.waiting": "",
    "set_up_epic.show": "text",
    "set_up_okrs.show": "text",
    "table_adopt.form": "page",
}
_PREVIEWS = frozenset({"look", "preview", "preview_new"})
_WHOLE = frozenset({"look_again", "run"})
_MINUTE = timedelta(minutes=1)
_LOOKS = "okr looks"
_OUTSIDE = "okr outside"


class Looks:
    """What each person asked for within the last minute, in this process."""

    def __init__(self, most: int = MOST_IN_A_MINUTE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._asked: dict[int, deque[datetime]] = {}

    def may(self, person_id: int, at: datetime) -> bool:
        """Count one more, unless there were too many."""
        with self._lock:
            asked = self._asked.setdefault(person_id, deque())
            while asked and asked[0] <= at - _MINUTE:
                asked.popleft()
            if len(asked) >= self._most:
                return False
            asked.append(at)
        return True


def keep_looks(app: Flask, outside: Outside = REAL) -> None:
    """Keep both with the app; tests give an outside of their own."""
    app.extensions[_LOOKS] = Looks()
    app.extensions[_OUTSIDE] = outside


def bound_asking(app: Flask, clock: Clock, most_previews: int) -> None:
    """Refuse with 429 what one person asks for more often within a minute; others go on."""
    kept = {_is_preview: Looks(most_previews), _is_whole: Looks(MOST_WHOLE), _is_form: Looks(MOST_FORMS)}

    def count() -> None:
        person = g.get("person")
        if person is None:  # a webhook, too: what it sends is no form, and may be larger than one
            return
        counted = next((these for is_such, these in kept.items() if is_such()), None)
        if counted is not None and not counted.may(person.person_id, clock.now()):
            after_this_request(_say_when)
            raise TooManyRequests

    app.before_request(count)


def _say_when(answer: Response) -> Response:
    answer.headers["Retry-After"] = f"{_MINUTE.total_seconds():.0f}"
    return answer


def _is_preview() -> bool:
    if request.method == "POST":
        name = (request.endpoint or "").rpartition(".")[2]
        return name in _PREVIEWS or bool(request.form.get("look"))
    said = _ASKING.get(request.endpoint or "")
    return said is not None and (not said or bool(request.args.get(said)))


def _is_whole() -> bool:
    return request.method == "POST" and (request.endpoint or "").rpartition(".")[2] in _WHOLE


def _is_form() -> bool:
    return request.method == "POST"


def looks() -> Looks:
    """Those of this app."""
    return cast("Looks", current_app.extensions[_LOOKS])


def outside() -> Outside:
    """How this app meets sites that are not connected yet."""
    return cast("Outside", current_app.extensions[_OUTSIDE])
