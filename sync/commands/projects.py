"""Which projects there are, and how each is read and counted."""

from __future__ import annotations

from connector.errors import OutsideError
from connector.http import at_most
from connector.store import connections, project_issues, projects
from connector.store.activity import record_activity
from connector.store.projects import SeenProject
from connector.store.work import mark_due
from mapping.issue import FieldChoice
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.ports import Resources
from sync.project_desk import as_project_reader
from sync.seen import fingerprint

SECONDS = 15.0
URGENCY = 3


class ProjectChangedMeanwhile(NotPossible):
    """Somebody else confirmed something else since the form was opened; nothing was done."""


def look_for_projects(on: Resources, workspace_id: int, *, who: str) -> int:
    """Ask every connected Jira which projects our account sees; how many there are.

    NotPossible where no Jira is connected; NotPossibleNow where one does not answer.
    """
    with on.database.read() as conn:
        sites = connections.load_connections(conn, workspace_id, "jira")
    if not sites:
        raise NotPossible("No Jira is connected yet.")
    seen: dict[int, list[SeenProject]] = {}
    for site in sites:
        try:
            with at_most(SECONDS):
                found = as_project_reader(on.sites.jira(site)).projects()
        except OutsideError as error:
            raise NotPossibleNow(
                "{site} does not answer just now. What is known already stays. Try again.", site=site.site_url
            ) from error
        seen[site.id] = [SeenProject(each.project_id, each.key, each.name) for each in found]
    number = sum(map(len, seen.values()))
    with on.database.write() as conn:
        for connection_id, those in seen.items():
            projects.record_seen(conn, workspace_id, connection_id, those)
        text = f"looked for projects in Jira: {number} seen"
        record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text)
    return number


def confirm_project(
    on: Resources, workspace_id: int, connection_id: int, project_id: str, choice: FieldChoice, *, seen: str, who: str
) -> bool:
    """Read and count this project so from now on; everything linked of it is read again. False where it is so already.

    NotPossible where there is no such project; ProjectChangedMeanwhile where it is no longer as ``seen``.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        kept = projects.find_project(conn, workspace_id, connection_id, project_id)
        if kept is None:
            raise NotPossible("There is no such project any more.")
        if kept.choice == choice:
            return False
        if fingerprint_of(kept.choice) != seen:
            raise ProjectChangedMeanwhile("Somebody else has confirmed something else for this project meanwhile.")
        projects.record_project_choice(conn, workspace_id, connection_id, project_id, choice, at=now, by=who)
        resolutions = choice.wont_do_resolution_ids
        project_issues.apply_wont_do(conn, workspace_id, connection_id, project_id, resolutions)
        if not choice.shows_titles:
            project_issues.forget_titles(conn, workspace_id, connection_id, project_id)
        linked = project_issues.linked_through(conn, workspace_id, connection_id, project_id)
        targets = [f"{connection_id}:{issue_id}" for issue_id in linked]
        for kind in ("children", "initiative"):
            mark_due(conn, workspace_id, kind, targets, now, urgency=URGENCY)
        record_activity(
            conn, workspace_id, at=now, who=who, text=f"confirmed how {kept.project_key} is read: {_said(choice)}"
        )
    on.bell.ring()
    return True


def fingerprint_of(choice: FieldChoice | None) -> str:
    """What somebody saw who opened the form of a project."""
    if choice is None:
        return fingerprint()
    return fingerprint(
        choice.estimate_field_id, sorted(choice.wont_do_resolution_ids), choice.by_points, choice.shows_titles
    )


def _said(choice: FieldChoice) -> str:
    return ", ".join((
        "counted by estimates" if choice.by_points else "counted by issues",
        f"estimates in {choice.estimate_field_id}" if choice.estimate_field_id else "no estimates",
        f"{len(choice.wont_do_resolution_ids)} resolutions mean won't do",
        "titles are shown" if choice.shows_titles else "no titles are shown",
    ))  # fmt: skip
