"""Whatever stands in a body, the work for it is bounded: counted in places and parts, never in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from mapping.comment_markers import carried_over, comment_refs
from mapping.page_region import insert_region
from mapping.region_layout import layout_of
from mapping.storage_scan import Node, tree_of
from mapping.table_grid import MOST_COLUMNS, MOST_PLACES, grid_of
from mapping.table_order import merged_order
from mapping.visible_text import visible_text

ID = "okr-q4"


def macro(content: str = "<p>x</p>") -> str:
    return (
        f'<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">{ID}</ac:parameter>'
        f"<ac:rich-text-body>{content}</ac:rich-text-body></ac:structured-macro>"
    )


def table(rows: str) -> Node:
    (node,) = tree_of(f"<table><tbody>{rows}</tbody></table>".encode()).elements()
    return node


def places(rows: str) -> int:
    return sum(len(row.covering) for row in grid_of(table(rows)))


def test_cells_that_cover_everything_do_not_make_a_grid_of_everything() -> None:
    rows = 3 * MOST_PLACES // MOST_COLUMNS
    assert places('<tr><td colspan="9999"/></tr>' * rows) <= MOST_PLACES + MOST_COLUMNS + rows
    tall = "<tr>" + '<td rowspan="9999"/>' * MOST_COLUMNS + "</tr>"
    assert places(tall + "<tr/>" * rows) <= MOST_PLACES + MOST_COLUMNS


def test_a_table_of_usual_size_has_all_its_spans() -> None:
    rows = grid_of(table('<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr>' * 500))
    assert all(row.covering[0] is above.covering[0] for above, row in zip(rows[::2], rows[1::2], strict=True))
    assert [row.starting_at(0) is None for row in rows] == [False, True] * 500


def test_what_only_begins_like_a_comment_is_no_comment() -> None:
    beginnings = "<ac:inline-comment-marker " * 200_000
    assert comment_refs(f'<![CDATA[{beginnings}]]><ac:inline-comment-marker ac:ref="r">x') == {"r"}


def test_all_of_very_many_comments_stay_in_their_cell() -> None:
    marked = "".join(f'<ac:inline-comment-marker ac:ref="{n}">word</ac:inline-comment-marker>' for n in range(300))
    old, new = f"<td><p>{marked}</p></td>".encode(), b"<td><p>word and another</p></td>"
    (was,), (now,) = tree_of(old).elements(), tree_of(new).elements()
    assert comment_refs(carried_over(old, was, new, now).decode()) == {str(n) for n in range(300)}


def test_comments_whose_words_are_gone_do_not_nest_until_the_page_cannot_be_read() -> None:
    marked = "".join(f'<ac:inline-comment-marker ac:ref="{n}">old {n}</ac:inline-comment-marker>' for n in range(2000))
    old, new = f"<td><p>{marked}</p></td>".encode(), b"<td><p>29</p></td>"
    (was,), (now,) = tree_of(old).elements(), tree_of(new).elements()
    carried = carried_over(old, was, new, now)
    assert comment_refs(carried.decode()) == {str(n) for n in range(2000)}
    assert visible_text(tree_of(carried)) == "29"


@given(st.permutations(range(8)), st.sets(st.integers(0, 9)))
def test_what_is_new_comes_after_the_one_it_follows(present: list[int], there: set[int]) -> None:
    intended = list(range(8))
    kept = [item for item in present if item in there]
    order = merged_order(intended, kept)
    assert sorted(order) == intended
    assert [item for item in order if item in there] == kept
    news = [item for item in intended if item not in there]
    assert all(order[order.index(item) - 1] == item - 1 for item in news if item)
    assert order[0] == 0 or 0 in there


def steps(act: Callable[[], object]) -> int:
    """How many calls it takes, those of built-in functions included."""
    made = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return made


def test_paragraphs_within_paragraphs_are_not_read_once_for_each() -> None:
    words = "x<br/>" * 2_000 + f"[OKR:{ID}]"
    flat = steps(lambda: insert_region(f"<p>{words}</p>", macro(), ID))
    nested = steps(lambda: insert_region("<p>" * 300 + words + "</p>" * 300, macro(), ID))
    assert nested < 2 * flat


def test_a_paragraph_that_asks_for_the_table_is_found_inside_whatever_stands_around_it() -> None:
    body = f"<p><p>a</p><div><p>[OKR:{ID}]</p></div><p>b</p></p>"
    assert insert_region(body, macro(), ID) == f"<p><p>a</p><div>{macro()}</div><p>b</p></p>"


def test_titles_within_titles_are_not_read_once_for_each() -> None:
    def row(depth: int) -> bytes:
        titles = '<ac:parameter ac:name="title">' * depth + "x<br/>" * 2_000 + "</ac:parameter>" * depth
        header = "<tr><th>Key result</th><th>Now</th></tr>"
        return f'<table><tbody>{header}<tr><td colspan="2">{titles}</td></tr></tbody></table>'.encode()

    assert steps(lambda: layout_of(row(300))) < 2 * steps(lambda: layout_of(row(1)))
