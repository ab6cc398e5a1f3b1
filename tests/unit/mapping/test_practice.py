"""What a coach would ask, and what not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from mapping.figures import Completion, CountedBy, InitiativeFigure, KeyResultFacts, Thresholds
from mapping.okr import CheckIn, Cycle, Initiative, KeyResult, Kind, Objective, Source
from mapping.practice import HintCode, Limits, draft_hints, hints, reads_like_a_task
from mapping.rollup import cycle_figure
from tests.demo_okrs import demo_okrs

CYCLE = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
AT = datetime(2026, 11, 10, tzinfo=UTC)
OBJECTIVE = Objective("PAY-O1", "2026-q4", "Paying feels safe", team="Payments")
METRIC = KeyResult("PAY-KR1", "PAY-O1", "Checkout time", owner="Ana", baseline=Decimal(38), target=Decimal(20))
NEWS = CheckIn("PAY-KR1", datetime(2026, 11, 9, tzinfo=UTC), Decimal(28), 6)
FACTS = KeyResultFacts(METRIC, (NEWS,))


def asked(*groups: list[KeyResultFacts], objective: Objective = OBJECTIVE) -> list[tuple[HintCode, str, bool]]:
    figure = cycle_figure(CYCLE, [(objective, group) for group in groups], AT, Thresholds())
    return [(hint.code, hint.key, hint.mild) for hint in hints(figure, Limits())]


def about(kr: KeyResult, *check_ins: CheckIn, links: tuple[InitiativeFigure, ...] = ()) -> list[HintCode]:
    return [code for code, _, _ in asked([KeyResultFacts(kr, check_ins, links)])]


def test_nothing_is_asked_about_a_sound_key_result() -> None:
    assert about(METRIC, NEWS) == []


def test_each_question_is_asked_where_it_belongs() -> None:
    to_measure = KeyResult("PAY-KR1", "PAY-O1", "Shops that return", Kind.TO_MEASURE, owner="Ana")
    assert about(to_measure) == [HintCode.NO_BASELINE]
    assert about(replace(METRIC, owner=""), NEWS) == [HintCode.NO_OWNER]
    assert about(METRIC, replace(NEWS, at=datetime(2026, 10, 27, tzinfo=UTC))) == [HintCode.NO_NEWS]
    assert about(METRIC) == [], "there was no last check-in"
    assert about(replace(METRIC, title="Launch one-page checkout"), NEWS) == [HintCode.READS_LIKE_A_TASK]
    assert about(replace(METRIC, unit="Features"), NEWS) == [HintCode.COUNTS_OUTPUT]


def test_nothing_is_asked_about_what_was_dropped() -> None:
    dropped = replace(METRIC, owner="", title="Launch it", unit="features", dropped_on=date(2026, 11, 1))
    assert about(dropped) == []


@pytest.mark.parametrize(
    ("title", "task"),
    [
        ("Launch one-page checkout", True),
        ("implement SSO", True),
        ("Neue Kasse einführen", True),
        ("Einführung der neuen Kasse", True),
        ("Kasse: Einführung", True),
        ("Launch time from 38 to 20 s", False),
        ("Deliver 12 releases", True),
        ("Median checkout time", False),
        ("Shops launch faster", False),
        ("2026", False),
    ],
)
def test_a_title_of_doing_reads_like_a_task_unless_it_says_from_where_to_where(title: str, task: bool) -> None:
    assert reads_like_a_task(replace(METRIC, title=title)) is task


def link(total: int) -> InitiativeFigure:
    done = Completion(Fraction(1, 2), total // 2, total, 0, CountedBy.COUNT)
    return InitiativeFigure(Initiative("PAY-KR1", 1, "10"), "PAY-7", "", done)


def test_as_many_as_there_are_issues_is_output() -> None:
    from_zero = replace(METRIC, baseline=Decimal(0), target=Decimal(12))
    half = replace(NEWS, value=Decimal(6))
    assert about(from_zero, half, links=(link(8), link(4))) == [HintCode.COUNTS_OUTPUT]
    assert about(from_zero, half, links=(link(8), link(5))) == []
    assert about(replace(METRIC, target=Decimal(12)), NEWS, links=(link(12),)) == []


def test_a_key_result_fed_by_its_initiatives_is_asked_about_gently() -> None:
    driven = replace(METRIC, source=Source.INITIATIVES)
    assert asked([KeyResultFacts(driven, (NEWS,))]) == [(HintCode.COUNTS_OUTPUT, "PAY-KR1", True)]


@pytest.mark.parametrize(("number", "mild"), [(4, True), (5, True), (6, False)])
def test_many_key_results(number: int, mild: bool) -> None:
    assert asked([FACTS] * number) == [(HintCode.MANY_KEY_RESULTS, "PAY-O1", mild)]


def test_three_key_results_are_not_many_and_dropped_ones_do_not_count() -> None:
    dropped = KeyResultFacts(replace(METRIC, dropped_on=date(2026, 11, 1)))
    assert asked([FACTS, FACTS, FACTS, dropped]) == []


def test_more_than_three_objectives_of_one_team() -> None:
    assert asked(*([FACTS] for _ in range(3))) == []
    assert asked(*([FACTS] for _ in range(4))) == [(HintCode.MANY_OBJECTIVES, "Payments", False)]
    assert asked(*([FACTS] for _ in range(4)), objective=replace(OBJECTIVE, team="")) == []


def test_everything_reached_in_the_first_half_was_too_easy() -> None:
    reached = KeyResultFacts(METRIC, (replace(NEWS, value=Decimal(20)),))
    assert asked([reached, reached]) == [(HintCode.TOO_EASY, "PAY-O1", False)]
    assert asked([reached, FACTS]) == []
    assert asked([]) == []


def test_the_demo_set_is_sound() -> None:
    parsed = demo_okrs()
    groups = [
        (objective, [KeyResultFacts(kr) for kr in parsed.key_results if kr.objective_key == objective.key])
        for objective in parsed.objectives
    ]
    at_the_start = datetime(2026, 10, 2, tzinfo=UTC)
    found = hints(cycle_figure(parsed.cycles[0], groups, at_the_start, Thresholds()), Limits())
    assert [(hint.code, hint.key) for hint in found] == [
        (HintCode.COUNTS_OUTPUT, "PLA-KR3"),
        (HintCode.NO_BASELINE, "GRO-KR3"),
    ]


def test_every_hint_is_a_question() -> None:
    everything = replace(METRIC, owner="", title="Launch it", unit="features")
    long_ago = replace(NEWS, at=datetime(2026, 10, 27, tzinfo=UTC))
    groups = [[KeyResultFacts(everything, (long_ago,))] * 6] * 4
    figure = cycle_figure(CYCLE, [(OBJECTIVE, group) for group in groups], AT, Thresholds())
    questions = {hint.question for hint in hints(figure, Limits())}
    assert len(questions) == 6
    assert all(question.endswith("?") for question in questions)


def drafted(kr: KeyResult, siblings: int = 0) -> list[HintCode]:
    return [hint.code for hint in draft_hints(kr, siblings, Limits())]


def test_a_draft_is_asked_about_while_it_is_written() -> None:
    assert drafted(METRIC) == []
    assert drafted(replace(METRIC, title="Launch one-page checkout")) == [HintCode.READS_LIKE_A_TASK]
    assert drafted(replace(METRIC, unit="Features", owner="")) == [HintCode.COUNTS_OUTPUT, HintCode.NO_OWNER]
    assert drafted(KeyResult("PAY-KR1", "PAY-O1", "Shops", Kind.TO_MEASURE, owner="Ana")) == [HintCode.NO_BASELINE]
    assert drafted(METRIC, siblings=2) == []
    assert drafted(METRIC, siblings=3) == [HintCode.MANY_KEY_RESULTS]


@pytest.mark.parametrize(
    ("baseline", "target", "unit", "little"),
    [("100", "104", "s", True), ("100", "105", "s", False), ("100", "96", "s", True), ("99.5", "99.9", "%", False)],
)
def test_a_small_step_is_asked_about_but_not_among_percents(
    baseline: str, target: str, unit: str, little: bool
) -> None:
    kr = replace(METRIC, baseline=Decimal(baseline), target=Decimal(target), unit=unit)
    assert (HintCode.TOO_EASY in drafted(kr)) is little


def test_from_nothing_any_step_is_large() -> None:
    assert drafted(replace(METRIC, baseline=Decimal(0))) == []


def test_a_question_keeps_what_fills_it_apart() -> None:
    (hint,) = draft_hints(METRIC, 5, Limits())
    assert (hint.text.format(**hint.values), hint.mild) == (hint.question, False)
    assert "6 key results" in hint.question
    assert "{number}" in hint.text
