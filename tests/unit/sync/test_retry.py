"""The retry table: what each failure leads to, and when an item is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.errors import Conflict, Forbidden, Gone, RateLimited, Rejected, Unauthorized, Unavailable
from sync.retry import LONGEST_WAIT, RetryAt, SetAside, decide, growing_wait, reason_of

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize("jitter", [0.7, 1.0, 1.3])
def test_a_wait_that_the_site_asked_for_is_never_cut_short_and_never_counted(jitter: float) -> None:
    decision = decide(RateLimited("slow down", 90), 50, NOW, site_answers=True, jitter=jitter)
    assert isinstance(decision, RetryAt)
    assert decision.at >= NOW + timedelta(seconds=90)
    assert not decision.counts


@pytest.mark.parametrize("error", [Unauthorized("401"), Forbidden("403")])
def test_what_a_person_must_mend_is_never_given_up(error: Exception) -> None:
    decision = decide(error, 1000, NOW, site_answers=True, jitter=1.0)
    assert decision == RetryAt(NOW + timedelta(minutes=10), counts=False)


@pytest.mark.parametrize("error", [Unavailable("away"), Conflict("moved on"), Gone("not there")])
def test_nothing_is_given_up_while_the_site_is_away(error: Exception) -> None:
    decision = decide(error, 1000, NOW, site_answers=False, jitter=1.0)
    assert decision == RetryAt(NOW + LONGEST_WAIT, counts=False)


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_a_site_that_is_away_is_asked_no_more_than_once_a_minute(attempts: int) -> None:
    decision = decide(Unavailable("away"), attempts, NOW, site_answers=False, jitter=1.0)
    assert decision == RetryAt(NOW + timedelta(minutes=1), counts=False)


@pytest.mark.parametrize(
    ("error", "tries"),
    [(Unavailable("500"), 10), (Rejected("400", 400), 3), (KeyError("bug"), 5), (ValueError("odd"), 5)],
)
def test_what_stays_wrong_while_the_site_answers_others_is_set_aside(error: Exception, tries: int) -> None:
    before = decide(error, tries - 1, NOW, site_answers=True, jitter=1.0)
    assert isinstance(before, RetryAt)
    assert before.counts
    assert isinstance(decide(error, tries, NOW, site_answers=True, jitter=1.0), SetAside)


def test_waits_double_up_to_ten_minutes() -> None:
    waits = [growing_wait(attempt).total_seconds() for attempt in range(1, 13)]
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == growing_wait(10**9).total_seconds() == 600


def test_a_reason_is_one_line_and_says_nothing_of_unforeseen_faults() -> None:
    assert reason_of(Rejected("two\nlines", 400)) == "two lines"
    assert "secret" not in reason_of(KeyError("secret"))
