"""Where somebody lands who has just come in."""

from __future__ import annotations

from flask import url_for

from connector.store.people import Person
from sync.ports import Resources
from sync.queries.set_up import load_set_up


def first_page(on: Resources, person: Person, wanted: str = "/") -> str:
    """An admin of a service that nothing is connected to yet is led to the set-up; everybody else where they wanted
    to go."""
    if wanted != "/" or person.role != "admin" or load_set_up(on, person.workspace_id).connections:
        return wanted
    return url_for("set_up.go_on")
