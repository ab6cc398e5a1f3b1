"""One key result in YAML: its kind, and where its value comes from."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mapping.okr import Aggregate, Bound, JqlSource, KeyResult, Kind, PhasedTarget, Source, Step
from mapping.yaml_fields import FieldReader
from mapping.yaml_tree import Fields, Scalar

KEY_RESULT_FIELDS = (
    *("key", "title", "owner", "from", "to", "unit", "below", "above", "steps", "measure_by", "expected"),
    *("source", "aspirational", "lagging", "weight", "dropped", "initiatives", "check_ins"),
)
NO_DATE = "no date"

_KIND_BY_FIELD = {
    "below": Kind.THRESHOLD,
    "above": Kind.THRESHOLD,
    "steps": Kind.MILESTONE,
    "measure_by": Kind.TO_MEASURE,
    "from": Kind.METRIC,
}
_WITH_A_TARGET = (Kind.METRIC, Kind.TO_MEASURE)
_PART = re.compile(r"([0-9]{1,6})/([1-9][0-9]{0,5})")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?) ?%")


def read_key_result(reader: FieldReader, key: str, objective_key: str, position: int) -> KeyResult | None:
    """None where anything in it is wrong; every problem is then noted."""
    kind = _kind(reader)
    source, jql = _source(reader)
    dropped = reader.nested("dropped", ("on", "why"))
    return reader.made(
        lambda: KeyResult(
            key=key,
            objective_key=objective_key,
            title=reader.text("title", required=True),
            kind=kind,
            owner=reader.text("owner"),
            source=source,
            unit=reader.text("unit"),
            baseline=reader.number("from"),
            target=reader.number(_limit_field(reader) or "to"),
            bound=_bound(reader),
            steps=_steps(reader),
            jql=jql,
            phased=_phased(reader),
            aspirational=reader.flag("aspirational"),
            lagging=reader.flag("lagging"),
            weight=reader.weight("weight"),
            position=position,
            baseline_due_on=_baseline_due_on(reader),
            dropped_on=dropped.needed_day("on") if dropped else None,
            dropped_why=dropped.text("why") if dropped else "",
        )
    )


def _kind(reader: FieldReader) -> Kind:
    said = [name for name in _KIND_BY_FIELD if reader.has(name)]
    kind = _KIND_BY_FIELD[said[0]] if said else Kind.METRIC
    if reader.has("to") and kind not in _WITH_A_TARGET:
        said.append("to")
    if len(said) > 1:
        what = f"{said[1]} does not go together with {said[0]}"
        to_do = "keep one: from and to, or below, or above, or steps, or measure_by"
        reader.refuse(reader.line_of(said[1]), said[1], what, to_do)
    return kind


def _limit_field(reader: FieldReader) -> str | None:
    return next((name for name in ("below", "above") if reader.has(name)), None)


def _bound(reader: FieldReader) -> Bound | None:
    name = _limit_field(reader)
    return None if name is None else Bound(name)


def _baseline_due_on(reader: FieldReader) -> date | None:
    node = reader.node("measure_by")
    said_without_date = isinstance(node, Scalar) and node.text == NO_DATE
    return None if said_without_date else reader.day("measure_by")


def _source(reader: FieldReader) -> tuple[Source, JqlSource | None]:
    node = reader.node("source")
    if not isinstance(node, Fields):
        source = reader.word("source", Source.CHECK_INS)
        if source is Source.JQL:
            reader.refuse(reader.line_of("source"), "source", "the query is missing", "write source: {jql: …}")
        return source, None
    query = FieldReader(node, f"{reader.path}.source", ("jql", "sum", "average"), reader.problems)
    return Source.JQL, query.made(lambda: _jql_source(query))


def _jql_source(query: FieldReader) -> JqlSource:
    if query.has("sum") and query.has("average"):
        query.refuse(query.line, "", "it takes both the sum and the average", "keep one of the two")
    aggregate = next((each for each in (Aggregate.SUM, Aggregate.AVERAGE) if query.has(each)), Aggregate.COUNT)
    return JqlSource(query.text("jql", required=True), aggregate, query.text(aggregate))


def _steps(reader: FieldReader) -> tuple[Step, ...]:
    """Steps without any share have equal ones."""
    readers = list(reader.each("steps", ("key", "title", "share", "done")))
    equal = Fraction(1, max(len(readers), 1))
    nobody_says = not any(step.has("share") for step in readers)
    return tuple(
        Step(
            key=step.text("key", required=True),
            title=step.text("title", required=True),
            share=equal if nobody_says else _share(step),
            done=step.flag("done"),
        )
        for step in readers
    )


def _share(step: FieldReader) -> Fraction:
    text = step.text("share", required=True)
    if part := _PART.fullmatch(text):
        return Fraction(int(part[1]), int(part[2]))
    if percent := _PERCENT.fullmatch(text):
        return Fraction(Decimal(percent[1])) / 100
    if text:
        step.refuse(step.line_of("share"), "share", f"{text[:60]!r} is not a share", "write it like 30 % or 1/3")
    return Fraction(0)


def _phased(reader: FieldReader) -> tuple[PhasedTarget, ...]:
    node = reader.node("expected")
    if node is None:
        return ()
    if not isinstance(node, Fields) or not (reader.has("from") and reader.has("to")):
        to_do = "write it like {2026-11-15: 33} beside from and to"
        reader.refuse(node.line, "expected", "it says which value is expected on which day", to_do)
        return ()
    points = [(reader.as_day(day, "expected"), reader.as_number(value, "expected")) for day, value in node.entries]
    known = [PhasedTarget(day, value) for day, value in points if day is not None and value is not None]
    if len({point.on for point in known}) < len(known):
        reader.refuse(node.line, "expected", "a day stands in it twice", "keep one value for each day")
    return tuple(known)
