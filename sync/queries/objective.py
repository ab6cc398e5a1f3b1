"""One objective: what it is for, what lies above and below it, how far it is, and what changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connector.store import okr_changes, okrs
from connector.store.okr_changes import OkrChange
from mapping.figures import ObjectiveFigure, Thresholds
from mapping.okr import Cycle, Objective
from mapping.practice import Hint, Limits, hints
from sync.figures import load_cycle_facts
from sync.ports import Resources
from sync.queries.trend import Trend, load_trends


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """``changes`` are those of the objective and of its key results, newest first; ``grade`` is the one that holds."""

    figure: ObjectiveFigure
    cycle: Cycle
    parents: tuple[Objective, ...]
    children: tuple[Objective, ...]
    changes: tuple[OkrChange, ...]
    grade: OkrChange | None
    hints: tuple[Hint, ...]
    trends: Mapping[str, Trend]


def load_objective(on: Resources, workspace_id: int, key: str, at: datetime) -> ObjectiveView | None:
    """None where there is no objective of this key."""
    with on.database.read() as conn:
        everything = okrs.load_all_objectives(conn, workspace_id)
        own = next((each for each in everything if each.key == key), None)
        if own is None:
            return None
        facts = load_cycle_facts(conn, workspace_id, own.cycle_key, objective_keys=[key])
        found = facts.figure(at, Thresholds())
        figure = found.objectives[0]
        key_results = [each.key_result for each in figure.key_results]
        changes = okr_changes.load_changes(conn, workspace_id, [key, *(each.key for each in key_results)])
        trends = load_trends(conn, workspace_id, facts.of_key_results, at)
    return ObjectiveView(
        figure=figure,
        cycle=found.cycle,
        parents=tuple(each for each in everything if each.key in own.parent_keys),
        children=tuple(each for each in everything if key in each.parent_keys),
        changes=changes,
        grade=okr_changes.latest_grades(changes).get(key),
        hints=tuple(hint for hint in hints(found, Limits()) if hint.key == key),
        trends=trends,
    )
