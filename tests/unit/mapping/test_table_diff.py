"""What a write would change, cell by cell and word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mapping.region_lines import RegionLines, line_changes, plain_above
from mapping.table_diff import CellChange, Changes, Fate, LineChange, changes_between, word_parts
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


def test_lines_of_no_key_result_are_compared_by_title_without_their_moment() -> None:
    above = plain_above("1 of 3 needs attention · as of 22 Nov 2026, 09:40 UTC")
    assert above == plain_above("1 of 3 needs attention · as of 23 Nov 2026, 10:00 UTC")
    before = RegionLines(above, {"Paying feels instant": "Paying feels instant · 46 %", "Old": "Old · 10 %"})
    after = RegionLines(above, {"Paying feels instant": "Paying feels instant · 48 %", "Renamed": "Renamed · 10 %"})
    assert line_changes(before, before) == ()
    assert line_changes(before, after) == (
        LineChange("objective", "Paying feels instant · 46 %", "Paying feels instant · 48 %"),
        LineChange("objective", "Old · 10 %", "Renamed · 10 %"),
    )
    more = RegionLines("2 of 3 need attention", {**before.objectives, "New": "New · 0 %"} if before.objectives else {})
    assert line_changes(before, more) == (
        LineChange("above", above, "2 of 3 need attention"),
        LineChange("objective", "", "New · 0 %"),
    )
    assert line_changes(RegionLines(above, None), after) == (), "what nobody remembers is no news"


def test_another_look_is_a_change_of_the_whole() -> None:
    assert Changes().is_nothing
    assert Changes(looks_new=True).is_of_the_whole
    assert not Changes(looks_new=True).is_nothing
