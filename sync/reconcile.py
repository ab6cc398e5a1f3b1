"""The rolling full check: list again everything directly below linked issues, the longest unchecked first.

It alone is enough to find every change, with all events lost; it also is the first sync.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.errors import Rejected, Unavailable
from connector.jql import children_of
from connector.store import completions, connection_state, issues, runs
from connector.store.work import Claim, hold_on, mark_due, record_done
from sync.checking import begin_full_check
from sync.counting import count_again
from sync.ports import Resources
from sync.reading import Reading, open_reading, take_in, take_in_found, understand
from sync.rule_linking import link_what_matches
from sync.work import LEASE_SECONDS

# So many parents share one query: enough to fill Jira's pages of 100, few enough for the claim's time.
PARENTS_IN_A_QUERY = 50
MOST_PAGES = 1000
PAGE_SIZE = 100


def check_all(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``full_check``: everything linked over one connection is due to be listed again, now."""
    now = on.clock.now()
    with on.database.write() as conn:
        for claim in claims:
            begin_full_check(conn, claim.workspace_id, int(claim.target), now)
            record_done(conn, claim)


def list_children(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``children``: everything below up to 100 linked issues of one connection."""
    reading = open_reading(on, claims[0].workspace_id, int(claims[0].target.partition(":")[0]))
    for start in range(0, len(claims), PARENTS_IN_A_QUERY):
        some = claims[start : start + PARENTS_IN_A_QUERY]
        try:
            _list_some(on, reading, some, claims[start:])
        except Rejected:
            # Jira refuses a query that names an issue which has just gone: then each is asked for alone.
            if len(some) == 1:
                raise
            for number, claim in enumerate(some, start):
                _list_some(on, reading, [claim], claims[number:])


def _list_some(on: Resources, reading: Reading, claims: Sequence[Claim], in_hand: Sequence[Claim]) -> None:
    """``in_hand``: these claims and those that come after them."""
    began = on.clock.now()
    by_id = {claim.target.partition(":")[2]: claim for claim in claims}
    fetched = reading.client.fetch(sorted(by_id), reading.fields)
    parents = understand(reading, fetched.issues)
    with on.database.write() as conn:
        link_what_matches(conn, reading, parents.snapshots, began)
        changed = take_in(conn, reading, parents.snapshots, began)
    present = sorted(snapshot.issue_id for snapshot in parents.snapshots)
    seen, calls, more = _read_pages(on, reading, present, began, in_hand) if present else (frozenset[str](), 0, 0)
    _finish(on, reading, by_id, present, seen, began, calls=calls + 1, changed=changed + more)


def _read_pages(
    on: Resources, reading: Reading, parents: Sequence[str], began: datetime, in_hand: Sequence[Claim]
) -> tuple[frozenset[str], int, int]:
    """Every page to the end, each written as it comes. Returns the ids seen, the calls made, the changes found."""
    seen: set[str] = set()
    token: str | None = None
    changed = 0
    for calls in range(1, MOST_PAGES + 1):
        page = reading.client.search(children_of(parents), reading.fields, token=token, page_size=PAGE_SIZE)
        understood = understand(reading, page.issues)
        with on.database.write() as conn:
            hold_on(conn, in_hand, on.clock.now() + timedelta(seconds=LEASE_SECONDS))
            link_what_matches(conn, reading, understood.snapshots, began)
            changed += take_in_found(conn, reading, understood.snapshots, began)
        seen |= {snapshot.issue_id for snapshot in understood.snapshots} | set(understood.malformed)
        if page.next_token is None:
            return frozenset(seen), calls, changed
        token = page.next_token
    raise Unavailable(f"{reading.connection.site_url} gave no last page after {MOST_PAGES} pages of a search")


def _finish(
    on: Resources,
    reading: Reading,
    by_id: dict[str, Claim],
    present: Sequence[str],
    seen: frozenset[str],
    began: datetime,
    *,
    calls: int,
    changed: int,
) -> None:
    workspace_id, connection_id = reading.connection.workspace_id, reading.connection.id
    now = on.clock.now()
    with on.database.write() as conn:
        # What was below and is not listed any more has moved, was deleted, or is hidden: each is asked for by its id.
        # So are linked issues that Jira did not return.
        missing = issues.children_not_seen(conn, workspace_id, connection_id, present, seen, began)
        unsure = [*missing, *(set(by_id) - set(present))]
        mark_due(conn, workspace_id, "issue", map(reading.target, unsure), now, urgency=4)
        count_again(conn, workspace_id, connection_id, present, now, just_listed=True)
        asked = [*present, *_known_to_be_gone(conn, reading, set(by_id) - set(present))]
        completions.record_scanned(conn, workspace_id, connection_id, asked, began)
        complete_since = completions.oldest_listing(conn, workspace_id, connection_id)
        if complete_since is not None:
            connection_state.record_full_check(conn, workspace_id, connection_id, complete_since)
        for claim in by_id.values():
            record_done(conn, claim)
        connection_state.count_calls(conn, workspace_id, connection_id, calls, now.date())
        runs.advance(
            conn, workspace_id, connection_id, now, done=len(by_id), issues=len(seen), calls=calls, changed=changed
        )


def _known_to_be_gone(conn: Transaction, reading: Reading, absent: Collection[str]) -> list[str]:
    """Of what Jira did not return: what it did not return before either, and is asked for no sooner than the rest. The
    figure of such an issue stays the last good one, whatever is listed."""
    kept = issues.load_issues(conn, reading.connection.workspace_id, reading.connection.id, absent)
    return sorted(issue_id for issue_id, row in kept.items() if row.gone_since is not None)
