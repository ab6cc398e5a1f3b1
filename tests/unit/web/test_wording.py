"""How numbers and times are written on our screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask

from mapping.okr import Cycle, KeyResult
from sync.queries.cycle_days import cycle_day
from tests.clock import START
from web import time_words, wording
from web.language import prepare_languages

Q4 = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))


def _answering_in(language: str) -> AbstractContextManager[object]:
    app = Flask(__name__)
    prepare_languages(app)
    return app.test_request_context(headers={"Accept-Language": language})


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with _answering_in("en-GB"):
        yield


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"),
     (86_400, "1 d 0 h"), (154_800, "1 d 19 h")],
)  # fmt: skip
def test_ages(seconds: float, said: str) -> None:
    assert time_words.age(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "a second"), (1, "a second"), (20, "20 seconds"), (60, "1 minute"), (89, "1 minute"), (170, "3 minutes"),
     (3600, "1 hour"), (200_000, "2 days")],
)  # fmt: skip
def test_spans(seconds: int, said: str) -> None:
    assert time_words.span(seconds) == said


def test_times_of_today_need_no_day() -> None:
    assert time_words.moment(START - timedelta(hours=1), START) == "08:00"
    assert time_words.second(START - timedelta(hours=1), START) == "08:00:00"
    assert time_words.moment(START - timedelta(days=2), START) == "20\u00a0Nov, 09:00"
    assert time_words.day(datetime.fromisoformat("2026-11-20T23:30:00-05:00")) == "21\u00a0Nov"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 9, 30), "starts 1\u00a0Oct"),
        (date(2026, 10, 1), "week 1 of 13"),
        (date(2026, 10, 7), "week 1 of 13"),
        (date(2026, 10, 8), "week 2 of 13"),
        (date(2026, 11, 22), "week 8 of 13"),
        (date(2026, 12, 31), "week 13 of 13"),
        (date(2027, 1, 1), "ended 31\u00a0Dec"),
    ],
)
def test_weeks_of_a_cycle(day: date, said: str) -> None:
    assert time_words.cycle_week(cycle_day(Q4, day)) == said


def test_a_cycle_of_one_day_has_one_week() -> None:
    one = Cycle("day", "A day", date(2026, 10, 1), date(2026, 10, 1))
    assert time_words.cycle_week(cycle_day(one, date(2026, 10, 1))) == "week 1 of 1"


def test_values_have_as_many_decimals_as_the_way() -> None:
    kr = KeyResult("A-KR1", "A-O1", "x", unit="%", baseline=Decimal("4.1"), target=Decimal("2.0"))
    assert wording.way_words(kr) == "4.1 → 2.0\u00a0%"
    assert wording.value_words(Decimal(3), kr) == "3.0"
    assert wording.value_words(Fraction(1, 2), kr) == "0.5"


@pytest.mark.parametrize(
    ("name", "said"), [("Rosa Klein", "RK"), ("Rosa", "R"), ("ana maría duarte", "AD"), (" ", "?"), ("王芳", "王")]
)
def test_initials(name: str, said: str) -> None:
    assert wording.initials(name) == said


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [("https://a.example/x", True), ("http://127.0.0.1:1/x", True), ("/kr/PAY-KR1", True), ("//evil.example", False),
     ("javascript:alert(1)", False), ("data:text/html,x", False), (" https://a.example", False), ("", False)],
)  # fmt: skip
def test_only_web_addresses_become_links(address: str, is_kept: bool) -> None:
    assert wording.web_address(address) == (address if is_kept else "")


def test_what_is_hardly_over_was_just_now() -> None:
    said = [time_words.ago(timedelta(seconds=seconds)) for seconds in (-1, 0, 1.9, 2, 60)]
    assert said == ["just now", "just now", "just now", "2 s ago", "1 min ago"]


def test_the_rest() -> None:
    assert wording.count(1284) == "1,284"
    assert time_words.every(60) == "every minute"
    assert time_words.every(15) == "every 15 s"
    assert wording.hours(24.0) == "24"
    assert wording.size(245_760) == "0.2 MB"
    assert wording.size(41_200_000) == "41 MB"
