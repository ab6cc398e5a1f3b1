"""A sentence about what will be different becomes a draft; what it does not say is asked for, never made up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.draft_key_result import LONGEST_TITLE, Ask, draft_key_result, names_work
from mapping.okr import Bound

WAYS = [
    ("The median checkout time falls from 38 to 20 s", "The median checkout time", "38", "20", "s", True),
    ("Checkout time takes 20 s instead of 38 s", "Checkout time", "38", "20", "s", True),
    ("Die Bezahlung dauert statt 38 nur noch 20 s", "Die Bezahlung", "38", "20", "s", True),
    ("Die Antwortzeit sinkt von 2,5 auf 1,2 Stunden", "Die Antwortzeit", "2.5", "1.2", "Stunden", True),
    ("Active teams: 12 → 40", "12 → 40", "12", "40", "", False),
    ("Conversion rises from 4.1 % to 6 %", "Conversion", "4.1", "6", "%", False),
]


@pytest.mark.parametrize(("sentence", "key_result", "baseline", "target", "unit", "falls"), WAYS)
def test_from_where_to_where_is_read(
    sentence: str, key_result: str, baseline: str, target: str, unit: str, falls: bool
) -> None:
    draft = draft_key_result(sentence)
    assert (draft.key_result, draft.unit, draft.falls) == (key_result, unit, falls)
    assert (draft.baseline, draft.target, draft.asks) == (Decimal(baseline), Decimal(target), ())


def test_what_stands_before_a_colon_is_the_objective() -> None:
    draft = draft_key_result("Paying feels instant: checkout takes 20 s instead of 38 s.")
    assert (draft.objective, draft.key_result) == ("Paying feels instant", "Checkout")
    assert (draft.baseline, draft.target) == (Decimal(38), Decimal(20))


def test_the_objective_keeps_the_way_it_goes() -> None:
    assert draft_key_result("The median checkout time falls from 38 to 20 s").objective == (
        "The median checkout time falls"
    )


@pytest.mark.parametrize(
    ("sentence", "bound", "target"),
    [
        ("Less than 2 % of payments fail", Bound.BELOW, "2"),
        ("Weniger als 2 % der Zahlungen scheitern", Bound.BELOW, "2"),
        ("At least 99.9 % of payments go through", Bound.ABOVE, "99.9"),
    ],
)
def test_a_limit_to_hold_asks_for_no_baseline(sentence: str, bound: Bound, target: str) -> None:
    draft = draft_key_result(sentence)
    assert (draft.bound, draft.target, draft.baseline, draft.asks) == (bound, Decimal(target), None, ())


@pytest.mark.parametrize(
    ("sentence", "ask"),
    [
        ("Fewer payments fail", Ask.FIGURE),
        ("Onboarding takes 3 days", Ask.BASELINE),
        ("Customers wait less, by 20 %", Ask.CHANGE),
        ("Checkout goes from 2 min to 20 s", Ask.UNITS_DIFFER),
    ],
)
def test_what_is_missing_is_asked_for(sentence: str, ask: Ask) -> None:
    assert draft_key_result(sentence).asks == (ask,)


@pytest.mark.parametrize(
    ("sentence", "falls"), [("Fewer payments fail", True), ("Mehr Teams machen mit", False), ("People are happy", None)]
)
def test_words_tell_which_way_is_better(sentence: str, falls: bool | None) -> None:
    assert draft_key_result(sentence).falls is falls


def test_nothing_said_is_nothing_drafted() -> None:
    draft = draft_key_result("  ")
    assert (draft.objective, draft.key_result, draft.asks) == ("", "", ())


def test_work_is_told_from_what_it_changes() -> None:
    assert names_work("Release the new checkout")
    assert not names_work("Median checkout time")
    assert not names_work("")


@given(st.text(max_size=400))
def test_no_figure_is_made_up_whatever_is_said(sentence: str) -> None:
    draft = draft_key_result(sentence)
    assert len(draft.objective) <= LONGEST_TITLE
    assert len(draft.key_result) <= LONGEST_TITLE
    for figure in (draft.baseline, draft.target):
        assert figure is None or any(letter.isdigit() for letter in sentence)
