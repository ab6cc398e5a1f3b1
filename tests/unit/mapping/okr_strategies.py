"""Any key results, check-ins and links that could stand in one cycle, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from mapping.figures import Completion, CountedBy, InitiativeFigure, KeyResultFacts
from mapping.okr import (
    Aggregate,
    Bound,
    CheckIn,
    Cycle,
    Initiative,
    JqlSource,
    KeyResult,
    Kind,
    Role,
    Source,
    Step,
)

CYCLE = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
EVE = datetime(2026, 9, 30, tzinfo=UTC)

values = st.decimals(min_value=-1000, max_value=1000, places=2)
weights = st.decimals(min_value=Decimal("0.1"), max_value=20, places=1)
ratios = st.fractions(min_value=0, max_value=1, max_denominator=50)
moments = st.integers(min_value=0, max_value=110 * 24 * 60).map(lambda minutes: EVE + timedelta(minutes=minutes))


def completions(ratio: st.SearchStrategy[Fraction | None]) -> st.SearchStrategy[Completion]:
    return ratio.map(lambda each: Completion(each, 0, 1, 0, CountedBy.COUNT))


@st.composite
def initiatives(draw: st.DrawFn, role: Role | None = None) -> InitiativeFigure:
    chosen = role or draw(st.sampled_from([Role.SUPPORTS, Role.DRIVES]))
    weight = draw(weights)
    ratio = draw(st.none() | completions(st.none() | ratios))
    issue_id = str(draw(st.integers(min_value=1, max_value=10**6)))
    return InitiativeFigure(Initiative("PAY-KR1", 1, issue_id, chosen, weight), f"PAY-{issue_id}", "", ratio)


check_ins = st.lists(
    st.builds(
        CheckIn,
        key_result_key=st.just("PAY-KR1"),
        at=moments,
        value=st.none() | values,
        confidence=st.none() | st.integers(min_value=0, max_value=10),
        next_step=st.sampled_from(["", "Ask.", "Do."]),
    ),
    max_size=6,
    unique_by=lambda check_in: check_in.at,
)


def _steps(parts: list[int], done: list[bool]) -> tuple[Step, ...]:
    return tuple(
        Step(f"s{index}", f"Step {index}", Fraction(part, sum(parts)), said)
        for index, (part, said) in enumerate(zip(parts, done, strict=False))
    )


steps = st.builds(
    _steps,
    st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
aims = st.lists(values, min_size=2, max_size=2, unique=True)


@st.composite
def key_results(draw: st.DrawFn, number: int = 1) -> KeyResult:
    """Of every kind and source that go together."""
    kind = draw(st.sampled_from(Kind))
    sources = {
        Kind.METRIC: list(Source),
        Kind.THRESHOLD: [Source.CHECK_INS, Source.JQL],
        Kind.TO_MEASURE: [Source.CHECK_INS],
        Kind.MILESTONE: [Source.CHECK_INS],
    }
    source = draw(st.sampled_from(sources[kind]))
    baseline, target = draw(aims)
    return KeyResult(
        key=f"PAY-KR{number}",
        objective_key="PAY-O1",
        title="Something changes",
        kind=kind,
        source=source,
        baseline=baseline if kind is Kind.METRIC else None,
        target=target if kind in (Kind.METRIC, Kind.THRESHOLD) else None,
        bound=draw(st.sampled_from(Bound)) if kind is Kind.THRESHOLD else None,
        steps=draw(steps) if kind is Kind.MILESTONE else (),
        jql=JqlSource("project = PAY", Aggregate.COUNT) if source is Source.JQL else None,
        aspirational=draw(st.booleans()),
        lagging=draw(st.booleans()),
        weight=draw(weights),
        dropped_on=draw(st.sampled_from([None, None, None, date(2026, 11, 1)])),
    )


@st.composite
def facts(draw: st.DrawFn, number: int = 1) -> KeyResultFacts:
    return KeyResultFacts(
        key_result=draw(key_results(number)),
        check_ins=tuple(draw(check_ins)),
        initiatives=tuple(draw(st.lists(initiatives(), max_size=4))),
        jql_value=draw(st.none() | values),
        done_steps=draw(st.frozensets(st.sampled_from(["s0", "s1", "s2"]))),
    )
