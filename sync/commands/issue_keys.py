"""Issue keys that a person wrote → issues as Jira has them now, with their ids. Reads Jira; writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connector.store.connections import Connection, load_connections
from connector.store.projects import load_choices
from mapping.issue import IssueSnapshot, MalformedIssue
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.ports import Resources

KEYS_IN_A_CALL = 100

_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,254}-[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """An issue and the connection through which it was found; ``read_at`` is when the call for it began."""

    connection: Connection
    snapshot: IssueSnapshot
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Lookup:
    """What Jira answered for keys, each under the key that was asked for. ``calls`` were made to find it."""

    found: Mapping[str, FoundIssue]
    missing: tuple[str, ...]
    ambiguous: Mapping[str, tuple[str, ...]]
    calls: int


def clean_key(text: str) -> str:
    """``pay-412`` and an issue's address ``…/browse/PAY-412`` as ``PAY-412``; NotPossible for what is no key."""
    key = text.strip().partition("?")[0].rstrip("/").rpartition("/")[2].upper()
    if not _KEY.fullmatch(key):
        raise NotPossible("{typed!r} is no issue key. Write it as in Jira, e.g. PAY-412.", typed=text[:100])
    return key


def look_up(
    on: Resources, connections: Sequence[Connection], keys: Iterable[str], tell: Callable[[int, int], None]
) -> Lookup:
    """Ask each of these Jira connections for the keys. ``tell(done, of)`` is called as the batches come back.

    A key that two connections know is ambiguous: which one is meant, only the person can say. NotPossibleNow where a
    connection does not answer.
    """
    wanted = sorted(set(keys))
    owners: dict[str, list[FoundIssue]] = {key: [] for key in wanted}
    calls = 0
    for number, connection in enumerate(connections):
        desk = _Desk(on, connection)
        for start in range(0, len(wanted), KEYS_IN_A_CALL):
            with asking(connection.site_url):
                answered = desk.fetch(wanted[start : start + KEYS_IN_A_CALL])
            for key, issue in answered.items():
                owners[key].append(issue)
            tell(number * len(wanted) + min(start + KEYS_IN_A_CALL, len(wanted)), len(connections) * len(wanted))
        calls += desk.calls
    return _sorted_out(owners, calls)


def _sorted_out(owners: Mapping[str, Sequence[FoundIssue]], calls: int) -> Lookup:
    return Lookup(
        found={key: issues[0] for key, issues in owners.items() if len(issues) == 1},
        missing=tuple(key for key, issues in owners.items() if not issues),
        ambiguous={
            key: tuple(each.connection.site_url for each in issues) for key, issues in owners.items() if len(issues) > 1
        },
        calls=calls,
    )


def jira_connections(on: Resources, workspace_id: int, site: str = "") -> tuple[Connection, ...]:
    """The Jira connections to ask; with ``site`` only the one at that address. NotPossible where there is none."""
    with on.database.read() as conn:
        connections = load_connections(conn, workspace_id, "jira")
    if not connections:
        raise NotPossible("No Jira is connected yet, so no issue can be linked. Connect it first: okr connect SITE")
    chosen = tuple(each for each in connections if not site or _same_site(each.site_url, site))
    if not chosen:
        known = ", ".join(each.site_url for each in connections)
        raise NotPossible("{site} is not connected. Connected are: {known}", site=site, known=known)
    return chosen


def _same_site(one: str, other: str) -> bool:
    return one.rstrip("/").lower().removeprefix("https://") == other.rstrip("/").lower().removeprefix("https://")


class _Desk:
    """Asks one Jira and counts the calls."""

    def __init__(self, on: Resources, connection: Connection) -> None:
        self._on = on
        self._connection = connection
        self._client = on.sites.jira(connection)
        with on.database.read() as conn:
            self._choices = load_choices(conn, connection)
        self.calls = 0

    def fetch(self, keys: Sequence[str]) -> dict[str, FoundIssue]:
        """The issues by the key that was asked for."""
        issues, missing = self._read(keys)
        found = {issue.snapshot.issue_key: issue for issue in issues if issue.snapshot.issue_key in keys}
        # A moved issue comes back under its new key, which tells nothing in a batch: each of these is asked for alone.
        for key in [key for key in keys if key not in found and key not in missing]:
            alone, _ = self._read([key])
            if alone:
                found[key] = alone[0]
        return found

    def _read(self, keys: Sequence[str]) -> tuple[list[FoundIssue], frozenset[str]]:
        began = self._on.clock.now()
        fetched = self._client.fetch(keys, self._choices.fields)
        self.calls += 1
        if fetched.unread:
            raise NotPossibleNow(
                "{site} could not hand out some issues just now. Try again.", site=self._connection.site_url
            )
        try:
            issues = [FoundIssue(self._connection, self._choices.read(raw), began) for raw in fetched.issues]
        except MalformedIssue as error:
            raise NotPossibleNow(
                "{site} sent an issue that cannot be used: {error}", site=self._connection.site_url, error=error
            ) from error
        return issues, fetched.missing
