"""What changed lately, by asking: in Jira, and in the pages that hold our tables. Nobody needs to reach us for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from connector.errors import Unavailable
from connector.jql import changed_since
from connector.store import connection_state, connections, tables
from connector.store.work import Claim, mark_due, record_done
from sync.ports import Resources
from sync.reading import Reading, open_reading, take_in, understand

# Jira's search index may lag minutes behind; issues seen twice cost nothing. Never the newest time seen: an issue that
# is indexed late would be skipped for ever.
OVERLAP = timedelta(minutes=10)
MOST_PAGES = 500
PAGE_SIZE = 100
PAGES_IN_A_CALL = 250


def poll_jira(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``poll``: issues that one Jira says were updated since the last time, less an overlap."""
    for claim in claims:
        reading = open_reading(on, claim.workspace_id, int(claim.target))
        since = reading.connection.poll_from or on.clock.now() - OVERLAP
        next_from, calls = _read_changes(on, reading, since)
        now = on.clock.now()
        with on.database.write() as conn:
            connection_state.record_poll(conn, claim.workspace_id, reading.connection.id, now, next_from)
            connection_state.count_calls(conn, claim.workspace_id, reading.connection.id, calls, now.date())
            record_done(conn, claim)


def _read_changes(on: Resources, reading: Reading, since: datetime) -> tuple[datetime, int]:
    """Returns where the next poll begins, in the site's own time, and the number of calls."""
    token: str | None = None
    began: datetime | None = None
    for calls in range(1, MOST_PAGES + 1):
        page = reading.client.search(changed_since(since), reading.fields, token=token, page_size=PAGE_SIZE)
        began = began or page.server_time
        understood = understand(reading, page.issues)
        with on.database.write() as conn:
            take_in(conn, reading, understood.snapshots, on.clock.now())
        if page.next_token is None:
            return began - OVERLAP, calls
        token = page.next_token
    raise Unavailable(f"{reading.connection.site_url} gave no last page after {MOST_PAGES} pages of a search")


def look_at_pages(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``pages``: one call per 250 watched pages; a page with a version that we have not seen is visited."""
    for claim in claims:
        _look_at_pages_of(on, claim)


def _look_at_pages_of(on: Resources, claim: Claim) -> None:
    with on.database.read() as conn:
        connection = connections.load_connection(conn, claim.workspace_id, int(claim.target))
        watched = tables.watched(conn, claim.workspace_id, connection.id)
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
        connection_state.record_poll(conn, claim.workspace_id, connection.id, now, now)
        connection_state.count_calls(conn, claim.workspace_id, connection.id, len(parts), now.date())
        record_done(conn, claim)
