"""A table for looking at: its first key results in full, of the others only what makes the whole right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.settings import Settings
from connector.store import linked_issues
from connector.store.okrs import load_objectives
from connector.store.tables import PageTable
from mapping.figures import CycleFigure, InitiativeFigure
from mapping.table import is_long
from mapping.table_parts import KeyResultRow, Table
from mapping.table_rows import with_a_row
from sync.composing import table_of_figure, table_spec
from sync.figures import load_cycle_facts, load_facts

Initiatives = Mapping[str, tuple[InitiativeFigure, ...]]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A table as it would be, whatever page it is for. ``teams`` are those of its objectives; ``is_long``: it has more
    key results than anybody reads."""

    table: Table
    key_results: int
    teams: tuple[str, ...]
    is_long: bool


def sketch(
    conn: Transaction, workspace_id: int, page_table: PageTable, settings: Settings, at: datetime, in_full: int
) -> Table:
    """As ``compose_table``, but only the first ``in_full`` key results name their initiatives. What stands above the
    table is the same. Raises UnknownOkr where its cycle is gone."""
    spec = table_spec(page_table, settings)
    facts = load_cycle_facts(
        conn, workspace_id, page_table.cycle_key, teams=page_table.teams, objective_keys=page_table.objective_keys,
        figures_only=True,
    )  # fmt: skip
    figure = facts.figure(at, spec.thresholds)
    named = {each.key_result.key for each in with_a_row(figure, spec)[:in_full]}
    # The first line names every issue that cannot be read, wherever in the table it is.
    named |= linked_issues.with_unreadable(conn, workspace_id, facts.of_key_results)
    key_results = [known.key_result for key, known in facts.of_key_results.items() if key in named]
    told = {key: known.initiatives for key, known in load_facts(conn, workspace_id, key_results).items()}
    return table_of_figure(conn, workspace_id, page_table, settings, _with(figure, told), at)


def sketch_of(conn: Transaction, as_kept: PageTable, table: Table) -> Sketch:
    """What is said beside a table that was built from these choices."""
    objectives = load_objectives(conn, as_kept.workspace_id, as_kept.cycle_key)
    shown = {row.key for row in table.rows}
    teams = sorted({each.team for each in objectives if each.team and each.key in shown})
    count = sum(isinstance(row, KeyResultRow) for row in table.rows)
    return Sketch(table, count, tuple(teams), is_long(table))


def _with(figure: CycleFigure, initiatives: Initiatives) -> CycleFigure:
    objectives = (
        replace(objective, key_results=tuple(
            replace(each, initiatives=initiatives.get(each.key_result.key, ())) for each in objective.key_results
        ))
        for objective in figure.objectives
    )  # fmt: skip
    return replace(figure, objectives=tuple(objectives))
