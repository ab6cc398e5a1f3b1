"""How long to wait, by every way in which a site says it or fails to; and a page's write budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from connector.errors import RateLimited
from connector.pacing import (
    LONGEST_WAIT,
    SHORTEST_WAIT,
    UNKNOWN_WAIT,
    CallGate,
    Room,
    asked_wait,
    limit_scope,
    room_left,
    take_write,
)

SENT = "Sun, 22 Nov 2026 09:40:00 GMT"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
QUOTA = {"RateLimit-Reason": "jira-quota-tenant-based"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after": " 7 "}, 7),
        ({"Retry-After": "7.5"}, 7.5),
        ({"Retry-After": "0"}, SHORTEST_WAIT),
        ({"Retry-After": "0.2"}, SHORTEST_WAIT),
        ({"Retry-After": "1800"}, 1800),
        ({"Retry-After": "86400"}, LONGEST_WAIT),
        ({"Retry-After": "1000000000000"}, LONGEST_WAIT),
        ({"Retry-After": "-5"}, UNKNOWN_WAIT),
        ({"Retry-After": "1e12"}, UNKNOWN_WAIT),
        ({"Retry-After": "NaN"}, UNKNOWN_WAIT),
        ({"Retry-After": "inf"}, UNKNOWN_WAIT),
        ({"Retry-After": ""}, UNKNOWN_WAIT),
        ({"Retry-After": "soon"}, UNKNOWN_WAIT),
        ({"Retry-After": "٧"}, UNKNOWN_WAIT),
        ({"Retry-After": "9" * 400}, UNKNOWN_WAIT),
        ({"Retry-After": "Sun, 22 Nov 2026 09:41:30 GMT"}, 90),
        ({"Retry-After": "Sun, 22 Nov 2026 09:39:00 GMT"}, UNKNOWN_WAIT),
        ({"Retry-After": "Mon, 22 Nov 2027 09:39:00 GMT"}, LONGEST_WAIT),
        ({"X-RateLimit-Reset": "2026-11-22T09:40:45Z"}, 45),
        ({"X-RateLimit-Reset": "2026-11-22T10:41:00+01:00"}, 60),
        ({"X-RateLimit-Reset": "2026-11-22T09:00:00Z"}, UNKNOWN_WAIT),
        ({"X-RateLimit-Reset": "tomorrow"}, UNKNOWN_WAIT),
        ({"X-RateLimit-Reset": "0001-01-01T00:00:00+14:00"}, UNKNOWN_WAIT),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "2026-11-22T09:40:45Z"}, 45),
        ({"Retry-After": "5", "X-RateLimit-Reset": "2026-11-22T09:40:45Z"}, 5),
        ({}, UNKNOWN_WAIT),
        (QUOTA, 1200),
        ({**QUOTA, "Retry-After": "60"}, 60),
    ],
)
def test_the_wait_that_a_site_asks_for(headers: dict[str, str], seconds: float) -> None:
    assert asked_wait(CaseInsensitiveDict({"Date": SENT, **headers})) == seconds


@pytest.mark.parametrize(
    ("headers", "room"),
    [
        ({}, None),
        ({"RateLimit-Policy": '"global-app-quota";q=65000;w=3600', "RateLimit": '"global-app-quota";t=120'}, None),
        ({"RateLimit-Policy": '"q";q=65000;w=3600', "RateLimit": '"q";r=9100;t=120'}, Room(9100, 65000)),
        ({"RateLimit": '"q"; r=0; t=120'}, Room(0, None)),
        ({"X-RateLimit-Limit": "400", "X-RateLimit-Remaining": " 12 "}, Room(12, 400)),
        ({"X-RateLimit-Limit": "4", "X-RateLimit-Remaining": "12"}, Room(12, None)),
        ({"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-1"}, None),
        ({"X-RateLimit-Remaining": "9" * 30}, None),
        ({"X-RateLimit-Remaining": "٧"}, None),
    ],
)
def test_the_room_that_a_site_says_is_left(headers: dict[str, str], room: Room | None) -> None:
    assert room_left(CaseInsensitiveDict(headers)) == room


def test_a_date_without_the_sites_own_time_says_nothing() -> None:
    assert asked_wait({"Retry-After": "Sun, 22 Nov 2026 09:41:30 GMT"}) == UNKNOWN_WAIT
    assert asked_wait(QUOTA) == LONGEST_WAIT


@given(st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset", "RateLimit-Reason", "Date"]), st.text()))
def test_a_wait_is_never_short_never_long_never_an_error(headers: dict[str, str]) -> None:
    assert SHORTEST_WAIT <= asked_wait(headers) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("reason", "scope"),
    [
        ("jira-quota-global-based", "quota"),
        ("Confluence-Quota-Tenant-Based", "quota"),
        ("jira-burst-based", "burst"),
        ("jira-per-issue-on-write", "issue"),
        ("jira-cost-based", "burst"),
        ("", "burst"),
    ],
)
def test_what_is_limited(reason: str, scope: str) -> None:
    assert limit_scope({"RateLimit-Reason": reason}) == scope


def test_a_quota_holds_everything_and_a_burst_one_endpoint() -> None:
    open_gate = CallGate()
    assert open_gate.wait("search", NOON) == 0
    burst = open_gate.after(RateLimited("", 30, "burst"), "search", NOON)
    assert (burst.wait("search", NOON), burst.wait("fetch", NOON)) == (30, 0)
    assert burst.wait("search", NOON + timedelta(seconds=31)) == 0
    quota = burst.after(RateLimited("", 600, "quota"), "fetch", NOON)
    assert (quota.wait("search", NOON), quota.wait("fetch", NOON), quota.wait("x", NOON)) == (600, 600, 600)
    assert open_gate == CallGate()


def test_a_shorter_wait_does_not_shorten_a_longer_one() -> None:
    for scope in ("quota", "burst"):
        gate = CallGate().after(RateLimited("", 600, scope), "search", NOON)
        assert gate.after(RateLimited("", 5, scope), "search", NOON).wait("search", NOON) == 600


def test_what_has_passed_is_forgotten() -> None:
    gate = CallGate().after(RateLimited("", 5), "search", NOON)
    assert dict(gate.after(RateLimited("", 5), "fetch", NOON + timedelta(minutes=1)).endpoint_until).keys() == {"fetch"}


HALF_HOUR = timedelta(minutes=30)


def test_a_full_bucket_is_emptied_and_refilled_one_by_one() -> None:
    tokens, at, allowed = 0, None, []
    for minute in range(0, 100, 10):
        now = NOON + timedelta(minutes=minute)
        taken = take_write(tokens, at, now, bucket=2, refill=HALF_HOUR)
        tokens, at = taken.tokens, taken.tokens_at
        allowed.append(taken.allowed)
    assert allowed == [True, True, False, True, False, False, True, False, False, True]


def test_the_wait_ends_with_the_next_refill() -> None:
    empty = take_write(0, NOON, NOON + timedelta(minutes=20), bucket=4, refill=HALF_HOUR)
    assert (empty.allowed, empty.tokens, empty.tokens_at, empty.wait_seconds) == (False, 0, NOON, 600)
    later = take_write(empty.tokens, empty.tokens_at, NOON + HALF_HOUR, bucket=4, refill=HALF_HOUR)
    assert (later.allowed, later.tokens, later.tokens_at) == (True, 0, NOON + HALF_HOUR)


def test_a_bucket_never_holds_more_than_it_can() -> None:
    after_a_year = take_write(1, NOON - timedelta(days=365), NOON, bucket=4, refill=HALF_HOUR)
    assert (after_a_year.tokens, after_a_year.tokens_at) == (3, NOON)


def test_a_smaller_bucket_takes_what_was_saved_in_a_bigger_one() -> None:
    assert take_write(9, NOON, NOON, bucket=2, refill=HALF_HOUR).tokens == 1


def test_a_clock_that_went_back_gives_nothing_and_waits_no_longer_than_a_refill() -> None:
    taken = take_write(0, NOON, NOON - timedelta(days=3), bucket=4, refill=HALF_HOUR)
    assert (taken.allowed, taken.wait_seconds) == (False, 1800)


def test_a_clock_that_went_back_takes_nothing_of_what_was_left() -> None:
    taken = take_write(3, NOON, NOON - timedelta(days=3), bucket=4, refill=HALF_HOUR)
    assert (taken.allowed, taken.tokens) == (True, 2)


@given(st.lists(st.integers(min_value=0, max_value=7200), min_size=1, max_size=60), st.integers(1, 5))
def test_no_more_writes_than_the_budget_in_any_order_of_times(gaps: list[int], bucket: int) -> None:
    tokens, at, now, written = 0, None, NOON, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        taken = take_write(tokens, at, now, bucket=bucket, refill=HALF_HOUR)
        tokens, at = taken.tokens, taken.tokens_at
        written += taken.allowed
        assert taken.allowed == (taken.wait_seconds == 0)
        assert 0 <= taken.wait_seconds <= HALF_HOUR.total_seconds()
    passed = sum(gaps[1:])
    assert written <= bucket + passed // 1800
