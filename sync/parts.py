"""What links bring into figures, added up without a look at each: for those who show thousands as one figure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection as Transaction

from connector.store import connections, feeding_links, projects
from connector.store.feeding_links import AlikeLinks
from mapping.field_choices import FieldChoices
from mapping.figures import Part
from mapping.issue import FieldChoice
from mapping.okr import KeyResult, Kind, Source
from mapping.rollup import completion

Parts = dict[str, tuple[Part, ...]]
DoneSteps = dict[str, frozenset[str]]


def load_parts(conn: Transaction, workspace_id: int, key_results: Collection[KeyResult]) -> tuple[Parts, DoneSteps]:
    """The parts of each key result that links make the figure of; and its milestone steps whose issue is done.

    Links that are alike are made into a part only once: of thousands, most are.
    """
    choices = _load_choices(conn, workspace_id)
    by_project = any(choice.tells_projects_apart for choice in choices.values())
    milestones = [kr.key for kr in key_results if kr.kind is Kind.MILESTONE]
    driven = [kr.key for kr in key_results if kr.source is Source.INITIATIVES]
    found: dict[str, list[Part]] = {}
    for alike in feeding_links.load_feeding_links(conn, workspace_id, milestones + driven, by_project=by_project):
        part = _part_of(alike, choices[alike.connection_id].of(alike.project_id))
        for key in alike.key_results:
            found.setdefault(key, []).append(part)
    done = feeding_links.load_done_steps(conn, workspace_id, milestones)
    return {key: tuple(parts) for key, parts in found.items()}, done


def _part_of(alike: AlikeLinks, choice: FieldChoice) -> Part:
    counted = alike.counted
    if counted is None:
        return Part(alike.role, alike.weight, None)
    figure = completion(counted.counts, counted.own_status, counted.own_wont_do, by_points=choice.by_points)
    unreadable = replace(figure, unreadable_since=counted.unreadable_since, unreadable_why=counted.unreadable_why)
    return Part(alike.role, alike.weight, unreadable)


def _load_choices(conn: Transaction, workspace_id: int) -> dict[int, FieldChoices]:
    sites = connections.load_connections(conn, workspace_id, "jira")
    return {site.id: projects.load_choices(conn, site) for site in sites}
