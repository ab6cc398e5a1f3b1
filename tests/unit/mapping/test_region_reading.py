"""What a region says, as a person sees it, and what a person changed in it."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from mapping.page_region import find_regions
from mapping.region_reading import (
    LONGEST_CELL,
    Readable,
    RegionReading,
    TypedChange,
    is_same_but_for_moment,
    read_region,
    typed_changes,
)
from mapping.storage_scan import tree_of
from mapping.table import build_table
from mapping.table_changes import intended_fields
from mapping.table_parts import Column, Container, Design, TableSpec, Width
from mapping.visible_text import is_blank, visible_text
from tests.site.storage_rewrite import as_saved_by_editor, as_saved_by_rest
from tests.unit.mapping.editing import EditedTable
from tests.unit.mapping.example import AT, FIGURE, SPEC
from tests.unit.mapping.splicing import NOW, fields, own_columns, own_rows, region_of


def read(body: str) -> RegionReading:
    return read_region(body, find_regions(body, SPEC.region_id)[0])


@pytest.mark.parametrize(
    "spec",
    [
        SPEC,
        replace(SPEC, language="de"),
        replace(SPEC, design=Design.SHORT),
        replace(SPEC, width=Width.NARROW, columns=(*SPEC.shown_columns, Column.NOTE)),
        replace(SPEC, service_url="http://10.0.0.1:8080/okr"),
        replace(SPEC, container=Container.EXCERPT),
        replace(SPEC, columns=(Column.KEY_RESULT, Column.CONFIDENCE)),
    ],
)
def test_what_was_intended_is_read_back(spec: TableSpec) -> None:
    assert fields(region_of(spec=spec)) == intended_fields(build_table(FIGURE, spec, AT))


def test_the_reading_names_rows_columns_and_the_summary() -> None:
    reading = read(region_of())
    assert reading.readable is Readable.YES
    assert reading.columns == SPEC.shown_columns
    assert reading.keys[:4] == ("PAY-KR1", "PAY-KR2", "PAY-KR3", "PLA-KR1")
    assert reading.summary.startswith("4 of 9 key results need attention")
    assert (own_rows(reading), own_columns(reading), reading.repeated_keys) == ((), (), ())
    assert reading.fields["PAY-KR2", Column.NOW] == "3.6"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("saved", [as_saved_by_editor, as_saved_by_rest])
def test_nothing_changed_because_confluence_wrote_it_anew(saved: object, language: str) -> None:
    region = region_of(spec=replace(SPEC, language=language))  # type: ignore[arg-type]
    numbers = count()
    rewritten = saved(region, lambda: f"0000-{next(numbers)}")  # type: ignore[operator]
    assert rewritten != region
    assert fields(rewritten) == fields(region)
    assert typed_changes(read(rewritten).fields, read(region).fields, "en") == []


def test_headers_are_known_in_any_language_case_and_dress() -> None:
    edited = EditedTable.of(region_of())
    edited.rows[0][2] = "<td><p>  <em>N</em>OW<br/> &#x270e;&#xfe0f;</p></td>"
    edited.rows[0][3] = "<th>Zuversicht&nbsp;✎</th>"
    edited.rows[0][6] = "<th><p>N&auml;chster Schritt</p></th>"
    assert read(edited.region()).columns == SPEC.shown_columns


def test_a_persons_rows_and_columns_are_named() -> None:
    edited = EditedTable.of(region_of())
    edited.add_row(3, "mine")
    edited.add_column(2, "Risk", "high")
    reading = read(edited.region())
    assert own_columns(reading) == ("Risk",)
    assert own_rows(reading)[0].startswith("mine | ")
    assert reading.columns == SPEC.shown_columns


def test_what_stands_twice_is_reported_and_the_first_counts() -> None:
    edited = EditedTable.of(region_of())
    edited.rows.append([*edited.rows[2]])
    edited.rows[-1][NOW] = "<td><p>99</p></td>"
    for row in edited.rows:
        if len(row) > 1:
            row.append(row[NOW].replace("29", "77"))
    reading = read(edited.region())
    assert reading.repeated_keys == ("PAY-KR1",)
    assert own_columns(reading) == ("Now",)
    assert reading.fields["PAY-KR1", Column.NOW] == "29"


@pytest.mark.parametrize(
    "link",
    [
        'href="https://elsewhere.example/kr/PAY-KR1"',
        "href='/kr/PAY-KR1?from=page&amp;x=1' data-card-appearance='inline'",
        'href="https://okr.acme.example/kr/PAY-KR1#now"',
        'href="https://okr.acme.example/kr/PAY-KR1/"',
    ],
)
def test_a_row_is_known_by_the_key_in_its_link_whatever_the_host(link: str) -> None:
    page = region_of().replace('href="https://okr.acme.example/kr/PAY-KR1"', link)
    assert page != region_of() or "acme" in link
    assert read(page).keys[0] == "PAY-KR1"


@pytest.mark.parametrize(
    "link", ['href="https://okr.acme.example/kr/PAY-KR1x"', 'href="https://okr.acme.example/kr/pay-kr1"', 'name="x"']
)
def test_a_link_without_a_key_makes_a_persons_row(link: str) -> None:
    reading = read(region_of().replace('href="https://okr.acme.example/kr/PAY-KR1"', link))
    assert "PAY-KR1" not in reading.keys
    assert len(own_rows(reading)) == 1


def test_a_table_without_our_headers_is_not_read() -> None:
    edited = EditedTable.of(region_of())
    edited.rows[0] = ["<th><p>Ziel</p></th>" for _ in edited.rows[0]]
    reading = read(edited.region())
    assert reading.readable is Readable.NO_HEADER
    assert reading.fields == {}
    assert reading.summary.startswith("4 of 9")


def test_a_region_without_a_table_says_so() -> None:
    body = region_of().partition("<ac:rich-text-body>")[0] + "<ac:rich-text-body/></ac:structured-macro>"
    assert read(body).readable is Readable.NO_TABLE


def test_the_first_table_with_our_headers_is_ours() -> None:
    edited = EditedTable.of(region_of())
    edited.write_around("<table><tbody><tr><td>Now</td><td>Owner</td></tr></tbody></table>", region_of())
    reading = read(edited.region())
    assert len(reading.keys) == 9
    assert reading.repeated_keys == ()


def test_spans_cannot_make_a_table_endless() -> None:
    edited = EditedTable.of(region_of())
    edited.rows[4][0] = edited.rows[4][0].replace("<td", '<td colspan="99999999999" rowspan="99999999999"')
    edited.rows[3][1] = edited.rows[3][1].replace("<td", '<td colspan="-3" rowspan="x"')
    assert len(read(edited.region()).layout.table.columns) <= 100  # type: ignore[union-attr]


# --- what a person sees


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a&nbsp;&thinsp; b\n\t c</p>", "a b c"),
        ("<p>a</p><p></p><p>b<br/>c</p>", "a\nb\nc"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "a\nb"),
        ("a<strong>b</strong><ac:inline-comment-marker ac:ref='1'>c</ac:inline-comment-marker>d", "abcd"),
        ("<![CDATA[<p>&nbsp;]]>", "<p>&nbsp;"),
        ("<p>see <ac:link><ri:page ri:content-title='x'/><ac:plain-text-link-body><![CDATA[the page]]>"
         "</ac:plain-text-link-body></ac:link>!</p>", "see the page!"),
        ("<ac:link><ri:user ri:account-id='1:2'/></ac:link>", ""),
        ("<ac:structured-macro ac:name='status'><ac:parameter ac:name='title'>Low</ac:parameter>"
         "<ac:parameter ac:name='colour'>Red</ac:parameter></ac:structured-macro>", "Low"),
        ("<ac:structured-macro ac:name='expand'><ac:parameter ac:name='title'>More</ac:parameter><ac:rich-text-body>"
         "<p>in</p></ac:rich-text-body></ac:structured-macro>", "More\nin"),
        ("<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>do it"
         "</ac:task-body></ac:task></ac:task-list>", "do it"),
        ("on <time datetime='2026-11-25' />", "on 2026-11-25"),
        ("<ac:emoticon ac:name='x' ac:emoji-fallback='🙂' />", "🙂"),
        ("<p>&unknown; &rarr; &Uuml;</p>", "&unknown; → Ü"),
        ("<!-- hidden --><ac:placeholder>Type here</ac:placeholder>", ""),
    ],
)  # fmt: skip
def test_visible_text(markup: str, text: str) -> None:
    assert visible_text(tree_of(markup.encode())) == text


@pytest.mark.parametrize(
    ("markup", "blank"),
    [
        ("<p>&nbsp;<br/></p>", True),
        ("", True),
        ("<p>x</p>", False),
        ("<ac:image><ri:url ri:value='x'/></ac:image>", False),
        ("<ac:structured-macro ac:name='toc'/>", False),
    ],
)
def test_blank_is_where_nobody_sees_anything(markup: str, blank: bool) -> None:
    assert is_blank(tree_of(markup.encode())) is blank


# --- what a person changed


def changes(edited: EditedTable) -> list[TypedChange]:
    return typed_changes(read(edited.region()).fields, read(region_of()).fields, "en")


def test_a_typed_value_is_a_change() -> None:
    edited = EditedTable.of(region_of())
    edited.type("PAY-KR1", NOW, "28 <strong>s</strong>")
    edited.type("PLA-KR1", 6, "Move&nbsp;the last <em>5</em> services.")
    assert changes(edited) == [
        TypedChange("PAY-KR1", Column.NOW, "29", "28 s"),
        TypedChange("PLA-KR1", Column.NEXT_STEP, "Move the last 6 services.", "Move the last 5 services."),
    ]


def test_values_are_compared_not_markup() -> None:
    edited = EditedTable.of(region_of())
    edited.with_local_ids()
    edited.type("PAY-KR1", NOW, "<strong>29.0</strong>&nbsp;")
    edited.type("PAY-KR2", 6, "Meet   issuer B<br/>on 25 Nov.")
    assert changes(edited) == []


def test_of_a_cell_without_end_its_beginning_is_kept_and_a_longer_one_says_something_else() -> None:
    edited, longer = EditedTable.of(region_of()), EditedTable.of(region_of())
    edited.type("PAY-KR2", 6, "9" * 1_000_000)
    longer.type("PAY-KR2", 6, "9" * 1_000_001)
    ((change,), (other,)) = changes(edited), changes(longer)
    assert change.new == "9" * LONGEST_CELL + "… (1000000)"
    assert change.new != other.new


def test_an_emptied_cell_a_lost_row_and_a_new_column_say_nothing() -> None:
    edited = EditedTable.of(region_of())
    edited.type("PAY-KR1", NOW, " &nbsp; ")
    edited.rows.remove(edited.row_of("PAY-KR2"))
    edited.rows[0][3] = "<th>Renamed</th>"
    assert changes(edited) == []
    assert typed_changes({("PAY-KR1", Column.NOW): "1"}, {}, "en") == []


def test_other_case_is_a_change_of_words() -> None:
    before = {("PAY-KR1", Column.NEXT_STEP): "ship it"}
    assert len(typed_changes({("PAY-KR1", Column.NEXT_STEP): "Ship it"}, before, "en")) == 1


MACRO = '<ac:structured-macro ac:name="status"{}>{}</ac:structured-macro>'
WITH_ID = ' ac:schema-version="1" ac:macro-id="0b8e"'
TITLE, COLOUR = '<ac:parameter ac:name="title">Low</ac:parameter>', '<ac:parameter ac:name="colour">Red</ac:parameter>'


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("<p>a &middot; 22 Nov 2026, 09:40 UTC</p><p>b</p>", "<p>a · 23 Nov 2026, 10:00 UTC</p><p>b</p>", True),
        ("<p>a&nbsp;b</p>", "<p>a b</p>", True),
        (f"<p>{MACRO.format(WITH_ID, TITLE + COLOUR)}</p>", f"<p>{MACRO.format('', COLOUR + TITLE)}</p>", True),
        (f"<p>{MACRO.format('', TITLE)}</p>", f"<p>{MACRO.format('', TITLE + COLOUR)}</p>", False),
        ("<p>a</p><p>22 Nov</p>", "<p>a</p><p>23 Nov</p>", False),
        ("<p>a</p><p>b</p>", "<p>a</p>", False),
        ("<p>a</p>", "<p>a</p><p>b</p>", False),
        ("<p>a</p> b", "<p>a</p> c", False),
    ],
)
def test_bodies_are_the_same_whatever_moment_they_name(one: str, other: str, is_same: bool) -> None:
    assert is_same_but_for_moment(one, other) is is_same
