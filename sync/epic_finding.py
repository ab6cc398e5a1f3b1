"""Epics as one Jira has them now, by a key, a query or words. Bounded, and quick to give up: somebody waits for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from connector.errors import OutsideError, Rejected
from connector.http import at_most
from connector.jql import all_of, children_of, of_projects, quoted
from connector.store.connections import Connection
from mapping.epic_query import EpicQuery, Meant
from mapping.field_choices import FieldChoices
from mapping.figures import IssueCounts
from mapping.issue import IssueSnapshot, MalformedIssue
from mapping.issue_counts import counts_of
from sync.away_words import why_away
from sync.ports import JiraReader

EPIC_LEVEL = 1
SECONDS = 4.0
PAGE_SIZE = 100
# Jira cannot be asked for a level, so stories that match as well are passed over, so many pages of them at most.
MOST_PAGES = 3


class WrongQuery(Exception):
    """Jira refuses the query; the text is what it says."""


class SiteAway(Exception):
    """This Jira does not answer just now; the text says why, in words for people."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One Jira, ready to be asked."""

    site: Connection
    client: JiraReader
    choices: FieldChoices


@dataclass(frozen=True, slots=True)
class Matches:
    """``more``: others match that are not here."""

    snapshots: tuple[IssueSnapshot, ...]
    more: bool


def find_epics(desk: Desk, query: EpicQuery, *, least_level: int, most: int, only_shown: bool) -> Matches:
    """What matches, at most ``most``. Raises WrongQuery and SiteAway. A key is found whatever its level.
    ``only_shown``: words are looked for only where titles are shown."""
    if only_shown and query.meant is Meant.WORDS and not desk.choices.showing_titles:
        return Matches((), more=False)
    try:
        with at_most(SECONDS):
            if query.meant is Meant.KEY:
                fetched = desk.client.fetch([query.key], desk.choices.fields)
                return Matches(_read(desk, fetched.issues), more=False)
            return _search(desk, jql_of(query, desk.choices.showing_titles if only_shown else ()), least_level, most)
    except Rejected as error:
        raise WrongQuery(error.said or str(error)) from error
    except OutsideError as error:
        raise SiteAway(why_away(error)) from error


def fetch_epics(desk: Desk, ids: Sequence[str]) -> tuple[IssueSnapshot, ...]:
    """Those of these issues that Jira shows us, at most 100. Raises SiteAway."""
    try:
        with at_most(SECONDS):
            return _read(desk, desk.client.fetch(ids, desk.choices.fields).issues)
    except OutsideError as error:
        raise SiteAway(why_away(error)) from error


def count_below(desk: Desk, issue_ids: Collection[str]) -> Mapping[str, IssueCounts]:
    """What lies below each of these epics adds up to; none of them where that is too much to be read now, or where Jira
    does not answer."""
    if not issue_ids:
        return {}
    below: list[IssueSnapshot] = []
    token: str | None = None
    try:
        with at_most(SECONDS):
            for _ in range(MOST_PAGES):
                page = desk.client.search(
                    children_of(sorted(issue_ids)), desk.choices.fields, token=token, page_size=PAGE_SIZE
                )
                below += _read(desk, page.issues)
                token = page.next_token
                if token is None:
                    return {one: counts_of([s for s in below if s.parent_id == one], desk.choices) for one in issue_ids}
    except OutsideError:
        return {}
    return {}


def jql_of(query: EpicQuery, project_ids: Collection[str] = ()) -> str:
    """A person's own query as it is; words as those that the summary has, each of which may go on, in these projects
    (none: in all)."""
    if query.meant is Meant.JQL:
        return query.text
    where = [of_projects(project_ids)] if project_ids else []
    return all_of(*where, *(f"summary ~ {quoted(word + '*')}" for word in query.words)) + " ORDER BY updated DESC"


def _search(desk: Desk, jql: str, least_level: int, most: int) -> Matches:
    found: list[IssueSnapshot] = []
    token: str | None = None
    for _ in range(MOST_PAGES):
        page = desk.client.search(jql, desk.choices.fields, token=token, page_size=PAGE_SIZE)
        found += [each for each in _read(desk, page.issues) if each.level >= least_level]
        token = page.next_token
        if token is None or len(found) > most:
            break
    return Matches(tuple(found[:most]), more=token is not None or len(found) > most)


def _read(desk: Desk, raw_issues: Sequence[object]) -> tuple[IssueSnapshot, ...]:
    """An issue that cannot be used is passed over: it can be linked by nobody."""
    found: list[IssueSnapshot] = []
    for raw in raw_issues:
        try:
            found.append(desk.choices.read(raw))
        except MalformedIssue:
            continue
    return tuple(found)
