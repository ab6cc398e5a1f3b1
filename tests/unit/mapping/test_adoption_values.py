"""Figures in people's words: what is certain is read, everything else is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.adoption_confidence import confidence_of
from mapping.adoption_values import Aim, Figure, aim_in, alike, figure_of, range_in, unit_in_brackets
from mapping.okr import Bound
from mapping.words import Language


def way(text: str, language: Language = "en") -> tuple[str, str, str] | None:
    aim = range_in(text, language)
    if aim is None or aim.baseline is None or aim.target is None:
        return None
    return str(aim.baseline.number), str(aim.target.number), aim.target.whole_unit


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("38 → 20 s", "en", ("38", "20", "s")),
        ("Cut it: 38->20s", "en", ("38", "20", "s")),
        ("from 38 to 20 s", "en", ("38", "20", "s")),
        ("von 38 auf 20 s", "de", ("38", "20", "s")),
        ("increase X from 5% to 10%", "en", ("5", "10", "%")),
        ("Reduce it from 38 seconds to 20 seconds", "en", ("38", "20", "seconds")),
        ("auf 50 % (heute 30 %)", "de", ("30", "50", "%")),
        ("to 10 % from 5 %", "en", ("5", "10", "%")),
        ("von 12 000 auf 15 000 Nutzer", "de", ("12000", "15000", "")),
        ("revenue from €0.8M to €1.2M", "en", ("0.8", "1.2", "M €")),
        ("1.234,5 → 1.000,0", "de", ("1234.5", "1000.0", "")),
        ("move 12 teams to 3 platforms", "en", None),
        ("10–20 customers", "en", None),
        ("from Q1 2026 to Q4 2026", "en", None),
        ("from good to great", "en", None),
    ],
)
def test_a_way_from_one_figure_to_another(text: str, language: Language, expected: tuple[str, str, str] | None) -> None:
    assert way(text, language) == expected


@pytest.mark.parametrize(
    ("text", "bound", "number", "meets_itself"),
    [
        ("< 12", Bound.BELOW, "12", False),
        ("stay under 12 a week", Bound.BELOW, "12", False),
        ("≤ 12", Bound.BELOW, "12", True),
        ("höchstens 12", Bound.BELOW, "12", True),
        ("at least 99.9 %", Bound.ABOVE, "99.9", True),
        ("p95 > 300 ms", Bound.ABOVE, "300", False),
        ("mindestens 99.9 %", Bound.ABOVE, "99.9", True),
    ],
)
def test_a_limit_to_hold(text: str, bound: Bound, number: str, *, meets_itself: bool) -> None:
    aim = aim_in(text, "en")
    assert aim is not None
    assert aim.target is not None
    assert (aim.bound, str(aim.target.number), aim.meets_itself) == (bound, number, meets_itself)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Win 10 customers", "10"),
        ("Win 10 customers by 31 Dec", "10"),
        ("Win 10 customers in Q4 2026", "10"),
        ("3 Partner bis 31.12.2026", "3"),
        ("PAY-412 brings 7 markets", "7"),
        ("Launch the ledger in 2026", None),
        ("Win 10 customers in 3 markets", None),
        ("Run 24/7", None),
        ("Be ISO-27001 certified", None),
        ("No figure", None),
    ],
)
def test_the_only_figure_is_the_target(text: str, target: str | None) -> None:
    aim = aim_in(text, "en")
    assert (None if aim is None or aim.target is None else str(aim.target.number)) == target


def test_a_change_alone_says_no_target() -> None:
    assert aim_in("Grow revenue by 20 %", "en") == Aim(says_change_only=True)
    assert aim_in("Umsatz um 20 % steigern", "de") == Aim(says_change_only=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42", Figure(Decimal(42))),
        ("42\u00a0%", Figure(Decimal(42), "%")),
        ("~29 s", Figure(Decimal(29), "s")),
        ("$5", Figure(Decimal(5), "$")),
        ("12 customers", Figure(Decimal(12), "customers")),
        ("1.5k", Figure(Decimal("1.5"), "", Decimal(1000), "k")),
        ("−3.5", Figure(Decimal("-3.5"))),
        ("29 (19 Nov)", None),
        ("about six", None),
        ("9" * 16, None),
        ("999999999999999 bn", None),
    ],
)
def test_a_cell_that_is_one_figure(text: str, expected: Figure | None) -> None:
    assert figure_of(text, "en") == expected


def test_units_that_differ_are_not_put_together() -> None:
    assert alike(Figure(Decimal(2), "h"), Figure(Decimal(30), "min")) is None
    assert alike(Figure(Decimal(5)), Figure(Decimal(10), "%")) == (
        Figure(Decimal(5), "%"),
        Figure(Decimal(10), "%"),
    )


def test_scales_that_differ_are_spelled_out() -> None:
    one, other = Figure(Decimal(800), "€", Decimal(1000), "k"), Figure(Decimal("1.2"), "€", Decimal(10**6), "M")
    assert alike(one, other) == (Figure(Decimal(800000), "€"), Figure(Decimal(1200000), "€"))


@pytest.mark.parametrize(
    ("text", "colour", "expected"),
    [
        ("6", "", 6),
        ("8/10", "", 8),
        ("4/5", "", 8),
        ("70 %", "", 7),
        ("0.7", "", 7),
        ("At risk", "", 3),
        ("gefährdet", "", 3),
        ("🟢", "", 8),
        ("⚠️", "", 3),
        ("OK so far", "green", 8),
        ("In progress", "blue", None),
        ("70", "", None),
        ("30 of 20", "green", None),
        ("🟢 or 🔴", "", None),
    ],
)
def test_confidence_in_many_forms(text: str, colour: str, expected: int | None) -> None:
    assert confidence_of(text, colour, "en") == expected


def test_a_unit_in_brackets() -> None:
    assert (unit_in_brackets("Target (%)"), unit_in_brackets("Time [ms]"), unit_in_brackets("Target (new)")) == (
        "%",
        "ms",
        "",
    )


@given(st.text(max_size=200) | st.text("0123456789.,%<>≥→- kM€s()", max_size=60), st.sampled_from(["en", "de"]))
def test_no_text_raises(text: str, language: Language) -> None:
    aim_in(text, language)
    figure_of(text, language)
    confidence_of(text, "green", language)


def test_long_rows_of_digits_are_read_in_bounded_steps() -> None:
    for text in ("1 " * 20_000, "1" * 20_000, "1.1," * 10_000, "from 1 " * 5_000, "38 → " * 5_000):
        aim_in(text, "en")
        figure_of(text, "en")
