"""Rows → figures: loads what is known of a cycle and lets ``mapping`` roll it up. Reads only, calls nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import check_ins, completions, connections, issue_counts, issues, jql_values, links, okrs
from connector.store.completions import StoredCompletion
from connector.store.connections import Connection
from connector.store.issue_rows import StoredIssue
from connector.store.jql_values import JqlValue
from mapping.figures import Completion, CycleFigure, InitiativeFigure, KeyResultFacts, KeyResultFigure, Thresholds
from mapping.issue import is_done
from mapping.okr import CheckIn, Cycle, Initiative, KeyResult, Objective, Role
from mapping.rollup import completion, cycle_figure, key_result_figure
from sync.reading import HIDDEN

Facts = dict[str, KeyResultFacts]
ObjectiveFacts = tuple[Objective, tuple[KeyResultFacts, ...]]
IssueAddress = tuple[int, str]


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """What is known of a cycle, or of a part of it: read once, rolled up for as many moments as are asked for."""

    cycle: Cycle
    objectives: tuple[ObjectiveFacts, ...]

    def figure(self, at: datetime, thresholds: Thresholds) -> CycleFigure:
        return cycle_figure(self.cycle, self.objectives, at, thresholds)


def load_cycle_figure(
    conn: Transaction,
    workspace_id: int,
    cycle_key: str,
    *,
    teams: Collection[str] = (),
    objective_keys: Collection[str] = (),
    at: datetime,
    thresholds: Thresholds,
) -> CycleFigure:
    """The roll-up of what ``load_cycle_facts`` loads, at ``at``. Raises UnknownOkr where there is no such cycle."""
    facts = load_cycle_facts(conn, workspace_id, cycle_key, teams=teams, objective_keys=objective_keys)
    return facts.figure(at, thresholds)


def load_cycle_facts(
    conn: Transaction,
    workspace_id: int,
    cycle_key: str,
    *,
    teams: Collection[str] = (),
    objective_keys: Collection[str] = (),
) -> CycleFacts:
    """What is known of one cycle, or of the objectives of some teams or with some keys (empty: all).

    Raises UnknownOkr where there is no such cycle.
    """
    loaded = okrs.load_cycle(conn, workspace_id, cycle_key)
    chosen = [
        (objective, key_results)
        for objective, key_results in loaded.objectives
        if (not teams or objective.team in teams) and (not objective_keys or objective.key in objective_keys)
    ]
    facts = load_facts(conn, workspace_id, [kr for _, key_results in chosen for kr in key_results])
    return CycleFacts(
        loaded.cycle,
        tuple((objective, tuple(facts[kr.key] for kr in key_results)) for objective, key_results in chosen),
    )


def load_key_result_figures(
    conn: Transaction, workspace_id: int, keys: Collection[str], at: datetime, thresholds: Thresholds
) -> dict[str, KeyResultFigure]:
    """The figures of some key results alone, each judged in its own cycle."""
    key_results = okrs.load_key_results(conn, workspace_id, keys)
    facts = load_facts(conn, workspace_id, list(key_results.values()))
    cycles = {cycle.key: cycle for cycle in okrs.load_cycles(conn, workspace_id)}
    cycle_of = okrs.cycles_of(conn, workspace_id, list(key_results))
    return {key: key_result_figure(known, cycles[cycle_of[key]], at, thresholds) for key, known in facts.items()}


def load_facts(conn: Transaction, workspace_id: int, key_results: Collection[KeyResult]) -> Facts:
    """What is known about each key result, by its key."""
    keys = [kr.key for kr in key_results]
    said = check_ins.load_check_ins(conn, workspace_id, keys)
    queries = jql_values.load_jql_values(conn, workspace_id, keys)
    initiatives, done = _load_initiatives(conn, workspace_id, keys, said)
    return {
        kr.key: _facts(kr, said.get(kr.key, ()), queries.get(kr.key), initiatives.get(kr.key, ()), done)
        for kr in key_results
    }


def _facts(
    kr: KeyResult,
    said: tuple[CheckIn, ...],
    query: JqlValue | None,
    initiatives: tuple[InitiativeFigure, ...],
    done_issues: frozenset[IssueAddress],
) -> KeyResultFacts:
    steps = [figure.initiative for figure in initiatives if figure.initiative.role is Role.STEP]
    done = {step.key for step in kr.steps if step.done}
    done |= {step.step_key for step in steps if (step.connection_id, step.issue_id) in done_issues}
    return KeyResultFacts(
        key_result=kr,
        check_ins=said,
        initiatives=initiatives,
        jql_value=query.value if query else None,
        jql_unreadable_since=query.unreadable_since if query else None,
        jql_unreadable_why=query.unreadable_why if query else "",
        done_steps=frozenset(done),
    )


def _load_initiatives(
    conn: Transaction, workspace_id: int, keys: Collection[str], said: Mapping[str, tuple[CheckIn, ...]]
) -> tuple[dict[str, tuple[InitiativeFigure, ...]], frozenset[IssueAddress]]:
    """The initiatives of each key result, in the order of their issue keys; and which of the issues are done."""
    linked = [link.initiative for link in links.load_links(conn, workspace_id, keys)]
    sites = {connection.id: connection for connection in connections.load_connections(conn, workspace_id, "jira")}
    found: dict[str, list[InitiativeFigure]] = {}
    done: set[IssueAddress] = set()
    for connection_id in {initiative.connection_id for initiative in linked}:
        here = [initiative for initiative in linked if initiative.connection_id == connection_id]
        ids = sorted({initiative.issue_id for initiative in here})
        rows = issues.load_issues(conn, workspace_id, connection_id, ids)
        done |= {(connection_id, issue_id) for issue_id, row in rows.items() if is_done(row.snapshot)}
        for figure in _of_connection(conn, sites[connection_id], here, rows, said):
            found.setdefault(figure.initiative.key_result_key, []).append(figure)
    return {key: tuple(sorted(figures, key=_order)) for key, figures in found.items()}, frozenset(done)


def _of_connection(
    conn: Transaction,
    site: Connection,
    here: list[Initiative],
    rows: Mapping[str, StoredIssue],
    said: Mapping[str, tuple[CheckIn, ...]],
) -> list[InitiativeFigure]:
    ids = sorted({initiative.issue_id for initiative in here})
    counted = completions.load_completions(conn, site.workspace_id, site.id, ids)
    since = {(i.key_result_key, i.issue_id): said[i.key_result_key][-1].at for i in here if said.get(i.key_result_key)}
    added = issue_counts.added_since(conn, site.workspace_id, site.id, since)
    figures = []
    for initiative in here:
        issue, stored = rows.get(initiative.issue_id), counted.get(initiative.issue_id)
        key = issue.snapshot.issue_key if issue else initiative.issue_id
        figures.append(
            InitiativeFigure(
                initiative=initiative,
                issue_key=key,
                issue_url=f"{site.site_url}/browse/{key}",
                completion=_completion(stored, site, added.get((initiative.key_result_key, initiative.issue_id), 0)),
                # What is only closed to us is there still, with its last figure.
                gone=issue is not None and issue.gone_since is not None and issue.gone_why != HIDDEN,
            )
        )
    return figures


def _completion(stored: StoredCompletion | None, site: Connection, added: int) -> Completion | None:
    if stored is None or stored.scanned_at is None:
        return None
    figure = completion(stored.counts, stored.own_status, stored.own_wont_do, by_points=site.choice.by_points)
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
