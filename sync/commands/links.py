"""Linking Jira issues to key results, one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection as Transaction

from connector.store import issues, tables
from connector.store.activity import record_activity
from connector.store.connections import Connection
from connector.store.links import Linked, load_links, record_link, remove_link
from connector.store.okrs import load_key_results
from connector.store.projects import load_choices, record_new
from connector.store.work import mark_due
from mapping.okr import Initiative, InvalidOkr, KeyResult, Role, Source
from sync.commands.issue_keys import FoundIssue, clean_key, jira_connections, look_up
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE
from sync.first_count import when_counted
from sync.ports import Resources

LISTING_URGENCY = 3


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What linking did. ``issue_key`` is the issue's present key; ``counts`` says whether it counts in the progress."""

    key_result_key: str
    issue_key: str
    outcome: Linked
    role: Role
    weight: Decimal


def link(
    on: Resources,
    workspace_id: int,
    key_result_key: str,
    issue: str,
    *,
    who: str,
    drives: Decimal | None = None,
    step: str = "",
    site: str = "",
) -> LinkReport:
    """Link an issue (key or address) to a key result: it supports, ``drives`` with a weight, or is a milestone's step.

    Linking the same again changes nothing; with another role or weight it changes the link. ``site`` says which Jira is
    meant where two are connected. NotPossible where the key result or the issue is not there or not to be seen.
    """
    key = clean_key(issue)
    _check_key_result(_known_key_result(on, workspace_id, key_result_key), drives, step)
    found = _the_one(on, workspace_id, key, site)
    role = Role.STEP if step else Role.SUPPORTS if drives is None else Role.DRIVES
    try:
        initiative = Initiative(
            key_result_key, found.connection.id, found.snapshot.issue_id, role, drives or Decimal(1), step
        )
    except InvalidOkr as error:
        raise NotPossible("{error}.", error=error) from error
    now = on.clock.now()
    with on.database.write() as conn:
        outcome = record_link(conn, workspace_id, initiative, at=now, by=who)
        keep_linked(conn, [found], now)
        if outcome is not Linked.SAME:
            new = [(found.connection.id, found.snapshot.issue_id)] if outcome is Linked.ADDED else []
            mark_pages(conn, workspace_id, [key_result_key], when_counted(conn, workspace_id, new, now))
            text = f"linked {found.snapshot.issue_key} to {key_result_key}{_effect(role, initiative.weight)}"
            record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return LinkReport(key_result_key, found.snapshot.issue_key, outcome, role, initiative.weight)


def unlink(on: Resources, workspace_id: int, key_result_key: str, issue: str, *, who: str, site: str = "") -> str:
    """Take a link away; returns the issue's key. Works without Jira, and also for an issue that is gone there.

    NotPossible where the two are not linked, with what is linked instead.
    """
    wanted = clean_key(issue)
    connections = jira_connections(on, workspace_id, site)
    now = on.clock.now()
    with on.database.write() as conn:
        linked = _linked_issues(conn, workspace_id, key_result_key, connections)
        chosen = [(connection_id, issue_id) for connection_id, issue_id, key in linked if key == wanted]
        if not chosen:
            there = ", ".join(sorted(key for _, _, key in linked)) or "nothing"
            raise NotPossible(
                "{wanted} is not linked to {key}. Linked there: {there}.",
                wanted=wanted,
                key=key_result_key,
                there=there,
            )
        for connection_id, issue_id in chosen:
            remove_link(conn, workspace_id, key_result_key, connection_id, issue_id, at=now, by=who)
        mark_pages(conn, workspace_id, [key_result_key], now)
        record_activity(conn, workspace_id, at=now, who=who, text=f"unlinked {wanted} from {key_result_key}")
    on.bell.ring()
    return wanted


def keep_linked(conn: Transaction, found: Iterable[FoundIssue], at: datetime) -> None:
    """Keep the issues as Jira has just told them, and have everything below them listed and counted."""
    by_connection: dict[int, list[FoundIssue]] = {}
    for each in found:
        by_connection.setdefault(each.connection.id, []).append(each)
    for group in by_connection.values():
        connection = group[0].connection
        snapshots = [each.snapshot for each in group]
        issues.upsert_issues(
            conn,
            connection.workspace_id,
            connection.id,
            snapshots,
            load_choices(conn, connection),
            read_at=min(each.read_at for each in group),
        )
        of_projects = {snapshot.project_id: snapshot.project_key for snapshot in snapshots}
        record_new(conn, connection.workspace_id, connection.id, of_projects)
        targets = [f"{connection.id}:{snapshot.issue_id}" for snapshot in snapshots]
        mark_due(conn, connection.workspace_id, "children", targets, at, urgency=LISTING_URGENCY)
        mark_due(conn, connection.workspace_id, "initiative", targets, at, urgency=LISTING_URGENCY)


def mark_pages(conn: Transaction, workspace_id: int, key_result_keys: Iterable[str], at: datetime) -> None:
    """Every page that shows one of these key results is due: a person's own act is written at once."""
    showing = tables.tables_showing(conn, workspace_id, list(key_result_keys))
    mark_due(conn, workspace_id, "table", map(str, showing), at, urgency=AT_ONCE, retry=True)


def _known_key_result(on: Resources, workspace_id: int, key: str) -> KeyResult:
    with on.database.read() as conn:
        known = load_key_results(conn, workspace_id, [key]).get(key)
    if known is None:
        raise NotPossible(
            "There is no key result {key}. `okr export` lists them; `okr import FILE` adds them.", key=key
        )
    return known


def _check_key_result(key_result: KeyResult, drives: Decimal | None, step: str) -> None:
    if drives is not None and step:
        raise NotPossible("A link either drives a key result or is one of its steps, not both.")
    if drives is not None and key_result.source is not Source.INITIATIVES:
        raise NotPossible(
            "The value of {key} does not come from its initiatives, so nothing can drive it. Link it without "
            "a weight, or write `source: initiatives` for it in the file and import that.",
            key=key_result.key,
        )
    if step and step not in {each.key for each in key_result.steps}:
        steps = ", ".join(each.key for each in key_result.steps) or "none"
        raise NotPossible("{key} has no step {step!r}. Its steps: {steps}.", key=key_result.key, step=step, steps=steps)


def _the_one(on: Resources, workspace_id: int, key: str, site: str) -> FoundIssue:
    connections = jira_connections(on, workspace_id, site)
    lookup = look_up(on, connections, [key], tell=_silent)
    if key in lookup.ambiguous:
        sites = " and ".join(lookup.ambiguous[key])
        raise NotPossible("{key} is an issue of {sites}. Say which one is meant: --site ADDRESS", key=key, sites=sites)
    if key in lookup.missing:
        sites = " and ".join(each.site_url for each in connections)
        raise NotPossible(
            "{key} is not there in {sites}, or its account may not see it. Check the key; if it is right, "
            "give the account the permission to browse that project.",
            key=key,
            sites=sites,
        )
    return lookup.found[key]


def _linked_issues(
    conn: Transaction, workspace_id: int, key_result_key: str, connections: tuple[Connection, ...]
) -> list[tuple[int, str, str]]:
    """Connection, id and present key of each issue that is linked to the key result."""
    found = []
    for connection in connections:
        links = load_links(conn, workspace_id, [key_result_key])
        ids = [each.initiative.issue_id for each in links if each.initiative.connection_id == connection.id]
        stored = issues.load_issues(conn, workspace_id, connection.id, ids)
        found += [
            (connection.id, issue_id, stored[issue_id].snapshot.issue_key if issue_id in stored else issue_id)
            for issue_id in ids
        ]
    return found


def _effect(role: Role, weight: Decimal) -> str:
    return {Role.SUPPORTS: "", Role.DRIVES: f", which it drives with weight {weight}", Role.STEP: " as a step"}[role]


def _silent(_done: int, _of: int) -> None:
    """One issue needs no progress."""
