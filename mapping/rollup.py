"""Initiatives and check-ins → key result → objective → cycle, at one moment.

The rules are those of the table "Roll-up, exactly" in ``docs/roll-up.md``. Sums are exact, so that no order matters.
What is named in ``__all__`` is the whole roll-up for callers, wherever in this package it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from mapping.attention import marks
from mapping.completion import completion
from mapping.figures import CycleFigure, KeyResultFacts, KeyResultFigure, ObjectiveFigure, Thresholds
from mapping.history import History
from mapping.measure import done_steps, measure, weighted_mean
from mapping.okr import Cycle, Objective
from mapping.pace import expected_share, has_started, judged_day, next_change_at, pace

__all__ = [
    "completion",
    "cycle_figure",
    "expected_share",
    "key_result_figure",
    "next_change_at",
    "objective_figure",
    "pace",
]


def key_result_figure(facts: KeyResultFacts, cycle: Cycle, at: datetime, thresholds: Thresholds) -> KeyResultFigure:
    """What is shown of one key result at ``at`` (aware). A dropped one keeps its texts and has no figure."""
    kr = facts.key_result
    history = History.of(facts.check_ins)
    measured = measure(facts, history)
    expected = expected_share(kr, cycle, at, thresholds)
    own_pace = pace(measured.progress, expected, thresholds) if has_started(cycle, at) else None
    return KeyResultFigure(
        key_result=kr,
        progress=measured.progress,
        now=measured.now,
        expected=expected,
        pace=own_pace,
        held=measured.held,
        held_since=None if measured.held is None else measured.began_on,
        confidence=history.confidence,
        confidence_change=history.confidence_change,
        last_check_in=history.last,
        next_step=history.next_step,
        days_since_check_in=history.days_since(judged_day(cycle, at)),
        marks=marks(facts, measured, own_pace, history, cycle, at, thresholds),
        counts=measured.progress is not None,
        initiatives=facts.initiatives,
        older_since=measured.older_since,
        older_why=measured.older_why,
        note=history.note,
        blockers=history.blockers,
        learned=history.learned,
        done_steps=None if measured.progress is None else done_steps(facts),
        reached_since=measured.began_on if measured.held is None else None,
    )


def objective_figure(
    objective: Objective, facts: Sequence[KeyResultFacts], cycle: Cycle, at: datetime, thresholds: Thresholds
) -> ObjectiveFigure:
    """The weighted mean of the key results that count, each taken as 0 to 1, beside what those expect together.

    A lagging key result expects nothing, so it counts as 0 in what is expected; where all of them lag there is no pace.
    """
    figures = tuple(key_result_figure(each, cycle, at, thresholds) for each in facts)
    counting = [figure for figure in figures if figure.progress is not None]
    progress = weighted_mean((_clamped(figure.progress), figure.key_result.weight) for figure in counting)
    expected = _expected_together(counting)
    return ObjectiveFigure(
        objective=objective,
        progress=progress,
        expected=expected,
        pace=pace(progress, expected, thresholds) if has_started(cycle, at) else None,
        key_results=figures,
        without_figure=sum(1 for figure in figures if _has_no_figure(figure)),
    )


def cycle_figure(
    cycle: Cycle,
    objectives: Sequence[tuple[Objective, Sequence[KeyResultFacts]]],
    at: datetime,
    thresholds: Thresholds,
) -> CycleFigure:
    """All objectives in the order given, and the plain mean of those that have a figure."""
    figures = tuple(objective_figure(objective, facts, cycle, at, thresholds) for objective, facts in objectives)
    key_results = [figure for objective in figures for figure in objective.key_results]
    return CycleFigure(
        cycle=cycle,
        progress=_plain_mean(figure.progress for figure in figures),
        expected=_plain_mean(figure.expected for figure in figures if figure.progress is not None),
        objectives=figures,
        needing_attention=sum(1 for figure in key_results if figure.needs_attention),
        key_results=len(key_results),
        without_figure=sum(figure.without_figure for figure in figures),
        next_change_at=next_change_at(cycle, at),
    )


def _expected_together(counting: Sequence[KeyResultFigure]) -> Fraction | None:
    if all(figure.expected is None for figure in counting):
        return None
    return weighted_mean((figure.expected or Fraction(0), figure.key_result.weight) for figure in counting)


def _has_no_figure(figure: KeyResultFigure) -> bool:
    """A limit is never in the mean; it lacks a figure only where nobody knows whether it holds."""
    return figure.progress is None and figure.held is None


def _clamped(progress: Fraction | None) -> Fraction:
    return min(max(progress or Fraction(0), Fraction(0)), Fraction(1))


def _plain_mean(values: Iterable[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
