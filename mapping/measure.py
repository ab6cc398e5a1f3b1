"""What one key result measures, by its kind and by where its value comes from, whatever the time of the cycle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from mapping.figures import KeyResultFacts, Part
from mapping.history import History
from mapping.okr import Bound, KeyResult, Kind, Role, Source, Step


@dataclass(frozen=True, slots=True)
class Measure:
    """``progress`` is unclamped; ``held`` belongs to a limit; ``began_on`` is the day on which the limit came into its
    present state, or the target was reached. ``older_*`` are set where a source that feeds it cannot be read now."""

    progress: Fraction | None = None
    now: Decimal | None = None
    held: bool | None = None
    began_on: date | None = None
    older_since: datetime | None = None
    older_why: str = ""


def measure(facts: KeyResultFacts, history: History) -> Measure:
    """Unknown stays None: a dropped key result, a baseline still to be measured, a source that never gave a value."""
    kr = facts.key_result
    if kr.dropped_on is not None:
        return Measure()
    if kr.kind is Kind.TO_MEASURE:
        return Measure(now=_value(facts, history))
    if kr.kind is Kind.MILESTONE:
        return _milestone(facts, history)
    if kr.source is Source.INITIATIVES:
        return _driven(_parts(facts))
    return _limit(facts, history) if kr.kind is Kind.THRESHOLD else _metric(facts, history)


def progress_of(kr: KeyResult, value: Decimal) -> Fraction | None:
    """The share of the way from the baseline to the target, rising and falling alike; None without both."""
    if kr.baseline is None or kr.target is None:
        return None
    (top, bottom), (low, below), (high, under) = (each.as_integer_ratio() for each in (value, kr.baseline, kr.target))
    # One fraction of whole numbers: adding and dividing five of them takes much longer.
    return Fraction((top * below - low * bottom) * under, (high * below - low * under) * bottom)


def reached(kr: KeyResult, value: Decimal) -> bool:
    """Whether the value is at the target or beyond it, seen from the baseline; False without both."""
    if kr.baseline is None or kr.target is None:
        return False
    return value >= kr.target if kr.target > kr.baseline else value <= kr.target


def weighted_mean(parts: Iterable[tuple[Fraction, Decimal]]) -> Fraction | None:
    """Of (value, weight) pairs; None where there are none."""
    totals: dict[int, int] = {}
    weights: dict[int, int] = {}
    for value, weight in parts:
        top, bottom = weight.as_integer_ratio()
        below = value.denominator * bottom
        totals[below] = totals.get(below, 0) + value.numerator * top
        weights[bottom] = weights.get(bottom, 0) + top
    whole = _sum(weights)
    return _sum(totals) / whole if whole else None


def _sum(numerators: Mapping[int, int]) -> Fraction:
    """Of fractions that were added up by their denominators, which is exact and much quicker than one by one."""
    return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


def _metric(facts: KeyResultFacts, history: History) -> Measure:
    kr = facts.key_result
    now = _value(facts, history)
    return Measure(
        progress=None if now is None else progress_of(kr, now),
        now=now,
        began_on=history.since(lambda value: reached(kr, value)),
        older_since=facts.jql_unreadable_since,
        older_why=facts.jql_unreadable_why,
    )


def _limit(facts: KeyResultFacts, history: History) -> Measure:
    kr = facts.key_result
    now = _value(facts, history)
    if now is None:
        return Measure(older_since=facts.jql_unreadable_since, older_why=facts.jql_unreadable_why)
    held = _holds(kr, now)
    return Measure(
        now=now,
        held=held,
        began_on=history.since(lambda value: _holds(kr, value) is held),
        older_since=facts.jql_unreadable_since,
        older_why=facts.jql_unreadable_why,
    )


def _holds(kr: KeyResult, value: Decimal) -> bool:
    """The limit itself is neither below nor above."""
    assert kr.target is not None  # noqa: S101  an invariant of KeyResult
    return value < kr.target if kr.bound is Bound.BELOW else value > kr.target


def _value(facts: KeyResultFacts, history: History) -> Decimal | None:
    return facts.jql_value if facts.key_result.source is Source.JQL else history.value


def _parts(facts: KeyResultFacts) -> tuple[Part, ...]:
    return tuple(figure.part for figure in facts.initiatives) if facts.parts is None else facts.parts


def _driven(parts: Iterable[Part]) -> Measure:
    driving = [part for part in parts if part.role is Role.DRIVES]
    known = [
        (part.completion.ratio, part.weight)
        for part in driving
        if part.completion is not None and part.completion.ratio is not None
    ]
    since, why = _oldest_unreadable(driving)
    return Measure(progress=weighted_mean(known), older_since=since, older_why=why)


def _milestone(facts: KeyResultFacts, history: History) -> Measure:
    """Nothing said and no step's issue ever read: no figure, since silence is not "none of it is done"."""
    done = [step.share for step in _done_steps(facts)]
    linked = [part for part in _parts(facts) if part.role is Role.STEP]
    if not done and history.last is None and all(part.completion is None for part in linked):
        return Measure()
    since, why = _oldest_unreadable(linked)
    return Measure(progress=sum(done, Fraction(0)), older_since=since, older_why=why)


def done_steps(facts: KeyResultFacts) -> int:
    """How many of a milestone's steps are done: said so, or seen in Jira."""
    return len(_done_steps(facts))


def _done_steps(facts: KeyResultFacts) -> list[Step]:
    return [step for step in facts.key_result.steps if step.done or step.key in facts.done_steps]


def _oldest_unreadable(parts: Iterable[Part]) -> tuple[datetime | None, str]:
    unreadable = [
        (part.completion.unreadable_since, part.completion.unreadable_why)
        for part in parts
        if part.completion is not None and part.completion.unreadable_since is not None
    ]
    return min(unreadable, default=(None, ""))
