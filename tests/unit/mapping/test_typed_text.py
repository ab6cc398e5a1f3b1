from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.languages import words_of
from mapping.typed_text import parse_confidence, parse_number
from mapping.words import Language
from mapping.written import number

NUMBERS = [
    # text, English, German
    ("42", "42", "42"),
    ("42 %", "42", "42"),
    ("42\u00a0%", "42", "42"),
    ("42\u202f%", "42", "42"),
    (" 42\u2009 ", "42", "42"),
    ("1,234.5", "1234.5", "1234.5"),
    ("1.234,5", "1234.5", "1234.5"),
    ("1,234", "1234", "1.234"),
    ("1.234", "1.234", "1234"),
    ("1,5", "1.5", "1.5"),
    ("1.5", "1.5", "1.5"),
    ("0,125", "0.125", "0.125"),
    ("1,234,567", "1234567", "1234567"),
    ("1.234.567", "1234567", "1234567"),
    ("12 000", "12000", "12000"),
    ("1\u00a0234,5", "1234.5", "1234.5"),
    ("1'234.5", "1234.5", "1234.5"),
    ("1’234.5", "1234.5", "1234.5"),
    ("\u22123.6", "-3.6", "-3.6"),
    ("- 3", "-3", "-3"),
    ("007", "7", "7"),
]
NOT_UNDERSTOOD = [
    "", "about 42", "42?", "+3", "~4", "8/10", "1,2,3", "1,23,456", "3.6.1", "1.2,3.4", ".5", "5.", "5,", "1 2",
    "12 34", "10k", "1e3", "٣", "NaN", "Infinity", "4\n2", "29 s", "--3", "1" * 41, "1 234 5",
]  # fmt: skip


@pytest.mark.parametrize(("text", "english", "german"), NUMBERS)
def test_numbers_are_read_as_the_language_of_the_table_reads_them(text: str, english: str, german: str) -> None:
    assert parse_number(text, "en") == Decimal(english)
    assert parse_number(text, "de") == Decimal(german)


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_no_single_number_is_not_understood(text: str) -> None:
    assert parse_number(text, "en") is None
    assert parse_number(text, "de") is None


def test_decimals_are_kept_as_typed() -> None:
    assert str(parse_number("3.60", "en")) == "3.60"


def test_the_unit_may_follow_and_another_one_may_not() -> None:
    assert parse_number("29 s", "en", unit="s") == 29
    assert parse_number("29s", "en", unit="s") == 29
    assert parse_number("29", "en", unit="s") == 29
    assert parse_number("29 %", "en", unit="s") is None
    assert parse_number("29 %", "en", unit="%") == 29
    assert parse_number("29 min", "en", unit="s") is None


@settings(max_examples=200)
@given(
    st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=3),
    st.sampled_from(["en", "de"]),
)
def test_what_we_write_is_understood_as_the_same_value(value: Decimal, language: Language) -> None:
    assert parse_number(number(value, 3, words_of(language)), language) == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("6", "en", 6), ("0", "en", 0), ("10", "en", 10), ("6.0", "en", 6), ("8/10", "en", 8), ("8 / 10", "de", 8),
        ("8 of 10", "en", 8), ("8\u00a0of\u00a010", "en", 8), ("8 von 10", "de", 8), ("At risk", "en", 3),
        ("auf  Kurs", "de", 8),
    ],
)  # fmt: skip
def test_confidence(text: str, language: Language, value: int) -> None:
    assert parse_confidence(text, language) == value


@pytest.mark.parametrize(
    "text", ["", "11", "-1", "6.5", "8/5", "80 %", "8 von 10", "quite ok?", "7 8", "8/10/10", "/10"]
)
def test_confidence_that_is_not_understood(text: str) -> None:
    assert parse_confidence(text, "en") is None


@settings(max_examples=300)
@given(st.text(max_size=60), st.sampled_from(["en", "de"]), st.text(max_size=3))
def test_nothing_that_anybody_types_raises(text: str, language: Language, unit: str) -> None:
    parsed = parse_number(text, language, unit)
    assert parsed is None or parsed.is_finite()
    assert parse_confidence(text, language) in {None, *range(11)}
