"""A new state of the region goes in, and the rows and columns that people added or moved stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mapping.figures import CycleFigure
from tests.unit.mapping.editing import EditedTable, as_tokens
from tests.unit.mapping.example import FIGURE, OBJECTIVES, PAY
from tests.unit.mapping.splicing import changed, fields, region_of, spliced


def test_the_same_again_changes_no_byte() -> None:
    assert spliced(region_of(), region_of()) == region_of()


def test_a_new_state_replaces_the_old_one() -> None:
    assert spliced(region_of(), region_of(changed())) == region_of(changed())


def test_what_says_the_same_keeps_the_bytes_that_confluence_made_of_it() -> None:
    edited = EditedTable.of(region_of())
    edited.with_local_ids()
    again = spliced(edited.region(), region_of())
    assert again == edited.region()
    after = spliced(edited.region(), region_of(changed()))
    assert after.count("local-id") >= edited.region().count("local-id") - 3
    assert fields(after) == fields(region_of(changed()))


@pytest.mark.parametrize("at", [1, 2, 3, 5, 9, 12, 13, 14])
def test_a_persons_row_follows_the_row_that_it_followed(at: int) -> None:
    edited = EditedTable.of(region_of())
    edited.add_row(at, "mine")
    before = edited.rows[at - 1]
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    (place,) = (index for index, row in enumerate(after.rows) if "mine" in row[0])
    assert after.rows[place] == edited.rows[at]
    assert after.rows[place - 1][0] == before[0]


def test_a_persons_row_above_the_header_and_one_that_spans_stay() -> None:
    edited = EditedTable.of(region_of())
    edited.add_spanning_row(4, "<strong>Ours to finish</strong> · 37 % sure")
    edited.add_row(0, "Top")
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert [row[0] for row in after.rows[:2]] == [edited.rows[0][0], EditedTable.of(region_of()).rows[0][0]]
    assert after.rows[5] == edited.rows[5]


@pytest.mark.parametrize("at", [0, 1, 3, 6, 7])
def test_a_persons_column_stays_where_it_is(at: int) -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(at, "Theirs", "mine")
    after = spliced(edited.region(), region_of(changed()))
    table = EditedTable.of(after)
    assert "Theirs" in table.rows[0][at]
    assert [row[at] for row in table.rows if len(row) > 2] == [row[at] for row in edited.rows if len(row) > 2]
    assert fields(after) == fields(region_of(changed()))
    assert 'style="width: 99.0px;"' in after
    spanning = [row for row in table.rows if "colspan" in row[0]]
    assert all((len(row), 'colspan="7"' in row[0]) == ((2, True) if at == 7 else (1, False)) for row in spanning)


def test_a_person_may_write_beside_an_objective() -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(7, "Theirs", "mine")
    edited.rows[1][1] = "<td><p>ask Carla</p></td>"
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert after.rows[1][1] == "<td><p>ask Carla</p></td>"


def test_a_persons_order_within_an_objective_stays() -> None:
    edited = EditedTable.of(region_of())
    edited.swap(2, 4)
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert after.keys_in_order[:3] == ["PAY-KR3", "PAY-KR2", "PAY-KR1"]
    taken = EditedTable.of(spliced(edited.region(), region_of(changed()), take_order=True))
    assert taken.keys_in_order[:3] == ["PAY-KR1", "PAY-KR2", "PAY-KR3"]


def test_a_persons_order_of_objectives_stays() -> None:
    edited = EditedTable.of(region_of())
    edited.rows[1:5], edited.rows[5:9] = edited.rows[5:9], edited.rows[1:5]
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert [key[:3] for key in after.keys_in_order] == ["PLA"] * 3 + ["PAY"] * 3 + ["GRO"] * 3


def test_a_key_result_under_another_objective_comes_back_to_its_own() -> None:
    edited = EditedTable.of(region_of())
    edited.rows.insert(12, edited.rows.pop(2))
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert [key[:3] for key in after.keys_in_order] == ["PAY"] * 3 + ["PLA"] * 3 + ["GRO"] * 3


def test_a_table_that_was_sorted_is_put_together_again() -> None:
    edited = EditedTable.of(region_of())
    edited.add_row(3, "mine")
    edited.rows[1:] = sorted(edited.rows[1:], key=lambda row: row[-1])
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert sorted(after.keys_in_order) == sorted(edited.keys_in_order)
    assert sum("mine" in row[0] for row in after.rows) == 1
    assert [row[0] for row in after.rows if "colspan" in row[0]][-1] == EditedTable.of(region_of()).rows[-1][0]


def test_a_row_that_a_person_took_away_comes_back_in_its_place() -> None:
    edited = EditedTable.of(region_of())
    del edited.rows[3]
    assert spliced(edited.region(), region_of()) == region_of()


def test_a_second_row_with_the_same_key_is_a_persons() -> None:
    edited = EditedTable.of(region_of())
    edited.rows.insert(6, [*edited.rows[2][:-1], "<td><p>copied</p></td>"])
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert after.rows[6] == edited.rows[6]
    assert after.rows[2] == EditedTable.of(region_of(changed())).rows[2]


def fewer() -> CycleFigure:
    return replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=PAY[:2]), *OBJECTIVES[1:]))


def test_a_row_with_an_unknown_key_stays_unless_it_was_ours() -> None:
    kept = EditedTable.of(spliced(region_of(), region_of(fewer())))
    assert "PAY-KR3" in kept.keys_in_order
    gone = spliced(region_of(), region_of(fewer()), retired={"PAY-KR3"})
    assert gone == region_of(fewer())


def test_a_row_of_ours_that_holds_a_persons_words_is_not_taken_away() -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(7, "Theirs", "mine")
    kept = EditedTable.of(spliced(edited.region(), region_of(fewer()), retired={"PAY-KR3"}))
    assert kept.row_of("PAY-KR3")[7] == "<td><p>mine PAY-KR3</p></td>"


def test_new_rows_and_objectives_come_in_at_their_place() -> None:
    without = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=PAY[1:]), OBJECTIVES[2]))
    assert spliced(region_of(without), region_of()) == region_of()


def test_an_objective_that_was_renamed_or_taken_out_leaves_no_old_row() -> None:
    objective = replace(OBJECTIVES[0].objective, title="Paying is a joy")
    renamed = replace(FIGURE, objectives=(replace(OBJECTIVES[0], objective=objective), *OBJECTIVES[1:]))
    assert spliced(region_of(), region_of(renamed)) == region_of(renamed)
    without = replace(FIGURE, objectives=OBJECTIVES[1:])
    gone = {figure.key_result.key for figure in PAY}
    assert spliced(region_of(), region_of(without), retired=gone) == region_of(without)


def test_words_behind_an_objectives_figure_are_replaced_not_doubled() -> None:
    edited = EditedTable.of(region_of())
    edited.rows[1][0] = edited.rows[1][0].replace("</p></td>", " well done!</p></td>")
    assert spliced(edited.region(), region_of()) == region_of()
    assert spliced(as_tokens(edited.region()), region_of()) == as_tokens(region_of())


def test_a_copied_row_never_comes_to_stand_above_its_original() -> None:
    edited = EditedTable.of(region_of())
    copy = [*edited.row_of("PLA-KR2")[:-1], "<td><p>copied</p></td>"]
    moved = edited.rows.pop(4)
    edited.rows += [moved, copy]
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    places = [index for index, row in enumerate(after.rows) if "PLA-KR2" in row[0]]
    assert places == [7, 8]
    assert after.rows[8] == copy


def test_what_stands_at_a_renamed_objective_stays_there() -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(7, "Theirs", "mine")
    edited.rows[1][1] = "<td><p>ask Carla</p></td>"
    edited.add_row(2, "below the objective")
    objective = replace(OBJECTIVES[0].objective, title="Paying is a joy")
    renamed = replace(FIGURE, objectives=(replace(OBJECTIVES[0], objective=objective), *OBJECTIVES[1:]))
    after = EditedTable.of(spliced(edited.region(), region_of(renamed)))
    assert "Paying is a joy" in after.rows[1][0]
    assert after.rows[1][1] == "<td><p>ask Carla</p></td>"
    assert after.rows[2] == edited.rows[2]
    assert len(after.rows) == len(edited.rows)


def test_an_objective_that_is_gone_stays_where_a_person_wrote_beside_it() -> None:
    edited = EditedTable.of(region_of())
    edited.add_column(7, "Theirs", "")
    edited.rows[1][1] = "<td><p>ask Carla</p></td>"
    without = replace(FIGURE, objectives=OBJECTIVES[1:])
    gone = {each.key_result.key for each in PAY}
    after = EditedTable.of(spliced(edited.region(), region_of(without), retired=gone))
    assert after.rows[1] == edited.rows[1]
    assert not [row for row in after.rows if "PAY-KR" in row[0] and "<p>" not in row[7]]


def test_a_persons_row_keeps_its_very_bytes() -> None:
    row = '<tr class="mine" >\n <td>a</td>  <td />\n<th>b</th><!-- c --> <td>&nbsp;</td></tr>'
    page = region_of().replace("</tr>\n<tr><td><p>Payments", f"</tr>\n{row}\n<tr><td><p>Payments", 1)
    assert page != region_of()
    assert row in spliced(page, region_of(changed()))
