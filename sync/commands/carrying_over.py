"""Taking unfinished objectives into another cycle, as drafts to be thought over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection as Transaction

from connector.store import links, okrs
from connector.store.activity import record_activity
from connector.store.okrs import OkrSet
from mapping.figures import KeyResultFigure, ObjectiveFigure, Thresholds
from mapping.okr import Initiative, KeyResult, Kind, Objective, Role, Source, Stage
from mapping.okr_keys import next_key
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible
from sync.commands.okr_refusals import keeping
from sync.figures import load_cycle_figure
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """How many objectives were written as drafts, and how many of the chosen ones were there already."""

    written: int
    there_already: int


def carry_over(
    on: Resources, workspace_id: int, from_cycle: str, to_cycle: str, chosen: Collection[str], *, who: str
) -> CarriedOver:
    """Write the unfinished part of each chosen objective into the other cycle: a draft with keys of its own, its
    metrics starting from where they stand, with the epics that are not done. What has an objective of the same title
    and team there is left alone, so that doing it again changes nothing."""
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        if to_cycle == from_cycle or to_cycle not in {each.key for each in okrs.load_cycles(conn, workspace_id)}:
            raise NotPossible("There is no other cycle {key}.", key=to_cycle)
        figure = load_cycle_figure(conn, workspace_id, from_cycle, at=now, thresholds=Thresholds())
        wanted = [each for each in figure.objectives if each.objective.key in chosen]
        there = {(o.title, o.team) for o in okrs.load_objectives(conn, workspace_id, to_cycle)}
        new = [each for each in wanted if (each.objective.title, each.objective.team) not in there]
        _Writer(conn, workspace_id, to_cycle, who).write(new, on)
        if new:
            text = f"carried {len(new)} unfinished objectives over from {from_cycle} to {to_cycle}"
            record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return CarriedOver(len(new), len(wanted) - len(new))


def is_unfinished(figure: ObjectiveFigure) -> bool:
    """True where something of it is still to be reached."""
    return any(_to_be_carried(each) for each in figure.key_results)


def _to_be_carried(figure: KeyResultFigure) -> bool:
    """Limits go on to be held; what was dropped or reached has come to its end."""
    return figure.key_result.dropped_on is None and (figure.progress is None or figure.progress < 1)


class _Writer:
    """Writes objectives under keys that are free, also of those that it has just given away."""

    def __init__(self, conn: Transaction, workspace_id: int, cycle_key: str, who: str) -> None:
        self._conn, self._workspace_id, self._cycle_key, self._who = conn, workspace_id, cycle_key, who
        self._taken = {each.key for each in okrs.load_all_objectives(conn, workspace_id)}
        self._taken |= okrs.key_result_keys(conn, workspace_id)

    def write(self, objectives: Collection[ObjectiveFigure], on: Resources) -> None:
        now = on.clock.now()
        for figure in objectives:
            new = self._objective(figure.objective)
            pairs = [(each, self._key_result(each, new.key)) for each in figure.key_results if _to_be_carried(each)]
            okr_set = OkrSet(objectives=[new], key_results=[key_result for _, key_result in pairs])
            okrs.record_okrs(self._conn, self._workspace_id, okr_set, at=now, who=self._who)
            for old, key_result in pairs:
                for link in _open_links(old, key_result):
                    links.record_link(self._conn, self._workspace_id, link, at=now, by=self._who)
            mark_pages(self._conn, self._workspace_id, [key_result.key for _, key_result in pairs], now)

    def _objective(self, old: Objective) -> Objective:
        return replace(old, key=self._free_key(old.key), cycle_key=self._cycle_key, stage=Stage.DRAFT)

    def _key_result(self, old: KeyResultFigure, objective_key: str) -> KeyResult:
        kr = old.key_result
        new = replace(kr, key=self._free_key(kr.key), objective_key=objective_key, phased=(), baseline_due_on=None)
        return replace(new, baseline=old.now) if _may_start_from_now(old) else new

    def _free_key(self, old: str) -> str:
        key = next_key(old, self._taken)
        self._taken.add(key)
        return key


def _may_start_from_now(figure: KeyResultFigure) -> bool:
    kr = figure.key_result
    is_told = kr.kind is Kind.METRIC and kr.source is not Source.INITIATIVES
    return is_told and figure.now is not None and figure.now != kr.target


def _open_links(old: KeyResultFigure, new: KeyResult) -> Iterator[Initiative]:
    """Steps that are done stay told by the milestone's epics, whether they are done or not."""
    for each in old.initiatives:
        done = each.completion is not None and each.completion.ratio == 1
        if not each.gone and (not done or each.initiative.role is Role.STEP):
            yield replace(each.initiative, key_result_key=new.key)
