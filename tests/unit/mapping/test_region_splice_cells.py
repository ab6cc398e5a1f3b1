"""What a person typed, dressed, merged or commented in a cell of ours."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from mapping.table_parts import Column
from tests.unit.mapping.editing import EditedTable, as_tokens
from tests.unit.mapping.example import FIGURE, OBJECTIVES, PAY, SPEC
from tests.unit.mapping.splicing import NOW, changed, fields, region_of, spliced


def test_typed_text_that_nobody_took_yet_keeps_its_bytes() -> None:
    edited = EditedTable.of(region_of())
    typed = '<td local-id="7"><p>27 <em>or</em> 26?&nbsp;</p></td>'
    edited.row_of("PAY-KR1")[NOW] = typed
    kept = EditedTable.of(spliced(edited.region(), region_of(changed()), keep={("PAY-KR1", Column.NOW)}))
    assert kept.row_of("PAY-KR1")[NOW] == typed
    given_up = spliced(edited.region(), region_of(changed()))
    assert fields(given_up)["PAY-KR1", Column.NOW] == "28"


@pytest.mark.parametrize("colour", ["#ffebe6", "var(--ds-background-accent-red-subtlest, #ffebe6)"])
def test_a_persons_bold_and_colour_stay_as_long_as_the_value_does(colour: str) -> None:
    edited = EditedTable.of(region_of())
    bold = f'<td data-highlight-colour="{colour}"><p><strong>3.6</strong></p></td>'
    edited.row_of("PAY-KR2")[NOW] = bold
    edited.row_of("PAY-KR1")[NOW] = bold.replace("3.6", "29")
    edited.row_of("PLA-KR3")[NOW] = bold.replace("3.6", "48")
    after = EditedTable.of(spliced(edited.region(), region_of(changed())))
    assert after.row_of("PAY-KR2")[NOW] == bold
    assert after.row_of("PAY-KR1")[NOW] == f'<td data-highlight-colour="{colour}"><p>28</p></td>'
    assert after.row_of("PLA-KR3")[NOW] == bold.replace("3.6", "48")


@pytest.mark.parametrize("colour", ["#f4f5f7", "#F4F5F7", "var(--ds-background-accent-gray-subtlest, #f4f5f7)"])
def test_our_own_colours_come_and_go(colour: str) -> None:
    edited = EditedTable.of(region_of())
    grey = edited.row_of("PLA-KR3")[NOW]
    edited.row_of("PLA-KR3")[NOW] = grey.replace(' data-highlight-colour="#f4f5f7"', "")
    edited.row_of("PLA-KR1")[NOW] = grey.replace("48", "12").replace("#f4f5f7", colour)
    after = EditedTable.of(spliced(edited.region(), region_of()))
    assert after.row_of("PLA-KR3")[NOW] == grey
    assert after.row_of("PLA-KR1")[NOW] == "<td><p>12</p></td>"


def test_our_own_colours_stay_as_the_editor_saved_them() -> None:
    assert spliced(as_tokens(region_of()), region_of(changed())) == as_tokens(region_of(changed()))


def test_a_lozenge_that_changes_only_its_colour_is_a_change() -> None:
    edited = region_of().replace(
        'title">Behind</ac:parameter><ac:parameter ac:name="colour">Yellow',
        'title">Behind</ac:parameter><ac:parameter ac:name="colour">Green',
        1,
    )
    assert spliced(edited, region_of()) == region_of()


# --- inline comments


def test_a_comment_stays_at_its_words_where_they_still_stand() -> None:
    marked = region_of().replace(
        "38 → 20\u00a0s", '<ac:inline-comment-marker ac:ref="u">38 → 20</ac:inline-comment-marker>\u00a0s'
    )
    assert marked != region_of()
    after = spliced(marked, region_of(changed()))
    assert '<ac:inline-comment-marker ac:ref="u">38 → 20</ac:inline-comment-marker>\u00a0s' in after
    assert fields(after) == fields(region_of(changed()))


def test_a_comment_at_words_that_are_gone_stays_in_its_cell() -> None:
    marked = region_of().replace(
        "<p>29</p>", '<p><ac:inline-comment-marker ac:ref="u">29</ac:inline-comment-marker></p>', 1
    )
    after = spliced(marked, region_of(changed()))
    assert '<td><p><ac:inline-comment-marker ac:ref="u">28</ac:inline-comment-marker></p></td>' in after


def test_a_comment_in_a_cell_that_says_nothing_any_more_keeps_its_place() -> None:
    marked = region_of().replace(
        "<p>29</p>", '<p><ac:inline-comment-marker ac:ref="u">29</ac:inline-comment-marker></p>', 1
    )
    empty = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=(replace(PAY[0], now=None), *PAY[1:])),))
    after = spliced(marked, region_of(empty))
    assert '<td><p><ac:inline-comment-marker ac:ref="u"></ac:inline-comment-marker></p></td>' in after


def test_comments_on_the_summary_an_objective_a_header_and_the_legend_stay() -> None:
    marked = region_of()
    for ref, words in (("a", "4 of 9"), ("b", "37\u00a0%</strong>"), ("c", "Owner"), ("d", "words typed there")):
        words = words.removesuffix("</strong>")
        assert words in marked
        marked = marked.replace(
            words, f'<ac:inline-comment-marker ac:ref="{ref}">{words}</ac:inline-comment-marker>', 1
        )
    figure = replace(changed(), needing_attention=5)
    worse = replace(figure, objectives=(replace(figure.objectives[0], progress=Fraction(1, 5)), *figure.objectives[1:]))
    after = spliced(marked, region_of(worse, replace(SPEC, language="de")))
    assert sorted(re.findall(r'ac:ref="(\w)"', after)) == ["a", "b", "c", "d"]


def test_two_comments_on_the_same_words_stay_both() -> None:
    inner = '<ac:inline-comment-marker ac:ref="i">29</ac:inline-comment-marker>'
    marked = region_of().replace(
        "<p>29</p>", f'<p><ac:inline-comment-marker ac:ref="o">{inner}</ac:inline-comment-marker></p>', 1
    )
    after = spliced(marked, region_of(changed()))
    assert sorted(re.findall(r'ac:ref="(\w)"', after)) == ["i", "o"]
    assert fields(after) == fields(region_of(changed()))


def test_a_comment_inside_another_one_stays_inside_it() -> None:
    marker = '<ac:inline-comment-marker ac:ref="{}">{}</ac:inline-comment-marker>'
    both = marker.format("o", "9 of " + marker.format("i", "9 done"))
    marked = region_of().replace("9 of 9 done", both, 1)
    assert marked != region_of()
    assert both in spliced(marked, region_of(changed()))


def test_a_comment_over_several_pieces_of_a_cell_stays_once_at_least() -> None:
    marker = '<ac:inline-comment-marker ac:ref="x">{}</ac:inline-comment-marker>'
    marked = region_of().replace(">PAY-412<", f">{marker.format('PAY-412')}<", 1)
    marked = marked.replace(" 7 of 12 done ", f" {marker.format('7 of 12 done')} ", 1)
    after = spliced(marked, region_of(changed()))
    assert after.count('ac:ref="x"') == 1
    assert marker.format("PAY-412") in after
