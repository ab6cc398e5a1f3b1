"""What linking rules want, and what becomes of each issue."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.issue import IssueSnapshot, StatusCategory
from mapping.okr import Role
from mapping.rules import InvalidRule, Outcome, Rule, RuleKind, Standing, is_linkable, judge, served_by

NOW = datetime(2026, 11, 22, tzinfo=UTC)
EPIC = IssueSnapshot("10", "PAY-10", "1", "PAY", 1, None, StatusCategory.NEW, None, None, NOW, NOW)
KNOWN = {"PAY-KR1", "PAY-KR2"}


def labelled(*labels: str) -> IssueSnapshot:
    return replace(EPIC, labels=frozenset(labels))


@pytest.mark.parametrize(
    ("labels", "served"),
    [
        ((), set()),
        (("kr-PAY-KR1",), {"PAY-KR1"}),
        (("KR-pay-kr1", "other"), {"PAY-KR1"}),
        (("kr-PAY-KR1", "kr-PAY-KR2"), {"PAY-KR1", "PAY-KR2"}),
        (("kr-PAY-KR9",), set()),
        (("PAY-KR1", "okr-PAY-KR1", "kr-"), set()),
    ],
)
def test_a_label_names_the_key_result_that_it_stands_for(labels: tuple[str, ...], served: set[str]) -> None:
    assert served_by(Rule(RuleKind.LABELS, "kr-"), labelled(*labels), KNOWN) == served


def test_one_label_and_one_project_serve_what_the_rule_says() -> None:
    label, project = Rule(RuleKind.LABEL, "Retry", "PAY-KR1"), Rule(RuleKind.PROJECT, "PAY")
    assert served_by(label, labelled("retry"), KNOWN) == {"PAY-KR1"}
    assert served_by(label, labelled("retry-2"), KNOWN) == frozenset()
    assert served_by(project, EPIC, KNOWN) == {""}
    assert served_by(project, replace(EPIC, project_key="PAYX"), KNOWN) == frozenset()
    assert served_by(Rule(RuleKind.JQL, "labels = x", "PAY-KR2"), EPIC, KNOWN) == {"PAY-KR2"}


@pytest.mark.parametrize(("level", "linkable"), [(-1, False), (0, False), (1, True), (2, True)])
def test_rules_are_about_epics_and_what_stands_above(level: int, linkable: bool) -> None:
    assert is_linkable(replace(EPIC, level=level)) is linkable


@pytest.mark.parametrize(
    ("standing", "matches", "is_done", "outcome"),
    [
        (Standing(), True, False, Outcome.ADD),
        (Standing(), True, True, Outcome.ADD),
        (Standing(), False, False, None),
        (Standing(is_linked=True, by_this_rule=True), True, False, Outcome.KEPT),
        (Standing(is_linked=True), True, False, Outcome.ALREADY),
        (Standing(is_linked=True), False, False, None),
        (Standing(is_linked=True, by_this_rule=True), False, True, Outcome.FINISHED),
        (Standing(is_linked=True, by_this_rule=True), False, False, Outcome.NO_LONGER),
        (Standing(is_taken_away=True), True, False, Outcome.TAKEN_AWAY),
        (Standing(is_decided=True), True, False, Outcome.DECIDED),
        (Standing(is_linked=True, is_taken_away=True), True, False, Outcome.ALREADY),
    ],
)
def test_what_becomes_of_an_issue(standing: Standing, matches: bool, is_done: bool, outcome: Outcome | None) -> None:
    assert judge(standing, matches=matches, is_done=is_done) is outcome


def test_only_what_nobody_decided_and_nobody_linked_is_added() -> None:
    flags = list(product([True, False], repeat=6))
    for linked, by_rule, taken, decided, matches, done in flags:
        outcome = judge(Standing(linked, by_rule, taken, decided), matches=matches, is_done=done)
        assert (outcome is Outcome.ADD) is (matches and not linked and not taken and not decided)


@pytest.mark.parametrize(
    ("kind", "wanted", "field"),
    [
        ("jql", " ", "wanted"),
        ("jql", "x" * 4001, "wanted"),
        ("jql", "a\nb", "wanted"),
        ("label", "", "wanted"),
        ("label", "two words", "wanted"),
        ("label", "l" * 201, "wanted"),
        ("labels", "kr \x1b", "wanted"),
        ("project", "pay", "wanted"),
        ("property", "okr=1", "wanted"),
        ("property", "okr.serves=", "wanted"),
        ("property", "okr.serves=" + "x" * 200, "wanted"),
    ],
)
def test_what_can_be_no_rule_is_refused_with_its_field(kind: str, wanted: str, field: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        Rule(RuleKind(kind), wanted, "PAY-KR1")
    assert refused.value.field == field


@pytest.mark.parametrize("weight", ["0", "-1", "NaN", "Infinity", "1e16", "0.0000000001"])
def test_a_weight_is_a_number_above_0(weight: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        Rule(RuleKind.LABEL, "retry", "PLA-KR3", Role.DRIVES, Decimal(weight))
    assert refused.value.field == "weight"


def test_a_rule_is_no_step() -> None:
    with pytest.raises(InvalidRule):
        Rule(RuleKind.LABEL, "retry", "PAY-KR3", Role.STEP)


def test_a_property_has_a_key_a_path_and_a_value() -> None:
    rule = Rule(RuleKind.PROPERTY, "okr.links.serves=PAY-KR1 = now")
    assert rule.property_parts == ("okr", "links.serves", "PAY-KR1 = now")


@given(st.sampled_from(RuleKind), st.text(max_size=60))
def test_any_text_makes_a_rule_or_is_refused(kind: RuleKind, wanted: str) -> None:
    with suppress(InvalidRule):
        rule = Rule(kind, wanted)
        assert rule.wanted.isprintable()
        assert kind is not RuleKind.PROPERTY or all(rule.property_parts)
