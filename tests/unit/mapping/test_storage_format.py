"""How a table is written: exactly as drawn, and data is never more than text."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.figures import CycleFigure
from mapping.storage_format import render_region
from mapping.table import build_table
from mapping.table_notices import Notices, NotTaken
from mapping.table_parts import Column, Container, Design, TableSpec, Width
from tests.unit.mapping.example import AT, FIGURE, OBJECTIVES, PAY, SERVICE, SPEC, initiative

TARGET = Path(__file__).parent / "data" / "okr-table.storage.xml"
NAMESPACES = 'xmlns:ac="ac" xmlns:ri="ri"'
ALLOWED = {
    "structured-macro", "parameter", "rich-text-body", "table", "colgroup", "col", "tbody", "tr", "th", "td", "p",
    "strong", "br", "span", "a", "ul", "li",
}  # fmt: skip
HOSTILE = [
    "<b>bold</b>",
    '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[<script>]]></ac:plain-text-body>',
    "]]>",
    "<![CDATA[x]]>",
    "<!-- x -->",
    "&nbsp;&lt;&#0;&unknown;",
    "\" onmouseover='x' \"",
    "</p></td></tr></tbody></table>",
    "</ac:rich-text-body></ac:structured-macro>",
    "[link|http://x] {macro} ** ~ {n}",
    "\x00\x01\x08\x0b\x0c\x1f\x7f\x85",
    "\ud800 \udfff",
    "\ufffe\uffff\ufdd0\U0001fffe\U0010ffff",
    "\u202e evil \u2066 isolated",
    "\u2028 \u2029 \r\n \t",
    "💥 e\u0301 شالوم \u200f",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
]


def rendered(figure: CycleFigure = FIGURE, spec: TableSpec = SPEC, notices: Notices | None = None) -> str:
    return render_region(build_table(figure, spec, AT, notices or Notices()))


def parsed(region: str) -> ET.Element:
    return ET.fromstring(f"<r {NAMESPACES}>{region}</r>".encode())


def shape(region: str) -> Counter[tuple[str, str]]:
    """How often each element stands there, macros and parameters by name."""
    return Counter((each.tag.rpartition("}")[2], each.get("{ac}name", "")) for each in parsed(region).iter())


def saying(text: str) -> CycleFigure:
    """The example with one text in every place that data comes from."""
    title = f"t {text}"[:300]
    kr = replace(PAY[0].key_result, title=title, owner=text, unit=text)
    linked = replace(initiative("PAY-412", 7, 12, 3), issue_key=f"K{text}", issue_url=text)
    first = replace(
        PAY[0], key_result=kr, next_step=f"n{text}", initiatives=(linked, *PAY[0].initiatives[1:]),
        note=f"n{text}",
    )  # fmt: skip
    objective = replace(OBJECTIVES[0].objective, title=title, team=f"t{text}", sponsor=f"s{text}")
    one = replace(OBJECTIVES[0], objective=objective, key_results=(first, *PAY[1:]))
    return replace(FIGURE, objectives=(one, *OBJECTIVES[1:]))


def test_the_example_comes_out_exactly_as_drawn() -> None:
    assert rendered() + "\n" == TARGET.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_data_is_text_and_the_layout_alone_decides_which_elements_there_are(text: str) -> None:
    spec = replace(SPEC, columns=(*SPEC.shown_columns, Column.NOTE))
    notice = Notices(not_taken=(NotTaken("PAY-KR1", Column.NOW, text),))
    calm = Notices(not_taken=(NotTaken("PAY-KR1", Column.NOW, "x"),))
    region = rendered(saying(text), spec, notice)
    # A web address is needed for a link: without one, the issue is written as plain text.
    plain = Counter(shape(rendered(saying("x"), spec, calm)))
    lines = len([line for line in f"n{text}".splitlines() if line.strip()]) - 1
    plain["br", ""] += 2 * lines
    assert +shape(region) == +plain
    assert {name for name, _ in shape(region)} <= ALLOWED | {"r"}


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_gives_well_formed_text(text: str) -> None:
    region = rendered(saying(text))
    region.encode()
    assert {name for name, _ in shape(region)} <= ALLOWED | {"r"}
    macros = {key: count for key, count in shape(region).items() if key[0] == "structured-macro"}
    assert macros == {key: count for key, count in shape(rendered()).items() if key[0] == "structured-macro"}


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Cn", "Cs")), max_size=40))
def test_ordinary_text_arrives_unchanged(text: str) -> None:
    title = f"x{text}x"
    kr = replace(PAY[0].key_result, title=title)
    figure = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=(replace(PAY[0], key_result=kr),)),))
    assert title in "".join(parsed(rendered(figure)).itertext())


def test_what_has_no_form_is_replaced_or_left_out() -> None:
    words = "".join(parsed(rendered(saying("a\x00b\ud800c\u202ed\u2028e\uffff"))).itertext())
    assert "ab\ufffdcd e\ufffd" in words


def test_only_web_addresses_become_links() -> None:
    for address in ("javascript:alert(1)", "data:text/html,x", "/relative", ""):
        linked = replace(initiative("PAY-412", 7, 12), issue_url=address)
        one = replace(OBJECTIVES[0], key_results=(replace(PAY[0], initiatives=(linked,)),))
        figure = replace(FIGURE, objectives=(one,))
        addresses = [each.get("href", "") for each in parsed(rendered(figure)).iter("a")]
        assert all(each.startswith(SERVICE) for each in addresses)


def test_a_region_can_be_a_named_excerpt() -> None:
    excerpt = rendered(spec=replace(SPEC, container=Container.EXCERPT))
    assert excerpt.startswith(
        '<ac:structured-macro ac:name="excerpt" ac:schema-version="1" data-layout="wide">'
        '<ac:parameter ac:name="name">okr-q4-2026</ac:parameter><ac:rich-text-body>'
    )


def test_a_narrow_table_asks_for_no_wide_layout() -> None:
    narrow = rendered(spec=replace(SPEC, width=Width.NARROW))
    assert 'data-layout="wide"' not in narrow
    assert 'data-table-width="760"' in narrow
    assert "■" not in narrow


def test_expands_stand_only_in_cells() -> None:
    for design in Design:
        region = parsed(rendered(spec=replace(SPEC, design=design)))
        expands = "{ac}structured-macro[@{ac}name='expand']"
        assert region.findall(f".//td/{expands}") == region.findall(f".//{expands}") != []


def test_a_cell_with_nothing_but_an_expand_has_no_empty_line_before_it() -> None:
    short = rendered(spec=replace(SPEC, design=Design.SHORT))
    assert '<td><ac:structured-macro ac:name="expand"' in short


def test_an_id_is_only_text_too() -> None:
    region = rendered(spec=replace(SPEC, region_id='x"><b>'))
    assert parsed(region).findtext(".//{ac}parameter") == 'x"><b>'
