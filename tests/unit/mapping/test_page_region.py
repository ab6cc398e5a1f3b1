"""Our region is found by macro and id, in any body; and put into a page without touching what stands there."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from mapping.page_region import NotWellFormed, Region, find_regions, insert_region
from tests.unit.mapping.bodies import bodies

ID = "okr-q4-2026"


def macro(content: str = "<p>x</p>", name: str = "details", parameter: str = "id", region_id: str = ID) -> str:
    return (
        f'<ac:structured-macro ac:name="{name}" ac:schema-version="1"><ac:parameter ac:name="{parameter}">{region_id}'
        f"</ac:parameter><ac:rich-text-body>{content}</ac:rich-text-body></ac:structured-macro>"
    )


def piece(body: str, region: Region) -> str:
    return body.encode()[region.start : region.end].decode()


@pytest.mark.parametrize(
    "body",
    [
        macro(),
        f"<p>&nbsp;&uuml;&unknown;ü💥</p>{macro()}<p>after</p>",
        f"<ac:layout><ac:layout-section><ac:layout-cell>{macro()}</ac:layout-cell></ac:layout-section></ac:layout>",
        f"<table><tbody><tr><td>{macro()}</td></tr></tbody></table>",
        macro(name="excerpt", parameter="name"),
        macro().replace('"details" ac:schema-version="1"', "'details'\n ac:schema-version = '1' x=\">\""),
        macro(region_id="okr-q4&#45;2026"),
        macro(region_id=" okr-q4-2026\n"),
        macro(macro(region_id="other")),
        macro().replace("<ac:parameter ", '<ac:parameter ac:name="hidden">true</ac:parameter><ac:parameter ', 1),
        f"<!-- {macro()} -->{macro()}<ac:plain-text-body><![CDATA[{macro()}]]></ac:plain-text-body>",
    ],
)
def test_one_region_is_found(body: str) -> None:
    (region,) = find_regions(body, ID)
    found = piece(body, region)
    assert found.startswith("<ac:structured-macro")
    assert found.endswith("</ac:structured-macro>")
    assert region.body_start is not None
    assert region.body_end is not None
    assert body.encode()[region.body_start : region.body_end].endswith(b"</ac:rich-text-body>")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>[OKR:okr-q4-2026]</p>",
        macro(region_id="okr-q4-2027"),
        macro(name="panel"),
        macro(parameter="name"),
        macro(name="excerpt"),
        f"<!--{macro()}-->",
        f"<ac:plain-text-body><![CDATA[{macro()}]]></ac:plain-text-body>",
        macro().replace("<ac:parameter", "<x:parameter").replace("</ac:parameter", "</x:parameter"),
        '<ac:structured-macro ac:name="details"><ac:rich-text-body>'
        f"{macro(name='panel')}</ac:rich-text-body></ac:structured-macro>",
    ],
)
def test_decoys_are_not_found(body: str) -> None:
    assert find_regions(body, ID) == ()


def test_the_first_is_ours_and_all_others_are_reported() -> None:
    body = f"{macro('<p>1</p>')}<p/>{macro('<p>2</p>' + macro('<p>3</p>'))}"
    pieces = [piece(body, region) for region in find_regions(body, ID)]
    assert [each[each.index("<p>") :][:8] for each in pieces] == ["<p>1</p>", "<p>2</p>", "<p>3</p>"]


@pytest.mark.parametrize("content", ["<ac:rich-text-body />", "<ac:rich-text-body></ac:rich-text-body>", ""])
def test_a_region_without_content_is_found(content: str) -> None:
    body = f"<p>a</p>{macro()}<p>b</p>".replace("<ac:rich-text-body><p>x</p></ac:rich-text-body>", content)
    (region,) = find_regions(body, ID)
    assert piece(body, region).endswith("</ac:structured-macro>")
    assert (region.body_start is None) == (content == "")


@pytest.mark.parametrize(
    "body",
    ["<p>", "</p>", "<p></b></p>", "<", "&", "&nbsp", "<!--", "<![CDATA[", "\x00", "a\x0bb", "\ud800", "<p a=1/>",
     "<a:b", "</body><body>", "<!DOCTYPE x>", "<?xml version='1.0'?><p/>", "<p a='1' a='2'/>", "]]>"],
)  # fmt: skip
def test_a_body_that_is_not_well_formed_is_refused(body: str) -> None:
    with pytest.raises(NotWellFormed, match=r"\w"):
        find_regions(body, ID)
    with pytest.raises(NotWellFormed):
        insert_region(body, macro(), ID)


def test_depth_and_size_are_bounded() -> None:
    with pytest.raises(NotWellFormed, match="deeper"):
        find_regions("<p>" * 5_000 + "</p>" * 5_000, ID)
    with pytest.raises(NotWellFormed, match="bytes"):
        find_regions("x" * 20_000_001, ID)
    assert find_regions("<p>" * 300 + macro() + "</p>" * 300, ID)


def test_entities_cannot_grow() -> None:
    """Nobody can declare one inside a body, and an undeclared one is never expanded by the parser."""
    with pytest.raises(NotWellFormed):
        find_regions('<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY b "&lol;&lol;">]><p>&b;</p>', ID)
    started = time.perf_counter()
    assert find_regions("&lol9;" * 100_000 + macro(), ID)
    assert time.perf_counter() - started < 5


def test_without_a_placeholder_it_is_added_at_the_end() -> None:
    assert insert_region("<p>a</p>\n", macro(), ID) == f"<p>a</p>\n{macro()}"
    assert insert_region("", macro(), ID) == macro()


def test_a_page_with_columns_gets_a_section_of_its_own() -> None:
    body = insert_region("<ac:layout><ac:layout-section/></ac:layout>", macro(), ID)
    assert body.startswith("<ac:layout><ac:layout-section/><ac:layout-section")
    assert body.endswith(f"<ac:layout-cell>{macro()}</ac:layout-cell></ac:layout-section></ac:layout>")


def test_a_paragraph_that_says_only_where_is_replaced() -> None:
    body = "<p>a [OKR:okr-q4-2026]</p><div><p local-id='1'> [OKR:<b>okr-q4-2026]</b> </p></div><p>z</p>"
    assert insert_region(body, macro(), ID) == f"<p>a [OKR:okr-q4-2026]</p><div>{macro()}</div><p>z</p>"


@settings(max_examples=150, deadline=None)
@given(bodies(), bodies())
def test_inserting_changes_nothing_else_and_what_was_inserted_is_found(before: str, after: str) -> None:
    body = f"{before}<p>[OKR:{ID}]</p>{after}"
    assert insert_region(body, macro(), ID) == f"{before}{macro()}{after}"
    (region,) = find_regions(insert_region(body, macro(), ID), ID)
    assert region.start == len(before.encode())
