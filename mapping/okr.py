"""The nouns of the method: cycle, objective, key result, initiative, check-in, and what must hold for each.

Keys (``PAY-O1``, ``PAY-KR1``) never change and are the identity everywhere: in YAML, table rows, labels and URLs.
Values are ``Decimal``, because the number of decimals a person wrote is shown again; ratios are ``Fraction``, so that a
sum does not depend on its order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from mapping.sentences import Explained

KEY_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,15}-(?:O|KR)[1-9][0-9]{0,5}")
CYCLE_KEY_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CONFIDENCE_RANGE = range(11)
LARGEST_VALUE = Decimal(10) ** 15
MOST_DECIMALS = 9


class InvalidOkr(Explained, ValueError):
    """An OKR that breaks a rule of this module; the text says which rule and what to do, ``field`` what is wrong."""

    def __init__(self, text: str, field: str = "", **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


class CycleState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Stage(StrEnum):
    """How far an objective has come: being written, agreed on, or scored at the end of its cycle."""

    DRAFT = "draft"
    AGREED = "agreed"
    GRADED = "graded"


class Kind(StrEnum):
    """What a key result is: a way from X to Y, a limit to hold, written steps, or a baseline still to be measured."""

    METRIC = "metric"
    THRESHOLD = "threshold"
    MILESTONE = "milestone"
    TO_MEASURE = "to_measure"


class Source(StrEnum):
    """Where the value of a key result comes from."""

    CHECK_INS = "check_ins"
    INITIATIVES = "initiatives"
    JQL = "jql"


class Bound(StrEnum):
    """The side on which a threshold must stay."""

    ABOVE = "above"
    BELOW = "below"


class Role(StrEnum):
    """What a link does: it is only shown, it counts in the progress, or it is one step of a milestone."""

    SUPPORTS = "supports"
    DRIVES = "drives"
    STEP = "step"


class LinkOrigin(StrEnum):
    PERSON = "person"
    RULE = "rule"
    JIRA = "jira"


class CheckInOrigin(StrEnum):
    WEB = "web"
    API = "api"
    CONFLUENCE = "confluence"
    JIRA = "jira"
    IMPORT = "import"


class Aggregate(StrEnum):
    """How a JQL source makes one value of the issues that it finds."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Cycle:
    """A span of days, first and last included, e.g. a quarter."""

    key: str
    name: str
    starts_on: date
    ends_on: date
    state: CycleState = CycleState.OPEN

    def __post_init__(self) -> None:
        if not CYCLE_KEY_PATTERN.fullmatch(self.key):
            raise InvalidOkr(
                "cycle key {key!r}: use lower-case letters, digits and hyphens, e.g. 2026-q4", "key", key=self.key
            )
        if self.ends_on < self.starts_on:
            raise InvalidOkr(
                "cycle {key}: it ends on {end}, before it starts on {start}",
                "ends_on",
                key=self.key,
                end=self.ends_on,
                start=self.starts_on,
            )


@dataclass(frozen=True, slots=True)
class Objective:
    """A qualitative aim of one team in one cycle. ``weight`` counts in figures above it; ``position`` orders."""

    key: str
    cycle_key: str
    title: str
    why: str = ""
    sponsor: str = ""
    team: str = ""
    parent_keys: tuple[str, ...] = ()
    weight: Decimal = Decimal(1)
    position: int = 0
    stage: Stage = Stage.AGREED

    def __post_init__(self) -> None:
        _check_key(self.key, "O")
        _check_weight(self.key, self.weight)
        _check_title(self.key, self.title)


@dataclass(frozen=True, slots=True)
class Step:
    """One written step of a milestone; ``share`` is its part of the whole, all shares of a key result sum to 1."""

    key: str
    title: str
    share: Fraction
    done: bool = False


@dataclass(frozen=True, slots=True)
class PhasedTarget:
    """What is expected of the metric on a day, where a straight line would be wrong."""

    on: date
    value: Decimal

    def __post_init__(self) -> None:
        _check_value(f"phased target of {self.on}", self.value, "phased")


@dataclass(frozen=True, slots=True)
class JqlSource:
    """A query whose issues make the value: their number, or the sum or average of a number field."""

    jql: str
    aggregate: Aggregate = Aggregate.COUNT
    field_id: str = ""

    def __post_init__(self) -> None:
        if self.aggregate is not Aggregate.COUNT and not self.field_id:
            raise InvalidOkr(
                "a JQL source that takes the {aggregate} needs the number field to take it of",
                "jql",
                aggregate=self.aggregate,
            )


@dataclass(frozen=True, slots=True)
class KeyResult:
    """One measured outcome of an objective.

    ``baseline`` and ``target`` belong to a metric (rising where target > baseline, falling where it is below);
    ``bound`` and ``target`` to a threshold; ``steps`` to a milestone; ``baseline_due_on`` to one still to be measured.
    ``unit`` is shown once, e.g. ``s``, ``%``, or empty. ``dropped_on`` with its reason takes it out of every figure.
    """

    key: str
    objective_key: str
    title: str
    kind: Kind = Kind.METRIC
    owner: str = ""
    source: Source = Source.CHECK_INS
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    bound: Bound | None = None
    steps: tuple[Step, ...] = ()
    jql: JqlSource | None = None
    phased: tuple[PhasedTarget, ...] = ()
    aspirational: bool = False
    lagging: bool = False
    weight: Decimal = Decimal(1)
    position: int = 0
    baseline_due_on: date | None = None
    dropped_on: date | None = None
    dropped_why: str = ""

    def __post_init__(self) -> None:
        _check_key(self.key, "KR")
        _check_weight(self.key, self.weight)
        _check_title(self.key, self.title)
        _check_kind(self)


@dataclass(frozen=True, slots=True)
class Initiative:
    """One link from a key result to one Jira issue, normally an epic, of any level."""

    key_result_key: str
    connection_id: int
    issue_id: str
    role: Role = Role.SUPPORTS
    weight: Decimal = Decimal(1)
    step_key: str = ""
    origin: LinkOrigin = LinkOrigin.PERSON

    def __post_init__(self) -> None:
        _check_weight(f"link to issue {self.issue_id}", self.weight)
        if (self.role is Role.STEP) != bool(self.step_key):
            raise InvalidOkr("a link that is a milestone step names the step, and only such a link does")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a person or a source said about a key result at one moment; never changed afterwards.

    ``value`` and ``confidence`` are None where nothing was said about them. ``confidence`` is 0 to 10.
    """

    key_result_key: str
    at: datetime
    value: Decimal | None = None
    confidence: int | None = None
    done_since: str = ""
    note: str = ""
    blockers: str = ""
    next_step: str = ""
    author: str = ""
    origin: CheckInOrigin = CheckInOrigin.WEB

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InvalidOkr("a check-in needs a time with its zone", "at")
        _check_value(f"{self.key_result_key}: check-in", self.value, "value")
        if self.confidence is not None and self.confidence not in CONFIDENCE_RANGE:
            raise InvalidOkr(
                "confidence {confidence}: a whole number from 0 to 10 is needed",
                "confidence",
                confidence=self.confidence,
            )


def _check_key(key: str, letters: str) -> None:
    if not KEY_PATTERN.fullmatch(key) or f"-{letters}" not in key:
        raise InvalidOkr(
            "key {key!r}: write it like PAY-{letters}1 (team in capitals, hyphen, {letters}, number)",
            "key",
            key=key,
            letters=letters,
        )


def _check_weight(what: str, weight: Decimal) -> None:
    _check_value(f"{what}: weight", weight, "weight")
    if weight <= 0:
        raise InvalidOkr("{what}: weight {weight} must be a number above 0", "weight", what=what, weight=weight)


def _check_value(what: str, value: Decimal | None, field: str) -> None:
    """The bounds keep exact arithmetic cheap: nobody can make us calculate with a million digits."""
    if value is None or (
        value.is_finite() and value.copy_abs() <= LARGEST_VALUE and value == round(value, MOST_DECIMALS)
    ):
        return
    raise InvalidOkr(
        "{what}: {value} must be a number up to 1,000,000,000,000,000 with at most 9 decimals",
        field,
        what=what,
        value=value,
    )


def _check_title(key: str, title: str) -> None:
    if not title.strip():
        raise InvalidOkr("{key}: it has no title", "title", key=key)
    if len(title) > 300:
        raise InvalidOkr(
            "{key}: its title has {number} characters; at most 300 are kept", "title", key=key, number=len(title)
        )


def _check_kind(kr: KeyResult) -> None:
    _check_value(f"{kr.key}: baseline", kr.baseline, "baseline")
    _check_value(f"{kr.key}: target", kr.target, "target")
    if kr.kind is Kind.METRIC:
        _check_metric(kr)
    if kr.phased and (kr.kind is not Kind.METRIC or kr.baseline is None or kr.target is None):
        raise InvalidOkr(
            "{key}: values expected on certain days need a metric with a baseline and a target", "phased", key=kr.key
        )
    if kr.kind is Kind.THRESHOLD and (kr.bound is None or kr.target is None):
        raise InvalidOkr("{key}: a threshold needs 'above' or 'below' and the limit as target", "target", key=kr.key)
    if kr.kind is Kind.MILESTONE:
        _check_steps(kr)
    if kr.source is Source.INITIATIVES and kr.kind is not Kind.METRIC:
        raise InvalidOkr("{key}: only the progress of a metric can come from initiatives", "source", key=kr.key)
    if kr.source is Source.JQL and kr.kind is Kind.MILESTONE:
        raise InvalidOkr("{key}: a milestone is told by its steps, not by a query", "source", key=kr.key)
    if kr.source is Source.JQL and kr.jql is None:
        raise InvalidOkr("{key}: its value comes from a query, but no JQL is given", "jql", key=kr.key)


def _check_metric(kr: KeyResult) -> None:
    if kr.source is not Source.INITIATIVES and (kr.baseline is None or kr.target is None):
        raise InvalidOkr(
            "{key}: a metric needs a baseline and a target; or say by when its baseline is measured",
            "baseline" if kr.baseline is None else "target",
            key=kr.key,
        )
    if kr.baseline is not None and kr.baseline == kr.target:
        raise InvalidOkr(
            "{key}: baseline and target are both {target}; say a limit to hold with above or below",
            "target",
            key=kr.key,
            target=kr.target,
        )


def _check_steps(kr: KeyResult) -> None:
    if not kr.steps:
        raise InvalidOkr("{key}: a milestone needs its written steps", "steps", key=kr.key)
    if sum((step.share for step in kr.steps), Fraction(0)) != 1:
        raise InvalidOkr("{key}: the shares of its steps do not sum to 100 %", "steps", key=kr.key)
    if len({step.key for step in kr.steps}) != len(kr.steps):
        raise InvalidOkr("{key}: two of its steps have the same key", "steps", key=kr.key)
