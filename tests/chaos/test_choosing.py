from __future__ import annotations

from collections import Counter
from random import Random

from tests.chaos.choosing import FEW, a_few_that_lag, any_call, little_struck
from tests.chaos.gate import KILL, Gate

COMMIT, CALL, BELL, UNSEEN = (
    f"worker {name}" for name in ("before commit work", "after GET /page", "after redis SET", "x")
)


def gate(**struck: int) -> Gate:
    """That has passed the first three, and was struck there so often."""
    points = {"commit": COMMIT, "call": CALL, "bell": BELL}
    return Gate(
        "worker",
        Counter(dict.fromkeys((COMMIT, CALL, BELL), 9)),
        Counter({(KILL, points[name]): times for name, times in struck.items()}),
    )


def test_what_had_its_share_is_let_pass_and_what_nobody_passed_is_wanted() -> None:
    wanted = little_struck(Random(1), [gate(commit=5, bell=1)], "worker")
    assert [wanted(point) for point in (COMMIT, CALL, UNSEEN)] == [False, True, True]


def test_a_strike_at_the_bell_counts_fourfold() -> None:
    for seed in range(20):
        wanted = little_struck(Random(seed), [gate(commit=2, call=2, bell=1)], "worker")
        assert [wanted(point) for point in (COMMIT, CALL, BELL)] == [True, True, False]


def test_of_other_kinds_of_process_nothing_is_wanted() -> None:
    wanted = a_few_that_lag(Random(1), [Gate("web", Counter({"web before commit work": 9})), gate()], "worker")
    assert not wanted("web before commit work")
    assert wanted(COMMIT)


def test_far_in_those_are_wanted_that_lag_behind() -> None:
    others = Counter({f"worker before commit table{number}": 9 for number in range(FEW)})
    gates = [gate(commit=20), Gate("worker", others)]
    drawn = [a_few_that_lag(Random(seed), gates, "worker") for seed in range(20)]
    times = Counter(point for wanted in drawn for point in (COMMIT, CALL, UNSEEN) if wanted(point))
    assert times[COMMIT] == times[UNSEEN] == 0
    assert times[CALL] > 10


def test_where_all_else_fails_any_call_will_do_but_not_the_bell() -> None:
    assert not any(any_call(Random(seed))(BELL) for seed in range(20))
    assert {point for seed in range(20) for point in (COMMIT, CALL) if any_call(Random(seed))(point)} == {COMMIT, CALL}
