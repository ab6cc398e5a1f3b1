"""Cells that a person merged: kept where they still fit, else one cell again, and no word is lost."""

from __future__ import annotations

from dataclasses import replace

from mapping.figures import CycleFigure
from mapping.table_parts import Column, TableSpec
from tests.unit.mapping.editing import EditedTable
from tests.unit.mapping.example import FIGURE, OBJECTIVES, PAY, PLA, SPEC
from tests.unit.mapping.splicing import CONFIDENCE, NEXT_STEP, NOW, changed, fields, region_of, spliced

FEW = replace(SPEC, columns=(Column.KEY_RESULT, Column.NOW, Column.OWNER))
BOTH = '<td rowspan="2"><p>both</p></td>'


def again(
    edited: EditedTable, figure: CycleFigure = FIGURE, spec: TableSpec = SPEC, take_order: bool = False
) -> EditedTable:
    new = region_of(figure, spec)
    return EditedTable.of(spliced(edited.region(), new, take_layout=spec is not SPEC, take_order=take_order))


def with_column() -> EditedTable:
    edited = EditedTable.of(region_of())
    edited.add_column(7, "Theirs", "mine")
    return edited


def test_cells_of_ours_that_a_person_merged_are_cells_again() -> None:
    edited = EditedTable.of(region_of())
    edited.row_of("PAY-KR1")[NOW : CONFIDENCE + 1] = ['<td colspan="2"><p>29</p></td>']
    edited.row_of("PAY-KR1")[-1] = edited.row_of("PAY-KR1")[-1].replace("<td", '<td rowspan="2"')
    del edited.row_of("PAY-KR2")[NEXT_STEP]
    assert spliced(edited.region(), region_of()) == region_of()


def test_a_persons_cell_over_two_key_results_stays_as_long_as_they_stand_together() -> None:
    edited = with_column()
    edited.row_of("PAY-KR1")[7] = BOTH
    del edited.row_of("PAY-KR2")[7]
    after = again(edited, changed())
    assert after.row_of("PAY-KR1")[7] == BOTH
    assert len(after.row_of("PAY-KR2")) == 7
    apart = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=(PAY[0], PLA[0], PAY[1])), *OBJECTIVES[2:]))
    split = again(edited, apart, take_order=True)
    assert split.row_of("PAY-KR1")[7] == "<td><p>both</p></td>"
    assert split.row_of("PAY-KR2")[7] == "<td><p></p></td>"


def test_a_persons_cell_over_a_key_result_and_their_own_row_stays() -> None:
    edited = with_column()
    edited.add_row(3, "mine")
    edited.rows[2][7] = BOTH
    del edited.rows[3][7]
    after = again(edited, changed())
    assert after.rows[2][7] == BOTH
    assert after.rows[3] == edited.rows[3]


def test_a_persons_cell_over_their_own_rows_stays_even_in_our_columns() -> None:
    edited = EditedTable.of(region_of())
    edited.add_row(3, "one")
    edited.add_row(4, "two")
    edited.rows[3][1] = BOTH
    del edited.rows[4][1]
    after = again(edited, changed())
    assert after.rows[3:5] == edited.rows[3:5]


def test_our_cell_that_a_person_made_reach_into_their_row_leaves_that_row_whole() -> None:
    edited = EditedTable.of(region_of())
    edited.add_row(3, "mine")
    edited.rows[2][1] = edited.rows[2][1].replace("<td", '<td rowspan="2"')
    del edited.rows[3][1]
    after = again(edited)
    assert after.rows[2] == EditedTable.of(region_of()).rows[2]
    assert len(after.rows[3]) == 7
    assert "mine" in after.rows[3][0]


def test_a_persons_cell_over_two_of_their_columns_stays_one_cell() -> None:
    edited = with_column()
    edited.add_column(8, "More", "mine")
    edited.row_of("PAY-KR1")[7:] = ['<td colspan="2"><p>wide</p></td>']
    after = again(edited, changed())
    assert after.row_of("PAY-KR1")[7:] == ['<td colspan="2"><p>wide</p></td>']


def test_a_persons_cell_that_reaches_into_our_column_gives_it_back() -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(2, "Theirs", "mine")
    edited.row_of("PAY-KR1")[2:4] = ['<td colspan="2"><p>wide</p></td>']
    new = region_of(changed())
    once = spliced(edited.region(), new)
    row = EditedTable.of(once).row_of("PAY-KR1")
    assert row[2:4] == ["<td><p>wide</p></td>", "<td><p>28</p></td>"]
    assert fields(once)["PAY-KR1", Column.NOW] == "28"


def test_spans_are_cells_again_where_columns_were_chosen_anew() -> None:
    edited = with_column()
    edited.row_of("PAY-KR1")[7] = BOTH
    del edited.row_of("PAY-KR2")[7]
    after = again(edited, spec=FEW)
    assert after.row_of("PAY-KR1")[3] == "<td><p>both</p></td>"
    assert after.row_of("PAY-KR2")[3] == "<td><p></p></td>"


def test_a_persons_spanning_row_spans_new_columns_too() -> None:
    few = EditedTable.of(region_of(spec=FEW))
    few.add_spanning_row(2, "all")
    few.add_row(3, "first")
    few.rows[3] = ['<td colspan="2"><p>first two</p></td>', "<td><p>third</p></td>"]
    after = EditedTable.of(spliced(few.region(), region_of(), take_layout=True))
    assert after.rows[2] == ['<td colspan="7" data-highlight-colour="#fffae6"><p>all</p></td>']
    words = ["first two" if "first" in cell else "third" if "third" in cell else "" for cell in after.rows[3]]
    assert [word for word in words if word] == ["first two", "third"]
    assert 'colspan="3"' in after.rows[3][0]


def test_a_cell_over_a_key_result_and_an_own_row_is_not_doubled_where_columns_were_chosen_anew() -> None:
    edited = with_column()
    edited.add_row(3, "mine")
    edited.rows[2][7] = BOTH
    del edited.rows[3][7]
    after = again(edited, spec=FEW)
    assert after.rows[2][3] == "<td><p>both</p></td>"
    assert len(after.rows[3]) == 4
    assert "both" not in "".join(after.rows[3])


def test_words_in_the_middle_of_an_objectives_row_part_it() -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(3, "Theirs", "mine")
    ours = edited.rows[1][0]
    edited.rows[1] = [ours.replace('"8"', '"3"'), "<td><p>ask</p></td>", '<td colspan="4"></td>']
    after = again(edited)
    assert after.rows[1] == [ours.replace('"8"', '"3"'), "<td><p>ask</p></td>", '<td colspan="4"><p></p></td>']


def test_a_new_row_has_an_empty_cell_in_a_persons_column() -> None:
    few = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=PAY[1:]), *OBJECTIVES[1:]))
    edited = EditedTable.of(region_of(few))
    edited.add_column(7, "Theirs", "mine")
    after = again(edited)
    assert after.row_of("PAY-KR1")[7] == "<td><p></p></td>"
    assert "mine" in after.row_of("PAY-KR2")[7]


def test_a_row_with_too_few_cells_is_filled_in_our_columns_only() -> None:
    edited = with_column()
    del edited.row_of("PAY-KR1")[5:]
    after = again(edited)
    assert after.row_of("PAY-KR1")[:7] == EditedTable.of(region_of()).row_of("PAY-KR1")
    assert after.row_of("PAY-KR1")[7] == "<td><p></p></td>"


def test_an_empty_cell_without_an_end_tag_is_widened_too() -> None:
    edited = EditedTable.of(region_of())
    edited.rows.insert(2, ['<td colspan="7" data-highlight-colour="#fffae6" />'])
    edited.add_column(7, "Theirs", "mine")
    edited.rows[2] = edited.rows[2][:1]
    few = EditedTable.of(spliced(edited.region(), region_of(spec=FEW), take_layout=True))
    assert few.rows[2][0] == '<td colspan="3" data-highlight-colour="#fffae6"></td>'
