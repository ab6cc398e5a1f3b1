"""What the forms for cycles, objectives and key results begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connector.store import okr_changes, okr_removal, okrs
from connector.store.okr_changes import OkrChange
from mapping.adoption_cycle import cycle_named_in
from mapping.okr import Cycle, KeyResult, Objective, Stage
from mapping.okr_keys import first_free, prefix_of
from mapping.pace import day_of
from sync.ports import Resources
from sync.seen import fingerprint


@dataclass(frozen=True, slots=True)
class OkrChoices:
    """What may be chosen from, and what is taken: ``objectives`` of all cycles, by their keys."""

    cycles: tuple[Cycle, ...]
    objectives: tuple[Objective, ...]
    key_result_keys: frozenset[str]

    @property
    def teams(self) -> tuple[str, ...]:
        return tuple(sorted({each.team for each in self.objectives if each.team}))

    def next_objective_key(self, team: str) -> str:
        """The key that suits a new objective of this team."""
        return first_free(prefix_of(team, self.objectives), "O", {each.key for each in self.objectives})

    def next_position(self, cycle_key: str) -> int:
        """Below all that are in this cycle."""
        return max((each.position for each in self.objectives if each.cycle_key == cycle_key), default=-1) + 1

    def next_key_result_key(self, objective: Objective) -> str:
        return first_free(objective.key.rpartition("-")[0], "KR", self.key_result_keys)


@dataclass(frozen=True, slots=True)
class ObjectiveForm:
    """``seen`` is to be sent back; ``key_results`` are its own; ``may_be_deleted``: a draft without any."""

    objective: Objective
    choices: OkrChoices
    key_results: tuple[KeyResult, ...]
    changes: tuple[OkrChange, ...]
    seen: str

    @property
    def may_be_deleted(self) -> bool:
        return self.objective.stage is Stage.DRAFT and not self.key_results


@dataclass(frozen=True, slots=True)
class KeyResultForm:
    """``key_result`` is None for a new one; ``siblings`` counts those of its objective that count, without itself.
    ``next_position`` is below all of them."""

    key_result: KeyResult | None
    objective: Objective
    cycle: Cycle
    next_key: str
    siblings: int
    next_position: int
    seen: str
    may_be_deleted: bool


def load_choices(on: Resources, workspace_id: int) -> OkrChoices:
    """Cycles with the newest first."""
    with on.database.read() as conn:
        return OkrChoices(
            tuple(reversed(okrs.load_cycles(conn, workspace_id))),
            okrs.load_all_objectives(conn, workspace_id),
            okrs.key_result_keys(conn, workspace_id),
        )


def load_objective_form(on: Resources, workspace_id: int, key: str) -> ObjectiveForm | None:
    """None where there is no such objective."""
    choices = load_choices(on, workspace_id)
    objective = next((each for each in choices.objectives if each.key == key), None)
    if objective is None:
        return None
    with on.database.read() as conn:
        cycle = okrs.load_cycle(conn, workspace_id, objective.cycle_key)
        changes = okr_changes.load_changes(conn, workspace_id, [key])
    key_results = next((krs for each, krs in cycle.objectives if each.key == key), ())
    return ObjectiveForm(objective, choices, key_results, changes, fingerprint(objective))


def load_key_result_form(
    on: Resources, workspace_id: int, *, key: str = "", objective_key: str = ""
) -> KeyResultForm | None:
    """Of the key result of this key, or of a new one below this objective. None where there is no such thing."""
    with on.database.read() as conn:
        known = okrs.load_key_results(conn, workspace_id, [key]).get(key)
        said = known is not None and okr_removal.was_checked_in(conn, workspace_id, key)
    above = load_objective_form(on, workspace_id, known.objective_key if known else objective_key)
    if above is None or (key and known is None):
        return None
    objective = above.objective
    siblings = [each for each in above.key_results if each.key != key and each.dropped_on is None]
    return KeyResultForm(
        key_result=known,
        objective=objective,
        cycle=next(each for each in above.choices.cycles if each.key == objective.cycle_key),
        next_key=above.choices.next_key_result_key(objective),
        siblings=len(siblings),
        next_position=max((each.position for each in above.key_results), default=-1) + 1,
        seen=fingerprint(known),
        may_be_deleted=known is not None and not said and objective.stage is Stage.DRAFT,
    )


def load_cycle_to_change(on: Resources, workspace_id: int, key: str) -> tuple[Cycle, str] | None:
    """The cycle, and what is to be sent back as seen. None where there is no such cycle."""
    with on.database.read() as conn:
        cycle = next((each for each in okrs.load_cycles(conn, workspace_id) if each.key == key), None)
    return None if cycle is None else (cycle, fingerprint(cycle))


def propose_cycle(cycles: Sequence[Cycle], at: datetime) -> Cycle | None:
    """The quarter after the last cycle, or the present one where there is none; None where it is there already."""
    today = day_of(at)
    first_day = max((each.ends_on for each in cycles), default=today - timedelta(days=1)) + timedelta(days=1)
    proposed = _quarter_of(first_day, today)
    return None if proposed is None or proposed.key in {each.key for each in cycles} else proposed


def _quarter_of(day: date, today: date) -> Cycle | None:
    return cycle_named_in(f"{day.year}-q{(day.month + 2) // 3}", today)
