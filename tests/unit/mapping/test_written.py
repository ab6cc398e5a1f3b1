from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from mapping.words_english import ENGLISH
from mapping.words_german import GERMAN
from mapping.written import day, decimals, full_tenths, moment, number, percent, with_unit


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1, 2), "50\u00a0%"),
        (Fraction(31, 30), "103\u00a0%"),
        (Fraction(0), "0\u00a0%"),
        (Fraction(-1, 20), "\u22125\u00a0%"),
        (Fraction(1, 200), "1\u00a0%"),
        (Fraction(17, 29), "59\u00a0%"),
        (Fraction(999, 1000), "99\u00a0%"),
        (Fraction(1), "100\u00a0%"),
    ],
)
def test_percent_is_whole_and_100_only_where_it_is_reached(share: Fraction, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "filled"), [(Fraction(1, 2), 5), (Fraction(59, 100), 5), (Fraction(31, 30), 10), (Fraction(-1), 0)]
)
def test_a_square_is_a_full_tenth(share: Fraction, filled: int) -> None:
    assert full_tenths(share) == filled


@pytest.mark.parametrize(
    ("value", "digits", "english", "german"),
    [
        ("29", 0, "29", "29"),
        ("2", 1, "2.0", "2,0"),
        ("-3.6", 1, "\u22123.6", "\u22123,6"),
        ("1234.5", 1, "1234.5", "1234,5"),
        ("12345.5", 1, "12,345.5", "12.345,5"),
        ("1E+3", 0, "1000", "1000"),
        ("-0.04", 1, "0.0", "0,0"),
        ("NaN", 1, "–", "–"),
        ("1E+999999", 0, "1E+999999", "1E+999999"),
    ],
)
def test_numbers(value: str, digits: int, english: str, german: str) -> None:
    assert number(Decimal(value), digits, ENGLISH) == english
    assert number(Decimal(value), digits, GERMAN) == german


def test_the_most_precise_value_decides_and_nothing_makes_endless_decimals() -> None:
    assert decimals([Decimal("4.1"), Decimal(2), None]) == 1
    assert decimals([Decimal("1E+3")]) == 0
    assert decimals([]) == 0
    assert decimals([Decimal("1E-999999")]) < 20


def test_the_unit_never_leaves_its_number() -> None:
    assert with_unit("38 → 20", "s") == "38 → 20\u00a0s"
    assert with_unit("31 → 60", "") == "31 → 60"


def test_days_and_moments_are_utc() -> None:
    assert day(date(2026, 11, 9), ENGLISH) == "9\u00a0Nov"
    assert day(date(2026, 3, 9), GERMAN) == "9.\u00a0März"
    late = datetime(2026, 11, 23, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert moment(late, ENGLISH) == "22\u00a0Nov\u00a02026, 23:05\u00a0UTC"
    assert moment(datetime(2026, 1, 2, tzinfo=UTC), GERMAN) == "2.\u00a0Jan.\u00a02026, 00:00\u00a0UTC"
