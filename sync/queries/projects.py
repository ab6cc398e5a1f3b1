"""The projects of every Jira: how each is read, what was found by itself, and what confirming that would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connector.errors import OutsideError
from connector.http import at_most
from connector.site_answers import Field, Resolution
from connector.store import connections, project_issues, projects
from connector.store.connections import Connection
from connector.store.project_issues import WontDoChange
from connector.store.projects import Project
from mapping.issue import FieldChoice
from sync.ports import Resources
from sync.project_desk import ProjectReader, as_project_reader

SECONDS = 5.0
PAGE = 50
TEAM_MANAGED = "next-gen"
# The kind of field in which a team-managed project keeps its estimates; the same on every site, unlike the field's id.
TEAM_MANAGED_ESTIMATE = "com.pyxis.greenhopper.jira:jsw-story-points"


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as the list shows it. ``links`` lead to its issues."""

    project: Project
    site_url: str
    choice: FieldChoice
    links: int


@dataclass(frozen=True, slots=True)
class ProjectsView:
    """One page of the projects; those with links first. ``confirmed`` of all ``number``."""

    rows: tuple[ProjectRow, ...]
    number: int
    confirmed: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ProjectView:
    """One project for its form. ``found`` is what we would choose by ourselves; ``away``: Jira does not answer, so that
    ``number_fields`` and ``resolutions`` are not known now."""

    row: ProjectRow
    found: FieldChoice
    is_team_managed: bool
    number_fields: tuple[Field, ...]
    resolutions: tuple[Resolution, ...]
    away: bool
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChoiceEffect:
    """What a choice would change: kept issues that would count otherwise, and the links whose figures it concerns."""

    wont_do: WontDoChange
    links: int
    counts_otherwise: bool
    reads_again: bool


def load_projects_view(on: Resources, workspace_id: int, page: int) -> ProjectsView:
    """At most 50 projects; a page beyond the last is the last."""
    with on.database.read() as conn:
        sites = {site.id: site for site in connections.load_connections(conn, workspace_id, "jira")}
        links = project_issues.count_links_of(conn, workspace_id)
        known = [_row(each, sites[each.connection_id], links) for each in projects.load_projects(conn, workspace_id)]
    ordered = sorted(known, key=lambda row: (not row.links, row.project.project_key))
    pages = max(1, -(-len(ordered) // PAGE))
    shown = min(max(page, 1), pages)
    confirmed = sum(row.project.choice is not None for row in known)
    return ProjectsView(tuple(ordered[(shown - 1) * PAGE : shown * PAGE]), len(known), confirmed, shown, pages)


def load_project(on: Resources, workspace_id: int, connection_id: int, project_id: str) -> ProjectView | None:
    """One project, with the fields and resolutions that its Jira has now. None where this workspace has no such one.

    No transaction may be open.
    """
    with on.database.read() as conn:
        project = projects.find_project(conn, workspace_id, connection_id, project_id)
        if project is None:
            return None
        site = connections.load_connection(conn, workspace_id, connection_id)
        row = _row(project, site, project_issues.count_links_of(conn, workspace_id))
    try:
        with at_most(SECONDS):
            return _asked(row, site, as_project_reader(on.sites.jira(site)))
    except OutsideError:
        return ProjectView(row, row.choice, False, (), (), True, project.confirmed_at)


def load_choice_effect(on: Resources, workspace_id: int, row: ProjectRow, choice: FieldChoice) -> ChoiceEffect:
    """What confirming ``choice`` for the project would change."""
    project = row.project
    with on.database.read() as conn:
        wont_do = project_issues.wont_do_change(
            conn, workspace_id, project.connection_id, project.project_id, choice.wont_do_resolution_ids
        )
        through = project_issues.linked_through(conn, workspace_id, project.connection_id, project.project_id)
    return ChoiceEffect(
        wont_do,
        len(through),
        counts_otherwise=choice.by_points != row.choice.by_points,
        reads_again=choice.estimate_field_id != row.choice.estimate_field_id,
    )


def _row(project: Project, site: Connection, links: dict[tuple[int, str], int]) -> ProjectRow:
    number = links.get((project.connection_id, project.project_id), 0)
    return ProjectRow(project, site.site_url, project.choice or site.choice, number)


def _asked(row: ProjectRow, site: Connection, reader: ProjectReader) -> ProjectView:
    fields = tuple(sorted((each for each in reader.fields() if each.schema_type == "number"), key=lambda f: f.name))
    resolutions = reader.resolutions()
    is_team_managed = reader.project(row.project.project_id).style == TEAM_MANAGED
    return ProjectView(
        row=row,
        found=_found(site, fields, is_team_managed),
        is_team_managed=is_team_managed,
        number_fields=fields,
        resolutions=resolutions,
        away=False,
        confirmed_at=row.project.confirmed_at,
    )


def _found(site: Connection, fields: Sequence[Field], is_team_managed: bool) -> FieldChoice:
    """A team-managed project has a field of its own for estimates; else what was found for the whole site."""
    own = next((each.field_id for each in fields if each.schema_custom == TEAM_MANAGED_ESTIMATE), None)
    estimate = own if is_team_managed and own is not None else site.choice.estimate_field_id
    return FieldChoice(estimate, site.choice.wont_do_resolution_ids, site.choice.by_points)
