"""How a key result moved: its check-ins, or its kept figures, as a line in a unit square, ready to be drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection as Transaction

from connector.store import check_ins, overview
from connector.store.progress import Moment as Kept
from mapping.measure import progress_of
from mapping.okr import CheckIn, KeyResult, Kind, Source

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Point:
    """``x`` from the left and ``y`` from below, both from 0 to 1."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """``limit`` is where a threshold lies; ``since`` and ``until`` are the sides of the box, which a line that began
    later does not fill."""

    points: tuple[Point, ...] = ()
    limit: float | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure at one time: a share of the way, or a plain value of a threshold."""

    at: datetime
    figure: Fraction


def load_trends(
    conn: Transaction, workspace_id: int, key_results: Collection[KeyResult], at: datetime
) -> dict[str, Trend]:
    """The trend of each key result, by its key."""
    said = check_ins.load_check_ins(conn, workspace_id, [kr.key for kr in key_results if _is_said(kr)])
    others = [kr.key for kr in key_results if not _is_said(kr)]
    kept = overview.figures_since(conn, workspace_id, others, at - timedelta(weeks=WEEKS))
    return {
        kr.key: draw(kr, said_moments(kr, said[kr.key]) if _is_said(kr) else kept_moments(kept[kr.key]), at)
        for kr in key_results
    }


def said_moments(kr: KeyResult, check_ins: Iterable[CheckIn]) -> tuple[Moment, ...]:
    """What the check-ins said, oldest first."""
    found = []
    for said in check_ins:
        if said.value is not None:
            figure = Fraction(said.value) if kr.kind is Kind.THRESHOLD else progress_of(kr, said.value)
            if figure is not None:
                found.append(Moment(said.at, figure))
    return tuple(found)


def kept_moments(history: Iterable[Kept]) -> tuple[Moment, ...]:
    """What the history of figures says, oldest first: for a value that comes from initiatives or a query."""
    return tuple(Moment(kept.at, Fraction(text)) for kept in history if (text := kept.figure.get("progress")))


def draw(kr: KeyResult, moments: tuple[Moment, ...], at: datetime) -> Trend:
    """The last eight weeks, the line carried on to ``at``; no line where nothing was said before.

    A metric is drawn between its baseline and its target, or beyond where it went beyond; a threshold between its
    lowest and highest value, with the limit in view.
    """
    since = at - timedelta(weeks=WEEKS)
    before = [moment for moment in moments if moment.at < since][-1:]
    shown = [*(Moment(since, moment.figure) for moment in before), *(m for m in moments if since <= m.at <= at)]
    if not shown or shown[0].at == at:
        return Trend()
    limit = Fraction(kr.target) if kr.kind is Kind.THRESHOLD and kr.target is not None else None
    low, high = _range([moment.figure for moment in shown], limit)
    shown.append(Moment(at, shown[-1].figure))
    points = tuple(Point((m.at - since) / (at - since), float((m.figure - low) / (high - low))) for m in shown)
    return Trend(points, None if limit is None else float((limit - low) / (high - low)), since, at)


def _range(figures: list[Fraction], limit: Fraction | None) -> tuple[Fraction, Fraction]:
    ends = [*figures, limit] if limit is not None else [*figures, Fraction(0), Fraction(1)]
    low, high = min(ends), max(ends)
    return (low, high) if low < high else (low - 1, high + 1)


def _is_said(kr: KeyResult) -> bool:
    """People say its value in check-ins; otherwise the history of its figures tells."""
    return kr.source is Source.CHECK_INS
