"""A key result out of its form, and back into it. Which fields count depends on what kind it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from mapping.okr import KEY_PATTERN, Aggregate, Bound, InvalidOkr, JqlSource, KeyResult, Kind, Source
from web.forms import Form
from web.key_result_rows import read_phased, read_steps, typed_of_phased, typed_of_steps
from web.language import gettext
from web.objective_fields import MOST_NAME, MOST_POSITION, MOST_TITLE
from web.typed_values import chosen, day, number, whole, words

MOST_UNIT = 40
MOST_JQL = 4000
# Where the rules of OKRs name a field otherwise than the form does.
_FIELDS = {"phased": "phased_on", "steps": "step_title"}
_SOURCES = {
    Kind.METRIC: tuple(Source),
    Kind.THRESHOLD: (Source.CHECK_INS, Source.JQL),
    Kind.MILESTONE: (Source.CHECK_INS,),
    Kind.TO_MEASURE: (Source.CHECK_INS,),
}


def typed_of_key_result(kr: KeyResult) -> MultiDict[str, str]:
    """What the form shows for a key result as it is kept."""
    typed = MultiDict({
        "key": kr.key,
        "title": kr.title,
        "kind": str(kr.kind),
        "owner": kr.owner,
        "source": str(kr.source),
        "unit": kr.unit,
        "baseline": _plain(kr.baseline),
        "limit" if kr.kind is Kind.THRESHOLD else "target": _plain(kr.target),
        "bound": str(kr.bound or Bound.BELOW),
        "jql": kr.jql.jql if kr.jql else "",
        "aggregate": str(kr.jql.aggregate if kr.jql else Aggregate.COUNT),
        "field_id": kr.jql.field_id if kr.jql else "",
        "ambition": "aspirational" if kr.aspirational else "committed",
        "lagging": "yes" if kr.lagging else "",
        "weight": _plain(kr.weight),
        "position": str(kr.position),
        "baseline_due_on": kr.baseline_due_on.isoformat() if kr.baseline_due_on else "",
    })  # fmt: skip
    typed.update(typed_of_steps(kr.steps))
    typed.update(typed_of_phased(kr.phased))
    return typed


def new_key_result_typed(position: int) -> dict[str, str]:
    """What the form of a new one begins with."""
    return {
        "kind": "metric", "source": "check_ins", "bound": "below", "aggregate": "count", "ambition": "committed",
        "weight": "1", "position": str(position),
    }  # fmt: skip


def read_key_result(form: Form, key: str, objective_key: str) -> KeyResult | None:
    """The key result that was typed, under this key; None where anything is wrong."""
    _check_key(form, key)
    title = words(form, "title", MOST_TITLE, gettext("Say what is measured, such as “Median checkout time”."))
    kind = Kind(chosen(form, "kind", [str(each) for each in Kind]))
    plain = KeyResult(key="OKR-KR1", objective_key=objective_key, title="…", kind=Kind.TO_MEASURE)
    try:
        described = replace(
            plain,
            title=title or "…",
            owner=words(form, "owner", MOST_NAME),
            unit="" if kind is Kind.MILESTONE else words(form, "unit", MOST_UNIT),
            weight=_weight(form),
            position=whole(form, "position", MOST_POSITION),
            aspirational=form.typed("ambition") == "aspirational",
            lagging=form.typed("lagging") == "yes",
        )
        made = _with_aim(form, described, kind)
        return None if form.faults else replace(made, key=key)
    except InvalidOkr as error:
        form.faults.setdefault(_field(error.field, kind), str(error).partition(": ")[2] or str(error))
        return None


def _with_aim(form: Form, described: KeyResult, kind: Kind) -> KeyResult:
    source = Source(chosen(form, "source", _SOURCES[kind])) if len(_SOURCES[kind]) > 1 else Source.CHECK_INS
    jql = _query(form) if source is Source.JQL else None
    if kind is Kind.MILESTONE:
        steps = read_steps(form)
        return described if form.faults else replace(described, kind=kind, steps=steps)
    if kind is Kind.THRESHOLD:
        bound = Bound(chosen(form, "bound", [str(each) for each in Bound]))
        limit = number(form, "limit", described.unit, gettext("Say the limit that is to be held."))
        if form.faults:
            return described
        return replace(described, kind=kind, bound=bound, target=limit, source=source, jql=jql)
    if kind is Kind.TO_MEASURE:
        due = day(form, "baseline_due_on")
        return replace(described, baseline_due_on=due, target=number(form, "target", described.unit))
    return _metric(form, described, source, jql)


def _metric(form: Form, described: KeyResult, source: Source, jql: JqlSource | None) -> KeyResult:
    needs = source is not Source.INITIATIVES
    asked = gettext("Say where it stands today. If nobody knows yet, choose “To be measured”.") if needs else ""
    baseline = number(form, "baseline", described.unit, asked)
    target = number(form, "target", described.unit, gettext("Say where it is to come.") if needs else "")
    if baseline is not None and baseline == target:
        form.faults["target"] = gettext("It starts there already. To hold it there, choose “A limit to hold”.")
    phased = read_phased(form, described.unit)
    if form.faults:
        return described
    return replace(described, kind=Kind.METRIC, source=source, jql=jql, baseline=baseline, target=target, phased=phased)


def _query(form: Form) -> JqlSource | None:
    jql = words(form, "jql", MOST_JQL, gettext("Write the query that finds the issues."))
    aggregate = Aggregate(chosen(form, "aggregate", [str(each) for each in Aggregate]))
    field_id = words(form, "field_id", MOST_NAME)
    if aggregate is not Aggregate.COUNT and not field_id:
        form.faults["field_id"] = gettext("Name the number field, such as customfield_10016.")
    return None if form.faults else JqlSource(jql, aggregate, field_id if aggregate is not Aggregate.COUNT else "")


def _weight(form: Form) -> Decimal:
    weight = number(form, "weight") if form.stripped("weight") else Decimal(1)
    if weight is not None and weight <= 0:
        form.faults["weight"] = gettext("Write a number above 0.")
    return weight if weight is not None and weight > 0 else Decimal(1)


def _check_key(form: Form, key: str) -> None:
    if not KEY_PATTERN.fullmatch(key) or "-KR" not in key:
        form.faults["key"] = gettext("Write it like PAY-KR1: team in capitals, hyphen, KR, number.")


def _field(name: str, kind: Kind) -> str:
    return "limit" if name == "target" and kind is Kind.THRESHOLD else _FIELDS.get(name, name)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
