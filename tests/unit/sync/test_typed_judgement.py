"""What becomes of each typed text, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connector.site_answers import SiteAccount
from mapping.okr import KeyResult
from mapping.region_reading import TypedChange
from mapping.table_parts import Column
from sync.ports import PageVersion
from sync.typed_accounts import UNNAMED, Authors
from sync.typed_judgement import MOST_AT_ONCE, Circumstances, judge, note_lost
from sync.typed_rights import Rights
from sync.typed_versions import TypedIn

AT = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
KEYS = [f"T-KR{number}" for number in range(1, 9)]
KRS = {key: KeyResult(key, "T-O1", "Checkout", unit="s", baseline=Decimal(38), target=Decimal(20)) for key in KEYS}
PEOPLE = {
    "ana": SiteAccount("ana", "Ana Duarte", "person"),
    "other": SiteAccount("other", "Ana Duarte", "person"),
    "bot": SiteAccount("bot", "Tidy Bot", "app"),
    "us": SiteAccount("us", "OKR sync", "app"),
}
EVERYBODY = Rights(None, {})


def typed(text: str, by: str = "ana", *, key: str = "T-KR1", column: Column = Column.NOW, message: str = "") -> TypedIn:
    return TypedIn(TypedChange(key, column, "29", text), PageVersion(3, by, AT, message))


def outcomes(*texts: TypedIn, rights: Rights = EVERYBODY, is_older: bool = False) -> list[str]:
    known = Circumstances(KRS, "en", rights, Authors(PEOPLE, ()), is_older, "us")
    return [text.outcome for text in judge(texts, known)]


@pytest.mark.parametrize(
    ("column", "text", "outcome"),
    [
        (Column.NOW, "27", "taken"),
        (Column.NOW, "27 s", "taken"),
        (Column.NOW, "27 %", "not_understood"),
        (Column.NOW, "1" + "0" * 16, "not_understood"),
        (Column.NOW, "0.0000000001", "not_understood"),
        (Column.CONFIDENCE, "8 of 10", "taken"),
        (Column.CONFIDENCE, "at risk", "taken"),
        (Column.CONFIDENCE, "11", "not_understood"),
        (Column.NEXT_STEP, "Ask the bank.", "taken"),
        (Column.BLOCKERS, "x" * 2000, "taken"),
        (Column.NOTE, "x" * 2001, "not_understood"),
        (Column.NOTE, "(no words)", "not_understood"),
    ],
)
def test_by_its_column_a_text_is_understood_or_not(column: Column, text: str, outcome: str) -> None:
    assert outcomes(typed(text, column=column)) == [outcome]


def test_more_cells_in_one_version_than_anybody_fills_in_at_once_are_asked_about() -> None:
    many = [typed("27", key=key) for key in KEYS[: MOST_AT_ONCE + 1]]
    assert set(outcomes(*many)) == {"to_confirm"}
    assert set(outcomes(*many[1:])) == {"taken"}


def test_an_app_is_asked_about_and_our_own_account_is_not() -> None:
    assert outcomes(typed("27", "bot")) == ["to_confirm"]
    assert outcomes(typed("27", "us")) == ["taken"]


def test_a_restored_version_and_an_older_table_are_asked_about() -> None:
    assert outcomes(typed("27", message="Reverted from v. 2")) == ["to_confirm"]
    assert outcomes(typed("27", message="I said Reverted from v. 2")) == ["taken"]
    assert outcomes(typed("27"), is_older=True) == ["to_confirm"]


def test_whoever_may_not_check_in_is_told_so_and_not_asked() -> None:
    owner = Rights({"T-KR1": frozenset({"Ana Duarte"})}, {})
    assert outcomes(typed("27"), rights=owner) == ["taken"]
    assert outcomes(typed("27", "bot"), rights=owner) == ["not_allowed"]
    assert outcomes(typed("about", "bot"), rights=owner) == ["not_understood"]


def test_a_name_stands_for_one_account() -> None:
    owner = Rights({"T-KR1": frozenset({"Ana Duarte"})}, {"Ana Duarte": "other"})
    assert outcomes(typed("27"), typed("27", "other"), rights=owner) == ["not_allowed", "taken"]


def test_an_account_without_a_name_is_nobodys() -> None:
    known = Circumstances(
        KRS, "en", Rights({"T-KR1": frozenset()}, {}), Authors({}, ()), is_older=False, our_account=""
    )
    (text,) = judge([typed("27")], known)
    assert (text.outcome, text.author_name) == ("not_allowed", UNNAMED)


def test_what_stands_in_computed_cells_is_noted_unless_an_older_version_brought_it() -> None:
    def noted(each: TypedIn, *, is_older: bool = False) -> list[str]:
        known = Circumstances(KRS, "en", EVERYBODY, Authors(PEOPLE, ()), is_older, "us")
        return [text.outcome for text in note_lost([each], known, "replaced")]

    assert noted(typed("Ben", column=Column.OWNER)) == ["replaced"]
    assert noted(typed("Ben", column=Column.OWNER), is_older=True) == []
    assert noted(typed("Ben", column=Column.OWNER, message="Reverted from v. 2")) == []


def test_a_key_result_that_is_no_more_is_passed_over() -> None:
    assert outcomes(typed("27", key="T-KR99")) == []
