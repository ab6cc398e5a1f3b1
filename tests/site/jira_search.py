"""Searching issues by JQL: who may see what, how old the index is, pages by token."""

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tests.site.accounts import Account
from tests.site.issue_documents import POINTS_FIELDS
from tests.site.jira_fields import PRIORITIES
from tests.site.jql import Order, Query, parse
from tests.site.jql_match import candidates, matcher
from tests.site.jql_tokens import JqlError
from tests.site.jql_values import Asking
from tests.site.store import Document
from tests.site.world import World

# [S: search/jql] 5,000 when only ids or keys are asked for; of anything more see `World.issues_a_page`.
MOST_IDS = 5000


@dataclass(frozen=True)
class Page:
    """One page of a search; `next_token` is None on the last page."""

    issues: list[Document]
    next_token: str | None


class Search:
    """Answers JQL over a world. Whoever calls holds the store's lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: tuple[object, list[tuple[Any, str]]] = (None, [])

    def page(self, jql: str, account: Account, token: str | None, size: int, reconcile: Collection[str]) -> Page:
        """The page after `token`. Raises JqlError for whatever Jira answers with 400."""
        query, stale = bounded(jql), self._world.search_index.stale(reconcile)
        rows = self._rows(jql, query, account, stale, again=token is not None)
        start = _start(rows, token, jql)
        chosen = rows[start : start + size]
        more = start + size < len(rows)
        found = [self._world.issues.get(issue_id) or stale[issue_id] for _, issue_id in chosen]
        return Page([issue for issue in found if issue], _token(chosen[-1], jql) if more and chosen else None)

    def count(self, jql: str, account: Account) -> int:
        """How many issues match."""
        return len(self._rows(jql, bounded(jql), account, self._world.search_index.stale(()), again=False))

    def matches(self, jql: str, issue: Document, account: Account) -> bool:
        """Whether one issue, as given, matches; an empty query matches everything."""
        where = parse(jql).where
        return where is None or matcher(where, self._asking(account))(issue)

    def check(self, jql: str, account: Account) -> None:
        """Raises JqlError if the query cannot be asked."""
        where = parse(jql).where
        if where is not None:
            matcher(where, self._asking(account))

    def _asking(self, account: Account) -> Asking:
        return Asking(self._world, account, self._world.store.now())

    def _rows(
        self, jql: str, query: Query, account: Account, stale: dict[str, Document | None], again: bool
    ) -> list[tuple[Any, str]]:
        """Sort keys and ids of all matches in order; `again` may take those of the page before if nothing changed."""
        same = (jql, account, self._world.revision, tuple(stale))
        if not again or self._last[0] != same:
            self._last = (same, self._sorted(query, account, stale))
        return self._last[1]

    def _sorted(self, query: Query, account: Account, stale: dict[str, Document | None]) -> list[tuple[Any, str]]:
        asking = self._asking(account)
        assert query.where is not None
        matches = matcher(query.where, asking)
        ids = candidates(query.where, asking)
        found = [
            seen
            for issue_id in (self._world.issues.keys() if ids is None else ids) | stale.keys()
            # An issue that was deleted is found until the index knows of it [U: whether a site shows it then].
            if (seen := stale.get(issue_id, self._world.issues.get(issue_id)))
            and not seen["archived"]
            and account.may_see_project(seen["project"])
            and matches(seen)
        ]
        key = _sort_key(query.order, self._world)
        return sorted((key(issue), issue["id"]) for issue in found)


def bounded(jql: str) -> Query:
    """The parsed query. Raises JqlError if it has no restriction or more than 7 fields to sort by."""
    query = parse(jql)
    if query.where is None:
        # [S] wording: github.com/raycast/extensions issue 21425.
        raise JqlError("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    if len(query.order) > 7:
        # [S: search/jql] at most 7; [U] wording.
        raise JqlError("The maximum number of fields in the order by clause is 7.")
    return query


class _Backwards:
    """Sorts the other way round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Backwards") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Backwards) and bool(other.value == self.value)


def _backwards(value: Any) -> Any:
    return -value if isinstance(value, int | float) else _Backwards(value)


def _sort_key(order: tuple[Order, ...], world: World) -> Callable[[Document], tuple[Any, ...]]:
    # [U] Without ORDER BY the order is not promised; here it is the newest id first, so that nobody leans on it.
    orders = order or (Order("id", True),)
    readers = [(_sorter(one.field, world), one.descending) for one in orders]

    def key(issue: Document) -> tuple[Any, ...]:
        values = [_backwards(read(issue)) if descending else read(issue) for read, descending in readers]
        return (*values, int(issue["id"]))

    return key


def _number_in_project(issue: Document) -> tuple[str, int]:
    return issue["project"], int(issue["key"].rpartition("-")[2])


def _sorter(field: str, world: World) -> Callable[[Document], Any]:
    points = {name.lower() for _, name in POINTS_FIELDS.values()} | {
        f"cf[{field_id.removeprefix('customfield_')}]" for field_id, _ in POINTS_FIELDS.values()
    }
    name = field.lower()
    readers: dict[str, Callable[[Document], Any]] = {
        **dict.fromkeys(("key", "issuekey", "issue"), _number_in_project),
        "id": lambda issue: int(issue["id"]),
        "project": lambda issue: issue["project"],
        "summary": lambda issue: issue["summary"],
        "created": lambda issue: issue["created"],
        "updated": lambda issue: issue["updated"],
        "resolved": lambda issue: issue["resolved"] or 0,
        "status": lambda issue: int(issue["status"]),
        "statuscategory": lambda issue: ("new", "indeterminate", "done").index(world.category(issue)),
        "priority": lambda issue: -PRIORITIES.index(issue["priority"] or "None"),
        "resolution": lambda issue: issue["resolution"] or "",
        "parent": lambda issue: int(issue["parent"] or 0),
        "issuetype": lambda issue: int(issue["type"]),
        **dict.fromkeys(points, lambda issue: issue["points"] or 0.0),
    }
    if name not in readers:
        # [U] wording; Jira names the field that it cannot sort by.
        raise JqlError(f"Not able to sort using field '{field}'.")
    return readers[name]


def _fingerprint(jql: str) -> str:
    return hashlib.sha256(jql.encode()).hexdigest()[:12]


def _plain(key: tuple[Any, ...]) -> list[Any]:
    return [["down", part.value] if isinstance(part, _Backwards) else ["up", part] for part in key]


def _token(row: tuple[Any, str], jql: str) -> str:
    # [S: search/jql] opaque; [U] what it holds. Here: where the page ended, by sort values, so that an issue which
    # changes between two pages may be seen twice or not at all, as on a real site.
    return base64.urlsafe_b64encode(json.dumps([_fingerprint(jql), _plain(row[0])]).encode()).decode()


def _start(rows: list[tuple[Any, str]], token: str | None, jql: str) -> int:
    if not token:
        return 0
    try:
        fingerprint, parts = json.loads(base64.urlsafe_b64decode(token))
        key = tuple(_Backwards(_hard(value)) if way == "down" else _hard(value) for way, value in parts)
    except (ValueError, TypeError, binascii.Error):
        fingerprint, key = "", ()
    if fingerprint != _fingerprint(jql):
        # [U] wording; a token belongs to the query that it came from.
        raise JqlError("The provided next page token is invalid or expired.")
    return bisect_right([row[0] for row in rows], key)


def _hard(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
