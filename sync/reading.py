"""Jira's answers → rows: what every stage that reads Jira does with the issues it was given.

Only issues that are linked, lie directly below a linked one, or did so when we last looked, are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import connections, issues, links, projects, tables
from connector.store.connections import Connection
from connector.store.work import mark_due
from mapping.field_choices import FieldChoices
from mapping.issue import IssueSnapshot, MalformedIssue
from mapping.rules import initiatives_touched
from sync.ports import JiraReader, Resources

log = logging.getLogger(__name__)

# Why an issue is not there any more, as pages and screens show it; ``mapping.words`` has both in every language.
GONE = "not found"
HIDDEN = "no permission"


@dataclass(frozen=True, slots=True)
class Reading:
    """One connection to a Jira, ready to be asked."""

    connection: Connection
    client: JiraReader
    choices: FieldChoices

    @property
    def fields(self) -> tuple[str, ...]:
        """What to ask for, so that the answer can be understood."""
        return self.choices.fields

    def target(self, issue_id: str) -> str:
        """The work table's name for one of its issues."""
        return f"{self.connection.id}:{issue_id}"


@dataclass(frozen=True, slots=True)
class Understood:
    """An answer of Jira, parsed. ``malformed``: issues that we cannot use, by id where one could be read, and why."""

    snapshots: tuple[IssueSnapshot, ...]
    malformed: dict[str, str]


def open_reading(on: Resources, workspace_id: int, connection_id: int) -> Reading:
    """Load the connection and make its client. No transaction may be open."""
    with on.database.read() as conn:
        connection = connections.load_connection(conn, workspace_id, connection_id)
        choices = projects.load_choices(conn, connection)
    return Reading(connection, on.sites.jira(connection), choices)


def understand(reading: Reading, raw_issues: Iterable[object]) -> Understood:
    """Parse untrusted JSON; an issue that cannot be used is reported and does not hold back the others."""
    snapshots: list[IssueSnapshot] = []
    malformed: dict[str, str] = {}
    for raw in raw_issues:
        try:
            snapshots.append(reading.choices.read(raw))
        except MalformedIssue as error:
            name = raw.get("id") if isinstance(raw, dict) else None
            malformed[str(name)] = str(error)
            log.warning("an issue of %s cannot be used: %s", reading.connection.site_url, error)
    return Understood(tuple(snapshots), malformed)


def take_in_found(conn: Transaction, reading: Reading, snapshots: Sequence[IssueSnapshot], read_at: datetime) -> int:
    """As ``take_in``, for what a search found. Its index may still show what was deleted: an issue that is kept as gone
    comes back only by being read by its id, which is marked as due."""
    workspace_id, connection_id = reading.connection.workspace_id, reading.connection.id
    gone = issues.gone_among(conn, workspace_id, connection_id, [s.issue_id for s in snapshots])
    mark_due(conn, workspace_id, "issue", map(reading.target, gone), read_at, urgency=3)
    return take_in(conn, reading, [s for s in snapshots if s.issue_id not in gone], read_at)


def take_in(conn: Transaction, reading: Reading, snapshots: Sequence[IssueSnapshot], read_at: datetime) -> int:
    """Write what is of interest and mark the initiatives that it touches. Returns how many issues had changed."""
    workspace_id, connection_id = reading.connection.workspace_id, reading.connection.id
    linked = links.linked_issue_ids(conn, workspace_id, connection_id)
    known = issues.known_among(conn, workspace_id, connection_id, [s.issue_id for s in snapshots])
    kept = [s for s in snapshots if s.issue_id in known or s.issue_id in linked or s.parent_id in linked]
    changes = issues.upsert_issues(conn, workspace_id, connection_id, kept, reading.choices, read_at)
    by_id = {snapshot.issue_id: snapshot for snapshot in kept}
    changed = [change for change in changes if change.changed]
    touched: set[str] = set()
    for change in changed:
        touched |= initiatives_touched(by_id[change.issue_id], change.old_parent, linked)
    # Whoever names no parent any more may have been taken out; or the parent was closed to us, of which Jira [U] says
    # nothing but that. Only a listing of the parent can tell, which finds it closed; until then its last figure stands.
    unsure = touched & {change.old_parent for change in changed if change.old_parent and not change.new_parent}
    mark_due(conn, workspace_id, "children", map(reading.target, unsure), read_at, urgency=3)
    mark_due(conn, workspace_id, "initiative", map(reading.target, touched - unsure), read_at, urgency=3)
    _mark_pages(conn, reading, {change.issue_id for change in changed if change.issue_id in linked}, read_at)
    return len(changed)


def _mark_pages(conn: Transaction, reading: Reading, changed: set[str], at: datetime) -> None:
    """A linked issue may have another key now, which its page shows although no figure differs."""
    if not changed:
        return
    workspace_id = reading.connection.workspace_id
    keys = {link.key_result_key for link in links.links_to(conn, workspace_id, reading.connection.id, sorted(changed))}
    showing = tables.tables_showing(conn, workspace_id, keys)
    mark_due(conn, workspace_id, "table", map(str, showing), at, urgency=5)
