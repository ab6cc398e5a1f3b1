"""OKRs from YAML: what is understood, and what is refused with its line, the place, what is wrong and what to do."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.interchange import ParsedLink, ParsedOkrs, Problem, Refused, parse_okrs
from mapping.okr import (
    Aggregate,
    Bound,
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
    Step,
)

FROM_TO = "from: 38, to: 20"
HEAD = """\
cycle: {key: 2026-q4, name: Q4 2026, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: PAY-O1
    title: Paying feels safe
    key_results:
"""


def key_result(text: str) -> KeyResult:
    (found,) = parse_okrs(f"{HEAD}      - {{key: PAY-KR1, title: Time, {text}}}\n").key_results
    return found


def problems(text: str) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        parse_okrs(text)
    return list(refused.value.problems)


def problems_of(text: str) -> list[tuple[str, str, str]]:
    """(path, what, to do) of a key result that stands in line 6."""
    found = problems(f"{HEAD}      - {{key: PAY-KR1, title: Time, {text}}}\n")
    assert {problem.line for problem in found} == {6}
    return [(problem.path, problem.what, problem.to_do) for problem in found]


def test_a_whole_file() -> None:
    parsed = parse_okrs("""\
cycle:
  key: 2026-q4
  name: Q4 2026
  starts: 2026-10-01
  ends: 2026-12-31
  state: planned
objectives:
  - key: PAY-O1
    title: "Paying: instant, and safe"
    why: Nobody should leave a full basket.
    team: Payments
    sponsor: Carla Mendes
    parents: [COM-O1, COM-O2]
    weight: 1.5
    stage: draft
    key_results:
      - key: PAY-KR1
        title: Median checkout time
        owner: Ana Duarte
        from: 38
        to: 20.0
        unit: s
        weight: 2
        aspirational: true
        lagging: true
        initiatives:
          - PAY-412
          - issue: PAY-431
        check_ins:
          - {at: 2026-11-19, value: 29, confidence: 6, done: Shipped it., note: A note., blockers: None., next: Go on.,
             by: Ana Duarte}
          - {at: "2026-11-20T09:30:00+01:00", value: -1.50}
""")
    assert parsed == ParsedOkrs(
        cycles=(Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31), CycleState.PLANNED),),
        objectives=(
            Objective(
                "PAY-O1", "2026-q4", "Paying: instant, and safe", "Nobody should leave a full basket.", "Carla Mendes",
                "Payments", ("COM-O1", "COM-O2"), Decimal("1.5"), 0, Stage.DRAFT,
            ),
        ),
        key_results=(
            KeyResult(
                "PAY-KR1", "PAY-O1", "Median checkout time", Kind.METRIC, "Ana Duarte", unit="s", baseline=Decimal(38),
                target=Decimal(20), weight=Decimal(2), aspirational=True, lagging=True,
            ),
        ),
        links=(ParsedLink("PAY-KR1", "PAY-412"), ParsedLink("PAY-KR1", "PAY-431")),
        check_ins=(
            CheckIn(
                "PAY-KR1", datetime(2026, 11, 19, 12, tzinfo=UTC), Decimal(29), 6, "Shipped it.", "A note.", "None.",
                "Go on.", "Ana Duarte", CheckInOrigin.IMPORT,
            ),
            CheckIn(
                "PAY-KR1", datetime(2026, 11, 20, 8, 30, tzinfo=UTC), Decimal("-1.50"), origin=CheckInOrigin.IMPORT
            ),
        ),
    )  # fmt: skip
    assert str(parsed.key_results[0].target) == "20.0"


def test_each_document_is_a_cycle_and_positions_follow_the_file() -> None:
    parsed = parse_okrs("""\
cycle: {key: q1, starts: 2026-01-01, ends: 2026-03-31, state: closed}
objectives:
  - {key: A-O1, title: One, key_results: [{key: A-KR1, title: x, from: 0, to: 1}, {key: A-KR2, title: y, above: 3}]}
  - {key: A-O2, title: Two}
---
cycle: {key: q2, starts: 2026-04-01, ends: 2026-06-30}
objectives: [{key: A-O3, title: Three}]
---
""")
    assert [(each.key, each.name) for each in parsed.cycles] == [("q1", "q1"), ("q2", "q2")]
    assert [(o.key, o.cycle_key, o.position) for o in parsed.objectives] == [
        ("A-O1", "q1", 0), ("A-O2", "q1", 1), ("A-O3", "q2", 0)
    ]  # fmt: skip
    assert [(kr.key, kr.position) for kr in parsed.key_results] == [("A-KR1", 0), ("A-KR2", 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("below: 12", {"kind": Kind.THRESHOLD, "bound": Bound.BELOW, "target": Decimal(12)}),
        ("above: 99.9", {"kind": Kind.THRESHOLD, "bound": Bound.ABOVE, "target": Decimal("99.9")}),
        ("measure_by: 2026-11-30", {"kind": Kind.TO_MEASURE, "baseline_due_on": date(2026, 11, 30), "target": None}),
        ("measure_by: no date, to: 60", {"kind": Kind.TO_MEASURE, "baseline_due_on": None, "target": Decimal(60)}),
        ("source: initiatives", {"kind": Kind.METRIC, "source": Source.INITIATIVES, "baseline": None}),
        ("source: initiatives, from: 31, to: 60", {"source": Source.INITIATIVES, "baseline": Decimal(31)}),
        ("source: check_ins, from: 0, to: 1", {"source": Source.CHECK_INS}),
        ("from: 0, to: 1, source: {jql: type = Bug}", {"source": Source.JQL, "jql": JqlSource("type = Bug")}),
        (
            "from: 0, to: 1, source: {jql: type = Bug, sum: customfield_1}",
            {"jql": JqlSource("type = Bug", Aggregate.SUM, "customfield_1")},
        ),
        (
            "from: 0, to: 1, source: {jql: type = Bug, average: customfield_1}",
            {"jql": JqlSource("type = Bug", Aggregate.AVERAGE, "customfield_1")},
        ),
        ("from: 1e3, to: +.5", {"baseline": Decimal("1e3"), "target": Decimal("0.5")}),
        ("from: 5., to: '7.10'", {"baseline": Decimal(5), "target": Decimal("7.10")}),
        (
            "from: 40, to: 20, expected: {2026-11-15: 33, 2026-12-01: 25}",
            {"phased": (PhasedTarget(date(2026, 11, 15), Decimal(33)), PhasedTarget(date(2026, 12, 1), Decimal(25)))},
        ),
        ("from: 0, to: 1, dropped: {on: 2026-11-01, why: Bought it}", {"dropped_why": "Bought it"}),
        (
            "steps: [{key: a, title: A}, {key: b, title: B, done: true}, {key: c, title: C}]",
            {"kind": Kind.MILESTONE, "steps": tuple(
                Step(key, key.upper(), Fraction(1, 3), key == "b") for key in "abc"
            )},
        ),
        (
            "steps: [{key: a, title: A, share: 12.5 %}, {key: b, title: B, share: 7/8}]",
            {"steps": (Step("a", "A", Fraction(1, 8)), Step("b", "B", Fraction(7, 8)))},
        ),
    ],
)  # fmt: skip
def test_every_way_to_write_a_key_result(text: str, expected: dict[str, object]) -> None:
    found = key_result(text)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize("word", ["no", "2026", "1.50", "2026-11-30", "0x10", "'null'", "Null and void"])
def test_a_text_is_what_is_written(word: str) -> None:
    assert key_result(f"from: 0, to: 1, owner: {word}").owner == word.strip("'")


def test_half_a_character_is_refused() -> None:
    assert len(problems_of(f'{FROM_TO}, owner: "A\\uD800B"')) == 1


def test_links_drive_or_are_steps_where_the_key_result_allows_it() -> None:
    driven = parse_okrs(f"""{HEAD}
      - key: PAY-KR1
        title: t
        source: initiatives
        initiatives: [PAY-1, {{issue: PAY-2, drives: true}}, {{issue: PAY-3, drives: 2.5}}]
      - key: PAY-KR2
        title: t
        steps: [{{key: a, title: A}}]
        initiatives: [{{issue: PAY-4, step: a}}]
""")
    assert driven.links == (
        ParsedLink("PAY-KR1", "PAY-1"),
        ParsedLink("PAY-KR1", "PAY-2", Role.DRIVES),
        ParsedLink("PAY-KR1", "PAY-3", Role.DRIVES, Decimal("2.5")),
        ParsedLink("PAY-KR2", "PAY-4", Role.STEP, step_key="a"),
    )


@pytest.mark.parametrize(
    ("text", "path", "what", "to_do"),
    [
        (f"{FROM_TO}, weigth: 3", "PAY-O1.key_results[1]", "'weigth' is not known", "did you mean weight?"),
        (f"{FROM_TO}, xyzzy: 3", "PAY-O1.key_results[1]", "'xyzzy' is not known", "known here: key, title"),
        (f"{FROM_TO}, to: 3", "PAY-O1.key_results[1].to", "twice", "the first is in line 6"),
        (f"{FROM_TO}, <<: {{a: 1}}", "PAY-O1.key_results[1]", "'<<' is not known", ""),
        (f"{FROM_TO}, [a]: 1", "PAY-O1.key_results[1]", "'' is not known", ""),
        ("from: 38", "PAY-KR1", "needs a baseline and a target", ""),
        ("from: 38, to: 38.0", "PAY-KR1", "both 38.0", ""),
        ("from: nan, to: 1", "PAY-KR1.from", "'nan' is not a number", "digits"),
        ("from: .inf, to: 1", "PAY-KR1.from", "not a number", ""),
        ("from: 1_000, to: 1", "PAY-KR1.from", "not a number", ""),
        ("from: 0x10, to: 1", "PAY-KR1.from", "not a number", ""),
        ("from: 1:30, to: 1", "PAY-KR1.from", "not a number", ""),
        ("from: '1,5', to: 1", "PAY-KR1.from", "not a number", "a point"),
        ("from: 38 s, to: 1", "PAY-KR1.from", "'38 s' is not a number", ""),
        ("from: [38], to: 1", "PAY-KR1.from", "one value is needed", ""),
        (f"from: {'9' * 41}, to: 1", "PAY-KR1.from", "not a number", ""),
        ("from: 1e999, to: 1", "PAY-KR1", "1E+999 must be a number up to", ""),
        (f"{FROM_TO}, weight: 0", "PAY-KR1.weight", "0 is not above 0", ""),
        (f"{FROM_TO}, aspirational: yes", "PAY-KR1.aspirational", "'yes' is neither true nor false", ""),
        (f"{FROM_TO}, below: 12", "PAY-KR1.from", "from does not go together with below", "keep one"),
        ("below: 1, above: 3", "PAY-KR1.above", "above does not go together with below", ""),
        ("below: 1, to: 3", "PAY-KR1.to", "to does not go together with below", ""),
        ("from: 3, measure_by: 2026-11-30", "PAY-KR1.from", "from does not go together with measure_by", ""),
        ("measure_by: 2026-11-31", "PAY-KR1.measure_by", "'2026-11-31' is not a date", "like 2026-11-30"),
        ("measure_by: 2026-W48-1", "PAY-KR1.measure_by", "is not a date", ""),
        (f"{FROM_TO}, source: jira", "PAY-KR1.source", "'jira' is not known here", "check_ins, initiatives"),
        (f"{FROM_TO}, source: jql", "PAY-KR1.source", "the query is missing", "source: {jql: …}"),
        (f"{FROM_TO}, source: {{sum: x}}", "PAY-KR1.source.jql", "it is missing", ""),
        (f"{FROM_TO}, source: {{jql: a, sum: x, average: y}}", "PAY-KR1.source", "both", ""),
        ("below: 3, source: initiatives", "PAY-KR1", "only the progress of a metric", ""),
        (f"{FROM_TO}, dropped: {{why: x}}", "PAY-KR1.dropped.on", "it is missing", ""),
        (f"{FROM_TO}, dropped: yes", "PAY-KR1.dropped", "fields are needed here, such as on:", ""),
        (f"{FROM_TO}, expected: 33", "PAY-KR1.expected", "which value is expected on which day", "beside from"),
        ("below: 2, expected: {2026-11-15: 3}", "PAY-KR1.expected", "which value", "beside from"),
        (f"{FROM_TO}, expected: {{soon: 3}}", "PAY-KR1.expected", "'soon' is not a date", ""),
        (f"{FROM_TO}, expected: {{2026-11-15: 3, 2026-11-15: 4}}", "PAY-KR1.expected", "twice", ""),
        (f"{FROM_TO}, expected: {{2026-11-15: much}}", "PAY-KR1.expected", "'much' is not a number", ""),
        ("from: 3, expected: {2026-11-15: 3}", "PAY-KR1.expected", "which value", "beside from"),
        ("steps: []", "PAY-KR1", "written steps", ""),
        ("steps: [{title: A}]", "PAY-KR1.steps[1].key", "it is missing", ""),
        (
            "steps: [{key: a, title: A, share: 30 %}, {key: b, title: B}]",
            "PAY-KR1.steps[2].share", "it is missing", "",
        ),
        (f"{FROM_TO}, initiatives: [{{step: a}}]", "PAY-KR1.initiatives[1].issue", "it is missing", ""),
        ("steps: [x]", "PAY-KR1.steps[1]", "fields are needed", ""),
        ("steps: [{key: a, title: A, share: 30 %}]", "PAY-KR1", "do not sum to 100 %", ""),
        ("steps: [{key: a, title: A, share: 1}]", "PAY-KR1.steps[1].share", "'1' is not a share", "30 % or 1/3"),
        ("steps: [{key: a}]", "PAY-KR1.steps[1].title", "it is missing", ""),
        (f"{FROM_TO}, initiatives: PAY-1", "PAY-KR1.initiatives", "a list is needed", "hyphen"),
        (f"{FROM_TO}, initiatives: [pay]", "PAY-KR1.initiatives[1].issue", "'pay' is not the key", "PAY-412"),
        (f"{FROM_TO}, initiatives: [[PAY-1]]", "PAY-KR1.initiatives[1]", "fields are needed here, such as issue:", ""),
        (f"{FROM_TO}, initiatives: [PAY-1, PAY-1]", "PAY-KR1.initiatives[2]", "PAY-1 is linked twice", "keep one"),
        (
            f"{FROM_TO}, initiatives: [{{issue: PAY-1, drives: 2}}]",
            "PAY-KR1.initiatives[1].drives", "does not come from initiatives", "source: initiatives",
        ),
        (
            "source: initiatives, initiatives: [{issue: PAY-1, drives: 0}]",
            "PAY-KR1.initiatives[1].drives", "not above 0", "",
        ),
        (
            "steps: [{key: a, title: A}], initiatives: [{issue: PAY-1, step: b}]",
            "PAY-KR1.initiatives[1].step", "PAY-KR1 has no step 'b'", "its steps: a",
        ),
        (
            "steps: [{key: a, title: A}], initiatives: [{issue: PAY-1, step: a, drives: 2}]",
            "PAY-KR1.initiatives[1].drives", "a step does not drive", "",
        ),
        (f"{FROM_TO}, check_ins: [{{value: 3}}]", "PAY-KR1.check_ins[1].at", "it is missing", ""),
        (f"{FROM_TO}, check_ins: [{{at: today}}]", "PAY-KR1.check_ins[1].at", "'today' is not a time", "2026-11-19"),
        (
            f"{FROM_TO}, check_ins: [{{at: '2026-11-19T10:00:00'}}]",
            "PAY-KR1.check_ins[1].at", "is not a time", "with its zone",
        ),
        (
            f"{FROM_TO}, check_ins: [{{at: '0001-01-01T00:00:00+14:00'}}]",
            "PAY-KR1.check_ins[1].at", "is not a time", "",
        ),
        (
            f"{FROM_TO}, check_ins: [{{at: 2026-11-19, confidence: 11}}]",
            "PAY-KR1.check_ins[1].confidence", "11 is out of range", "from 0 to 10",
        ),
        (
            f"{FROM_TO}, check_ins: [{{at: 2026-11-19, confidence: 6.5}}]",
            "PAY-KR1.check_ins[1].confidence", "6.5 is out of range", "",
        ),
        (
            f"{FROM_TO}, check_ins: [{{at: 2026-11-19}}, {{at: '2026-11-19T12:00:00Z'}}]",
            "PAY-KR1.check_ins[2].at", "two check-ins of this moment", "times",
        ),
        (f'{FROM_TO}, owner: "A\\0B"', "PAY-KR1.owner", "U+0000 cannot be kept", ""),
        (f"{FROM_TO}, owner: {'x' * 4001}", "PAY-KR1.owner", "it has 4,001 characters", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_key_result_is_said(text: str, path: str, what: str, to_do: str) -> None:
    found = problems_of(text)
    matching = [each for each in found if each[0] == path and what in each[1] and to_do in each[2]]
    assert len(matching) == 1, found


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "nothing in it"),
        ("---\n---\n", 1, "nothing in it"),
        ("# only a remark\n", 1, "nothing in it"),
        ("just words", 1, "fields are needed here, such as cycle:"),
        ("- a\n- b\n", 1, "fields are needed here"),
        ("objectives: []", 1, "cycle: it is missing"),
        ("cycle:\n  key: q\n  ends: 2026-12-31\n", 2, "q.starts: it is missing"),
        ("cycle: {key: Q4, starts: 2026-10-01, ends: 2026-12-31}", 1, "lower-case letters"),
        ("cycle: {key: q, starts: 2026-10-01, ends: 2026-09-30}", 1, "before it starts"),
        ("cycle: {key: q, starts: 2026-10-01, ends: 2026-12-31, state: running}", 1, "planned, open, closed"),
        (f"{HEAD}objectives: []\n", 6, "it stands here twice"),
        ("cycle: {key: q\nobjectives: []\n", 2, "this is not YAML"),
        ("cycle:\n\tkey: q\n", 2, "this is not YAML"),
        ("cycle: {key: q}\n  objectives: []\n", 2, "this is not YAML"),
        ("cycle: &a {key: q}\n", 1, "anchors (&) and aliases (*)"),
        ("cycle: q\nobjectives: [*a]\n", 2, "anchors (&) and aliases (*)"),
        ("cycle: !!python/object/apply:os.system [ls]\n", 1, "the tag tag:yaml.org,2002:python/object/apply:os.system"),
        ("cycle:\n  key: a\x00b\n", 2, "U+0000 cannot stand here"),
        ("cycle:\n  key: a\ud800b\n", 2, "U+D800 cannot stand here"),
        ("[" * 200_000, 1, "nested more than 12 levels deep"),
        ("{a: " * 50_000, 1, "nested more than 12 levels deep"),
        ("- " * 50_000, 1, "nested more than 12 levels deep"),
        ("x" * 1_000_001, 1, "1,000,001 bytes"),
        ("ü" * 600_000, 1, "1,200,000 bytes"),
    ],
)
def test_a_file_that_is_no_set_of_okrs_is_refused_with_the_line(text: str, line: int, said: str) -> None:
    found = problems(text)
    assert any(problem.line == line and said in str(problem) for problem in found), found


def test_what_has_no_title_is_named() -> None:
    untitled = """\
cycle: {key: q, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: PAY-O1
    key_results: [{key: PAY-KR1, below: 3}]
"""
    assert [str(problem) for problem in problems(untitled)] == [
        "line 3, PAY-O1.title: it is missing; write title: with a text",
        "line 4, PAY-KR1.title: it is missing; write title: with a text",
    ]


def test_what_just_fits_is_taken() -> None:
    filled = f"{HEAD}      - {{key: PAY-KR1, title: t, below: {'0' * 39}1, owner: {'x' * 4000}}}\n#"
    parsed = parse_okrs(filled + "x" * (1_000_000 - len(filled)))
    assert (parsed.key_results[0].target, len(parsed.key_results[0].owner)) == (Decimal(1), 4000)


@pytest.mark.parametrize(("depth", "refused"), [(12, False), (13, True)])
def test_twelve_levels_are_deep_enough(depth: int, refused: bool) -> None:
    found = problems("[" * depth + "x" + "]" * depth)
    assert any("levels deep" in problem.what for problem in found) is refused


def test_keys_belong_to_one_thing_each() -> None:
    again = f"{HEAD}      - {{key: PAY-KR1, title: t, below: 1}}\n      - {{key: PAY-KR1, title: u, below: 1}}\n"
    assert [str(problem) for problem in problems(again)] == [
        "line 7, PAY-O1.key_results[2].key: PAY-KR1 is already used in line 6; give each its own key"
    ]
    on_one_line = "objectives: [{key: A-O1, title: x}, {key: A-O1, title: y}]"
    assert len(problems(f"cycle: {{key: q, starts: 2026-10-01, ends: 2026-12-31}}\n{on_one_line}")) == 1
    both_cycles = f"{HEAD}---\n{HEAD}"
    assert [problem.line for problem in problems(both_cycles)] == [7, 9]


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    found = problems("""\
cycle: {key: 2026-q4, name: Q4 2026, starts: 2026-10-01, end: 2026-12-31}
objectives:
  - key: PAY-1
    title: Paying feels safe
    key_results:
      - key: PAY-KR1
        title: ""
        form: 38
        to: twenty
        initiatives: [412]
        check_ins:
          - {at: 2026-11-19, confidence: high}
  - title: Nameless
""")
    assert [(problem.line, problem.path) for problem in found] == [
        (1, "cycle"),
        (1, "2026-q4.ends"),
        (3, "PAY-1"),
        (8, "PAY-1.key_results[1]"),
        (9, "PAY-KR1.to"),
        (10, "PAY-KR1.initiatives[1].issue"),
        (12, "PAY-KR1.check_ins[1].confidence"),
        (13, "objectives[2].key"),
    ]


def test_the_refusal_reads_as_one_line_for_each_problem() -> None:
    with pytest.raises(Refused) as refused:
        parse_okrs("objectives: 3")
    assert str(refused.value).split("\n") == [
        "line 1, cycle: it is missing; say the cycle with key, name, starts and ends",
        "line 1, objectives: a list is needed here; start each entry with a hyphen",
    ]


@given(st.text(max_size=200) | st.text("{}[]:,-&*!|>'\"#%@`\n ab", max_size=60))
def test_any_text_is_taken_or_refused(text: str) -> None:
    for whole in (text, HEAD + text):
        with suppress(Refused):
            assert isinstance(parse_okrs(whole), ParsedOkrs)
