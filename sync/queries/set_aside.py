"""What was set aside, named as people know it: an issue by its key, a table by its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import issues
from connector.store.connections import Connection
from connector.store.work_list import ParkedWork, load_parked
from sync.queries.tables import TableRow

MOST = 50


@dataclass(frozen=True, slots=True)
class SetAside:
    """``name`` and ``url`` of what it is about; ``reason`` in words for people, ``error`` as it was answered."""

    work_id: int
    kind: str
    name: str
    url: str
    reason: str
    error: str
    since: datetime
    attempts: int


def load_set_aside(
    conn: Transaction, workspace_id: int, connections: tuple[Connection, ...], tables: tuple[TableRow, ...]
) -> tuple[SetAside, ...]:
    """The latest first, at most 50."""
    parked = load_parked(conn, workspace_id, MOST)
    keys = _issue_keys(conn, workspace_id, {issue for item in parked if (issue := _issue_of(item))})
    pages = {str(table.table_id): (table.page_name, table.page_url) for table in tables}
    sites = {connection.id: connection.site_url for connection in connections}
    return tuple(_named(item, keys, pages, sites) for item in parked)


def _named(
    item: ParkedWork,
    keys: dict[tuple[int, str], str],
    pages: dict[str, tuple[str, str]],
    sites: dict[int, str],
) -> SetAside:
    name, url = item.target, ""
    issue = _issue_of(item)
    if issue is not None:
        key = keys.get(issue)
        name = key or f"Issue {issue[1]}"
        url = f"{sites[issue[0]]}/browse/{key}" if key and issue[0] in sites else ""
    elif item.kind == "rule":
        number = item.target.partition(":")[2]
        name, url = f"Rule {number}", f"/mappings/rules/{number}"
    elif item.kind == "table":
        name, url = pages.get(item.target, (f"Table {item.target}", ""))
    elif item.target.isdigit() and int(item.target) in sites:
        name = url = sites[int(item.target)]
    return SetAside(item.work_id, item.kind, name, url, item.reason, item.last_error, item.parked_at, item.attempts)


def _issue_of(item: ParkedWork) -> tuple[int, str] | None:
    connection_id, colon, issue_id = item.target.partition(":")
    if item.kind == "rule":
        return None
    return (int(connection_id), issue_id) if colon and connection_id.isdigit() else None


def _issue_keys(conn: Transaction, workspace_id: int, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for number in sorted({connection_id for connection_id, _ in wanted}):
        ids = [issue_id for connection_id, issue_id in wanted if connection_id == number]
        known = issues.load_issues(conn, workspace_id, number, ids)
        found |= {(number, issue_id): stored.snapshot.issue_key for issue_id, stored in known.items()}
    return found
