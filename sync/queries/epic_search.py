"""Epics to be linked, found in every connected Jira by key, address, words or JQL.

Asks Jira, briefly; where one does not answer, that is said and what is kept of it here is searched instead. An issue's
title is told only where its project shows titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import completions, connections, epic_choices, issues, links, projects
from connector.store.connections import Connection
from mapping.epic_query import EpicQuery, Meant, read_epic_query
from mapping.figures import IssueCounts
from mapping.issue import IssueSnapshot
from mapping.okr import Initiative
from sync.epic_finding import EPIC_LEVEL, Desk, Matches, SiteAway, WrongQuery, count_below, find_epics
from sync.ports import Resources

MOST = 25
LOWEST_LEVEL = 0


@dataclass(frozen=True, slots=True)
class FoundEpic:
    """``title`` is empty where its project shows none. ``done`` and ``total`` count the issues below it, without those
    that will not be done; None where nobody knows. ``serves``: its links; ``just_do_it``: somebody said so."""

    connection_id: int
    issue_id: str
    issue_key: str
    project_key: str
    url: str
    title: str
    counts: IssueCounts | None
    serves: tuple[Initiative, ...]
    just_do_it: bool

    @property
    def done(self) -> int | None:
        return None if self.counts is None else self.counts.done

    @property
    def total(self) -> int | None:
        return None if self.counts is None else self.counts.total - self.counts.wont_do

    @property
    def name(self) -> str:
        """How a form names it: ids alone are unique only within one connection."""
        return f"{self.connection_id}:{self.issue_id}"


@dataclass(frozen=True, slots=True)
class Away:
    """A Jira that did not answer; what is shown of it is what was kept."""

    site_url: str
    why: str


@dataclass(frozen=True, slots=True)
class EpicSearch:
    """``more``: not all that matches is in ``found``. ``wrong``: why Jira refuses the query, in its own words."""

    text: str
    meant: Meant
    found: tuple[FoundEpic, ...] = ()
    more: bool = False
    wrong: str = ""
    away: tuple[Away, ...] = ()
    no_site: bool = False


def search_epics(on: Resources, workspace_id: int, text: str, *, stories_too: bool = False) -> EpicSearch:
    """At most 25 issues at epic level or above (with ``stories_too`` also below it) for what a person typed.

    No transaction may be open. Never raises for what Jira does or does not answer.
    """
    query = read_epic_query(text)
    with on.database.read() as conn:
        sites = connections.load_connections(conn, workspace_id, "jira")
    if query.meant is Meant.NOTHING or not sites:
        return EpicSearch(query.text, query.meant, no_site=not sites)
    least = LOWEST_LEVEL if stories_too else EPIC_LEVEL
    found: list[FoundEpic] = []
    away: list[Away] = []
    wrong, more = "", False
    for site in sites:
        try:
            epics, cut = _of_site(on, site, query, least)
        except WrongQuery as error:
            wrong = wrong or str(error)
            continue
        except SiteAway as error:
            away.append(Away(site.site_url, str(error)))
            epics, cut = _kept(on, site, query, least)
        found += epics
        more = more or cut
    # A query that one of several sites understands is not wrong.
    return EpicSearch(
        query.text, query.meant, tuple(found[:MOST]), more or len(found) > MOST, "" if found else wrong, tuple(away)
    )


def load_epics(on: Resources, workspace_id: int, names: Iterable[str]) -> tuple[FoundEpic, ...]:
    """Epics as a form named them (``FoundEpic.name``), as they are kept; those that are not kept are left out."""
    wanted: dict[int, list[str]] = {}
    for name in names:
        connection_id, _, issue_id = name.partition(":")
        if connection_id.isascii() and connection_id.isdigit() and issue_id and len(name) <= 40:
            wanted.setdefault(int(connection_id), []).append(issue_id)
    found: list[FoundEpic] = []
    with on.database.read() as conn:
        for site in connections.load_connections(conn, workspace_id, "jira"):
            stored = issues.load_issues(conn, workspace_id, site.id, wanted.get(site.id, []))
            found += _described(conn, site, [each.snapshot for each in stored.values()], {})
    return tuple(found)


def _of_site(on: Resources, site: Connection, query: EpicQuery, least: int) -> tuple[list[FoundEpic], bool]:
    with on.database.read() as conn:
        choices = projects.load_choices(conn, site)
    _refuse_blocked(site, on.clock.now())
    desk = Desk(site, on.sites.jira(site), choices)
    matches = find_epics(desk, query, least_level=least, most=MOST)
    with on.database.read() as conn:
        ids = [each.issue_id for each in matches.snapshots]
        counted = completions.load_completions(conn, site.workspace_id, site.id, ids)
    counts = count_below(desk, [one for one in ids if one not in counted])
    with on.database.read() as conn:
        return _described(conn, site, matches.snapshots, counts), matches.more


def _refuse_blocked(site: Connection, at: datetime) -> None:
    """It asked for patience a moment ago: asking it again would only make it wait longer."""
    if site.blocked_until is not None and site.blocked_until > at:
        raise SiteAway(f"it asks to wait {(site.blocked_until - at).total_seconds():.0f} s")


def _kept(on: Resources, site: Connection, query: EpicQuery, least: int) -> tuple[list[FoundEpic], bool]:
    """What is kept here; a query can only be answered by Jira itself."""
    if query.meant is Meant.JQL:
        return [], False
    with on.database.read() as conn:
        level = LOWEST_LEVEL if query.meant is Meant.KEY else least
        stored = issues.find_kept(
            conn, site.workspace_id, site.id, key=query.key, words=query.words, least_level=level, limit=MOST + 1
        )
        matches = Matches(tuple(each.snapshot for each in stored[:MOST]), more=len(stored) > MOST)
        return _described(conn, site, matches.snapshots, {}), matches.more


def _described(
    conn: Transaction, site: Connection, snapshots: Iterable[IssueSnapshot], counts: Mapping[str, IssueCounts]
) -> list[FoundEpic]:
    shown = tuple(snapshots)
    ids = [each.issue_id for each in shown]
    counted = completions.load_completions(conn, site.workspace_id, site.id, ids)
    kept = {issue_id: each.counts for issue_id, each in counted.items()}
    serving: dict[str, list[Initiative]] = {}
    for link in links.links_to(conn, site.workspace_id, site.id, ids):
        serving.setdefault(link.issue_id, []).append(link)
    anyway = epic_choices.just_do_it_among(conn, site.workspace_id, site.id, ids)
    return [
        FoundEpic(
            connection_id=site.id,
            issue_id=each.issue_id,
            issue_key=each.issue_key,
            project_key=each.project_key,
            url=f"{site.site_url}/browse/{each.issue_key}",
            title=each.title,
            counts=kept.get(each.issue_id, counts.get(each.issue_id)),
            serves=tuple(serving.get(each.issue_id, ())),
            just_do_it=each.issue_id in anyway,
        )
        for each in shown
    ]
