"""Which epics serve which key result, as lists; and what a new link may be made to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import connections, okrs, projects
from connector.store.link_list import LinkFilter, ListedLink, Tally, count_links, find_link, list_links, tally
from mapping.epic_query import read_epic_query
from mapping.field_choices import FieldChoices
from mapping.figures import Completion
from mapping.okr import CycleState, Initiative, KeyResult
from sync.figures import completion_of
from sync.ports import Resources
from sync.reading import HIDDEN
from sync.seen import fingerprint

PAGE = 50


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as it is shown. ``shows_title``: whether its project shows titles at all; ``from_rule`` is the name of
    the rule that made it, empty where a person did."""

    link: Initiative
    issue_key: str
    url: str
    title: str
    shows_title: bool
    project_key: str
    completion: Completion | None
    key_result_title: str
    team: str
    linked_by: str
    from_rule: str
    linked_at: datetime
    gone_since: datetime | None
    is_hidden: bool

    @property
    def name(self) -> str:
        return f"{self.link.connection_id}:{self.link.issue_id}"

    @property
    def seen(self) -> str:
        """What somebody saw of it who opened its form."""
        return fingerprint(self.link)


@dataclass(frozen=True, slots=True)
class LinksView:
    """One page of the links that a filter lets through; ``matching`` of all ``tally.links``."""

    rows: tuple[LinkRow, ...]
    matching: int
    page: int
    pages: int
    tally: Tally

    @property
    def untitled(self) -> tuple[str, ...]:
        """The projects on this page that show no titles."""
        return tuple(sorted({row.project_key for row in self.rows if row.project_key and not row.shows_title}))


@dataclass(frozen=True, slots=True)
class Target:
    """A key result that can be linked to."""

    key_result: KeyResult
    team: str
    cycle_name: str


def load_tally(on: Resources, workspace_id: int) -> Tally:
    """What stands on the tabs of the mappings."""
    with on.database.read() as conn:
        return tally(conn, workspace_id)


def load_links_view(on: Resources, workspace_id: int, *, key_result_key: str, words: str, page: int) -> LinksView:
    """A page of at most 50 links, newest first. A page beyond the last is the last."""
    query = read_epic_query(words)
    return _view(on, workspace_id, LinkFilter(key_result_key, (query.key,) if query.key else query.words), page)


def load_gone(on: Resources, workspace_id: int, page: int) -> LinksView:
    """The links whose epic Jira no longer shows us."""
    return _view(on, workspace_id, LinkFilter(only_gone=True), page)


def _view(on: Resources, workspace_id: int, wanted: LinkFilter, page: int) -> LinksView:
    with on.database.read() as conn:
        matching = count_links(conn, workspace_id, wanted)
        pages = max(1, -(-matching // PAGE))
        shown = min(max(page, 1), pages)
        rows = list_links(conn, workspace_id, wanted, limit=PAGE, offset=(shown - 1) * PAGE)
        return LinksView(_rows(conn, workspace_id, rows), matching, shown, pages, tally(conn, workspace_id))


def load_link(on: Resources, workspace_id: int, key: str, connection_id: int, issue_id: str) -> LinkRow | None:
    """One link; None where the two are not linked in this workspace."""
    with on.database.read() as conn:
        found = find_link(conn, workspace_id, key, connection_id, issue_id)
        return _rows(conn, workspace_id, (found,))[0] if found is not None else None


def load_targets(on: Resources, workspace_id: int) -> tuple[Target, ...]:
    """Key results that an epic may serve now: not dropped, of cycles that are not closed; the latest cycle last."""
    found: list[Target] = []
    with on.database.read() as conn:
        for cycle in okrs.load_cycles(conn, workspace_id):
            if cycle.state is CycleState.CLOSED:
                continue
            for objective, key_results in okrs.load_cycle(conn, workspace_id, cycle.key).objectives:
                alive = (each for each in key_results if each.dropped_on is None)
                found += [Target(each, objective.team, cycle.name) for each in alive]
    return tuple(found)


def _rows(conn: Transaction, workspace_id: int, found: tuple[ListedLink, ...]) -> tuple[LinkRow, ...]:
    sites = {site.id: site for site in connections.load_connections(conn, workspace_id, "jira")}
    choices = {number: projects.load_choices(conn, site) for number, site in sites.items()}
    urls = {number: site.site_url for number, site in sites.items()}
    return tuple(_row(each, urls, choices) for each in found)


def _row(each: ListedLink, urls: Mapping[int, str], choices: Mapping[int, FieldChoices]) -> LinkRow:
    link = each.linked.initiative
    choice = choices[link.connection_id].of(each.linked.project_id)
    key = each.linked.issue_key or link.issue_id
    return LinkRow(
        link=link,
        issue_key=key,
        url=f"{urls[link.connection_id]}/browse/{key}",
        title=each.linked.title if choice.shows_titles else "",
        shows_title=choice.shows_titles,
        project_key=each.project_key,
        completion=completion_of(each.linked.completion, choice),
        key_result_title=each.key_result_title,
        team=each.team,
        linked_by=each.linked_by,
        from_rule=each.rule_name,
        linked_at=each.linked_at,
        gone_since=each.linked.gone_since,
        is_hidden=each.hidden or each.linked.gone_why == HIDDEN,
    )


def load_linked_key_result(on: Resources, workspace_id: int, row: LinkRow) -> KeyResult:
    """The key result that a link of this workspace serves."""
    key = row.link.key_result_key
    with on.database.read() as conn:
        return okrs.load_key_results(conn, workspace_id, [key])[key]
