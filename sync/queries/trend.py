"""How a key result moved: its check-ins, or its kept figures, as a line in a unit square, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection as Transaction

from connector.store import progress
from mapping.figures import KeyResultFacts
from mapping.okr import CheckIn, KeyResult, Kind, Source

WEEKS = 8
# What began more lately would be a dot.
SHORTEST = timedelta(days=1)
# So often a small line looks at the history of a figure, and a large one.
SMALL, LARGE = 16, 112


class Point(NamedTuple):
    """``x`` from the left and ``y`` from below, both from 0 to 1."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """``limit`` is where a threshold lies; ``since`` and ``until`` are the sides of the box, which a line that began
    later does not fill. ``figures``: how many it was drawn from; of one alone there is nothing to be seen."""

    points: tuple[Point, ...] = ()
    limit: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    figures: int = 0


class Moment(NamedTuple):
    """A figure at one time: a share of the way, or a plain value of a threshold; as exact as a drawing is."""

    at: datetime
    figure: float


def load_trends(
    conn: Transaction, workspace_id: int, facts: Mapping[str, KeyResultFacts], at: datetime, *, steps: int = SMALL
) -> dict[str, Trend]:
    """The trend of each key result, by its key. ``steps``: how often the history of figures is looked at, where that
    tells the trend."""
    others = [key for key, each in facts.items() if not _is_said(each.key_result)]
    spans = [at - timedelta(weeks=WEEKS) * (step / steps) for step in range(steps, 0, -1)]
    kept = progress.progress_at(conn, workspace_id, others, spans if others else ())
    return {key: draw(each.key_result, _moments(each, kept), at) for key, each in facts.items()}


def _moments(facts: KeyResultFacts, kept: Mapping[str, list[tuple[datetime, str]]]) -> tuple[Moment, ...]:
    key_result = facts.key_result
    is_said = _is_said(key_result)
    return said_moments(key_result, facts.check_ins) if is_said else kept_moments(kept[key_result.key])


def said_moments(kr: KeyResult, check_ins: Iterable[CheckIn]) -> tuple[Moment, ...]:
    """What the check-ins said, oldest first."""
    found = []
    for said in check_ins:
        figure = None if said.value is None else _figure(kr, said.value)
        if figure is not None:
            found.append(Moment(said.at, figure))
    return tuple(found)


def _figure(kr: KeyResult, value: Decimal) -> float | None:
    if kr.kind is Kind.THRESHOLD:
        return float(value)
    if kr.baseline is None or kr.target is None:
        return None
    return float((value - kr.baseline) / (kr.target - kr.baseline))


def kept_moments(history: Iterable[tuple[datetime, str]]) -> tuple[Moment, ...]:
    """What the history of figures says, oldest first: for a value that comes from initiatives or a query."""
    return tuple(Moment(at, _share(text)) for at, text in history)


def _share(text: str) -> float:
    """Of 3/4 or 1, as the history keeps them."""
    top, _, bottom = text.partition("/")
    return int(top) / int(bottom or 1)


def draw(kr: KeyResult, moments: tuple[Moment, ...], at: datetime) -> Trend:
    """The last eight weeks, the line carried on to ``at``; no line where nothing was said a day before.

    A metric is drawn between its baseline and its target, or beyond where it went beyond; a threshold between its
    lowest and highest value, with the limit in view.
    """
    since = at - timedelta(weeks=WEEKS)
    before = [moment for moment in moments if moment.at < since][-1:]
    shown = [*(Moment(since, moment.figure) for moment in before), *(m for m in moments if since <= m.at <= at)]
    if not shown or at - shown[0].at < SHORTEST:
        return Trend()
    limit = float(kr.target) if kr.kind is Kind.THRESHOLD and kr.target is not None else None
    low, high = _range([moment.figure for moment in shown], limit)
    figures = len(shown)
    shown.append(Moment(at, shown[-1].figure))
    began, span, height = since.timestamp(), (at - since).total_seconds(), high - low
    points = tuple(Point((m.at.timestamp() - began) / span, (m.figure - low) / height) for m in shown)
    return Trend(points, None if limit is None else (limit - low) / height, since, at, figures)


def _range(figures: list[float], limit: float | None) -> tuple[float, float]:
    ends = [*figures, limit] if limit is not None else [*figures, 0.0, 1.0]
    low, high = min(ends), max(ends)
    return (low, high) if low < high else (low - 1, high + 1)


def _is_said(kr: KeyResult) -> bool:
    """People say its value in check-ins; otherwise the history of its figures tells."""
    return kr.source is Source.CHECK_INS
