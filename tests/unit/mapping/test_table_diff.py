"""What a write would change, cell by cell and word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mapping.table_diff import CellChange, Changes, Fate, changes_between, word_parts
from mapping.table_parts import Column

KEY, NOW, STEP = "PAY-KR1", Column.NOW, Column.NEXT_STEP


def test_only_what_reads_otherwise_is_a_change() -> None:
    before = {(KEY, NOW): "29", (KEY, STEP): "Call  issuer B."}
    after = {(KEY, NOW): "28", (KEY, STEP): "Call issuer B."}
    assert changes_between(before, after) == Changes((CellChange(KEY, NOW, "29", "28"),))
    assert changes_between(before, before).is_nothing


def test_rows_and_columns_that_come_and_go_are_named_once() -> None:
    before = {(KEY, NOW): "29", ("PAY-KR2", NOW): "3"}
    after = {(KEY, STEP): "Go.", ("PAY-KR3", STEP): ""}
    found = changes_between(before, after)
    assert (found.rows_come, found.rows_go) == (("PAY-KR3",), ("PAY-KR2",))
    assert (found.columns_come, found.columns_go, found.cells) == ((STEP,), (NOW,), ())
    assert not found.is_nothing


def test_of_a_new_table_every_row_comes_and_no_column() -> None:
    found = changes_between({}, {(KEY, NOW): "29"})
    assert (found.rows_come, found.columns_come) == ((KEY,), ())


def test_within_a_text_only_the_words_that_differ_are_marked() -> None:
    parts = [(part.fate, part.text) for part in word_parts("PAY-412 6 of 12 done", "PAY-412 7 of 12 done")]
    assert parts == [
        (Fate.STAYS, "PAY-412 "),
        (Fate.GOES, "6"),
        (Fate.COMES, "7"),
        (Fate.STAYS, " of 12 done"),
    ]


def test_another_text_is_said_as_a_whole() -> None:
    parts = word_parts("Ask the three data teams.", "Switch it on for three new shops today.")
    assert [part.fate for part in parts] == [Fate.GOES, Fate.COMES], "one word in common is no common text"
    assert [part.fate for part in word_parts("", "29")] == [Fate.COMES]
    assert [part.fate for part in word_parts("29", "")] == [Fate.GOES]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_word_is_lost(old: str, new: str) -> None:
    parts = word_parts(old, new)
    assert "".join(part.text for part in parts if part.fate is not Fate.COMES) == old
    assert "".join(part.text for part in parts if part.fate is not Fate.GOES) == new
