"""Issues that may have changed → their present state, read from Jira by id → the initiatives to count again.

An event is only a hint; what it said is not looked at here. Reading by id asks Jira's own store, not its search index,
which lags behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.errors import Rejected, Unavailable
from connector.jql import of_projects
from connector.store import connection_state, deliveries, issues, links, work_list
from connector.store.work import Claim, mark_due, record_done, record_failed
from mapping.rules import initiatives_touched
from sync.ports import Resources
from sync.reading import GONE, HIDDEN, Reading, open_reading, take_in, understand
from sync.retry import RetryAt, decide
from sync.rule_linking import link_what_matches

# 500 deliveries at a look; what is beyond is looked at the next time.
MOST_LOOKS_AT_DELIVERIES = 20
# A page may hold fewer issues than asked for, so an empty one that is not the last says nothing.
MOST_EMPTY_PAGES = 5
NOT_HANDED_OUT = "Jira says that it has the issue and could not hand it out."


def read_issues(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``issue``: at most 100 issues of one connection in one call."""
    by_id = {claim.target.partition(":")[2]: claim for claim in claims}
    workspace_id = claims[0].workspace_id
    reading = open_reading(on, workspace_id, int(claims[0].target.partition(":")[0]))
    began = on.clock.now()
    fetched = reading.client.fetch(sorted(by_id), reading.fields)
    understood = understand(reading, fetched.issues)
    hidden_projects = _projects_that_vanished(
        on, reading, fetched.missing, {s.project_id for s in understood.snapshots}
    )
    with on.database.write() as conn:
        link_what_matches(conn, reading, understood.snapshots, began)
        take_in(conn, reading, understood.snapshots, began)
        _note_missing(conn, reading, fetched.missing, hidden_projects, began)
        for issue_id, claim in sorted(by_id.items(), key=lambda each: each[1].target):
            if issue_id in understood.malformed:
                record_failed(conn, claim, at=began, error="", parked_reason=understood.malformed[issue_id])
            elif issue_id in fetched.unread:
                _ask_again(conn, claim, began)
            else:
                record_done(conn, claim)
        _note_handled(conn, reading, began)
        connection_state.count_calls(conn, workspace_id, reading.connection.id, 1, began.date())


def _ask_again(conn: Transaction, claim: Claim, at: datetime) -> None:
    """Jira has the issue and could not hand it out this time: nothing is known, so nothing is done yet."""
    decision = decide(Unavailable(NOT_HANDED_OUT), claim.attempts + 1, at, site_answers=True, jitter=1.0)
    if isinstance(decision, RetryAt):
        record_failed(conn, claim, at=at, error=NOT_HANDED_OUT, retry_at=decision.at)
    else:
        record_failed(conn, claim, at=at, error=NOT_HANDED_OUT, parked_reason=decision.reason)


def _note_handled(conn: Transaction, reading: Reading, at: datetime) -> None:
    """A delivery is dealt with once none of its issues is waiting to be read any more."""
    workspace_id, connection_id = reading.connection.workspace_id, reading.connection.id
    last = 0
    for _ in range(MOST_LOOKS_AT_DELIVERIES):
        open_ones = deliveries.unhandled_deliveries(conn, workspace_id, connection_id, after=last)
        if not open_ones:
            return
        last = open_ones[-1].id
        targets = {reading.target(issue_id) for delivery in open_ones for issue_id in delivery.issue_ids}
        waiting = work_list.marked(conn, workspace_id, "issue", targets)
        handled = [d.id for d in open_ones if not any(reading.target(issue_id) in waiting for issue_id in d.issue_ids)]
        deliveries.mark_handled(conn, workspace_id, handled, at)


def _projects_that_vanished(
    on: Resources, reading: Reading, missing: frozenset[str], seen_projects: set[str]
) -> frozenset[str]:
    """Projects of missing issues that our account cannot see at all: then nothing is known about those issues."""
    if not missing:
        return frozenset()
    with on.database.read() as conn:
        projects = issues.projects_of(conn, reading.connection.workspace_id, reading.connection.id, missing)
    unsure = sorted(set(projects.values()) - seen_projects)
    return frozenset(project for project in unsure if not _can_see(reading, project))


def _can_see(reading: Reading, project_id: str) -> bool:
    token: str | None = None
    try:
        for _ in range(MOST_EMPTY_PAGES):
            page = reading.client.search(of_projects([project_id]), ["id"], token=token, page_size=1)
            if page.issues or page.next_token is None:
                return bool(page.issues)
            token = page.next_token
    except Rejected:
        if token is None:
            # Jira refuses a query that names a project we may not see.
            return False
        raise
    raise Unavailable(f"Jira gives page after page of project {project_id} without any issue.")


def _note_missing(
    conn: Transaction, reading: Reading, missing: frozenset[str], hidden_projects: frozenset[str], at: datetime
) -> None:
    workspace_id, connection_id = reading.connection.workspace_id, reading.connection.id
    projects = issues.projects_of(conn, workspace_id, connection_id, missing)
    hidden = [issue_id for issue_id, project in projects.items() if project in hidden_projects]
    gone = sorted(set(projects) - set(hidden))
    linked = links.linked_issue_ids(conn, workspace_id, connection_id)
    touched: set[str] = set()
    for ids, why in ((hidden, HIDDEN), (gone, GONE)):
        for snapshot in issues.mark_gone(conn, workspace_id, connection_id, ids, why, at, hidden=why is HIDDEN):
            touched |= initiatives_touched(snapshot, None, linked)
    mark_due(conn, workspace_id, "initiative", map(reading.target, touched), at, urgency=3)
