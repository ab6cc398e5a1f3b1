"""Rows → figures: loads what is known of a cycle and lets ``mapping`` roll it up. Reads only, calls nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import check_ins, connections, issue_counts, jql_values, okrs, projects
from connector.store.completions import StoredCompletion
from connector.store.connections import Connection
from connector.store.jql_values import JqlValue
from connector.store.linked_issues import LinkedIssue, load_linked_issues
from mapping.field_choices import FieldChoices
from mapping.figures import (
    Completion,
    CycleFigure,
    InitiativeFigure,
    KeyResultFacts,
    KeyResultFigure,
    Part,
    Thresholds,
)
from mapping.issue import FieldChoice
from mapping.okr import CheckIn, Cycle, KeyResult, Objective, Role
from mapping.rollup import completion, cycle_figure, key_result_figure
from sync.parts import load_parts
from sync.reading import HIDDEN

Facts = dict[str, KeyResultFacts]
ObjectiveFacts = tuple[Objective, tuple[KeyResultFacts, ...]]


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """What is known of a cycle, or of a part of it: read once, rolled up for as many moments as are asked for."""

    cycle: Cycle
    objectives: tuple[ObjectiveFacts, ...]

    @property
    def of_key_results(self) -> Facts:
        """Those of each key result, in order, by its key."""
        return {facts.key_result.key: facts for _, below in self.objectives for facts in below}

    def figure(self, at: datetime, thresholds: Thresholds) -> CycleFigure:
        return cycle_figure(self.cycle, self.objectives, at, thresholds)


def load_cycle_figure(
    conn: Transaction,
    workspace_id: int,
    cycle_key: str,
    *,
    teams: Collection[str] = (),
    objective_keys: Collection[str] = (),
    figures_only: bool = False,
    at: datetime,
    thresholds: Thresholds,
) -> CycleFigure:
    """The roll-up of what ``load_cycle_facts`` loads, at ``at``. Raises UnknownOkr where there is no such cycle."""
    facts = load_cycle_facts(
        conn, workspace_id, cycle_key, teams=teams, objective_keys=objective_keys, figures_only=figures_only
    )
    return facts.figure(at, thresholds)


def load_cycle_facts(
    conn: Transaction,
    workspace_id: int,
    cycle_key: str,
    *,
    teams: Collection[str] = (),
    objective_keys: Collection[str] = (),
    figures_only: bool = False,
) -> CycleFacts:
    """What is known of one cycle, or of the objectives of some teams or with some keys (empty: all).

    ``figures_only``: as ``load_facts`` says. Raises UnknownOkr where there is no such cycle.
    """
    chosen = okrs.load_cycle(conn, workspace_id, cycle_key, teams=teams, objective_keys=objective_keys)
    facts = load_facts(conn, workspace_id, chosen.key_results, figures_only=figures_only)
    return CycleFacts(
        chosen.cycle,
        tuple((objective, tuple(facts[kr.key] for kr in key_results)) for objective, key_results in chosen.objectives),
    )


def load_key_result_figures(
    conn: Transaction, workspace_id: int, keys: Collection[str], at: datetime, thresholds: Thresholds
) -> dict[str, KeyResultFigure]:
    """The figures of some key results alone, each judged in its own cycle, without their initiatives."""
    key_results = okrs.load_key_results(conn, workspace_id, keys)
    facts = load_facts(conn, workspace_id, list(key_results.values()), figures_only=True)
    cycles = {cycle.key: cycle for cycle in okrs.load_cycles(conn, workspace_id)}
    cycle_of = okrs.cycles_of(conn, workspace_id, list(key_results))
    return {key: key_result_figure(known, cycles[cycle_of[key]], at, thresholds) for key, known in facts.items()}


def load_facts(
    conn: Transaction, workspace_id: int, key_results: Collection[KeyResult], *, figures_only: bool = False
) -> Facts:
    """What is known about each key result, by its key.

    ``figures_only``: for those who show the figures and not what makes them. The initiatives are then left out, and
    those that make a figure are added up as ``parts``.
    """
    keys = [kr.key for kr in key_results]
    said = check_ins.load_check_ins(conn, workspace_id, keys)
    made_at = okrs.load_made_at(conn, workspace_id, [key for key in keys if not said.get(key)])
    queries = jql_values.load_jql_values(conn, workspace_id, keys)
    if figures_only:
        linked = _Linked({}, *load_parts(conn, workspace_id, key_results))
    else:
        linked = _load_initiatives(conn, workspace_id, keys, said)
    facts = (_facts(kr, said.get(kr.key, ()), queries.get(kr.key), linked) for kr in key_results)
    return {each.key_result.key: replace(each, made_at=made_at.get(each.key_result.key)) for each in facts}


@dataclass(frozen=True, slots=True)
class _Linked:
    """What links bring, by key result; ``parts`` is None where the initiatives are there one by one."""

    initiatives: Mapping[str, tuple[InitiativeFigure, ...]]
    parts: Mapping[str, tuple[Part, ...]] | None
    done_steps: Mapping[str, frozenset[str]]


def _facts(kr: KeyResult, said: tuple[CheckIn, ...], query: JqlValue | None, linked: _Linked) -> KeyResultFacts:
    return KeyResultFacts(
        key_result=kr,
        check_ins=said,
        initiatives=linked.initiatives.get(kr.key, ()),
        parts=None if linked.parts is None else linked.parts.get(kr.key, ()),
        jql_value=query.value if query else None,
        jql_unreadable_since=query.unreadable_since if query else None,
        jql_unreadable_why=query.unreadable_why if query else "",
        done_steps=frozenset(step.key for step in kr.steps if step.done) | linked.done_steps.get(kr.key, frozenset()),
    )


def _load_initiatives(
    conn: Transaction, workspace_id: int, keys: Collection[str], said: Mapping[str, tuple[CheckIn, ...]]
) -> _Linked:
    """The initiatives of each key result, in the order of their issue keys."""
    linked = load_linked_issues(conn, workspace_id, keys)
    sites = {connection.id: connection for connection in connections.load_connections(conn, workspace_id, "jira")}
    choices = {number: projects.load_choices(conn, site) for number, site in sites.items()}
    added = {
        number: _added_since(conn, workspace_id, number, linked, said)
        for number in {each.initiative.connection_id for each in linked}
    }
    found: dict[str, list[InitiativeFigure]] = {}
    for each in linked:
        link = each.initiative
        new = added[link.connection_id].get((link.key_result_key, link.issue_id), 0)
        found.setdefault(link.key_result_key, []).append(
            _figure_of(each, sites[link.connection_id], choices[link.connection_id], new)
        )
    ordered = {key: tuple(sorted(figures, key=_order)) for key, figures in found.items()}
    return _Linked(ordered, None, _done_steps(linked))


def _done_steps(linked: Sequence[LinkedIssue]) -> dict[str, frozenset[str]]:
    done: dict[str, set[str]] = {}
    for each in linked:
        if each.is_done and each.initiative.role is Role.STEP:
            done.setdefault(each.initiative.key_result_key, set()).add(each.initiative.step_key)
    return {key: frozenset(steps) for key, steps in done.items()}


def _added_since(
    conn: Transaction,
    workspace_id: int,
    connection_id: int,
    linked: Sequence[LinkedIssue],
    said: Mapping[str, tuple[CheckIn, ...]],
) -> dict[tuple[str, str], int]:
    """How many issues came under each after the last check-in of its key result; empty where there was none."""
    since = {
        (link.key_result_key, link.issue_id): said[link.key_result_key][-1].at
        for link in (each.initiative for each in linked)
        if link.connection_id == connection_id and said.get(link.key_result_key)
    }
    return issue_counts.added_since(conn, workspace_id, connection_id, since)


def _figure_of(linked: LinkedIssue, site: Connection, choices: FieldChoices, added: int) -> InitiativeFigure:
    key = linked.issue_key or linked.initiative.issue_id
    return InitiativeFigure(
        initiative=linked.initiative,
        issue_key=key,
        issue_url=f"{site.site_url}/browse/{key}",
        completion=completion_of(linked.completion, choices.of(linked.project_id), added),
        # What is only closed to us is there still, with its last figure.
        gone=linked.gone_since is not None and linked.gone_why != HIDDEN,
    )


def completion_of(stored: StoredCompletion | None, choice: FieldChoice, added: int = 0) -> Completion | None:
    """What is shown of what was counted; None where it was never listed in full."""
    if stored is None or stored.scanned_at is None:
        return None
    figure = completion(stored.counts, stored.own_status, stored.own_wont_do, by_points=choice.by_points)
    return replace(
        figure,
        added_since=added,
        as_of=stored.scanned_at,
        unreadable_since=stored.unreadable_since,
        unreadable_why=stored.unreadable_why,
    )


def _order(figure: InitiativeFigure) -> tuple[str, int, str]:
    project, _, number = figure.issue_key.rpartition("-")
    return (project, int(number) if number.isdigit() else 0, figure.issue_key)
