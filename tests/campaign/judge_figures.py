"""A small roll-up of its own, written from DESIGN §5, against the figures that stand in the page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from mapping.okr import Bound, CheckIn, KeyResult, Kind, Role, Source
from tests.campaign.notations import plainly
from tests.campaign.play import Play
from tests.campaign.sheet import Sheet

_PERCENT = re.compile(r"([-−]?[0-9][0-9.,]*)[ \u00a0]%")
_NEEDED = re.compile(r"(?:([0-9]+|None) of ([0-9]+) key results? needs? attention)")
# One key result is spoken of as one.
_OF_ONE = {
    "The key result needs attention": "1 of 1 key result needs attention",
    "The key result needs no attention": "None of 1 key result needs attention",
}
TYPED_OVER = re.compile(r"cc[0-9]+z")
_HELD = {"en": {True: "held", False: "Broken"}}
STALE_DAYS, LOW_BELOW = 14, 4


def judge_figures(play: Play, sheet: Sheet, now: datetime, unsure: Collection[str] = ()) -> Iterator[str]:
    """One line for each figure that is another one in the page. ``unsure``: key results of which nobody can say what
    is right, since Jira cannot be read."""
    said = play.tenant.check_ins([kr.key for kr in play.okrs.key_results])
    for kr in play.okrs.key_results:
        if kr.key in sheet.by_key and kr.key not in unsure:
            yield from _judge_row(play, sheet, kr, said[kr.key])
    if play.choice.shape == "table" and play.choice.language == "en" and not unsure:
        yield from _judge_sum(play, sheet, said, now)


def _judge_row(play: Play, sheet: Sheet, kr: KeyResult, said: tuple[CheckIn, ...]) -> Iterator[str]:
    progress = sheet.cell_text(kr.key, "progress")
    exact = _progress(play, kr, said)
    if progress is not None and TYPED_OVER.search(progress):
        return  # what a person typed where we fill is replaced at the next write, and nothing else is to be written
    if progress is not None and exact is not None:
        shown = _PERCENT.search(progress)
        if shown is None or abs(_number(shown[1], play.choice.language) - exact * 100) >= 1:
            yield f"j: {kr.key} says {progress!r}, but its progress is {float(exact * 100):.2f} %"
    if progress is not None and kr.kind is Kind.THRESHOLD and play.choice.language == "en":
        held = _held(kr, said)
        if held is not None and kr.dropped_on is None and _HELD["en"][held] not in progress:
            yield f"j: the limit {kr.key} says {progress!r}, but its value is {_value(said)}"
    yield from _judge_now(play, sheet, kr, said)
    yield from _judge_epics(play, sheet, kr)


def _judge_now(play: Play, sheet: Sheet, kr: KeyResult, said: tuple[CheckIn, ...]) -> Iterator[str]:
    shown, value = sheet.cell_text(kr.key, "now"), _value(said)
    if shown is None or kr.source is not Source.CHECK_INS or kr.kind is Kind.MILESTONE or kr.dropped_on is not None:
        return
    if any((finding.get("key"), finding.get("column")) == (kr.key, "now") for finding in play.tenant.table.findings):
        return
    if plainly(shown.removesuffix(kr.unit).strip(), "now", play.choice.language) != value:
        yield f"j: {kr.key} says {shown!r} under Now, but the last value said is {value}"


def _judge_epics(play: Play, sheet: Sheet, kr: KeyResult) -> Iterator[str]:
    cell = sheet.cell_text(kr.key, "initiatives")
    if cell is None or TYPED_OVER.search(cell) or play.choice.language != "en" or kr.dropped_on is not None:
        return
    for link in play.okrs.links:
        epic = play.okrs.epics[link.issue_id]
        if link.key_result_key == kr.key and epic.said not in cell.replace("\u00a0", " "):
            yield f"j: {kr.key} says {cell!r}, and not {epic.said!r}"


def _judge_sum(play: Play, sheet: Sheet, said: dict[str, tuple[CheckIn, ...]], now: datetime) -> Iterator[str]:
    line = sheet.lines.replace("\u00a0", " ")
    for spoken, counted in _OF_ONE.items():
        line = line.replace(spoken, counted)
    shown = _NEEDED.search(line)
    needing = [kr.key for kr in play.okrs.key_results if _needs_attention(play, kr, said[kr.key], now)]
    wanted = (len(needing), len(play.okrs.key_results))
    if shown is None:
        yield f"j: the first line says {sheet.lines[:120]!r}, and not how many need attention"
    elif (0 if shown[1] == "None" else int(shown[1]), int(shown[2])) != wanted:
        yield f"j: the first line says {shown[0]!r}, but {wanted[0]} of {wanted[1]} do: {needing}"


# ---- DESIGN §5


def _value(said: tuple[CheckIn, ...]) -> Decimal | None:
    return next((each.value for each in reversed(said) if each.value is not None), None)


def _progress(play: Play, kr: KeyResult, said: tuple[CheckIn, ...]) -> Fraction | None:
    if kr.dropped_on is not None or kr.kind in (Kind.THRESHOLD, Kind.TO_MEASURE):
        return None
    if kr.kind is Kind.MILESTONE:
        done = sum((step.share for step in kr.steps if step.done), Fraction(0))
        is_known = done or said or kr.key in play.okrs.steps_read
        return done if is_known else None  # nobody has said anything yet, so nobody knows
    if kr.source is Source.INITIATIVES:
        return _driven(play, kr)
    value = play.okrs.query_values.get(kr.key) if kr.source is Source.JQL else _value(said)
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


def _held(kr: KeyResult, said: tuple[CheckIn, ...]) -> bool | None:
    value, limit = _value(said), kr.target or Decimal(0)
    if value is None:
        return None
    return value < limit if kr.bound is Bound.BELOW else value > limit


def _needs_attention(play: Play, kr: KeyResult, said: tuple[CheckIn, ...], now: datetime) -> bool:
    if kr.dropped_on is not None:
        return False
    if kr.kind is Kind.TO_MEASURE or (kr.kind is Kind.THRESHOLD and _held(kr, said) is False):
        return True
    confidence = next((each.confidence for each in reversed(said) if each.confidence is not None), None)
    if confidence is not None and confidence < LOW_BELOW:
        return True
    cycle, today = play.okrs.cycle, now.date()
    last = max(said[-1].at.date() if said else cycle.starts_on, cycle.starts_on)
    if (today - last).days >= STALE_DAYS:
        return True
    progress = _progress(play, kr, said)
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


def _number(text: str, language: str) -> Fraction:
    bare = text.replace("−", "-").replace("," if language == "en" else ".", "").replace(",", ".")
    return Fraction(bare)


def after_the_morning(now: datetime) -> datetime:
    """Shortly after the next time at which what only time changes may be written."""
    six = datetime.combine(now.date(), datetime.min.time(), now.tzinfo) + timedelta(hours=6, minutes=10)
    return six if now < six - timedelta(minutes=5) else six + timedelta(days=1)
