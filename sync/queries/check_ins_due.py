"""Which key results wait for a check-in, and which had theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from connector.store import check_ins
from connector.store.check_ins import LastSaid
from mapping.figures import KeyResultFigure, Thresholds
from mapping.pace import day_of
from sync.figures import load_key_result_figures
from sync.ports import Resources

EVERY_DAYS = 7


@dataclass(frozen=True, slots=True)
class DueLine:
    """One key result that a week has passed for; ``days`` since it was last checked in, or since its cycle began."""

    figure: KeyResultFigure
    team: str
    days: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class CheckInsView:
    """``due``: mine first, then what has waited longest. ``recent``: what had its check-in, the oldest first."""

    due: tuple[DueLine, ...]
    recent: tuple[LastSaid, ...]

    @property
    def mine(self) -> int:
        return sum(line.is_mine for line in self.due)


def load_check_ins_due(on: Resources, workspace_id: int, name: str, at: datetime) -> CheckInsView:
    """As somebody of this name sees it: a key result whose owner is called so is theirs."""
    today = day_of(at)
    with on.database.read() as conn:
        said = check_ins.last_said(conn, workspace_id, today)
        waiting = [each for each in said if is_due(each, today)]
        keys = [each.key for each in waiting]
        figures = load_key_result_figures(conn, workspace_id, keys, at, Thresholds())
    lines = [DueLine(figures[each.key], each.team, days_since(each, today), is_of(each, name)) for each in waiting]
    recent = [each for each in said if not is_due(each, today)]
    return CheckInsView(
        tuple(sorted(lines, key=_need)), tuple(sorted(recent, key=lambda each: (each.at or at, each.key)))
    )


def count_due(said: Iterable[LastSaid], name: str, today: date) -> int:
    """What the navigation says: of those that are somebody's own, or of all where nothing is."""
    asked = tuple(said)
    own = [each for each in asked if is_of(each, name)]
    return sum(is_due(each, today) for each in own or asked)


def is_due(said: LastSaid, today: date) -> bool:
    """True once a week has passed."""
    return days_since(said, today) >= EVERY_DAYS


def days_since(said: LastSaid, today: date) -> int:
    """Whole days since the last check-in, none of them before the cycle."""
    last = said.cycle_starts_on if said.at is None else max(day_of(said.at), said.cycle_starts_on)
    return (today - last).days


def is_of(said: LastSaid, name: str) -> bool:
    """True where the owner is called so."""
    return bool(name.strip()) and said.owner.strip().casefold() == name.strip().casefold()


def _need(line: DueLine) -> tuple[bool, int, int, str]:
    confidence = line.figure.confidence
    return not line.is_mine, -line.days, 10 if confidence is None else confidence, line.figure.key_result.key
