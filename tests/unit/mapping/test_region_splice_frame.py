"""What stands around our rows: summary lines, a person's words, tags, widths, and the choice of columns."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mapping.languages import words_of
from mapping.page_region import find_regions
from mapping.region_reading import read_region
from mapping.region_splice import UnreadableRegion, splice
from mapping.table import build_table
from mapping.table_changes import intended_fields
from mapping.table_notices import NotCurrent, Notices, NotTaken
from mapping.table_parts import Column, Width
from mapping.words import Language
from tests.unit.mapping.editing import EditedTable
from tests.unit.mapping.example import AT, FIGURE, SPEC
from tests.unit.mapping.splicing import CONFIDENCE, NOW, changed, fields, region_of, spliced

# --- around the table


def test_words_before_and_after_our_table_stay() -> None:
    edited = EditedTable.of(region_of())
    edited.write_around(
        "<p>Mine, as of today</p>", "<h2>More</h2>loose words<table><tbody><tr><td>x</td></tr></tbody></table>"
    )
    after = spliced(edited.region(), region_of(changed()))
    expected = EditedTable.of(region_of(changed()))
    expected.write_around(
        "<p>Mine, as of today</p>", "<h2>More</h2>loose words<table><tbody><tr><td>x</td></tr></tbody></table>"
    )
    assert after == expected.region()


def test_summary_lines_come_and_go() -> None:
    two = Notices(not_taken=tuple(NotTaken("PAY-KR1", each, "?") for each in (Column.NOW, Column.CONFIDENCE)))
    more = region_of(notices=two)
    assert spliced(region_of(), more) == more
    assert spliced(more, region_of()) == region_of()
    broken = region_of(notices=Notices(NotCurrent(AT, "not reachable"), two.not_taken))
    assert spliced(more, broken) == broken
    german = region_of(spec=replace(SPEC, language="de"), notices=two)
    assert spliced(broken, german) == german
    assert spliced(german, region_of()) == region_of()


WAITING = (
    NotTaken("PAY-KR1", Column.NOW, "?"),
    NotTaken("PAY-KR2", Column.NOW, "?"),
    NotTaken("PAY-KR2", Column.CONFIDENCE, "soon"),
)


def _commented(region: str, words: str) -> str:
    assert words in region
    return region.replace(words, f'<ac:inline-comment-marker ac:ref="r1">{words}</ac:inline-comment-marker>')


@pytest.mark.parametrize(("commented", "gone"), [(1, 0), (2, 0), (2, 1)])
def test_a_comment_stays_in_its_line_when_a_line_before_it_goes_or_comes(commented: int, gone: int) -> None:
    words = ("Now of PAY-KR1", "Now of PAY-KR2", "Confidence of PAY-KR2")[commented]
    page = _commented(region_of(notices=Notices(not_taken=WAITING)), words)
    fewer = region_of(changed(), notices=Notices(not_taken=(*WAITING[:gone], *WAITING[gone + 1 :])))
    assert spliced(page, fewer) == _commented(fewer, words)
    more = region_of(notices=Notices(NotCurrent(AT, "not reachable"), WAITING))
    assert spliced(page, more) == _commented(more, words)


def test_a_comment_on_a_text_that_was_typed_anew_stays_when_the_line_before_it_goes() -> None:
    page = _commented(region_of(notices=Notices(not_taken=WAITING[:2])), "Now of PAY-KR2")
    anew = region_of(notices=Notices(not_taken=(replace(WAITING[1], text="??"),)))
    assert spliced(page, anew) == _commented(anew, "Now of PAY-KR2")


def test_a_summary_that_a_person_took_away_comes_back_above_the_table() -> None:
    without = re.sub(r"<p><strong>4 of 9.*?</p>\n", "", region_of())
    assert without != region_of()
    assert spliced(without, region_of()) == region_of()


def test_a_table_that_a_person_put_into_something_stays_there() -> None:
    opening, closing = "<ac:rich-text-body>", "</ac:rich-text-body></ac:structured-macro>"
    head, _, rest = region_of().partition(opening)
    inside = rest.removesuffix(closing)
    wrapped = f'{head}{opening}<div class="mine">{inside}</div>{closing}'
    assert spliced(wrapped, region_of(changed())) == wrapped.replace(
        inside, region_of(changed()).partition(opening)[2].removesuffix(closing)
    )


@pytest.mark.parametrize(
    "content",
    [
        "<ac:rich-text-body />",
        "<ac:rich-text-body></ac:rich-text-body>",
        "",
        "<ac:rich-text-body><p local-id='1'> <br/></p></ac:rich-text-body>",
    ],
)
def test_an_empty_region_is_filled(content: str) -> None:
    empty = re.sub(
        r"<ac:rich-text-body>.*</ac:rich-text-body>(?=</ac:structured-macro>$)", content, region_of(), flags=re.DOTALL
    )
    assert spliced(empty, region_of()) == region_of()


def test_a_region_without_a_table_keeps_its_words() -> None:
    empty = re.sub(r"(?<=<ac:rich-text-body>)<p>.*</table>", "<p>Coming soon.</p>", region_of(), flags=re.DOTALL)
    after = spliced(empty, region_of())
    assert after == region_of().replace(
        "<ac:rich-text-body><p><strong>4", "<ac:rich-text-body><p>Coming soon.</p><p><strong>4", 1
    )


def test_without_a_header_nothing_is_written() -> None:
    edited = EditedTable.of(region_of())
    del edited.rows[0]
    body = edited.region()
    (region,) = find_regions(body, SPEC.region_id)
    with pytest.raises(UnreadableRegion):
        splice(body, region, region_of(), read_region(body, region))


def test_the_macros_own_tag_and_parameters_stay() -> None:
    page = region_of().replace('data-layout="wide">', 'ac:macro-id="5" data-layout="full-width" ac:local-id="6">', 1)
    page = page.replace(
        "<ac:rich-text-body>", '<ac:parameter ac:name="hidden">true</ac:parameter><ac:rich-text-body>', 1
    )
    page = page.replace('<table data-table-width="960"', '<table data-table-width="1100" ac:local-id="t"').replace(
        "144.0px", "200.0px"
    )
    assert spliced(page, region_of()) == page
    narrow = replace(SPEC, width=Width.NARROW)
    taken = spliced(page, region_of(spec=narrow), take_layout=True)
    assert 'ac:macro-id="5" ac:local-id="6"' in taken
    assert '<table data-table-width="760" ac:local-id="t" data-layout="default"' in taken
    assert "200.0px" not in taken


# --- columns that come and go


def test_columns_that_were_chosen_anew() -> None:
    few = replace(SPEC, columns=(Column.KEY_RESULT, Column.NOW, Column.BLOCKERS, Column.OWNER))
    assert spliced(region_of(), region_of(spec=few), take_layout=True) == region_of(spec=few)
    assert spliced(region_of(spec=few), region_of(), take_layout=True) == region_of()


def test_a_persons_order_of_our_columns_stays_until_columns_are_chosen_anew() -> None:
    edited = EditedTable.of(region_of())
    for row in edited.rows:
        if len(row) > 1:
            row.insert(1, row.pop(NOW))
    assert spliced(edited.region(), region_of()) == edited.region()
    assert (
        EditedTable.of(spliced(edited.region(), region_of(), take_layout=True)).rows == EditedTable.of(region_of()).rows
    )


def test_a_column_that_goes_takes_no_typed_text_with_it() -> None:
    edited = EditedTable.of(region_of())
    edited.type("PAY-KR1", CONFIDENCE, "quite ok?")
    few = replace(SPEC, columns=tuple(each for each in SPEC.shown_columns if each is not Column.CONFIDENCE))
    kept = EditedTable.of(
        spliced(edited.region(), region_of(spec=few), keep={("PAY-KR1", Column.CONFIDENCE)}, take_layout=True)
    )
    assert "quite ok?" in kept.row_of("PAY-KR1")[CONFIDENCE]
    assert "quite ok?" not in spliced(edited.region(), region_of(spec=few), take_layout=True)


OURS = frozenset(SPEC.shown_columns)


def with_own_note(at: int) -> EditedTable:
    """A person's column under a header that a table of ours may have, too."""
    edited = EditedTable.of(region_of())
    edited.add_column(at, "Note", "mine")
    return edited


@pytest.mark.parametrize("at", [1, 4, 7])
def test_a_persons_column_stays_whatever_its_header_when_columns_are_chosen_anew(at: int) -> None:
    few = replace(SPEC, columns=(Column.KEY_RESULT, Column.NOW, Column.OWNER))
    after = EditedTable.of(spliced(with_own_note(at).region(), region_of(spec=few), take_layout=True, shown=OURS))
    assert sum("Note" in cell for cell in after.rows[0]) == 1
    assert sum("mine PAY-KR1" in cell for cell in after.row_of("PAY-KR1")) == 1


@pytest.mark.parametrize("at", [1, 4, 7])
def test_a_column_of_ours_comes_beside_a_persons_column_of_that_name(at: int) -> None:
    more = replace(SPEC, columns=(*SPEC.shown_columns, Column.NOTE))
    once = spliced(with_own_note(at).region(), region_of(spec=more), take_layout=True, shown=OURS)
    assert fields(once)["PAY-KR1", Column.NOTE] == ""
    assert "mine PAY-KR1" in "".join(EditedTable.of(once).row_of("PAY-KR1"))
    again = spliced(once, region_of(changed(), more), shown=OURS | {Column.NOTE})
    assert sorted(fields(again)) == sorted(intended_fields(build_table(FIGURE, more, AT)))
    assert "mine PAY-KR1" in "".join(EditedTable.of(again).row_of("PAY-KR1"))


def test_words_in_a_persons_row_outlive_the_column_that_they_stood_in() -> None:
    edited = EditedTable.of(region_of())
    edited.add_row(3, "mine")
    edited.rows[3][4] = "<td><p>under Owner</p></td>"
    edited.add_spanning_row(9, "spans")
    few = replace(SPEC, columns=(Column.KEY_RESULT, Column.NOW))
    after = EditedTable.of(spliced(edited.region(), region_of(spec=few), take_layout=True))
    assert "under Owner" in "".join(after.rows[3])
    assert any('colspan="2"' in row[0] and "spans" in row[0] for row in after.rows)


def test_a_column_that_a_person_renamed_is_theirs_and_ours_comes_back() -> None:
    edited = EditedTable.of(region_of())
    edited.rows[0][4] = "<th><p>Hero</p></th>"
    after = EditedTable.of(spliced(edited.region(), region_of()))
    assert len(after.rows[0]) == 8
    assert sum("Hero" in cell for cell in after.rows[0]) == 1
    assert sum("Owner" in cell for cell in after.rows[0]) == 1
    assert intended_fields(build_table(FIGURE, SPEC, AT)) == fields(spliced(edited.region(), region_of()))


def test_a_header_column_of_a_person_and_sections_of_a_table() -> None:
    page = region_of()
    edited = EditedTable.of(page)
    for key in edited.keys_in_order:
        edited.row_of(key)[0] = edited.row_of(key)[0].replace("<td>", "<th>").replace("</td>", "</th>")
    assert spliced(edited.region(), region_of()) == edited.region()
    sections = page.replace("<tbody>\n", "<thead>").replace("</tr>\n", "</tr></thead><tbody>", 1)
    assert fields(spliced(sections, region_of(changed()))) == fields(region_of(changed()))


def renamed(colgroup: str | None = None) -> EditedTable:
    """A person renamed the column Owner, so that it is theirs now and ours comes back beside it."""
    edited = EditedTable.of(region_of())
    edited.rows[0][4] = "<th><p>Hero</p></th>"
    if colgroup is not None:
        edited.before = re.sub("<colgroup>.*</colgroup>", colgroup, edited.before)
    return edited


def test_widths_stay_with_their_columns_and_a_new_column_has_ours() -> None:
    widths = re.findall(r"<col style=\"width: (\d+)", spliced(renamed().region(), region_of()))
    assert widths == ["144", "174", "74", "126", "138", "138", "182", "122"]


def test_widths_for_other_columns_are_left_out() -> None:
    two = "<colgroup><col style='width: 10px' /><col /></colgroup>"
    assert "<col" not in spliced(renamed(two).region(), region_of())
    assert "<col" not in spliced(renamed("").region(), region_of())
    same = region_of().replace(re.findall("<colgroup>.*</colgroup>", region_of())[0], two)
    assert spliced(same, region_of()) == same


def test_widths_come_back_with_the_layout() -> None:
    without = re.sub("<colgroup>.*</colgroup>", "", region_of())
    assert spliced(without, region_of()) == without
    assert spliced(without, region_of(), take_layout=True) == region_of()


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_legend_of_an_earlier_wording_is_replaced(language: Language) -> None:
    legend = words_of(language).legend
    now = region_of(spec=replace(SPEC, language=language))
    assert legend.former_titles
    for title in legend.former_titles:
        assert spliced(now.replace(legend.title, title), region_of()) == region_of()
