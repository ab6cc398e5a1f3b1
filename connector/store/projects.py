"""How each project of a Jira is read and counted, where that differs from its site, and whether it shows titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select, update

from connector.store.connections import Connection as Site
from connector.store.connections import choice_of, choice_values
from connector.store.prepared import prepared
from connector.store.rows import AnyRow
from connector.store.schema import project
from connector.store.upsert import insert_into, insert_once
from mapping.field_choices import FieldChoices
from mapping.issue import FieldChoice

_KEY = ["workspace_id", "connection_id", "project_id"]


@dataclass(frozen=True, slots=True)
class Project:
    """``choice`` is None until somebody confirmed one: then the site's holds, without titles."""

    connection_id: int
    project_id: str
    project_key: str
    name: str
    choice: FieldChoice | None
    confirmed_at: datetime | None
    confirmed_by: str

    @property
    def shows_titles(self) -> bool:
        return self.choice is not None and self.choice.shows_titles


@dataclass(frozen=True, slots=True)
class SeenProject:
    """A project as Jira names it."""

    project_id: str
    project_key: str
    name: str


def load_projects(conn: Connection, workspace_id: int) -> tuple[Project, ...]:
    """All projects that were ever seen, by their keys."""
    c = project.c
    found = _all(workspace_id).order_by(c.project_key, c.connection_id, c.project_id)
    return tuple(_project(row) for row in conn.execute(found))


def find_project(conn: Connection, workspace_id: int, connection_id: int, project_id: str) -> Project | None:
    """None where this workspace has none of that id at that connection."""
    c = project.c
    found = _all(workspace_id).where(c.connection_id == connection_id, c.project_id == project_id)
    row = conn.execute(found).one_or_none()
    return None if row is None else _project(row)


def load_choices(conn: Connection, site: Site) -> FieldChoices:
    """How the issues of this Jira are read."""
    chosen = (_project(row) for row in conn.execute(*_confirmed(site.workspace_id, site.id)))
    return FieldChoices(site.choice, {each.project_id: each.choice for each in chosen if each.choice is not None})


def record_seen(conn: Connection, workspace_id: int, connection_id: int, seen: Iterable[SeenProject]) -> None:
    """Keep which projects there are; what was chosen for them stays."""
    rows = [
        {"workspace_id": workspace_id, "connection_id": connection_id, "project_id": each.project_id,
         "project_key": each.project_key, "name": each.name[:300]}
        for each in sorted(seen, key=lambda each: each.project_id)
    ]  # fmt: skip
    if rows:
        statement = insert_into(conn, project)
        names = {"project_key": statement.excluded.project_key, "name": statement.excluded.name}
        conn.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=names), rows)


def record_new(conn: Connection, workspace_id: int, connection_id: int, keys_by_id: Mapping[str, str]) -> None:
    """Keep that there are these projects, of which only the keys are known; what is known already stays."""
    for project_id, key in sorted(keys_by_id.items()):
        row = {"workspace_id": workspace_id, "connection_id": connection_id, "project_id": project_id}
        insert_once(conn, project, row | {"project_key": key})


def record_project_choice(
    conn: Connection, workspace_id: int, connection_id: int, project_id: str, choice: FieldChoice, *,
    at: datetime, by: str,
) -> None:  # fmt: skip
    """Somebody confirmed how this project is read."""
    c = project.c
    this = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.project_id == project_id)
    values = {
        "choices": choice_values(choice),
        "shows_titles": choice.shows_titles,
        "confirmed_at": at,
        "confirmed_by": by,
    }
    conn.execute(update(project).where(*this).values(values))


def _all(workspace_id: int) -> Select[tuple[object, ...]]:
    return select(project).where(project.c.workspace_id == workspace_id)


@prepared
def _confirmed(workspace_id: int, connection_id: int) -> Select[tuple[object, ...]]:
    return _all(workspace_id).where(project.c.connection_id == connection_id, project.c.confirmed_at.is_not(None))


def _project(row: AnyRow) -> Project:
    choice = None if row.confirmed_at is None else choice_of(row.choices, shows_titles=row.shows_titles)
    return Project(
        row.connection_id, row.project_id, row.project_key, row.name, choice, row.confirmed_at, row.confirmed_by
    )
