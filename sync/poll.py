"""What changed lately, by asking: in Jira, and in the pages that hold our tables. Nobody needs to reach us for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.jql import changed_since
from connector.pacing import Room
from connector.store import connection_state, connections, tables
from connector.store.tables import TableState
from connector.store.work import Claim, hold_on, mark_due, record_done
from sync.ports import Resources
from sync.reading import Reading, open_reading, take_in_found, understand
from sync.rule_linking import link_what_matches
from sync.work import LEASE_SECONDS

# Jira's search index may lag minutes behind; issues seen twice cost nothing. Never the newest time seen: an issue that
# is indexed late would be skipped for ever.
OVERLAP = timedelta(minutes=10)
# Beyond so much, a bulk change of a whole site, listing what is linked again is the shorter way.
MOST_PAGES = 200
PAGE_SIZE = 100
PAGES_IN_A_CALL = 250


def poll_jira(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``poll``: issues that one Jira says were updated since the last time, less an overlap. Where these are too
    many, everything linked is listed again instead."""
    for claim in claims:
        reading = open_reading(on, claim.workspace_id, int(claim.target))
        since = reading.connection.poll_from or on.clock.now() - OVERLAP
        changes = _read_changes(on, reading, claim, since)
        now = on.clock.now()
        with on.database.write() as conn:
            this = (claim.workspace_id, reading.connection.id)
            connection_state.record_poll(conn, *this, now, changes.next_from, changes.calls)
            connection_state.record_room(conn, *this, changes.room, now)
            if not changes.whole:
                mark_due(conn, claim.workspace_id, "full_check", [claim.target], now)
            record_done(conn, claim)


@dataclass(frozen=True, slots=True)
class _Changes:
    """``next_from``: where the next poll begins, in the site's own time. ``whole``: False where there were more."""

    next_from: datetime
    calls: int
    whole: bool
    room: Room | None


def _read_changes(on: Resources, reading: Reading, claim: Claim, since: datetime) -> _Changes:
    token: str | None = None
    began = since
    for calls in range(1, MOST_PAGES + 1):
        asked_at = on.clock.now()
        page = reading.client.search(changed_since(since), reading.fields, token=token, page_size=PAGE_SIZE)
        began = began if token else page.server_time
        understood = understand(reading, page.issues)
        with on.database.write() as conn:
            hold_on(conn, [claim], on.clock.now() + timedelta(seconds=LEASE_SECONDS))
            link_what_matches(conn, reading, understood.snapshots, asked_at)
            take_in_found(conn, reading, understood.snapshots, asked_at)
        token = page.next_token
        if token is None:
            return _Changes(began - OVERLAP, calls, whole=True, room=page.room)
    return _Changes(began - OVERLAP, MOST_PAGES, whole=False, room=page.room)


def look_at_pages(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``pages``: one call per 250 watched pages; a page with a version that we have not seen is visited."""
    for claim in claims:
        _look_at_pages_of(on, claim)


def _look_at_pages_of(on: Resources, claim: Claim) -> None:
    with on.database.read() as conn:
        connection = connections.load_connection(conn, claim.workspace_id, int(claim.target))
        # A snapshot that is written never changes again, whatever becomes of its page.
        found = tables.watched(conn, claim.workspace_id, connection.id)
        watched = [table for table in found if table.state is not TableState.FINISHED]
    client = on.sites.confluence(connection)
    page_ids = sorted({table.page_id for table in watched})
    versions: dict[str, int] = {}
    parts = [page_ids[start : start + PAGES_IN_A_CALL] for start in range(0, len(page_ids), PAGES_IN_A_CALL)]
    for part in parts:
        versions |= client.present_versions(part)
    now = on.clock.now()
    # A page that is not listed has gone or is closed to us: the visit finds out which, once.
    news = [str(t.id) for t in watched if versions.get(t.page_id, 0) != t.seen_version]
    with on.database.write() as conn:
        mark_due(conn, claim.workspace_id, "table", news, now, urgency=2)
        connection_state.record_poll(conn, claim.workspace_id, connection.id, now, now, len(parts))
        record_done(conn, claim)
