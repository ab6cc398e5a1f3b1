"""The objectives, key results and check-ins of the large workspace that the screens are measured with.

Of the key results 6 in 10 are metrics whose value check-ins say, 1 is a limit, 1 a milestone of four steps, 1 a metric
that Jira's search gives, and 1 a metric that is aspirational; or, where ``driven``, all are metrics that their epics
drive. One in ten had its last check-in three weeks ago; of the others two in nine a week ago or more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from connector.store.okr_rows import check_in_values
from mapping.okr import (
    Bound,
    CheckIn,
    CheckInOrigin,
    Cycle,
    JqlSource,
    KeyResult,
    Kind,
    Objective,
    PhasedTarget,
    Source,
    Step,
)

CYCLE = "2026-large"
TEAMS, OBJECTIVES, KEY_RESULTS, PEOPLE, WEEKS = 10, 50, 200, 50, 8
SAID = "Two of the four flows are through the review, and the third is with the partner’s team since Tuesday."
Row = dict[str, Any]


def cycle(at: datetime) -> Cycle:
    """Two thirds of it are over."""
    today = at.date()
    return Cycle(CYCLE, "Q4 2026", today - timedelta(days=60), today + timedelta(days=30))


def objective(number: int) -> Objective:
    """Of one of the teams in turn."""
    title = f"Generated objective {number + 1} says in a sentence what will be different"
    team = f"Team {number % TEAMS}"
    return Objective(f"GEN-O{number + 1}", CYCLE, title, SAID, f"Person {number % PEOPLE}", team, position=number)


def key_result(number: int, driven: bool, at: datetime) -> KeyResult:
    """One of the mix, or one that its initiatives drive."""
    own: Row = {"baseline": Decimal(0), "target": Decimal(100), "unit": "%"}
    if driven:
        own |= {"source": Source.INITIATIVES}
    elif number % 10 == 6:
        own = {"kind": Kind.THRESHOLD, "bound": Bound.BELOW, "target": Decimal(60), "unit": "s"}
    elif number % 10 == 7:
        steps = tuple(Step(f"s{step}", f"Step {step}", Fraction(1, 4), done=step == 0) for step in range(4))
        own = {"kind": Kind.MILESTONE, "steps": steps}
    elif number % 10 == 8:
        own |= {"source": Source.JQL, "jql": JqlSource("project = GEN0 AND labels = incident")}
    elif number % 10 == 9:
        own |= {"aspirational": True, "phased": (PhasedTarget(at.date(), Decimal(40)),)}
    return KeyResult(
        f"GEN-KR{number + 1}", f"GEN-O{number * OBJECTIVES // KEY_RESULTS + 1}",
        f"Generated key result {number + 1} says by what one would notice", owner=f"Person {number % PEOPLE}",
        position=number, **own,
    )  # fmt: skip


def check_ins(key_results: list[KeyResult], at: datetime) -> Iterator[Row]:
    """One a week, oldest first; where people do not say the value, only what else there is to say."""
    for number, kr in enumerate(key_results):
        last = at - timedelta(days=21 if number % 10 == 0 else number % 9, hours=3)
        for week in range(WEEKS):
            said = CheckIn(
                kr.key, last - timedelta(weeks=WEEKS - 1 - week),
                value=Decimal(5 * week + number % 20) if _is_said(kr) else None, confidence=3 + (number + week) % 7,
                done_since=SAID, next_step=SAID, author=kr.owner, origin=CheckInOrigin.WEB,
            )  # fmt: skip
            yield check_in_values(said) | {"recorded_at": said.at, "idempotency_key": f"{kr.key}-{week}"}


def _is_said(kr: KeyResult) -> bool:
    return kr.source is Source.CHECK_INS and kr.kind is not Kind.MILESTONE
