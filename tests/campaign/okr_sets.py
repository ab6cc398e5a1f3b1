"""Random OKRs of every kind, their first check-ins and counted epics, and the table that shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypedDict

from mapping.okr import Bound, CheckIn, CheckInOrigin, Cycle, Initiative, KeyResult, Kind, Objective, Role, Source, Step
from tests.site.roster import PEOPLE

CYCLE = "now"
REGION_ID = "okr-campaign"
# Of a second table in the same page, which some cases get.
SECOND_ID = "okr-campaign-beside"
REGION_IDS = (REGION_ID, SECOND_ID)
OWNERS = tuple(person.display_name for person in PEOPLE[:4])
_TITLES = (
    "Median checkout time",
    "Services & <moved>",
    'Shops "returning" ]]> in week 2',
    "Zahlungen – schnell über alles",
    "A very long title " * 8,
    "💥 שלום e\u0301 {curly} %s",
    "[C-KR1] not a link /kr/C-KR1",
)
_UNITS = ("s", "%", "", "min", "€")
_COLUMN_SETS: tuple[tuple[str, ...], ...] = (
    (),
    ("key_result", "progress", "now", "confidence", "next_step"),
    ("key_result", "now", "confidence", "note", "blockers", "next_step"),
    ("key_result", "progress", "now", "owner", "initiatives"),
    ("key_result", "initiatives", "next_step", "now", "confidence", "progress", "owner", "note"),
)


@dataclass(frozen=True)
class Epic:
    """An epic as Jira would have it: ``counts`` are done, total, won't do."""

    issue_id: str
    key: str
    counts: tuple[int, int, int]

    @property
    def share(self) -> Fraction | None:
        """How much of it is done; None where nobody can say."""
        return Fraction(*self.counts[:2])

    @property
    def said(self) -> str:
        """What an English page says of it."""
        return f"{self.key} {self.counts[0]} of {self.counts[1]} done"


@dataclass
class OkrSet:
    """``steps_read``: milestones of which an issue that is linked as a step was read, so that silence means 0.
    ``query_values``: what the queries of key results find."""

    cycle: Cycle
    objectives: list[Objective]
    key_results: list[KeyResult]
    check_ins: list[CheckIn] = field(default_factory=list)
    links: list[Initiative] = field(default_factory=list)
    epics: dict[str, Epic] = field(default_factory=dict)
    steps_read: set[str] = field(default_factory=set)
    query_values: dict[str, Decimal] = field(default_factory=dict)

    @property
    def by_key(self) -> dict[str, KeyResult]:
        return {kr.key: kr for kr in self.key_results}


@dataclass(frozen=True)
class TableChoice:
    columns: tuple[str, ...]
    language: str
    design: str
    shape: str
    width: str
    container: str
    check_in_by: str
    objective_keys: tuple[str, ...] = ()


def random_okrs(chance: Random, now: datetime, jira_id: int, most: int, *, still: bool = False) -> OkrSet:
    """1 to ``most`` key results in 1 to 3 objectives. ``still``: nobody ever said anything of them, and no day that
    passes changes what a page says of them."""
    today = now.date()
    starts = today - timedelta(days=chance.randrange(5, 60))
    cycle = Cycle(CYCLE, "Now", starts, today + timedelta(days=chance.randrange(20, 60)))
    objectives = [_objective(chance, number) for number in range(1, chance.randrange(1, 4) + 1)]
    found = OkrSet(cycle, objectives, [])
    for number in range(1, chance.randrange(1, most + 1) + 1):
        kr = chance.choice(_STILL if still else _KINDS)(chance, number, chance.choice(objectives).key, today)
        found.key_results.append(kr)
        if not still:
            _add_history(chance, found, kr, now)
        _add_links(chance, found, kr, jira_id)
    return found


def random_table(chance: Random, shapes: tuple[str, ...], okrs: OkrSet) -> TableChoice:
    shape = chance.choice(shapes) if shapes and chance.random() < 0.3 else "table"
    return TableChoice(
        columns=chance.choice(_COLUMN_SETS) if shape == "table" else (),
        language=chance.choice(("en", "en", "de")),
        design=chance.choice(("normal", "normal", "short")),
        shape=shape,
        width=chance.choice(("wide", "narrow")),
        container=chance.choice(("details", "details", "excerpt")),
        check_in_by=chance.choice(("editors", "editors", "editors", "owner", "team")),
        objective_keys=(okrs.key_results[0].objective_key,) if shape == "objective" else (),
    )


def _objective(chance: Random, number: int) -> Objective:
    return Objective(
        f"C-O{number}",
        CYCLE,
        chance.choice(_TITLES)[:250],
        why=chance.choice(("", "So that nobody waits.")),
        sponsor=chance.choice(("", "Petra Admin", "Rosa Klein")),
        team=chance.choice(("Payments", "Platform")),
        weight=Decimal(chance.choice(("1", "1", "2.5"))),
        position=number,
    )


class _Named(TypedDict):
    """What a key result of any kind has."""

    key: str
    objective_key: str
    title: str
    owner: str
    weight: Decimal
    position: int
    aspirational: bool
    lagging: bool


def _named(chance: Random, number: int, objective_key: str) -> _Named:
    return {
        "key": f"C-KR{number}",
        "objective_key": objective_key,
        "title": chance.choice(_TITLES)[:250],
        "owner": chance.choice(OWNERS),
        "weight": Decimal(chance.choice(("1", "1", "3"))),
        "position": number,
        "aspirational": chance.random() < 0.2,
        "lagging": chance.random() < 0.1,
    }


def _metric(chance: Random, number: int, objective_key: str, _today: date) -> KeyResult:
    baseline, way = Decimal(chance.randrange(-5, 50)), Decimal(chance.choice((-30, -12, 8, 40, 2500)))
    return KeyResult(
        **_named(chance, number, objective_key),
        baseline=baseline,
        target=baseline + way,
        unit=chance.choice(_UNITS),
    )


def _threshold(chance: Random, number: int, objective_key: str, _today: date) -> KeyResult:
    return KeyResult(
        **_named(chance, number, objective_key),
        kind=Kind.THRESHOLD,
        bound=chance.choice(tuple(Bound)),
        target=Decimal(chance.randrange(1, 30)),
        unit=chance.choice(_UNITS),
    )


def _milestone(chance: Random, number: int, objective_key: str, _today: date) -> KeyResult:
    shares = chance.choice(((Fraction(1),), (Fraction(1, 4), Fraction(3, 4)), (Fraction(1, 3),) * 3))
    steps = tuple(Step(f"s{n}", f"Step {n}", share, chance.random() < 0.4) for n, share in enumerate(shares, 1))
    return KeyResult(**_named(chance, number, objective_key), kind=Kind.MILESTONE, steps=steps)


def _to_measure(chance: Random, number: int, objective_key: str, today: date) -> KeyResult:
    due = today + timedelta(days=chance.randrange(30))
    named = _named(chance, number, objective_key)
    return KeyResult(**named, kind=Kind.TO_MEASURE, baseline_due_on=due, unit="%")


def _driven(chance: Random, number: int, objective_key: str, _today: date) -> KeyResult:
    return KeyResult(
        **_named(chance, number, objective_key),
        source=Source.INITIATIVES,
        baseline=Decimal(0),
        target=Decimal(10),
    )


def _dropped(chance: Random, number: int, objective_key: str, today: date) -> KeyResult:
    return KeyResult(
        **_named(chance, number, objective_key),
        baseline=Decimal(1),
        target=Decimal(2),
        dropped_on=today,
        dropped_why="No longer wanted.",
    )


_Maker = Callable[[Random, int, str, date], KeyResult]
_KINDS: tuple[_Maker, ...] = (
    _metric, _metric, _metric, _metric, _threshold, _threshold, _milestone, _to_measure, _driven, _driven, _dropped,
)  # fmt: skip
_STILL: tuple[_Maker, ...] = (_threshold, _threshold, _dropped)


def _add_history(chance: Random, okrs: OkrSet, kr: KeyResult, now: datetime) -> None:
    """Up to three check-ins since the cycle began, oldest first."""
    days = sorted({chance.randrange(1, 40) for _ in range(chance.randrange(4))}, reverse=True)
    for ago in days:
        okrs.check_ins.append(
            CheckIn(
                kr.key,
                now - timedelta(days=ago),
                value=Decimal(chance.randrange(-10, 60)) if chance.random() < 0.9 else None,
                confidence=chance.choice((None, 2, 5, 8)),
                next_step=chance.choice(("", "Ask the bank.", "Raise to 100 % & go <on>")),
                author=kr.owner,
                origin=CheckInOrigin.IMPORT,
            )
        )


def _add_links(chance: Random, okrs: OkrSet, kr: KeyResult, jira_id: int) -> None:
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        number = len(okrs.epics) + 1
        total = chance.randrange(1, 15)
        epic = Epic(str(10000 + number), f"PAY-{number}", (chance.randrange(total + 1), total, 0))
        okrs.epics[epic.issue_id] = epic
        drives = kr.source is Source.INITIATIVES
        weight = Decimal(chance.choice((1, 2))) if drives else Decimal(1)
        okrs.links.append(Initiative(kr.key, jira_id, epic.issue_id, Role.DRIVES if drives else Role.SUPPORTS, weight))
