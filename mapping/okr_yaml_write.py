"""OKRs → YAML that ``parse_okrs`` reads as the same OKRs. What is as if unsaid is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import yaml

from mapping.okr import CheckIn, Cycle, JqlSource, KeyResult, Kind, Objective, Role, Source, Stage, Step
from mapping.okr_set import ParsedLink, ParsedOkrs
from mapping.okr_yaml_key_result import NO_DATE
from mapping.yaml_fields import printable

_Entry = dict[object, object]
_ONE = Decimal(1)


class _Dumper(yaml.SafeDumper):
    """Writes numbers with the digits they have, and texts of several lines as they read."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Never, since none is taken when the file comes back: two key results may hold the very same date."""
        return True


def write_okrs(okrs: ParsedOkrs) -> str:
    """One YAML document per cycle. A check-in keeps its author, not the way it came: it comes back as imported.

    Characters that YAML cannot hold, such as NUL, are left out of texts.
    """
    documents = [_document(cycle, okrs) for cycle in okrs.cycles]
    return yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _document(cycle: Cycle, okrs: ParsedOkrs) -> _Entry:
    objectives = sorted((each for each in okrs.objectives if each.cycle_key == cycle.key), key=lambda o: o.position)
    return {
        "cycle": {
            "key": cycle.key,
            "name": printable(cycle.name),
            "starts": cycle.starts_on,
            "ends": cycle.ends_on,
            "state": str(cycle.state),
        },
        "objectives": [_objective(objective, okrs) for objective in objectives],
    }


def _objective(objective: Objective, okrs: ParsedOkrs) -> _Entry:
    mine = sorted((kr for kr in okrs.key_results if kr.objective_key == objective.key), key=lambda kr: kr.position)
    return _said(
        {
            "key": objective.key,
            "title": objective.title,
            "why": objective.why,
            "team": objective.team,
            "sponsor": objective.sponsor,
            "parents": list(objective.parent_keys),
            "weight": None if objective.weight == _ONE else objective.weight,
            "stage": None if objective.stage is Stage.AGREED else str(objective.stage),
            "key_results": [_key_result(kr, okrs) for kr in mine],
        }
    )


def _key_result(kr: KeyResult, okrs: ParsedOkrs) -> _Entry:
    return _said(
        {
            "key": kr.key,
            "title": kr.title,
            "owner": kr.owner,
            **_aim(kr),
            "unit": kr.unit,
            "expected": {point.on: point.value for point in kr.phased},
            "source": _source(kr),
            "aspirational": kr.aspirational,
            "lagging": kr.lagging,
            "weight": None if kr.weight == _ONE else kr.weight,
            "dropped": None if kr.dropped_on is None else _said({"on": kr.dropped_on, "why": kr.dropped_why}),
            "initiatives": [_link(link) for link in okrs.links if link.key_result_key == kr.key],
            "check_ins": [_check_in(each) for each in okrs.check_ins if each.key_result_key == kr.key],
        }
    )


def _aim(kr: KeyResult) -> _Entry:
    if kr.kind is Kind.THRESHOLD:
        return {str(kr.bound): kr.target}
    if kr.kind is Kind.MILESTONE:
        return {"steps": [_step(step) for step in kr.steps]}
    if kr.kind is Kind.TO_MEASURE:
        return {"to": kr.target, "measure_by": kr.baseline_due_on or NO_DATE}
    return {"from": kr.baseline, "to": kr.target}


def _step(step: Step) -> _Entry:
    return _said({"key": step.key, "title": step.title, "share": _share(step.share), "done": step.done})


def _share(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator} %" if percent.denominator == 1 else f"{share.numerator}/{share.denominator}"


def _source(kr: KeyResult) -> object:
    if kr.jql is not None and kr.source is Source.JQL:
        return _query(kr.jql)
    return None if kr.source is Source.CHECK_INS else str(kr.source)


def _query(source: JqlSource) -> _Entry:
    return _said({"jql": source.jql, str(source.aggregate): source.field_id})


def _link(link: ParsedLink) -> object:
    if link.role is Role.SUPPORTS:
        return link.issue_key
    if link.role is Role.STEP:
        return {"issue": link.issue_key, "step": link.step_key}
    return {"issue": link.issue_key, "drives": link.weight}


def _check_in(check_in: CheckIn) -> _Entry:
    return _said(
        {
            "at": _moment(check_in.at),
            "value": check_in.value,
            "confidence": check_in.confidence,
            "done": check_in.done_since,
            "note": check_in.note,
            "blockers": check_in.blockers,
            "next": check_in.next_step,
            "by": check_in.author,
        }
    )


def _moment(at: datetime) -> date | str:
    """A day where it is noon UTC, which is what a day alone means."""
    in_utc = at.astimezone(UTC)
    return in_utc.date() if in_utc.timetz() == time(12, tzinfo=UTC) else in_utc.isoformat()


def _said(entry: _Entry) -> _Entry:
    """Without what is empty, false or None; 0 is a value and stays."""
    texts_cleaned = {name: printable(value) if isinstance(value, str) else value for name, value in entry.items()}
    return {name: value for name, value in texts_cleaned.items() if not _is_unsaid(value)}


def _is_unsaid(value: object) -> bool:
    return value is None or value is False or value in ("", [], {})


def _represent_number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    text = format(number, "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(Decimal, _represent_number)
_Dumper.add_representer(str, _represent_text)
