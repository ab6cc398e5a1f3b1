"""Epics to be linked, found in every connected Jira by key, address, words or JQL.

Asks Jira, briefly; where one does not answer, that is said and what is kept of it here is searched instead. An issue's
title is told only where its project shows titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection as Transaction

from connector.store import completions, connections, epic_choices, issues, links, projects
from connector.store.connections import Connection
from mapping.epic_query import EpicQuery, Meant, asks_about_texts, read_epic_query
from mapping.field_choices import FieldChoices
from mapping.figures import Completion, IssueCounts
from mapping.issue import IssueSnapshot, is_done, is_wont_do
from mapping.okr import Initiative
from mapping.rollup import completion
from sync.epic_finding import EPIC_LEVEL, Desk, Matches, SiteAway, WrongQuery, count_below, fetch_epics, find_epics
from sync.epic_names import names_by_site
from sync.ports import Resources

MOST = 25
MOST_CHOSEN = 100
LOWEST_LEVEL = 0


@dataclass(frozen=True, slots=True)
class FoundEpic:
    """``title`` is empty where its project shows none. ``completion`` is None where nobody knows what lies below it;
    ``is_done`` is its own status. ``serves``: its links; ``just_do_it``: somebody said so."""

    connection_id: int
    issue_id: str
    issue_key: str
    project_key: str
    url: str
    title: str
    completion: Completion | None
    is_done: bool
    serves: tuple[Initiative, ...]
    just_do_it: bool

    @property
    def done(self) -> int | None:
        """How many of the issues below it are done; 0 of 0 where it has none."""
        return None if self.completion is None else self.completion.done

    @property
    def total(self) -> int | None:
        """How many issues are below it, without those that will not be done."""
        return None if self.completion is None else self.completion.total

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
    """``more``: not all that matches is in ``found``. ``wrong``: why Jira refuses the query, in its own words.
    ``asks_too_much``: it was not asked, because the query looks into texts."""

    text: str
    meant: Meant
    found: tuple[FoundEpic, ...] = ()
    more: bool = False
    wrong: str = ""
    away: tuple[Away, ...] = ()
    no_site: bool = False
    asks_too_much: bool = False


def search_epics(
    on: Resources, workspace_id: int, text: str, *, stories_too: bool = False, only_shown: bool = False
) -> EpicSearch:
    """At most 25 issues at epic level or above (with ``stories_too`` also below it) for what a person typed.

    ``only_shown``: for people who may not learn titles. Words are then looked for only in projects that show theirs,
    and no query may look into texts, because what is found would tell what a title says. No transaction may be open.
    Never raises for what Jira does or does not answer.
    """
    query = read_epic_query(text)
    if only_shown and query.meant is Meant.JQL and asks_about_texts(query.text):
        return EpicSearch(query.text, query.meant, asks_too_much=True)
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
            epics, cut = _of_site(on, site, query, least, only_shown=only_shown)
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
    """Epics as a form named them (``FoundEpic.name``), as Jira has them now or, where it is away, as they are kept;
    those that are not there are left out."""
    wanted = names_by_site(names)
    with on.database.read() as conn:
        sites = connections.load_connections(conn, workspace_id, "jira")
    found: list[FoundEpic] = []
    for site in (each for each in sites if each.id in wanted):
        ids = wanted[site.id][:MOST_CHOSEN]
        try:
            found += _fetched(on, site, ids)
        except SiteAway:
            with on.database.read() as conn:
                stored = issues.load_issues(conn, workspace_id, site.id, ids)
                found += _described(conn, site, [each.snapshot for each in stored.values()], {})
    return tuple(found)


def _fetched(on: Resources, site: Connection, ids: list[str]) -> list[FoundEpic]:
    desk = _desk(on, site)
    return _with_counts(on, desk, fetch_epics(desk, ids))


def _desk(on: Resources, site: Connection) -> Desk:
    """Raises SiteAway where it asked for patience a moment ago: asking again would only make it wait longer."""
    with on.database.read() as conn:
        choices = projects.load_choices(conn, site)
    if site.blocked_until is not None and site.blocked_until > on.clock.now():
        raise SiteAway(f"it asks to wait {(site.blocked_until - on.clock.now()).total_seconds():.0f} s")
    return Desk(site, on.sites.jira(site), choices)


def _with_counts(on: Resources, desk: Desk, snapshots: tuple[IssueSnapshot, ...]) -> list[FoundEpic]:
    site = desk.site
    ids = [each.issue_id for each in snapshots]
    with on.database.read() as conn:
        counted = completions.load_completions(conn, site.workspace_id, site.id, ids)
    counts = count_below(desk, [one for one in ids if one not in counted])
    with on.database.read() as conn:
        return _described(conn, site, snapshots, counts)


def _of_site(
    on: Resources, site: Connection, query: EpicQuery, least: int, *, only_shown: bool
) -> tuple[list[FoundEpic], bool]:
    desk = _desk(on, site)
    matches = find_epics(desk, query, least_level=least, most=MOST, only_shown=only_shown)
    return _with_counts(on, desk, matches.snapshots), matches.more


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
    choices = projects.load_choices(conn, site)
    anyway = epic_choices.just_do_it_among(conn, site.workspace_id, site.id, ids)
    return [
        FoundEpic(
            connection_id=site.id,
            issue_id=each.issue_id,
            issue_key=each.issue_key,
            project_key=each.project_key,
            url=f"{site.site_url}/browse/{each.issue_key}",
            title=each.title,
            completion=_completion(each, kept.get(each.issue_id, counts.get(each.issue_id)), choices),
            is_done=is_done(each),
            serves=tuple(serving.get(each.issue_id, ())),
            just_do_it=each.issue_id in anyway,
        )
        for each in shown
    ]


def _completion(epic: IssueSnapshot, counts: IssueCounts | None, choices: FieldChoices) -> Completion | None:
    """By the roll-up's own rule, so that a preview says what will be shown."""
    if counts is None:
        return None
    choice = choices.of(epic.project_id)
    return completion(counts, epic.status_category, is_wont_do(epic, choice), by_points=choice.by_points)
