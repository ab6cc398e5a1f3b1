"""What may be chosen for a table: the cycles with their teams and objectives, and the usual write budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from connector.store import connections, okrs
from connector.write_budget import write_budget
from mapping.okr import Cycle, CycleState, Objective
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class ObjectiveOption:
    key: str
    title: str
    team: str


@dataclass(frozen=True, slots=True)
class CycleOption:
    """A cycle that a table may show."""

    key: str
    name: str
    is_open: bool
    teams: tuple[str, ...]
    objectives: tuple[ObjectiveOption, ...]


@dataclass(frozen=True, slots=True)
class UsualBudget:
    """What a table that chooses no budget of its own may be written, after changes in Jira: ``bucket`` times at once,
    then once per ``minutes``."""

    bucket: int
    minutes: float


@dataclass(frozen=True, slots=True)
class TableOptions:
    """``cycles``: the newest first. ``has_site``: a Confluence is connected."""

    cycles: tuple[CycleOption, ...]
    budget: UsualBudget
    has_site: bool

    def cycle(self, key: str) -> CycleOption | None:
        """The cycle of this key; None where there is none."""
        return next((cycle for cycle in self.cycles if cycle.key == key), None)


def load_table_options(on: Resources, workspace_id: int) -> TableOptions:
    """What may be chosen now."""
    with on.database.read() as conn:
        sites = connections.load_connections(conn, workspace_id, "confluence")
        cycles = okrs.load_cycles(conn, workspace_id)
        options = [_option(each, okrs.load_objectives(conn, workspace_id, each.key)) for each in reversed(cycles)]
    deployment = sites[0].deployment if sites else "cloud"
    budget = write_budget(on.settings, deployment, None, None)
    usual = UsualBudget(budget.bucket, budget.refill / timedelta(minutes=1))
    return TableOptions(tuple(options), usual, bool(sites))


def _option(cycle: Cycle, objectives: Sequence[Objective]) -> CycleOption:
    return CycleOption(
        key=cycle.key,
        name=cycle.name,
        is_open=cycle.state is CycleState.OPEN,
        teams=tuple(sorted({each.team for each in objectives if each.team})),
        objectives=tuple(ObjectiveOption(each.key, each.title, each.team) for each in objectives),
    )
