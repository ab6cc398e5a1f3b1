"""What Confluence makes of a body on saving."""

import itertools
from collections.abc import Callable

import pytest

from tests.site.storage_rewrite import as_saved_by_editor, as_saved_by_rest

TABLE = (
    "<table>\n<tbody>\n<tr><td>29</td><td></td><td><b>a</b> b</td><td><p>c</p></td>"
    '<td><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">On</ac:parameter>'
    '<ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro></td></tr>\n</tbody></table>'
)


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):08d}-0000"


def test_macros_get_an_id_unless_they_have_one(new_id: Callable[[], str]) -> None:
    sent = '<ac:structured-macro ac:name="toc" /><ac:structured-macro ac:macro-id="mine" ac:name="toc" />'
    assert as_saved_by_rest(sent, new_id) == (
        '<ac:structured-macro ac:name="toc" ac:macro-id="00000001-0000" />'
        '<ac:structured-macro ac:name="toc" ac:macro-id="mine" />'
    )


def test_a_macro_id_that_is_there_twice_changes_in_the_second_place(new_id: Callable[[], str]) -> None:
    kept = as_saved_by_rest('<ac:structured-macro ac:name="toc" ac:macro-id="same" />' * 2, new_id)
    assert kept.count('ac:macro-id="same"') == 1
    assert kept.index("same") < kept.index("00000001-0000")


def test_markup_in_a_parameter_is_cut(new_id: Callable[[], str]) -> None:
    kept = as_saved_by_rest('<ac:parameter ac:name="title">a <strong>b</strong> c</ac:parameter>', new_id)
    assert kept == '<ac:parameter ac:name="title">a </ac:parameter>'


def test_a_link_in_a_parameter_stays(new_id: Callable[[], str]) -> None:
    sent = '<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="x" /></ac:link></ac:parameter>'
    assert as_saved_by_rest(sent, new_id) == sent


def test_active_parts_are_taken_out_and_the_text_around_them_stays(new_id: Callable[[], str]) -> None:
    sent = '<p onclick="x()">a<script>steal()</script>b<em>c</em><style>p {}</style>d</p>'
    assert as_saved_by_rest(sent, new_id) == "<p>ab<em>c</em>d</p>"


def test_attributes_come_in_confluences_order_and_tables_get_an_id(new_id: Callable[[], str]) -> None:
    kept = as_saved_by_rest('<table data-layout="wide" data-table-width="960"></table>', new_id)
    assert kept == '<table data-table-width="960" data-layout="wide" ac:local-id="00000001-0000" />'


def test_the_editor_rewrites_more_than_the_rest_interface(new_id: Callable[[], str]) -> None:
    assert as_saved_by_rest(TABLE, new_id).count("\n") == TABLE.count("\n")
    kept = as_saved_by_editor(TABLE, new_id)
    assert "\n" not in kept
    cells = kept.split("<td")[1:]
    assert [cell.count("<p") - cell.count("<param") for cell in cells] == [1, 1, 1, 1, 1]
    assert ">29</p></td>" in kept
    assert "<strong>a</strong> b</p>" in kept
    assert kept.index('ac:name="colour"') < kept.index('ac:name="title"')
    assert 'data-table-width="760"' in kept


def test_the_editor_writes_colours_as_rgb(new_id: Callable[[], str]) -> None:
    kept = as_saved_by_editor('<span style="color: #0747a6">x</span>', new_id)
    assert kept == '<span style="color: rgb(7,71,166);">x</span>'


def test_the_editor_leaves_spaces_between_words(new_id: Callable[[], str]) -> None:
    assert "<em>a</em> <em>b</em>" in as_saved_by_editor("<p><em>a</em> <em>b</em></p>", new_id)


@pytest.mark.parametrize("save", [as_saved_by_rest, as_saved_by_editor])
def test_saving_again_what_was_kept_changes_nothing(
    save: Callable[[str, Callable[[], str]], str], new_id: Callable[[], str]
) -> None:
    kept = save(TABLE + "\n<p>ü &nbsp;<br/></p>", new_id)
    assert save(kept, new_id) == kept
    assert as_saved_by_rest(kept, new_id) == kept
