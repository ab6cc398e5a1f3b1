"""One key result: its figure and where that comes from, what was said, and what a coach would ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import Connection as Transaction

from connector.store import check_ins, okr_changes, okrs
from connector.store.check_ins import KeptCheckIn
from connector.store.okr_changes import OkrChange
from mapping.figures import CycleFigure, KeyResultFigure, Thresholds
from mapping.okr import CheckIn, Cycle, CycleState, Objective
from mapping.pace import day_of
from mapping.practice import Hint, Limits, hints
from sync.figures import load_cycle_figure, load_facts
from sync.ports import Resources
from sync.queries.cycle_days import CycleDay, cycle_day
from sync.queries.outlook import Outlook, outlook
from sync.queries.trend import LARGE, Trend, load_trends
from sync.queries.why import Why, explain


@dataclass(frozen=True, slots=True)
class IssuesDone:
    """All initiatives of a key result together, by number of issues."""

    done: int
    total: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.done, self.total)


@dataclass(frozen=True, slots=True)
class KeyResultView:
    """``check_ins`` are newest first; ``kept`` has those that were withdrawn, too, and ``changes`` what changed of the
    key result itself, newest first. ``value_from`` is the check-in that gave the present value."""

    figure: KeyResultFigure
    objective: Objective
    cycle: Cycle
    when: CycleDay
    why: Why
    check_ins: tuple[CheckIn, ...]
    kept: tuple[KeptCheckIn, ...]
    changes: tuple[OkrChange, ...]
    trend: Trend
    outlook: Outlook | None
    hints: tuple[Hint, ...]

    @property
    def is_open(self) -> bool:
        """True where people may still check in."""
        return self.cycle.state is not CycleState.CLOSED and self.figure.key_result.dropped_on is None

    @property
    def value_from(self) -> CheckIn | None:
        return next((said for said in self.check_ins if said.value is not None), None)

    @property
    def points_off(self) -> int:
        """Percentage points ahead of what is expected, or behind it where below 0; 0 where either is unknown."""
        if self.figure.progress is None or self.figure.expected is None:
            return 0
        return round((self.figure.progress - self.figure.expected) * 100)

    @property
    def completion(self) -> IssuesDone | None:
        """None where no issue is counted."""
        known = [item.completion for item in self.figure.initiatives if item.completion is not None]
        total = sum(completion.total for completion in known)
        return IssuesDone(sum(completion.done for completion in known), total) if total else None


def load_key_result(on: Resources, workspace_id: int, key: str, at: datetime) -> KeyResultView | None:
    """None where there is no key result of this key."""
    with on.database.read() as conn:
        found = _load_cycle_of(conn, workspace_id, key, at)
        if found is None:
            return None
        objective = found.objectives[0]
        figure = next(figure for figure in objective.key_results if figure.key_result.key == key)
        facts = load_facts(conn, workspace_id, [figure.key_result])[key]
        trend = load_trends(conn, workspace_id, {key: facts}, at, steps=LARGE)[key]
        kept = check_ins.load_kept(conn, workspace_id, key)
        changes = okr_changes.load_changes(conn, workspace_id, [key])
    return KeyResultView(
        figure=figure,
        objective=objective.objective,
        cycle=found.cycle,
        when=cycle_day(found.cycle, day_of(at)),
        why=explain(figure, facts.done_steps),
        check_ins=tuple(reversed(facts.check_ins)),
        kept=kept,
        changes=changes,
        trend=trend,
        outlook=outlook(figure.key_result, facts.check_ins, found.cycle, at),
        hints=tuple(hint for hint in hints(found, Limits()) if hint.key == key),
    )


def _load_cycle_of(conn: Transaction, workspace_id: int, key: str, at: datetime) -> CycleFigure | None:
    """The cycle of the key result, with its objective alone."""
    known = okrs.load_key_results(conn, workspace_id, [key])
    if key not in known:
        return None
    cycle_key = okrs.cycles_of(conn, workspace_id, [key])[key]
    only = [known[key].objective_key]
    return load_cycle_figure(conn, workspace_id, cycle_key, objective_keys=only, at=at, thresholds=Thresholds())
