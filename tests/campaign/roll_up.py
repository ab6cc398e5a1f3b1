"""A small roll-up of the judge's own, written from docs/roll-up.md; nothing is the product's but the plain facts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from mapping.okr import Bound, CheckIn, KeyResult, Kind, Role, Source
from tests.campaign.play import Play

STALE_DAYS, LOW_BELOW = 14, 4


def value_of(said: tuple[CheckIn, ...]) -> Decimal | None:
    return next((each.value for each in reversed(said) if each.value is not None), None)


def progress_of(play: Play, kr: KeyResult, said: tuple[CheckIn, ...]) -> Fraction | None:
    if kr.dropped_on is not None or kr.kind in (Kind.THRESHOLD, Kind.TO_MEASURE):
        return None
    if kr.kind is Kind.MILESTONE:
        done = sum((step.share for step in kr.steps if step.done), Fraction(0))
        is_known = done or said or kr.key in play.okrs.steps_read
        return done if is_known else None  # nobody has said anything yet, so nobody knows
    if kr.source is Source.INITIATIVES:
        return _driven(play, kr)
    value = play.okrs.query_values.get(kr.key) if kr.source is Source.JQL else value_of(said)
    return None if value is None else _way(kr, value)


def _way(kr: KeyResult, value: Decimal) -> Fraction:
    baseline, target = Fraction(kr.baseline or 0), Fraction(kr.target or 0)
    return (Fraction(value) - baseline) / (target - baseline)


def _driven(play: Play, kr: KeyResult) -> Fraction | None:
    driving = [each for each in play.okrs.links if each.key_result_key == kr.key and each.role is Role.DRIVES]
    shares = [(Fraction(each.weight), play.okrs.epics[each.issue_id].share) for each in driving]
    known = [(weight, share) for weight, share in shares if share is not None]
    weights = sum((weight for weight, _ in known), Fraction(0))
    return sum((weight * share for weight, share in known), Fraction(0)) / weights if known else None


def is_held(kr: KeyResult, said: tuple[CheckIn, ...]) -> bool | None:
    value, limit = value_of(said), kr.target or Decimal(0)
    if value is None:
        return None
    return value < limit if kr.bound is Bound.BELOW else value > limit


def needs_attention(play: Play, kr: KeyResult, said: tuple[CheckIn, ...], now: datetime) -> bool:
    if kr.dropped_on is not None:
        return False
    if kr.kind is Kind.TO_MEASURE or (kr.kind is Kind.THRESHOLD and is_held(kr, said) is False):
        return True
    confidence = next((each.confidence for each in reversed(said) if each.confidence is not None), None)
    if confidence is not None and confidence < LOW_BELOW:
        return True
    cycle, today = play.okrs.cycle, now.date()
    last = max(said[-1].at.date() if said else cycle.starts_on, cycle.starts_on)
    if (today - last).days >= STALE_DAYS:
        return True
    progress = progress_of(play, kr, said)
    return progress is not None and (_off_pace(play, kr, progress, today) or _early(play, kr, said, progress, today))


def _share(play: Play, day: date) -> Fraction:
    cycle = play.okrs.cycle
    days = (cycle.ends_on - cycle.starts_on).days + 1
    return Fraction(min(max((day - cycle.starts_on).days + 1, 0), days), days)


def _off_pace(play: Play, kr: KeyResult, progress: Fraction, today: date) -> bool:
    if kr.lagging:
        return False
    expected = _share(play, today) * (Fraction(7, 10) if kr.aspirational else 1)
    return progress < expected * Fraction(3, 4)


def _early(play: Play, kr: KeyResult, said: tuple[CheckIn, ...], progress: Fraction, today: date) -> bool:
    """Reached in the first half: the day since which the target has been met, without a break."""
    if progress < 1:
        return False
    since = today
    if kr.kind is Kind.METRIC and kr.source is Source.CHECK_INS:
        for each in reversed([each for each in said if each.value is not None]):
            if each.value is None or _way(kr, each.value) < 1:
                break
            since = each.at.date()
    return _share(play, since) <= Fraction(1, 2)


def mean_of(play: Play, key_results: list[KeyResult], said: dict[str, tuple[CheckIn, ...]]) -> Fraction | None:
    """Σ weight × progress ÷ Σ weight over what counts, each as 0 to 1 (docs/roll-up.md)."""
    figures = [(Fraction(kr.weight), progress_of(play, kr, said[kr.key])) for kr in key_results]
    counting = [(weight, min(max(each, Fraction(0)), Fraction(1))) for weight, each in figures if each is not None]
    together = sum((weight for weight, _ in counting), Fraction(0))
    return sum((weight * each for weight, each in counting), Fraction(0)) / together if together else None
