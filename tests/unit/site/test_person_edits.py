"""What people do to a table, as changes of a page's text."""

import re

import pytest

from tests.site import person_edits

KEY = "okr-pay"
BODY = (
    "<p>before &mdash; a</p>"
    f'<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">{KEY}</ac:parameter><ac:rich-text-body>'
    "<table><tbody><tr><th><p>Key result</p></th><th><p>Now</p></th></tr>"
    '<tr><td colspan="2"><p>Objective</p></td></tr>'
    "<tr><td><p>b</p></td><td><p>29</p></td></tr><tr><td><p>a</p></td><td><p>7</p></td></tr>"
    "</tbody></table></ac:rich-text-body></ac:structured-macro>\n<p>after</p>"
)


def _first_cells(body: str) -> list[str]:
    return re.findall(r"<tr><t[dh](?: colspan=\"\d\")?><p>([^<]*)</p>", body)


def test_rows_are_moved_doubled_sorted_and_taken_away() -> None:
    assert _first_cells(person_edits.with_moved_row(BODY, KEY, "7", 0)) == ["Key result", "a", "Objective", "b"]
    assert _first_cells(person_edits.with_doubled_row(BODY, KEY, "29")) == ["Key result", "Objective", "b", "b", "a"]
    assert _first_cells(person_edits.without_row(BODY, KEY, "29")) == ["Key result", "Objective", "a"]
    falling = person_edits.with_sorted_rows(BODY, KEY, 0, descending=True)
    assert _first_cells(falling) == ["Key result", "Objective", "b", "a"]


def test_a_column_of_a_persons_own_stands_at_the_end() -> None:
    changed = person_edits.with_added_column(BODY, KEY, "Comment", "mine")
    assert changed.count("<td><p>mine</p></td></tr>") == 2
    assert "<th><p>Comment</p></th></tr>" in changed
    assert 'colspan="3"' in changed


def test_rows_are_numbered_in_a_column_before_the_first() -> None:
    changed = person_edits.with_numbered_rows(BODY, KEY)
    assert '<tr><th class="numberingColumn" /><th><p>Key result</p></th>' in changed
    assert '<tr><td class="numberingColumn">2</td><td><p>b</p></td>' in changed


def test_the_macro_goes_and_the_words_around_it_stay() -> None:
    assert person_edits.without_macro(BODY, KEY) == "<p>before &mdash; a</p>\n<p>after</p>"


def test_nothing_else_changes() -> None:
    changed = person_edits.with_typed_cell(BODY, KEY, "29", 1, "30")
    assert changed == BODY.replace("29", "30")
    assert person_edits.with_renamed_header(BODY, KEY, 1, "Ist") == BODY.replace("Now", "Ist")


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        person_edits.without_row(BODY, KEY, "nowhere")
    with pytest.raises(KeyError, match="no-key"):
        person_edits.with_copied_macro(BODY, "no-key")
