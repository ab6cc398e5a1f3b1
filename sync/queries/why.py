"""The arithmetic behind one figure, as numbers; the words around them stand in the templates."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from mapping.figures import InitiativeFigure, KeyResultFigure
from mapping.okr import Kind, Role, Source, Step


@dataclass(frozen=True, slots=True)
class MetricWhy:
    """gone ÷ whole = progress; both count in the direction of the target."""

    now: Decimal
    baseline: Decimal
    target: Decimal
    kind: Literal["metric"] = "metric"

    @property
    def is_rising(self) -> bool:
        return self.target > self.baseline

    @property
    def gone(self) -> Decimal:
        return self.now - self.baseline if self.is_rising else self.baseline - self.now

    @property
    def whole(self) -> Decimal:
        return abs(self.target - self.baseline)


@dataclass(frozen=True, slots=True)
class Term:
    """One driving initiative: its completion and its weight."""

    issue_key: str
    ratio: Fraction
    weight: Decimal


@dataclass(frozen=True, slots=True)
class InitiativesWhy:
    """Σ ratio × weight ÷ Σ weight; ``unknown`` are the driving ones that stay out."""

    terms: tuple[Term, ...]
    unknown: tuple[str, ...]
    kind: Literal["initiatives"] = "initiatives"

    @property
    def weights(self) -> Decimal:
        return sum((term.weight for term in self.terms), Decimal(0))

    @property
    def is_weighted(self) -> bool:
        return any(term.weight != 1 for term in self.terms)


@dataclass(frozen=True, slots=True)
class MilestoneWhy:
    """The steps with their shares; the ``done`` ones, said or seen to be so, add up."""

    steps: tuple[Step, ...]
    done: frozenset[str]
    kind: Literal["milestone"] = "milestone"


@dataclass(frozen=True, slots=True)
class ThresholdWhy:
    kind: Literal["threshold"] = "threshold"


@dataclass(frozen=True, slots=True)
class NoFigure:
    kind: Literal["none"] = "none"


Why = MetricWhy | InitiativesWhy | MilestoneWhy | ThresholdWhy | NoFigure


def explain(figure: KeyResultFigure, done_steps: frozenset[str]) -> Why:
    """What made this figure; NoFigure where there is none. ``done_steps`` are keys of milestone steps."""
    kr = figure.key_result
    if figure.held is not None:
        return ThresholdWhy()
    if figure.progress is None:
        return NoFigure()
    if kr.kind is Kind.MILESTONE:
        return MilestoneWhy(kr.steps, done_steps)
    if kr.source is Source.INITIATIVES:
        return _initiatives(figure.initiatives)
    if figure.now is None or kr.baseline is None or kr.target is None:
        return NoFigure()
    return MetricWhy(figure.now, kr.baseline, kr.target)


def _initiatives(initiatives: tuple[InitiativeFigure, ...]) -> InitiativesWhy:
    driving = [item for item in initiatives if item.initiative.role is Role.DRIVES]
    terms = tuple(
        Term(item.issue_key, item.completion.ratio, item.initiative.weight)
        for item in driving
        if item.completion is not None and item.completion.ratio is not None
    )
    known = {term.issue_key for term in terms}
    return InitiativesWhy(terms, tuple(item.issue_key for item in driving if item.issue_key not in known))
