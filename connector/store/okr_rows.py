"""Cycles, objectives, key results and check-ins as rows, and back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from connector.store.rows import AnyRow, Values
from mapping.okr import (
    Aggregate,
    Bound,
    CheckIn,
    CheckInOrigin,
    Cycle,
    CycleState,
    JqlSource,
    KeyResult,
    Kind,
    Objective,
    PhasedTarget,
    Source,
    Stage,
    Step,
)


def cycle_values(cycle: Cycle) -> Values:
    return {
        "key": cycle.key,
        "name": cycle.name,
        "starts_on": cycle.starts_on,
        "ends_on": cycle.ends_on,
        "state": str(cycle.state),
    }


def cycle_of(row: AnyRow) -> Cycle:
    return Cycle(key=row.key, name=row.name, starts_on=row.starts_on, ends_on=row.ends_on, state=CycleState(row.state))


def objective_values(objective: Objective) -> Values:
    return {
        "key": objective.key,
        "cycle_key": objective.cycle_key,
        "title": objective.title,
        "why": objective.why,
        "sponsor": objective.sponsor,
        "team": objective.team,
        "parent_keys": list(objective.parent_keys),
        "weight": objective.weight,
        "position": objective.position,
        "stage": str(objective.stage),
    }


def objective_of(row: AnyRow) -> Objective:
    return Objective(
        key=row.key,
        cycle_key=row.cycle_key,
        title=row.title,
        why=row.why,
        sponsor=row.sponsor,
        team=row.team,
        parent_keys=tuple(row.parent_keys),
        weight=row.weight,
        position=row.position,
        stage=Stage(row.stage),
    )


def key_result_values(kr: KeyResult) -> Values:
    return {
        "key": kr.key,
        "objective_key": kr.objective_key,
        "title": kr.title,
        "kind": str(kr.kind),
        "owner": kr.owner,
        "source": str(kr.source),
        "unit": kr.unit,
        "baseline": kr.baseline,
        "target": kr.target,
        "bound": None if kr.bound is None else str(kr.bound),
        "steps": [{"key": s.key, "title": s.title, "share": str(s.share), "done": s.done} for s in kr.steps],
        "jql": None if kr.jql is None else _jql_values(kr.jql),
        "phased": [{"on": p.on.isoformat(), "value": str(p.value)} for p in kr.phased],
        "aspirational": kr.aspirational,
        "lagging": kr.lagging,
        "weight": kr.weight,
        "position": kr.position,
        "baseline_due_on": kr.baseline_due_on,
        "dropped_on": kr.dropped_on,
        "dropped_why": kr.dropped_why,
    }


def key_result_of(row: AnyRow) -> KeyResult:
    return KeyResult(
        key=row.key,
        objective_key=row.objective_key,
        title=row.title,
        kind=Kind(row.kind),
        owner=row.owner,
        source=Source(row.source),
        unit=row.unit,
        baseline=row.baseline,
        target=row.target,
        bound=None if row.bound is None else Bound(row.bound),
        steps=tuple(Step(s["key"], s["title"], Fraction(s["share"]), s["done"]) for s in row.steps),
        jql=None if row.jql is None else _jql_of(row.jql),
        phased=tuple(PhasedTarget(date.fromisoformat(p["on"]), Decimal(p["value"])) for p in row.phased),
        aspirational=row.aspirational,
        lagging=row.lagging,
        weight=row.weight,
        position=row.position,
        baseline_due_on=row.baseline_due_on,
        dropped_on=row.dropped_on,
        dropped_why=row.dropped_why,
    )


def check_in_values(check_in: CheckIn) -> Values:
    return {
        "key_result_key": check_in.key_result_key,
        "at": check_in.at,
        "value": check_in.value,
        "confidence": check_in.confidence,
        "done_since": check_in.done_since,
        "note": check_in.note,
        "blockers": check_in.blockers,
        "next_step": check_in.next_step,
        "author": check_in.author,
        "origin": str(check_in.origin),
    }


def check_in_of(row: AnyRow) -> CheckIn:
    told = (row.value, row.confidence, row.done_since, row.note, row.blockers, row.next_step, row.author)
    return check_in_from(row.key_result_key, row.at, *told, row.origin)


def check_in_from(
    key_result_key: str, at: datetime, value: Decimal | None, confidence: int | None, done_since: str, note: str,
    blockers: str, next_step: str, author: str, origin: str,
) -> CheckIn:  # fmt: skip
    """Of the columns in this order."""
    return CheckIn(
        key_result_key, at, value, confidence, done_since, note, blockers, next_step, author, CheckInOrigin(origin)
    )


def _jql_values(source: JqlSource) -> dict[str, str]:
    return {"jql": source.jql, "aggregate": str(source.aggregate), "field_id": source.field_id}


def _jql_of(value: dict[str, str]) -> JqlSource:
    return JqlSource(jql=value["jql"], aggregate=Aggregate(value["aggregate"]), field_id=value["field_id"])
