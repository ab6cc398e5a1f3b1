"""A table for looking at: its first key results, of the others only what makes the whole right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.settings import Settings
from connector.store import linked_issues
from connector.store.tables import PageTable
from mapping.figures import CycleFigure, InitiativeFigure
from mapping.table import ENOUGH_TO_SEE, MANY_KEY_RESULTS, too_long
from mapping.table_parts import Table, TableSpec
from mapping.table_rows import with_a_row
from sync.composing import table_of_figure, table_spec
from sync.figures import load_cycle_facts, load_facts

Initiatives = Mapping[str, tuple[InitiativeFigure, ...]]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A table as it would be, whatever page it is for, with no more than its first rows. ``key_results`` counts all
    that have a row, ``teams`` are those of their objectives; ``is_long``: there are more than anybody reads."""

    table: Table
    key_results: int
    teams: tuple[str, ...]
    is_long: bool


def sketch(
    conn: Transaction, workspace_id: int, page_table: PageTable, settings: Settings, at: datetime,
    many: int = MANY_KEY_RESULTS, enough: int = ENOUGH_TO_SEE,
) -> Sketch:  # fmt: skip
    """As ``compose_table``, but of more than ``many`` key results only the first ``enough`` have a row. What stands
    above and below the rows is the same. Raises UnknownOkr where its cycle is gone."""
    spec = table_spec(page_table, settings)
    facts = load_cycle_facts(
        conn, workspace_id, page_table.cycle_key, teams=page_table.teams, objective_keys=page_table.objective_keys,
        figures_only=True,
    )  # fmt: skip
    figure = facts.figure(at, spec.thresholds)
    rows = [each.key_result.key for each in with_a_row(figure, spec)]
    most = len(rows) if len(rows) <= many else enough
    # The first line names every issue that cannot be read, wherever in the table it is.
    named = {*rows[:most], *linked_issues.with_unreadable(conn, workspace_id, facts.of_key_results)}
    key_results = [known.key_result for key, known in facts.of_key_results.items() if key in named]
    told = {key: known.initiatives for key, known in load_facts(conn, workspace_id, key_results).items()}
    table = table_of_figure(conn, workspace_id, page_table, settings, _with(figure, told), at, most=most)
    return as_sketch(table, figure, spec)


def as_sketch(table: Table, figure: CycleFigure, spec: TableSpec) -> Sketch:
    """A table that was made of this figure, with what is said beside it."""
    shown = {each.key_result.key for each in with_a_row(figure, spec)}
    having_rows = (o.objective for o in figure.objectives if any(kr.key_result.key in shown for kr in o.key_results))
    teams = {objective.team for objective in having_rows if objective.team}
    return Sketch(table, len(shown), tuple(sorted(teams)), too_long(figure, spec) is not None)


def _with(figure: CycleFigure, initiatives: Initiatives) -> CycleFigure:
    objectives = (
        replace(objective, key_results=tuple(
            replace(each, initiatives=initiatives.get(each.key_result.key, ())) for each in objective.key_results
        ))
        for objective in figure.objectives
    )  # fmt: skip
    return replace(figure, objectives=tuple(objectives))
