"""Offsets are bytes of the body, whatever stands in it."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest

from mapping.page_region import find_regions
from mapping.storage_scan import (
    DEEPEST,
    MOST_PARTS,
    Node,
    NotWellFormed,
    Run,
    encoded,
    entity_text,
    inner,
    is_self_closed,
    tree_of,
)


def pieces(body: str) -> list[tuple[str, str, str]]:
    """Name, whole element and content of every element."""
    data = body.encode()
    found = []
    waiting = tree_of(data).elements()
    while waiting:
        node = waiting.pop(0)
        start, end = inner(data, node)
        found.append((node.name, data[node.start : node.end].decode(), data[start:end].decode()))
        waiting = node.elements() + waiting
    return found


@pytest.mark.parametrize(
    "element",
    [
        "<p>x</p>",
        "<p></p>",
        "<p a='>' b=\"/>\">x</p >",
        "<p a='/>'></p>",
        "<p><!-- </p> /> --></p>",
        "<p><![CDATA[</p>/>]]></p>",
        "<p>&nbsp;&#60;ü💥</p>",
        "<p><?x /?></p>",
    ],
)
def test_where_an_element_starts_and_ends(element: str) -> None:
    assert pieces(f"ü&uuml;{element}é<hr/>")[0][:2] == ("p", element)


@pytest.mark.parametrize("element", ["<br/>", "<br />", "<br a='/>'\n/>"])
def test_where_a_self_closed_element_ends(element: str) -> None:
    assert pieces(f"<p>{element}</p>{element}<b/>x") == [
        ("p", f"<p>{element}</p>", element),
        ("br", element, ""),
        ("br", element, ""),
        ("b", "<b/>", ""),
    ]


def test_self_closed_is_told_from_empty() -> None:
    closed, empty = tree_of(b"<a/><b></b>").elements()
    assert is_self_closed(closed)
    assert not is_self_closed(empty)


def test_runs_of_text_know_their_bytes() -> None:
    (node,) = tree_of("<p>ü&nbsp;a&amp;b</p>".encode()).elements()
    assert isinstance(node, Node)
    runs = [(child.start, child.text) for child in node.children if isinstance(child, Run)]
    assert runs == [(3, "ü"), (5, "\u00a0"), (11, "a"), (12, "&"), (17, "b")]


def test_entities_are_those_of_html_and_unknown_ones_stay_visible() -> None:
    assert [entity_text(name) for name in ("uuml", "rarr", "nope")] == ["ü", "→", "&nope;"]


def test_a_tree_is_as_bounded_as_a_search() -> None:
    assert tree_of(b"<p>" * DEEPEST + b"</p>" * DEEPEST)
    with pytest.raises(NotWellFormed, match="deeper"):
        tree_of(b"<p>" * (DEEPEST + 1) + b"</p>" * (DEEPEST + 1))


@pytest.mark.parametrize("part", [b"<p/>", b"&amp;", b"&nbsp;"])
def test_a_body_of_nothing_but_small_parts_is_not_taken_into_memory(part: bytes) -> None:
    with pytest.raises(NotWellFormed, match=f"more than {MOST_PARTS}"):
        tree_of(part * (MOST_PARTS + 1))


def test_the_error_says_where() -> None:
    with pytest.raises(NotWellFormed, match="line 2"):
        tree_of(b"<p>\n</b></p>")
    with pytest.raises(NotWellFormed, match="position 1"):
        encoded("a\ud800")


@pytest.mark.parametrize("body", ["<p>a<b>c</b>&nbsp;</p>", "<p>never closed", "<p>" * (DEEPEST + 1)])
def test_what_was_read_is_freed_without_the_collector(body: str) -> None:
    gc.collect()
    gc.disable()
    try:
        with suppress(NotWellFormed):
            tree_of(body.encode())
        with suppress(NotWellFormed):
            find_regions(body, "okr")
        assert gc.collect() == 0
    finally:
        gc.enable()
