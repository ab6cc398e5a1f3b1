"""What withdrawing a check-in would do, before somebody does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from connector.store import check_ins, okrs
from connector.store.check_ins import KeptCheckIn
from mapping.figures import KeyResultFigure, Thresholds
from mapping.rollup import key_result_figure
from sync.figures import load_facts
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """The figure as it is, and as it would be without this check-in. ``team`` is that of its objective."""

    kept: KeptCheckIn
    before: KeyResultFigure
    after: KeyResultFigure
    team: str


def load_withdrawal(
    on: Resources, workspace_id: int, key: str, check_in_id: int, at: datetime
) -> WithdrawalView | None:
    """None where there is no such check-in of this key result."""
    with on.database.read() as conn:
        kept = next((k for k in check_ins.load_kept(conn, workspace_id, key) if k.check_in_id == check_in_id), None)
        if kept is None:
            return None
        key_result = okrs.load_key_results(conn, workspace_id, [key])[key]
        cycle = okrs.load_cycle(conn, workspace_id, okrs.cycles_of(conn, workspace_id, [key])[key])
        facts = load_facts(conn, workspace_id, [key_result])[key]
    # What counts is loaded without its number; of several that say the same at one moment any will do.
    left = list(facts.check_ins)
    if kept.said in left:
        left.remove(kept.said)
    without = replace(facts, check_ins=tuple(left))
    return WithdrawalView(
        kept=kept,
        before=key_result_figure(facts, cycle.cycle, at, Thresholds()),
        after=key_result_figure(without, cycle.cycle, at, Thresholds()),
        team=next(each.team for each, _ in cycle.objectives if each.key == key_result.objective_key),
    )
