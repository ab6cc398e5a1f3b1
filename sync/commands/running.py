"""Pausing all writing, asking again now, and trying again what was set aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import tables, workspaces
from connector.store.activity import record_activity
from connector.store.connections import Connection, load_connections
from connector.store.work import mark_due
from connector.store.work_list import retry_parked
from mapping.sentences import sentence
from sync.commands.not_possible import NotPossible
from sync.ports import Resources

AT_ONCE = 1
SOON = 2

NOTHING_CONNECTED = sentence(
    "No site is connected yet, so there is nothing to ask. Connect one first: okr connect SITE"
)


def pause_writing(on: Resources, workspace_id: int, who: str) -> bool:
    """Write nothing to Confluence until somebody resumes it; reading goes on. False where that was so already."""
    now = on.clock.now()
    with on.database.write() as conn:
        paused = workspaces.pause_writing(conn, workspace_id, at=now, who=who)
        if paused:
            record_activity(conn, workspace_id, at=now, who=who, text="paused all writing to Confluence")
    return paused


def resume_writing(on: Resources, workspace_id: int, who: str) -> bool:
    """Write to Confluence again; every page that fell behind is brought up to date. False where nothing was paused."""
    now = on.clock.now()
    with on.database.write() as conn:
        resumed = workspaces.resume_writing(conn, workspace_id)
        if resumed:
            _mark_all_tables(conn, workspace_id, now)
            record_activity(conn, workspace_id, at=now, who=who, text="resumed writing to Confluence")
    on.bell.ring()
    return resumed


def check_everything(on: Resources, workspace_id: int, who: str) -> int:
    """Read everything again now: what lies below every linked issue, and every page. Returns how many sites are asked.

    NotPossible where no site is connected.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        connections = _connected(conn, workspace_id)
        _mark(conn, workspace_id, "full_check", connections, "jira", now)
        _mark(conn, workspace_id, "pages", connections, "confluence", now)
        _mark_all_tables(conn, workspace_id, now)
        record_activity(conn, workspace_id, at=now, who=who, text="asked for a full check")
    on.bell.ring()
    return len(connections)


def sync_now(on: Resources, workspace_id: int) -> datetime:
    """Ask every site now what changed, without waiting for the next round. Returns the moment from which to tell
    whether it was done: a connection polled after that has been asked.

    NotPossible where no site is connected.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        connections = _connected(conn, workspace_id)
        _mark(conn, workspace_id, "poll", connections, "jira", now)
        _mark(conn, workspace_id, "pages", connections, "confluence", now)
    on.bell.ring()
    return now


def try_again(on: Resources, workspace_id: int, work_id: int, who: str) -> bool:
    """Make one thing that was set aside due again. False where it is no longer set aside."""
    now = on.clock.now()
    with on.database.write() as conn:
        found = retry_parked(conn, workspace_id, now, [work_id], urgency=SOON) > 0
        if found:
            record_activity(conn, workspace_id, at=now, who=who, text="asked to try again what was set aside")
    on.bell.ring()
    return found


def try_all_again(on: Resources, workspace_id: int, who: str) -> int:
    """Make everything that was set aside due again. Returns how much that was."""
    now = on.clock.now()
    with on.database.write() as conn:
        found = retry_parked(conn, workspace_id, now, urgency=SOON)
        if found:
            text = f"asked to try again all that was set aside: {found}"
            record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return found


def _connected(conn: Transaction, workspace_id: int) -> tuple[Connection, ...]:
    connections = load_connections(conn, workspace_id)
    if not connections:
        raise NotPossible(NOTHING_CONNECTED)
    return connections


def _mark(
    conn: Transaction, workspace_id: int, kind: str, among: tuple[Connection, ...], product: str, at: datetime
) -> None:
    targets = [str(each.id) for each in among if each.product == product]
    mark_due(conn, workspace_id, kind, targets, at, urgency=AT_ONCE, retry=True)


def _mark_all_tables(conn: Transaction, workspace_id: int, at: datetime) -> None:
    targets = [str(table.id) for table in tables.load_tables(conn, workspace_id)]
    mark_due(conn, workspace_id, "table", targets, at, urgency=SOON, retry=True)
