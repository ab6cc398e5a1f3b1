"""``okr doctor --verify``: does each page say what Jira says now?

Every linked issue and query is read from Jira now, rolled up anew, and compared with the page as it stands. What is
kept of issues takes no part in it; check-ins, and what was when, are our own memory. Changes nothing, here or there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from connector.errors import OutsideError, RateLimited, Unauthorized, Unavailable
from connector.store import connections, projects, tables
from connector.store.connections import Connection
from connector.store.tables import PageTable, TableState
from mapping.okr import JqlSource
from mapping.page_region import NotWellFormed
from mapping.table_intended import intended
from sync.composing import load_table_facts, table_of
from sync.figures import CycleFacts
from sync.finding import Finding
from sync.fresh_figures import Choices, with_fresh
from sync.fresh_jira import FreshJira, read_fresh
from sync.page_comparing import Compared, compare
from sync.ports import Page, Resources
from sync.query_values import jira_of
from sync.verdict import Verdict, explained, finding_of

_ENDED = TableState.FINISHED


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table and what is known of all that it shows."""

    table: PageTable
    facts: CycleFacts


@dataclass(slots=True)
class _World:
    """What is read for all tables together; a page with two tables is read once. ``refused``: what a whole
    site answered to us; it is not asked again."""

    fresh: FreshJira
    choices: Choices
    sites: Mapping[int, Connection]
    pages: dict[tuple[int, str], Page] = field(default_factory=dict)
    refused: dict[int, OutsideError] = field(default_factory=dict)


def verify(on: Resources, workspace_id: int) -> list[Finding]:
    """One finding for each table: right, differs and where, or cannot be told and why. Raises StoreError."""
    with on.database.read() as conn:
        found = tables.load_tables(conn, workspace_id)
        kept = [_Kept(each, load_table_facts(conn, workspace_id, each)) for each in found]
        sites = {each.id: each for each in connections.load_connections(conn, workspace_id)}
        choices = {n: projects.load_choices(conn, each) for n, each in sites.items() if each.product == "jira"}
    world = _World(_read_jira(on, sites, kept), choices, sites)
    return [finding_of(each.table, _verdict(on, each, world)) for each in kept]


def _read_jira(on: Resources, sites: Mapping[int, Connection], kept: list[_Kept]) -> FreshJira:
    linked: set[tuple[int, str]] = set()
    queries: dict[str, JqlSource] = {}
    for each in kept:
        if each.table.state is _ENDED:
            continue
        for key, facts in each.facts.of_key_results.items():
            linked |= {(figure.initiative.connection_id, figure.initiative.issue_id) for figure in facts.initiatives}
            queries |= {key: facts.key_result.jql} if facts.key_result.jql else {}
    jiras = [site for site in sites.values() if site.product == "jira"]
    asked = jira_of(jiras)
    found = FreshJira()
    for site in jiras:
        ids = {issue_id for connection_id, issue_id in linked if connection_id == site.id}
        part = read_fresh(on, site, ids, queries if asked is not None and site.id == asked.id else {})
        found.issues |= part.issues
        found.values |= part.values
        found.unread |= part.unread
        found.unread_queries |= part.unread_queries
    return found


def _verdict(on: Resources, kept: _Kept, world: _World) -> Verdict:
    table = kept.table
    if table.state is _ENDED:
        return Verdict(unknown="It is a snapshot: it stays as it was taken.", is_fine=True)
    if not table.written_version:
        return Verdict(unknown="It was not written yet.")
    try:
        page = _page(on, table, world)
        compared = _compare(on, kept, page, world)
    except OutsideError as error:
        return Verdict(unknown=f"The page cannot be read: {error}")
    except NotWellFormed as error:
        return Verdict(unknown=f"The page's markup cannot be read ({error}).")
    if page.status != "current":
        return Verdict(unknown=f"The page is {page.status}.")
    return _judged(on, kept, compared, world)


def _page(on: Resources, table: PageTable, world: _World) -> Page:
    """Raises OutsideError; of a site that refused as a whole, without asking again."""
    site, name = world.sites[table.connection_id], (table.connection_id, table.page_id)
    if site.id in world.refused:
        raise world.refused[site.id]
    if name not in world.pages:
        try:
            world.pages[name] = on.sites.confluence(site).read(table.page_id)
        except (RateLimited, Unauthorized, Unavailable) as error:
            world.refused[site.id] = error
            raise
    return world.pages[name]


def _compare(on: Resources, kept: _Kept, page: Page, world: _World) -> Compared:
    """With the table as it would be now, or, where that differs, for the moment of our last write: what only time
    changes waits for its daily write."""
    table, now = replace(kept.table, region_memory={}), on.clock.now()
    facts = with_fresh(kept.facts, world.fresh, world.choices)
    found = []
    for at in (now, kept.table.written_as_of or now):
        with on.database.read() as conn:
            shown = table_of(conn, table.workspace_id, table, on.settings, facts, at, known_at=now)
        found.append(compare(page, table, intended(shown)))
        if found[-1].changes.is_nothing:
            break
    return found[-1]


def _judged(on: Resources, kept: _Kept, compared: Compared, world: _World) -> Verdict:
    if compared.look.unreadable:
        return Verdict(unknown=compared.look.unreadable)
    if compared.look.sight is None:
        return Verdict(unknown="A person took the table out of the page.")
    with on.database.read() as conn:
        is_right, now = compared.changes.is_nothing, on.clock.now()
        why = "" if is_right else explained(conn, now, kept.table, kept.facts, world.fresh)
    return Verdict(
        changes=compared.changes,
        why=why,
        compared=len(compared.look.reading.keys) if compared.look.reading else 0,
        typed=len(compared.look.typed),
        unread=tuple(_unread(kept.facts, world.fresh)),
    )


def _unread(facts: CycleFacts, fresh: FreshJira) -> Iterator[tuple[str, str]]:
    """What the table shows and Jira did not tell, with the reason."""
    for key, each in facts.of_key_results.items():
        if key in fresh.unread_queries:
            yield f"the query of {key}", fresh.unread_queries[key]
        for figure in each.initiatives:
            why = fresh.unread.get((figure.initiative.connection_id, figure.initiative.issue_id))
            if why:
                yield figure.issue_key, why
