"""Ours takes the place of a hand-made table only while that says what it said; every byte around it stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.adoption import find_tables
from mapping.adoption_place import (
    hand_made_tables,
    insert_in_place,
    is_kept_apart,
    replaced_by_ours,
    still_stands,
)
from mapping.page_region import insert_region
from mapping.storage_scan import encoded, tree_of
from tests.unit.mapping import hand_made
from tests.unit.mapping.bodies import bodies
from tests.unit.mapping.hand_made import row, table

OURS = "<ac:structured-macro ac:name='details'>ours</ac:structured-macro>"
TABLE = table(row("Key result", "Owner"), row("More merchants", "Ana &uuml; <![CDATA[x]]>"))
OTHER = table(row("Key result", "Owner"), row("Fewer chargebacks", "Mads"))
BEFORE, AFTER = "<p>a<br/>&nbsp;</p>", "<hr/><p class='x'>b</p>"
PAGE = BEFORE + TABLE + AFTER


def put(body: str, of: str = PAGE, numbers: tuple[int, ...] = (1,)) -> str:
    return insert_in_place(body, OURS, "okr", replaced_by_ours(of, numbers))


def test_ours_stands_exactly_where_the_table_stood() -> None:
    assert put(PAGE) == BEFORE + OURS + AFTER


def test_without_a_wish_to_replace_nothing_is_taken_away() -> None:
    assert insert_in_place(PAGE, OURS, "okr", None) == insert_region(PAGE, OURS, "okr") == PAGE + OURS


def test_a_table_that_moved_is_found_again() -> None:
    moved = BEFORE + OTHER + AFTER + TABLE
    assert put(moved) == BEFORE + OTHER + AFTER + OURS


def test_of_two_that_say_the_same_the_one_in_its_place_is_replaced() -> None:
    twice = TABLE + BEFORE + TABLE
    assert put(twice, twice, (2,)) == TABLE + BEFORE + OURS
    assert put(TABLE + TABLE + TABLE, twice, (2,)) == TABLE + OURS + TABLE


def test_what_confluence_does_to_markup_changes_nothing() -> None:
    written = TABLE.replace("<table>", '<table data-layout="default" ac:local-id="7"><colgroup><col /></colgroup>')
    written = written.replace("<p>More merchants</p>", '<p local-id="8"><strong>More</strong> merchants</p>')
    assert put(BEFORE + written + AFTER) == BEFORE + OURS + AFTER


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace("More merchants", "Many more merchants"),
        lambda body: body.replace("More", '<ac:inline-comment-marker ac:ref="1">More</ac:inline-comment-marker>'),
        lambda body: body.replace("Ana", '<ac:link><ri:user ri:account-id="1"/></ac:link>Ana'),
        lambda body: body.replace("<p>Ana", '<p><a href="https://acme.example/browse/PAY-1">Ana</a>'),
        lambda body: body.replace("Ana", '<ac:image><ri:attachment ri:filename="a.png"/></ac:image>Ana'),
        lambda body: body.replace(TABLE, ""),
        lambda body: body.replace("</tbody>", row("", "") + "</tbody>").replace("More", "Mor&eacute;"),
    ],
)
def test_a_table_that_anybody_touched_is_never_taken_away(change: Callable[[str], str]) -> None:
    changed = change(PAGE)
    assert changed != PAGE
    assert put(changed) == changed + OURS
    assert is_kept_apart(changed, replaced_by_ours(PAGE, (1,)))


def test_a_table_in_a_macro_a_list_or_a_cell_stays() -> None:
    for wrapped in (f"<ul><li>{TABLE}</li></ul>", table(f"<tr><td>{TABLE}</td></tr>")):
        assert put(wrapped, wrapped, (1,) if "<li>" in wrapped else (2,)) == wrapped + OURS


def test_of_several_tables_ours_takes_the_first_place_or_none() -> None:
    page = BEFORE + TABLE + AFTER + OTHER
    assert put(page, page, (1, 2)) == BEFORE + OURS + AFTER
    touched = page.replace("Mads", "Lucie")
    assert put(touched, page, (1, 2)) == BEFORE + TABLE + OURS + AFTER + OTHER.replace("Mads", "Lucie")


def test_several_tables_that_changed_places_are_found_again() -> None:
    replaces = replaced_by_ours(BEFORE + TABLE + AFTER + OTHER, (1, 2))
    assert insert_in_place(BEFORE + OTHER + AFTER + TABLE, OURS, "okr", replaces) == BEFORE + OURS + AFTER


def test_it_is_said_as_long_as_the_original_stands() -> None:
    replaces = replaced_by_ours(PAGE, (1,))
    touched = PAGE.replace("Ana", "Lucie")
    assert not is_kept_apart(PAGE, replaces)
    assert still_stands(touched + OURS, replaces)
    assert not still_stands(BEFORE + AFTER + OURS, replaces)
    assert not is_kept_apart(PAGE, None)


def test_a_table_below_a_heading_in_a_layout_is_free() -> None:
    page = hand_made.LISTS_IN_CELLS
    (found,) = find_tables(page, {})
    assert found.place.is_free
    start, end = page.index("<table>"), page.index("</table>") + len("</table>")
    assert put(page, page) == page[:start] + OURS + page[end:]


def test_inline_comments_in_a_table_are_counted() -> None:
    marked = PAGE.replace("More", '<ac:inline-comment-marker ac:ref="1">More</ac:inline-comment-marker>')
    (place,) = hand_made_tables(tree_of(encoded(marked)))
    assert place.comments == 1


@given(bodies(), bodies(), st.sampled_from(hand_made.ALL))
def test_every_byte_outside_the_table_stays(before: str, after: str, page: str) -> None:
    start, end = page.index("<table"), page.index("</table>") + len("</table>")
    body = before + page[start:end] + after
    number = len(hand_made_tables(tree_of(encoded(before)))) + 1
    assert put(body, body, (number,)) == before + OURS + after
