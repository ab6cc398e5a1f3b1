"""What must hold of the roll-up whatever the figures are, and a second reckoning of them beside it.

The reference below was written from the table "Roll-up, exactly" alone and shares nothing with the product but its
dataclasses: another shape, so that the same mistake is unlikely to be in both.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapping.figures import Completion, CycleFigure, InitiativeFigure, KeyResultFacts, KeyResultFigure, Mark, Thresholds
from mapping.okr import Bound, CheckIn, KeyResult, Kind, Objective, Role, Source
from mapping.rollup import cycle_figure, key_result_figure, objective_figure
from tests.unit.mapping.okr_strategies import CYCLE, check_ins, completions, facts, initiatives, ratios, values

Thing = TypeVar("Thing")
USUAL = Thresholds()
OBJECTIVE = Objective("PAY-O1", CYCLE.key, "Paying feels safe")
moments = st.integers(0, 130 * 24).map(lambda hours: datetime(2026, 9, 20, tzinfo=UTC) + timedelta(hours=hours))
groups = st.lists(st.lists(facts(), max_size=4), max_size=4)
moderately = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def roll(each: KeyResultFacts, at: datetime) -> KeyResultFigure:
    return key_result_figure(each, CYCLE, at, USUAL)


def roll_cycle(objectives: list[list[KeyResultFacts]], at: datetime) -> CycleFigure:
    return cycle_figure(CYCLE, [(OBJECTIVE, each) for each in objectives], at, USUAL)


# The reference.


def reference_progress(each: KeyResultFacts) -> Fraction | None:
    kr = each.key_result
    if kr.dropped_on or kr.kind in (Kind.THRESHOLD, Kind.TO_MEASURE):
        return None
    if kr.kind is Kind.MILESTONE:
        done = {step.key for step in kr.steps if step.done} | (each.done_steps & {step.key for step in kr.steps})
        nobody_ever_said = not done and not each.check_ins
        return None if nobody_ever_said else Fraction(sum(step.share for step in kr.steps if step.key in done))
    if kr.source is Source.INITIATIVES:
        above = below = Fraction(0)
        for figure in each.initiatives:
            if figure.initiative.role is Role.DRIVES and figure.completion and figure.completion.ratio is not None:
                above += Fraction(figure.initiative.weight) * figure.completion.ratio
                below += Fraction(figure.initiative.weight)
        return above / below if below else None
    now = reference_now(each)
    if now is None or kr.baseline is None or kr.target is None:
        return None
    return Fraction(now - kr.baseline) / Fraction(kr.target - kr.baseline)


def reference_now(each: KeyResultFacts) -> Decimal | None:
    if each.key_result.source is Source.JQL:
        return each.jql_value
    latest = max((said for said in each.check_ins if said.value is not None), key=lambda said: said.at, default=None)
    return latest.value if latest else None


def reference_held(each: KeyResultFacts) -> bool | None:
    now, kr = reference_now(each), each.key_result
    if kr.kind is not Kind.THRESHOLD or kr.dropped_on or now is None or kr.target is None:
        return None
    return now > kr.target if kr.bound is Bound.ABOVE else now < kr.target


def reference_expected(each: KeyResultFacts, at: datetime) -> Fraction:
    """Of a key result with a figure; the cycle has 92 days, the first of them 1 October."""
    if each.key_result.lagging:
        return Fraction(0)
    passed = min(max(at.date().toordinal() - CYCLE.starts_on.toordinal() + 1, 0), 92)
    return Fraction(passed, 92) * (Fraction(70, 100) if each.key_result.aspirational else 1)


def reference_objective(group: list[KeyResultFacts], at: datetime) -> tuple[Fraction, Fraction] | None:
    counting = [(each, progress) for each in group if (progress := reference_progress(each)) is not None]
    if not counting:
        return None
    above = below = expected = Fraction(0)
    for each, progress in counting:
        weight = Fraction(each.key_result.weight)
        above += weight * (Fraction(0) if progress < 0 else Fraction(1) if progress > 1 else progress)
        expected += weight * reference_expected(each, at)
        below += weight
    return above / below, expected / below


@moderately
@given(facts(), moments)
def test_a_key_result_is_what_the_reference_says(each: KeyResultFacts, at: datetime) -> None:
    figure = roll(each, at)
    assert figure.progress == reference_progress(each)
    assert figure.held == reference_held(each)
    assert figure.counts == (figure.progress is not None)


@moderately
@given(groups, moments)
def test_objectives_and_cycle_are_what_the_reference_says(objectives: list[list[KeyResultFacts]], at: datetime) -> None:
    figure = roll_cycle(objectives, at)
    known = [each for group in objectives if (each := reference_objective(group, at)) is not None]
    assert figure.progress == (sum(progress for progress, _ in known) / len(known) if known else None)
    all_facts = [each for group in objectives for each in group]
    unknown = [each for each in all_facts if reference_progress(each) is None and reference_held(each) is None]
    assert (figure.key_results, figure.without_figure) == (len(all_facts), len(unknown))
    for group, shown in zip(objectives, figure.objectives, strict=True):
        counting = [each for each in group if reference_progress(each) is not None]
        if any(not each.key_result.lagging for each in counting):
            assert (shown.progress, shown.expected) == reference_objective(group, at)
        else:
            assert shown.expected is None


# What always holds.


@moderately
@given(facts(), moments, st.randoms())
def test_no_order_matters(each: KeyResultFacts, at: datetime, random: Random) -> None:
    shuffled = replace(each, check_ins=_shuffled(each.check_ins, random))
    assert roll(shuffled, at) == roll(each, at)
    links = replace(each, initiatives=_shuffled(each.initiatives, random))
    assert replace(roll(links, at), initiatives=()) == replace(roll(each, at), initiatives=())


@moderately
@given(st.lists(facts(), max_size=5), moments, st.randoms())
def test_no_order_of_key_results_matters(group: list[KeyResultFacts], at: datetime, random: Random) -> None:
    first = objective_figure(OBJECTIVE, group, CYCLE, at, USUAL)
    second = objective_figure(OBJECTIVE, _shuffled(tuple(group), random), CYCLE, at, USUAL)
    assert replace(first, key_results=()) == replace(second, key_results=())


def _shuffled(things: tuple[Thing, ...], random: Random) -> tuple[Thing, ...]:
    return tuple(random.sample(things, len(things)))


@moderately
@given(groups, moments)
def test_means_and_expectations_are_shares(objectives: list[list[KeyResultFacts]], at: datetime) -> None:
    figure = roll_cycle(objectives, at)
    shares = [figure.progress, figure.expected]
    shares += [share for each in figure.objectives for share in (each.progress, each.expected)]
    assert all(0 <= share <= 1 for share in shares if share is not None)
    assert figure.needing_attention <= figure.key_results
    assert figure.without_figure <= figure.key_results


@moderately
@given(facts(), moments)
def test_unknown_never_becomes_nothing_done(each: KeyResultFacts, at: datetime) -> None:
    """Without anything that was said or read there is no figure of any kind."""
    steps = tuple(replace(step, done=False) for step in each.key_result.steps)
    unsaid = KeyResultFacts(
        replace(each.key_result, steps=steps),
        initiatives=tuple(replace(figure, completion=None) for figure in each.initiatives),
    )
    figure = roll(unsaid, at)
    assert (figure.progress, figure.now, figure.held, figure.pace, figure.confidence) == (None,) * 5


@moderately
@given(st.lists(initiatives(Role.DRIVES), max_size=4), facts(), moments)
def test_a_link_of_unknown_completion_changes_nothing(
    extra: list[InitiativeFigure], each: KeyResultFacts, at: datetime
) -> None:
    unknown = tuple(replace(figure, completion=None) for figure in extra)
    assert roll(replace(each, initiatives=each.initiatives + unknown), at).progress == roll(each, at).progress


@moderately
@given(values, values, check_ins, moments)
def test_rising_and_falling_are_the_same(baseline: Decimal, target: Decimal, said: list[CheckIn], at: datetime) -> None:
    """The mirror image of a metric has the same figure and the same marks."""
    if baseline == target:
        return
    kr = KeyResult("PAY-KR1", "PAY-O1", "Something changes", baseline=baseline, target=target)
    mirrored = replace(kr, baseline=-baseline, target=-target)
    mirrored_said = [replace(each, value=None if each.value is None else -each.value) for each in said]
    figure = roll(KeyResultFacts(kr, tuple(said)), at)
    mirror = roll(KeyResultFacts(mirrored, tuple(mirrored_said)), at)
    assert (figure.progress, figure.pace, figure.marks) == (mirror.progress, mirror.pace, mirror.marks)


@moderately
@given(st.lists(facts(), max_size=4), st.decimals("0.5", 4, places=1), moments)
def test_only_the_proportions_of_weights_matter(group: list[KeyResultFacts], by: Decimal, at: datetime) -> None:
    scaled = [_scaled(each, by) for each in group]
    first = objective_figure(OBJECTIVE, group, CYCLE, at, USUAL)
    second = objective_figure(OBJECTIVE, scaled, CYCLE, at, USUAL)
    assert (first.progress, first.expected, first.pace) == (second.progress, second.expected, second.pace)


def _scaled(each: KeyResultFacts, by: Decimal) -> KeyResultFacts:
    links = tuple(
        replace(figure, initiative=replace(figure.initiative, weight=figure.initiative.weight * by))
        for figure in each.initiatives
    )
    return replace(each, key_result=replace(each.key_result, weight=each.key_result.weight * by), initiatives=links)


@moderately
@given(initiatives(Role.DRIVES), completions(ratios), facts(), moments)
def test_more_done_is_never_less_progress(
    link: InitiativeFigure, completion: Completion, each: KeyResultFacts, at: datetime
) -> None:
    if each.key_result.source is not Source.INITIATIVES or completion.ratio is None:
        return
    less = replace(link, completion=completion)
    more = replace(link, completion=replace(completion, ratio=(completion.ratio + 1) / 2))
    before = roll(replace(each, initiatives=(*each.initiatives, less)), at).progress
    after = roll(replace(each, initiatives=(*each.initiatives, more)), at).progress
    if before is not None and after is not None:
        assert after >= before


@moderately
@given(facts(), moments)
def test_behind_is_never_said_of_what_is_stale(each: KeyResultFacts, at: datetime) -> None:
    marks = roll(each, at).marks
    assert not {Mark.STALE, Mark.BEHIND} <= set(marks)
    assert not {Mark.OFF_PACE, Mark.BEHIND} <= set(marks)


@moderately
@given(facts(), moments)
def test_within_a_day_time_changes_nothing(each: KeyResultFacts, at: datetime) -> None:
    midnight = at.replace(hour=0)
    assert roll(each, midnight) == roll(each, midnight + timedelta(hours=23, minutes=59))
