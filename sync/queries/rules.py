"""The linking rules as people see them: the list, one rule, and what it would do if it were saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import connections, link_rules, okrs
from connector.store.connections import Connection
from connector.store.link_rules import LinkRule, UnknownRule
from mapping.okr import CycleState, Source
from mapping.rules import Rule
from sync.ports import Resources
from sync.rule_linking import MOST_AT_ONCE
from sync.rule_look import look_at
from sync.rule_plan import Line, fingerprint, plan_rule, to_link


@dataclass(frozen=True, slots=True)
class Servable:
    """A key result that a rule may serve. ``may_be_driven``: its value comes from its initiatives."""

    key: str
    title: str
    team: str
    may_be_driven: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the list; ``links``: how many of those that it made stand."""

    kept: LinkRule
    links: int


@dataclass(frozen=True, slots=True)
class RulesView:
    """All rules, those that need somebody first; ``sites``: the Jiras that a rule may look at."""

    at: datetime
    rows: tuple[RuleRow, ...]
    sites: tuple[Connection, ...]
    servable: tuple[Servable, ...]

    @property
    def waiting(self) -> int:
        """How many epics wait for a decision."""
        return sum(len(row.kept.waiting) for row in self.rows if row.kept.is_on)

    @property
    def in_trouble(self) -> int:
        """How many rules cannot be checked."""
        return sum(bool(row.kept.trouble) for row in self.rows if row.kept.is_on)

    @property
    def teams(self) -> Mapping[str, str]:
        """The team of each key result that may be served."""
        return {each.key: each.team for each in self.servable}


@dataclass(frozen=True, slots=True)
class Forecast:
    """What saving a rule would do. ``matched`` is None where Jira did not tell: ``wrong`` are its words about a query
    that it refuses, ``away`` is why it does not answer. ``new``: what would be linked; ``shown`` names exactly that.
    """

    asked_at: datetime
    site_url: str
    lines: tuple[Line, ...] = ()
    new: tuple[Line, ...] = ()
    matched: int | None = None
    below: int = 0
    wrong: str = ""
    away: str = ""

    @property
    def shown(self) -> str:
        return fingerprint(self.new)

    @property
    def is_much(self) -> bool:
        """So much at once is asked about again."""
        return len(self.new) > MOST_AT_ONCE


def load_rules_view(on: Resources, workspace_id: int) -> RulesView:
    """Everything that the pages about rules need, without asking Jira."""
    with on.database.read() as conn:
        links = link_rules.links_by_rule(conn, workspace_id)
        rows = [RuleRow(kept, links.get(kept.rule_id, 0)) for kept in link_rules.load_rules(conn, workspace_id)]
        sites = connections.load_connections(conn, workspace_id, "jira")
        servable = _servable(conn, workspace_id)
    first = sorted(rows, key=lambda row: not (row.kept.is_on and (row.kept.trouble or row.kept.waiting)))
    return RulesView(on.clock.now(), tuple(first), sites, servable)


def find_rule(on: Resources, workspace_id: int, rule_id: int) -> LinkRule | None:
    """None where this workspace has none of this number."""
    with on.database.read() as conn:
        try:
            return link_rules.load_rule(conn, workspace_id, rule_id)
        except UnknownRule:
            return None


def forecast(on: Resources, workspace_id: int, connection_id: int, rule: Rule, rule_id: int | None) -> Forecast:
    """What the rule would do, by asking Jira now, briefly. ``rule_id``: the rule as it stands, whose links are looked
    at too. No transaction may be open. UnknownConnection; never raises for what Jira does or does not answer."""
    asked_at = on.clock.now()
    look = look_at(on, workspace_id, connection_id, rule)
    site_url = look.reading.connection.site_url
    if look.found is None:
        return Forecast(asked_at, site_url, wrong=look.wrong, away=look.away)
    with on.database.read() as conn:
        lines = plan_rule(conn, workspace_id, connection_id, rule_id, look.found.matches, look.known)
    new = to_link(lines, look.known)
    return Forecast(asked_at, site_url, lines, new, len(look.found.matches), look.found.below)


def _servable(conn: Transaction, workspace_id: int) -> tuple[Servable, ...]:
    found: list[Servable] = []
    for cycle in okrs.load_cycles(conn, workspace_id):
        if cycle.state is CycleState.CLOSED:
            continue
        for objective, key_results in okrs.load_cycle(conn, workspace_id, cycle.key).objectives:
            found += [
                Servable(kr.key, kr.title, objective.team, kr.source is Source.INITIATIVES)
                for kr in key_results
                if kr.dropped_on is None
            ]
    return tuple(found)
