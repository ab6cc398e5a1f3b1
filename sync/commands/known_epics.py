"""Asking Jira which epics there are, so that somebody can say what they are for. Nothing is linked by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connector.errors import Gone, OutsideError
from connector.http import at_most
from connector.jql import all_of
from connector.store import completions, connections, issues
from connector.store.activity import record_activity
from connector.store.connections import Connection
from connector.store.epic_piles import projects_with_links
from connector.store.links import linked_issue_ids
from connector.store.projects import SeenProject, load_choices, load_projects, record_seen
from mapping.issue import IssueSnapshot, MalformedIssue, is_wont_do
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.epic_finding import Desk, count_below
from sync.ports import Resources
from sync.project_desk import as_project_reader

MOST_PROJECTS = 20
MOST_PAGES = 5
PAGE_SIZE = 100
MOST_COUNTED = 100
COUNTED_AT_ONCE = 25
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class LookReport:
    """``projects`` were asked for their open epics; ``epics`` were found. ``all_of_them``: False where there are more,
    of which nothing is known."""

    projects: int
    epics: int
    all_of_them: bool


def look_for_epics(on: Resources, workspace_id: int, *, who: str) -> LookReport:
    """Keep the open epics of all projects that have links, or that somebody chose fields for, with what they add up to.

    NotPossible where there is no such project; NotPossibleNow where Jira does not answer.
    """
    with on.database.read() as conn:
        sites = connections.load_connections(conn, workspace_id, "jira")
    reports = [_look_at(on, site) for site in sites]
    total = LookReport(
        sum(each.projects for each in reports), sum(each.epics for each in reports), all(e.all_of_them for e in reports)
    )
    if not total.projects:
        raise NotPossible(
            "No epic is linked yet, so there is no project to look at. Link a first one by searching for it."
        )
    with on.database.write() as conn:
        text = f"looked for epics in {total.projects} projects: {total.epics} open"
        record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text)
    return total


def _look_at(on: Resources, site: Connection) -> LookReport:
    with on.database.read() as conn:
        chosen = [
            each.project_id
            for each in load_projects(conn, site.workspace_id)
            if each.connection_id == site.id and each.choice is not None
        ]
        wanted = list(dict.fromkeys([*projects_with_links(conn, site.workspace_id, site.id), *chosen]))
        desk = Desk(site, on.sites.jira(site), load_choices(conn, site))
    began = on.clock.now()
    try:
        with at_most(SECONDS):
            seen, types = _epic_types(desk, wanted[:MOST_PROJECTS])
            found, whole = _open_epics(desk, seen, types) if types else ((), True)
    except OutsideError as error:
        raise NotPossibleNow(
            "{site} does not answer just now. What is known already stays. Try again.", site=site.site_url
        ) from error
    with on.database.write() as conn:
        record_seen(conn, site.workspace_id, site.id, seen)
        issues.upsert_issues(conn, site.workspace_id, site.id, found, desk.choices, began)
        linked = linked_issue_ids(conn, site.workspace_id, site.id)
    _count(on, desk, [each for each in found if each.issue_id not in linked])
    return LookReport(len(seen), len(found), whole and len(wanted) <= MOST_PROJECTS)


def _epic_types(desk: Desk, project_ids: Iterable[str]) -> tuple[list[SeenProject], list[str]]:
    """The projects that the account sees, and the ids of their issue types at epic level or above."""
    reader = as_project_reader(desk.client)
    seen: list[SeenProject] = []
    types: set[str] = set()
    for project_id in project_ids:
        try:
            project = reader.project(project_id)
        except Gone:
            continue
        seen.append(SeenProject(project.project_id, project.key, project.name))
        types.update(project.epic_type_ids)
    return seen, sorted(types)


def _open_epics(
    desk: Desk, seen: Sequence[SeenProject], types: Sequence[str]
) -> tuple[tuple[IssueSnapshot, ...], bool]:
    jql = all_of(
        f"project in ({', '.join(each.project_id for each in seen)})",
        f"issuetype in ({', '.join(types)})",
        "statusCategory != Done",
    )
    found: list[IssueSnapshot] = []
    token: str | None = None
    for _ in range(MOST_PAGES):
        page = desk.client.search(
            jql + " ORDER BY updated DESC", desk.choices.fields, token=token, page_size=PAGE_SIZE
        )  # fmt: skip
        found += _readable(desk, page.issues)
        token = page.next_token
        if token is None:
            return tuple(found), True
    return tuple(found), False


def _readable(desk: Desk, raw_issues: Iterable[object]) -> list[IssueSnapshot]:
    found = []
    for raw in raw_issues:
        try:
            found.append(desk.choices.read(raw))
        except MalformedIssue:
            continue
    return found


def _count(on: Resources, desk: Desk, epics: Sequence[IssueSnapshot]) -> None:
    """What lies below them now, for the latest changed ones. It is no figure yet: only what is linked is kept current,
    so nothing says here that it was listed in full."""
    site = desk.site
    for start in range(0, min(len(epics), MOST_COUNTED), COUNTED_AT_ONCE):
        some = epics[start : start + COUNTED_AT_ONCE]
        counts = count_below(desk, [each.issue_id for each in some])
        with on.database.write() as conn:
            for each in some:
                if each.issue_id in counts:
                    completions.record_completion(
                        conn, site.workspace_id, site.id, each.issue_id, counts[each.issue_id],
                        own_status=each.status_category, own_wont_do=is_wont_do(each, desk.choices.of(each.project_id)),
                        at=on.clock.now(),
                    )  # fmt: skip
