"""What Jira says now of linked issues and of queries, read for this once: nothing of it is kept.

The calls are bounded, and a site that asked for patience is left alone. What could not be read is told with its reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from connector.crypto import WrongKey
from connector.errors import Forbidden, OutsideError, Rejected
from connector.jql import children_of
from connector.store import issues
from connector.store.batches import in_batches
from connector.store.connections import Connection
from mapping.figures import IssueCounts
from mapping.issue import IssueSnapshot, MalformedIssue, is_wont_do
from mapping.issue_counts import counts_of
from mapping.okr import JqlSource
from sync.ports import Fetched, JiraReader, Resources, SearchPage, WhoAmI
from sync.query_values import value_now
from sync.reading import Reading, open_reading, understand

MOST_CALLS = 400
PARENTS_AT_ONCE = 50
FETCHED_AT_ONCE = 100
IDS_A_PAGE = 1000
NOT_SEEN = "Jira does not show it: it is gone, or our account may not see it"
TOO_MUCH = f"more issues than {MOST_CALLS} calls can read"

Name = tuple[int, str]


@dataclass(frozen=True, slots=True)
class FreshIssue:
    """A linked issue and what lies below it. ``children``: those, for whoever wants to know when they changed."""

    snapshot: IssueSnapshot
    counts: IssueCounts
    is_wont_do: bool
    children: tuple[IssueSnapshot, ...]


@dataclass(slots=True)
class FreshJira:
    """By connection and issue id, and queries by the key of their key result. ``unread``: why the others are not
    there."""

    issues: dict[Name, FreshIssue] = field(default_factory=dict)
    values: dict[str, Decimal | None] = field(default_factory=dict)
    unread: dict[Name, str] = field(default_factory=dict)
    unread_queries: dict[str, str] = field(default_factory=dict)


class OutOfCalls(Exception):
    """As much was asked as is meant to be asked."""


@dataclass(slots=True)
class CountedJira:
    """A Jira that is asked no more than so often."""

    inner: JiraReader
    left: int = MOST_CALLS

    def search(
        self, jql: str, fields: Sequence[str], *, token: str | None = None, page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:  # fmt: skip
        """As JiraReader; OutOfCalls as well."""
        self._count()
        return self.inner.search(jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        """As JiraReader; OutOfCalls as well."""
        self._count()
        return self.inner.fetch(ids_or_keys, fields)

    def count(self, jql: str) -> int:
        """As JiraReader; OutOfCalls as well."""
        self._count()
        return self.inner.count(jql)

    def myself(self) -> WhoAmI:
        """As JiraReader; OutOfCalls as well."""
        self._count()
        return self.inner.myself()

    def _count(self) -> None:
        if not self.left:
            raise OutOfCalls
        self.left -= 1


def read_fresh(
    on: Resources, site: Connection, issue_ids: Collection[str], queries: Mapping[str, JqlSource]
) -> FreshJira:
    """Ask one Jira. Never raises for what Jira does; no transaction may be open."""
    found = FreshJira()
    waits = site.blocked_until is not None and site.blocked_until > on.clock.now()
    stop = f"the site asked for patience until {site.blocked_until:%H:%M} UTC" if waits else ""
    jira: CountedJira | None = None
    if not stop:
        try:
            reading = open_reading(on, site.workspace_id, site.id)
            jira = CountedJira(reading.client)
        except WrongKey as error:
            stop = str(error)
    if jira is not None:
        stop = _read_issues(on, reading, jira, sorted(issue_ids), found) or _ask_queries(jira, queries, found)
    found.unread |= {(site.id, each): stop for each in issue_ids if not _is_known(found, (site.id, each))}
    asked = {*found.values, *found.unread_queries}
    found.unread_queries |= {key: stop for key in queries if key not in asked}
    return found


def _is_known(found: FreshJira, name: Name) -> bool:
    return name in found.issues or name in found.unread


def _read_issues(on: Resources, reading: Reading, jira: CountedJira, issue_ids: Sequence[str], found: FreshJira) -> str:
    """Why it ended before its time; empty where it did not."""
    for some in in_batches(issue_ids, PARENTS_AT_ONCE):
        try:
            _read_some(on, reading, jira, some, found)
        except Rejected:
            # Jira refuses a query that names an issue which has just gone: then each is asked for alone.
            for each in some:
                _read_alone(on, reading, jira, each, found)
        except OutOfCalls:
            return TOO_MUCH
        except OutsideError as error:
            return str(error)
    return ""


def _read_alone(on: Resources, reading: Reading, jira: CountedJira, issue_id: str, found: FreshJira) -> None:
    try:
        _read_some(on, reading, jira, [issue_id], found)
    except Rejected as error:
        found.unread[reading.connection.id, issue_id] = str(error)


def _read_some(on: Resources, reading: Reading, jira: CountedJira, issue_ids: Sequence[str], found: FreshJira) -> None:
    parents = {each.issue_id: each for each in _fetched(reading, jira, issue_ids)}
    absent = set(issue_ids) - set(parents)
    found.unread |= {(reading.connection.id, each): NOT_SEEN for each in absent}
    if not parents:
        return
    below: dict[str, list[IssueSnapshot]] = {each: [] for each in parents}
    for child in _fetched(reading, jira, _ids_below(on, reading, jira, sorted(parents))):
        if child.parent_id in below:
            below[child.parent_id].append(child)
    for issue_id, parent in parents.items():
        choice = reading.choices.of(parent.project_id)
        counts = counts_of(below[issue_id], reading.choices)
        fresh = FreshIssue(parent, counts, is_wont_do(parent, choice), tuple(below[issue_id]))
        found.issues[reading.connection.id, issue_id] = fresh


def _ids_below(on: Resources, reading: Reading, jira: CountedJira, parents: Sequence[str]) -> list[str]:
    """What the search finds, and what we knew to be there: its index lags behind, and reading by id does not."""
    seen: set[str] = set()
    token: str | None = None
    while True:
        page = jira.search(children_of(parents), ["id"], token=token, page_size=IDS_A_PAGE)
        seen |= {str(raw["id"]) for raw in page.issues if isinstance(raw, dict) and "id" in raw}
        token = page.next_token
        if token is None:
            break
    connection = reading.connection
    with on.database.read() as conn:
        known = issues.children_not_seen(conn, connection.workspace_id, connection.id, parents, seen, on.clock.now())
    return sorted({*seen, *known})


def _fetched(reading: Reading, jira: CountedJira, issue_ids: Sequence[str]) -> Iterator[IssueSnapshot]:
    for some in in_batches(issue_ids, FETCHED_AT_ONCE):
        yield from understand(reading, jira.fetch(some, reading.fields).issues).snapshots


def _ask_queries(jira: CountedJira, queries: Mapping[str, JqlSource], found: FreshJira) -> str:
    for key, source in queries.items():
        try:
            found.values[key] = value_now(jira, source)
        except (Rejected, Forbidden, MalformedIssue) as error:
            found.unread_queries[key] = str(error)
        except OutOfCalls:
            return TOO_MUCH
        except OutsideError as error:
            return str(error)
    return ""
