"""What the roll-up gives: counts, completions and figures of key results, objectives and cycles, and its inputs.

Every ratio is an exact ``Fraction``; None is "unknown" and never the same as 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from mapping.okr import CheckIn, Cycle, Initiative, KeyResult, Objective, Role


class CountedBy(StrEnum):
    """What a completion counts: issues, estimates, or (an epic without children) only its own status category."""

    COUNT = "count"
    POINTS = "points"
    STATUS = "status"


class Pace(StrEnum):
    ON_PACE = "on_pace"
    BEHIND = "behind"
    OFF_PACE = "off_pace"


class Mark(StrEnum):
    """Why a key result needs attention; ``BEHIND`` alone is shown but asks for none."""

    OFF_PACE = "off_pace"
    BEHIND = "behind"
    LOW = "low"
    STALE = "stale"
    REACHED_EARLY = "reached_early"
    BROKEN = "broken"
    NO_BASELINE = "no_baseline"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a key result needs attention; every one is a setting of the workspace."""

    stale_after_days: int = 14
    low_confidence_below: int = 4
    off_pace_more_than: Fraction = Fraction(1, 4)
    aspirational_share: Fraction = Fraction(7, 10)


@dataclass(frozen=True, slots=True)
class IssueCounts:
    """What the stored issues below one initiative add up to.

    ``total`` counts all of them, ``wont_do`` those closed as "won't do"; ``done`` counts the done ones without those.
    Points are sums of estimates, and ``unestimated`` counts issues without one, both without the "won't do" issues.
    ``added_since`` counts the children that came under it after the key result's last check-in.
    """

    done: int
    total: int
    wont_do: int
    points_done: Decimal = Decimal(0)
    points_total: Decimal = Decimal(0)
    unestimated: int = 0
    added_since: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """How much of an initiative is done. ``ratio`` is None where it is unknown.

    ``done`` and ``total`` count issues also where the ratio is by points; ``total`` leaves out won't-do issues, and
    both are 0 where an epic without children is judged by its own status. ``as_of`` is when Jira was last read in
    full; ``unreadable_since`` with its reason is set where Jira can no longer be read: the last good figure then stays.
    """

    ratio: Fraction | None
    done: int
    total: int
    wont_do: int
    counted_by: CountedBy
    by_count_although_points_wanted: bool = False
    unestimated: int = 0
    added_since: int = 0
    as_of: datetime | None = None
    unreadable_since: datetime | None = None
    unreadable_why: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one link brings into the figure of its key result; ``completion`` as ``InitiativeFigure`` has it."""

    role: Role
    weight: Decimal
    completion: Completion | None


@dataclass(frozen=True, slots=True)
class InitiativeFigure:
    """An initiative as it is shown: the issue's key and link, and its completion (None: never read yet).

    ``done_since``: how many more of its issues are done than at the key result's last check-in (fewer: below 0); None
    where nobody knows, or nobody asked.
    """

    initiative: Initiative
    issue_key: str
    issue_url: str
    completion: Completion | None
    gone: bool = False
    done_since: int | None = None

    @property
    def part(self) -> Part:
        """What it brings into the figure."""
        return Part(self.initiative.role, self.initiative.weight, self.completion)


@dataclass(frozen=True, slots=True)
class KeyResultFigure:
    """Everything that is shown of one key result at one moment.

    ``progress`` is unclamped (103 % stays); None means no figure. ``held`` belongs to thresholds: True held, False
    broken, None unknown; ``held_since`` is the day the present state began. ``expected`` is what is expected today,
    already scaled for an aspirational one. ``counts`` says whether it takes part in its objective's mean.
    ``pace`` is plain arithmetic; what asks for attention stands in ``marks``. ``days_since_check_in`` is None where
    there was no check-in; STALE then says that none has come since the cycle began, or since it was made.
    ``older_since``/``older_why`` are set where the figure is the last good one of an unreadable source.
    ``note`` and ``blockers`` are what stands now; ``learned`` is the last note that anybody wrote. ``done_steps`` is
    the number of a milestone's steps that are done, None where nothing is known of them. ``reached_since`` is the day
    from which on the values of a metric have reached its target.
    """

    key_result: KeyResult
    progress: Fraction | None
    now: Decimal | None
    expected: Fraction | None
    pace: Pace | None
    held: bool | None
    held_since: date | None
    confidence: int | None
    confidence_change: int | None
    last_check_in: CheckIn | None
    next_step: str
    days_since_check_in: int | None
    marks: tuple[Mark, ...]
    counts: bool
    initiatives: tuple[InitiativeFigure, ...]
    older_since: datetime | None = None
    older_why: str = ""
    note: str = ""
    blockers: str = ""
    learned: str = ""
    done_steps: int | None = None
    reached_since: date | None = None

    @property
    def needs_attention(self) -> bool:
        """True where somebody should act; being a little behind alone asks for nothing."""
        return any(mark is not Mark.BEHIND for mark in self.marks)


@dataclass(frozen=True, slots=True)
class ObjectiveFigure:
    objective: Objective
    progress: Fraction | None
    expected: Fraction | None
    pace: Pace | None
    key_results: tuple[KeyResultFigure, ...]
    without_figure: int


@dataclass(frozen=True, slots=True)
class CycleFigure:
    """A cycle, or the part of it that a filter left. ``next_change_at``: when time alone will change a figure next."""

    cycle: Cycle
    progress: Fraction | None
    expected: Fraction | None
    objectives: tuple[ObjectiveFigure, ...]
    needing_attention: int
    key_results: int
    without_figure: int
    next_change_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyResultFacts:
    """What is known about one key result when it is rolled up; of two check-ins of one moment the later one comes last.

    ``jql_value`` is the last value that a JQL source gave; ``jql_unreadable_since`` with its reason is set where it
    cannot be read now. ``done_steps`` are keys of milestone steps said or seen to be done. ``parts`` stand for the
    ``initiatives`` where only the figure is wanted, in any order; None: the initiatives are all there. ``made_at``:
    when it was made, which counts where there are no check-ins; None where nobody knows.
    """

    key_result: KeyResult
    check_ins: tuple[CheckIn, ...] = ()
    initiatives: tuple[InitiativeFigure, ...] = ()
    jql_value: Decimal | None = None
    jql_unreadable_since: datetime | None = None
    jql_unreadable_why: str = ""
    done_steps: frozenset[str] = field(default_factory=frozenset)
    parts: tuple[Part, ...] | None = None
    made_at: datetime | None = None
