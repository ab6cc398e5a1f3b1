"""The made-up workspace with a Jira in this process: epics that are linked, undecided, to be done anyway, and gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from connector.store import completions, epic_choices, issues, projects
from connector.store.engine import Database
from connector.store.projects import SeenProject
from mapping.figures import IssueCounts
from mapping.issue import FieldChoice, StatusCategory
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeJira, FakeSites, raw_issue
from tests.unit.web.made_up import SITE, MadeUp, issue_id
from tests.unit.web.surroundings import Visitor, resources, visitor_of

TITLED = FieldChoice("customfield_7", frozenset({"2"}), shows_titles=True)
# Title, and what is done of how much below it.
EPICS = {
    "PAY-440": ("Retry with a second processor", 2, 8), "PAY-447": ("Ask the buyer to retry", 0, 5),
    "PAY-388": ("Smart retries", 3, 14), "PLA-104": ("On-call rotation", 3, 9),
}  # fmt: skip


def on_site(database: Database, clock: FakeClock, filled: MadeUp) -> tuple[Resources, FakeJira]:
    """The service with a Jira that answers; PAY shows titles, PLA does not."""
    jira = FakeJira({raw["key"]: raw for key in EPICS for raw in _with_children(key)})
    on = replace(resources(database, clock), sites=FakeSites({SITE: jira}, {}))
    with database.write() as conn:
        ws, site = filled.workspace_id, filled.jira
        seen = [SeenProject(_project(key), key, name) for key, name in (("PAY", "Payments"), ("PLA", "Platform"))]
        projects.record_seen(conn, ws, site.id, seen)
        projects.record_project_choice(conn, ws, site.id, _project("PAY"), TITLED, at=clock.now(), by="Rosa Klein")
        choices = projects.load_choices(conn, site)
        known = [choices.read(_epic(key)) for key in EPICS]
        issues.upsert_issues(conn, ws, site.id, known, choices, clock.now())
        for key, (_, done, total) in EPICS.items():
            completions.record_completion(
                conn, ws, site.id, issue_id(key), IssueCounts(done, total, 0),
                own_status=StatusCategory.INDETERMINATE, own_wont_do=False, at=clock.now(),
            )  # fmt: skip
        epic_choices.record_just_do_it(conn, ws, site.id, issue_id("PAY-447"), at=clock.now(), by="Rosa Klein")
    return on, jira


def rosa_at(on: Resources, filled: MadeUp) -> Visitor:
    """The admin, signed in there."""
    rosa = visitor_of(on)
    rosa.is_let_in(filled.person, on.clock.now())
    return rosa


def goes(on: Resources, filled: MadeUp, key: str, *, hidden: bool = False) -> None:
    """Jira no longer shows this issue."""
    why = "no permission" if hidden else "not found"
    at = on.clock.now() + timedelta(minutes=1)
    with on.database.write() as conn:
        issues.mark_gone(conn, filled.workspace_id, filled.jira.id, [issue_id(key)], why, at, hidden=hidden)


def name_of(filled: MadeUp, key: str) -> str:
    """How a form names the epic."""
    return f"{filled.jira.id}:{issue_id(key)}"


def _project(key: str) -> str:
    return str(sum(map(ord, key)))


def _epic(key: str, **fields: Any) -> dict[str, Any]:
    project = key.partition("-")[0]
    told = {"summary": EPICS[key][0], "project": {"id": _project(project), "key": project}}
    return raw_issue(key, issue_id(key), **told | fields)


def _with_children(key: str) -> list[dict[str, Any]]:
    _, done, total = EPICS[key]
    project = key.partition("-")[0]
    below = []
    for number in range(total):
        category = "done" if number < done else "new"
        child = f"{project}-{key.partition('-')[2]}{number:03}"
        below.append(raw_issue(
            child, issue_id(child), parent={"id": issue_id(key)}, issuetype={"hierarchyLevel": 0},
            status={"statusCategory": {"key": category}}, project={"id": _project(project), "key": project},
        ))  # fmt: skip
    return [_epic(key), *below]
