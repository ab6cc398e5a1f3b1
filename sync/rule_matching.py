"""What a linking rule finds in Jira: the question that it comes down to, and the epics that answer it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.errors import Rejected
from connector.jql import quoted
from connector.store import okrs
from mapping.issue import IssueSnapshot
from mapping.okr import CycleState
from mapping.rules import Rule, RuleKind, is_linkable, served_by
from sync.ports import Resources
from sync.reading import Reading, understand

# A rule that finds more is no rule about epics; asking on would only take long.
MOST_PAGES = 20
PAGE_SIZE = 100
TOO_MANY = f"It finds more than {MOST_PAGES * PAGE_SIZE:,} issues. Make it narrower, for example with a label."


@dataclass(frozen=True, slots=True)
class Match:
    """An epic that a rule finds, and the key results that it is to serve by it."""

    snapshot: IssueSnapshot
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found, asked for at ``asked_at`` with so many ``calls``. ``below``: how many issues below epics were
    found and are left alone."""

    matches: tuple[Match, ...]
    below: int
    asked_at: datetime
    calls: int


def keys_to_name(conn: Transaction, workspace_id: int) -> frozenset[str]:
    """The key results that a label may name: those of cycles that are not closed, without the dropped ones."""
    open_cycles = [each for each in okrs.load_cycles(conn, workspace_id) if each.state is not CycleState.CLOSED]
    key_results = [kr for each in open_cycles for kr in okrs.load_cycle(conn, workspace_id, each.key).key_results]
    return frozenset(kr.key for kr in key_results if kr.dropped_on is None)


def question(rule: Rule, known: Collection[str]) -> str:
    """The rule as a query; empty where nothing can match."""
    if rule.kind is RuleKind.JQL:
        return rule.wanted
    if rule.kind is RuleKind.LABEL:
        return f"labels = {quoted(rule.wanted)}"
    if rule.kind is RuleKind.PROJECT:
        return f"project = {quoted(rule.wanted)}"
    if rule.kind is RuleKind.PROPERTY:
        key, path, value = rule.property_parts
        return f"issue.property[{key}].{path} = {quoted(value)}"
    labels = ", ".join(quoted(rule.wanted + key) for key in sorted(known))
    return f"labels in ({labels})" if labels else ""


def ask_jira(on: Resources, reading: Reading, rule: Rule, known: Collection[str]) -> Found:
    """Every page to the end. Raises the errors of ``connector.errors``; Rejected where the query finds too much."""
    began = on.clock.now()
    query = question(rule, known)
    snapshots: list[IssueSnapshot] = []
    token: str | None = None
    for calls in range(1, MOST_PAGES + 1 if query else 0):
        page = reading.client.search(query, reading.fields, token=token, page_size=PAGE_SIZE)
        snapshots += understand(reading, page.issues).snapshots
        token = page.next_token
        if token is None:
            return Found(matches_among(rule, snapshots, known), _below(snapshots), began, calls)
    if query:
        raise Rejected(TOO_MANY, 0, TOO_MANY)
    return Found((), 0, began, 0)


def matches_among(rule: Rule, snapshots: Iterable[IssueSnapshot], known: Collection[str]) -> tuple[Match, ...]:
    """Those of the issues that the rule is about, with what each is to serve."""
    told = ((each, served_by(rule, each, known)) for each in snapshots if is_linkable(each))
    return tuple(Match(each, keys) for each, keys in told if keys)


def _below(snapshots: Iterable[IssueSnapshot]) -> int:
    return sum(not is_linkable(each) for each in snapshots)
