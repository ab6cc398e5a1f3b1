"""What is written is read as the same OKRs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapping.interchange import ParsedLink, ParsedOkrs, parse_okrs, write_okrs
from mapping.okr import (
    Aggregate,
    CheckIn,
    CheckInOrigin,
    Cycle,
    CycleState,
    JqlSource,
    KeyResult,
    Kind,
    Objective,
    PhasedTarget,
    Role,
    Source,
    Stage,
)
from tests.demo_okrs import DEMO_FILE, demo_okrs
from tests.unit.mapping.okr_strategies import key_results, values, weights

_KEPT = st.characters(exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n\t", exclude_characters="\ufeff")
texts = st.text(_KEPT, max_size=30) | st.sampled_from(
    [
        "null",
        "~",
        "no",
        "2026-11-30",
        "1.50",
        "1e3",
        "#x",
        "- x",
        "a: b",
        " led",
        "end ",
        "\n",
        "x\n\ny\n",
        "'",
        '"',
        "%",
    ]
)
titles = texts.filter(lambda text: bool(text.strip()))
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
_naive = (datetime(2026, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001  hypothesis adds the zone
moments = st.datetimes(*_naive, timezones=st.just(UTC)) | days.map(
    lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
)
sources = st.builds(JqlSource, titles) | st.builds(
    JqlSource, titles, st.sampled_from([Aggregate.SUM, Aggregate.AVERAGE]), titles
)


@st.composite
def whole_key_results(draw: st.DrawFn, number: int, objective: Objective, position: int) -> KeyResult:
    kr = draw(key_results(number))
    phases = st.dictionaries(days, values, max_size=3)
    has_way = kr.kind is Kind.METRIC and kr.baseline is not None
    return replace(
        kr,
        objective_key=objective.key,
        position=position,
        title=draw(titles),
        owner=draw(texts),
        unit=draw(texts),
        steps=tuple(replace(step, title=draw(titles)) for step in kr.steps),
        phased=tuple(PhasedTarget(on, value) for on, value in draw(phases).items()) if has_way else (),
        jql=draw(sources) if kr.source is Source.JQL else None,
        baseline_due_on=draw(st.none() | days) if kr.kind is Kind.TO_MEASURE else None,
        dropped_why=draw(texts) if kr.dropped_on else "",
    )


@st.composite
def links_of(draw: st.DrawFn, kr: KeyResult) -> list[ParsedLink]:
    numbers = draw(st.lists(st.integers(1, 10**6), max_size=3, unique=True))
    roles = {Source.INITIATIVES: [Role.SUPPORTS, Role.DRIVES]}.get(kr.source, [Role.SUPPORTS])
    if kr.kind is Kind.MILESTONE:
        roles = [Role.SUPPORTS, Role.STEP]
    found = []
    for number in numbers:
        role = draw(st.sampled_from(roles))
        weight = draw(weights) if role is Role.DRIVES else Decimal(1)
        step_key = draw(st.sampled_from(kr.steps)).key if role is Role.STEP else ""
        found.append(ParsedLink(kr.key, f"PAY-{number}", role, weight, step_key))
    return found


@st.composite
def check_ins_of(draw: st.DrawFn, kr: KeyResult) -> list[CheckIn]:
    confidences = st.none() | st.integers(0, 10)
    return [
        CheckIn(
            kr.key, at, draw(st.none() | values), draw(confidences), draw(texts), draw(texts), draw(texts),
            draw(texts), draw(texts), CheckInOrigin.IMPORT,
        )
        for at in draw(st.lists(moments, max_size=2, unique=True))
    ]  # fmt: skip


@st.composite
def okr_sets(draw: st.DrawFn) -> ParsedOkrs:
    cycles: list[Cycle] = []
    objectives: list[Objective] = []
    key_results_found: list[KeyResult] = []
    for number in range(draw(st.integers(1, 2))):
        cycle = Cycle(f"q{number}", draw(titles), date(2026, 1, 1), draw(days), draw(st.sampled_from(CycleState)))
        cycles.append(cycle)
        for position in range(draw(st.integers(0, 2))):
            objective = draw(_objectives(cycle, f"PAY-O{len(objectives) + 1}", position))
            objectives.append(objective)
            for place in range(draw(st.integers(0, 2))):
                key_results_found.append(draw(whole_key_results(len(key_results_found) + 1, objective, place)))
    return ParsedOkrs(
        tuple(cycles),
        tuple(objectives),
        tuple(key_results_found),
        tuple(link for kr in key_results_found for link in draw(links_of(kr))),
        tuple(check_in for kr in key_results_found for check_in in draw(check_ins_of(kr))),
    )


def _objectives(cycle: Cycle, key: str, position: int) -> st.SearchStrategy[Objective]:
    return st.builds(
        Objective,
        key=st.just(key),
        cycle_key=st.just(cycle.key),
        title=titles,
        why=texts,
        sponsor=texts,
        team=texts,
        parent_keys=st.lists(titles, max_size=2).map(tuple),
        weight=weights,
        position=st.just(position),
        stage=st.sampled_from(Stage),
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(okr_sets())
def test_what_is_written_is_read_as_the_same(okrs: ParsedOkrs) -> None:
    written = write_okrs(okrs)
    assert parse_okrs(written) == okrs
    assert write_okrs(parse_okrs(written)) == written


def test_the_demo_survives() -> None:
    parsed = demo_okrs()
    assert parse_okrs(write_okrs(parsed)) == parsed


def test_what_is_written_is_plain_to_read() -> None:
    parsed = parse_okrs("""\
cycle: {key: q, name: Q, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: PAY-O1
    title: Zahlen geht sofort
    key_results:
      - {key: PAY-KR1, title: Zeit, from: 4.10, to: 2.00, initiatives: [PAY-1],
         check_ins: [{at: 2026-11-19, value: 1e3, note: "Eins.\\nZwei."}]}
""")
    assert (
        write_okrs(parsed)
        == """\
cycle:
  key: q
  name: Q
  starts: 2026-10-01
  ends: 2026-12-31
  state: open
objectives:
- key: PAY-O1
  title: Zahlen geht sofort
  key_results:
  - key: PAY-KR1
    title: Zeit
    from: 4.10
    to: 2.00
    initiatives:
    - PAY-1
    check_ins:
    - at: 2026-11-19
      value: 1000
      note: |-
        Eins.
        Zwei.
"""
    )


def test_numbers_keep_the_digits_that_were_written() -> None:
    demo = DEMO_FILE.read_text(encoding="utf-8")
    assert "to: 2.0\n" in demo
    assert "    to: 2.0\n" in write_okrs(demo_okrs())


def test_an_exact_share_stays_exact() -> None:
    thirds = "steps: [{key: a, title: A}, {key: b, title: B}, {key: c, title: C}]"
    text = (
        "cycle: {key: q, starts: 2026-10-01, ends: 2026-12-31}\nobjectives: [{key: A-O1, title: x, key_results: [%s]}]"
    )
    written = write_okrs(parse_okrs(text % f"{{key: A-KR1, title: x, {thirds}}}"))
    assert written.count("share: 1/3") == 3
    assert parse_okrs(written).key_results[0].steps[0].share == Fraction(1, 3)
    halves = "steps: [{key: a, title: A}, {key: b, title: B}]"
    assert write_okrs(parse_okrs(text % f"{{key: A-KR1, title: x, {halves}}}")).count("share: 50 %") == 2


def test_a_query_that_is_kept_but_not_used_is_not_written_as_the_source() -> None:
    parsed = demo_okrs()
    kept = replace(parsed.key_results[0], jql=JqlSource("project = PAY"))
    assert "jql" not in write_okrs(replace(parsed, key_results=(kept, *parsed.key_results[1:])))


def test_characters_that_no_file_can_hold_are_left_out() -> None:
    parsed = demo_okrs()
    spoilt = replace(parsed, check_ins=(replace(parsed.check_ins[0], note="A\x00\ud800\r\nB"),))
    assert parse_okrs(write_okrs(spoilt)).check_ins[0].note == "A\nB"
