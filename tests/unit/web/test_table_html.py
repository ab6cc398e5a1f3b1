"""The preview says what the page will say, and whatever people wrote stands in it as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from flask import Flask

from mapping.table_parts import Cell, Column, Design, KeyResultRow, Shape, Table
from mapping.table_pieces import Bar, Colour, Link, Lozenge, Piece, Text
from tests.unit.mapping.shapes import table_of
from tests.unit.web.reading import words
from web.language import prepare_languages
from web.table_html import render_preview

NASTY = "</td><script>alert(1)</script>\" onclick='x"


class Balance(HTMLParser):
    """Names of elements, what is open, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"br", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(autouse=True)
def in_a_request() -> Iterator[None]:
    app = Flask("web")
    prepare_languages(app)
    with app.test_request_context():
        yield


def holding(table: Table, *pieces: Piece) -> Table:
    """The same table with one key result whose only cell holds these."""
    cells = (Cell(Column.KEY_RESULT, (tuple(pieces),)), *(Cell(each.column) for each in table.header[1:]))
    return replace(table, rows=(KeyResultRow("PAY-KR1", cells),))


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("shape", [each for each in Shape if each is not Shape.SNAPSHOT])
def test_every_shape_is_whole_html_with_all_its_rows(shape: Shape, design: Design) -> None:
    table = table_of(shape, design=design)
    html = Balance(render_preview(table))
    assert html.open == []
    assert html.names.count("tr") == 1 + len(table.rows) + bool(table.legend) + bool(table.closing)
    assert html.names.count("th") == html.names.count("col") == len(table.header)
    assert "style" not in html.attributes, "the pages allow no style of an element's own"


def test_a_snapshot_says_that_it_is_final_in_a_panel() -> None:
    assert '<div class="panel"><p>' in render_preview(table_of(Shape.SNAPSHOT))


def test_it_says_what_the_table_says() -> None:
    table = table_of(Shape.TABLE)
    said = words(render_preview(table))
    assert "4 of 9 key results need attention" in said
    assert all(row.key in said for row in table.rows if isinstance(row, KeyResultRow))
    assert "38 → 20 s" in said
    assert "How to read" in said


def test_what_people_wrote_is_text() -> None:
    table = holding(table_of(Shape.TABLE), Text(NASTY), Text(NASTY, strong=True), Lozenge(NASTY, Colour.RED),
                    Link(NASTY, f"https://x.example/{NASTY}"))  # fmt: skip
    html = Balance(render_preview(table))
    assert "script" not in html.names
    assert not any(name.startswith("on") for name in html.attributes)


def test_only_an_address_of_the_web_becomes_a_link() -> None:
    table = holding(table_of(Shape.TABLE), Link("PAY-1", "javascript:alert(1)"))
    row = render_preview(table).partition("<tbody>")[2].partition("</tr>")[0]
    assert "PAY-1" in row
    assert "<a " not in row


@pytest.mark.parametrize(("filled", "shown"), [(0, "□" * 10), (3, "■■■□□□□□□□"), (10, "■" * 10)])
def test_a_bar_has_ten_squares(filled: int, shown: str) -> None:
    said = words(render_preview(holding(table_of(Shape.TABLE), Bar(filled))))
    assert shown in said.replace(" ", "")


def test_cells_for_typing_and_computed_cells_look_their_part() -> None:
    html = render_preview(table_of(Shape.TABLE))
    assert html.count('class="typing"') == 3
    assert 'class="objective"' in html


@pytest.mark.parametrize(
    ("number", "shown", "said"),
    [(15, 15, ""), (16, 8, "… and 8 more key results like these."), (30, 8, "… and 22 more key results like these.")],
)
def test_of_a_long_table_the_first_key_results_are_shown(number: int, shown: int, said: str) -> None:
    table = replace(table_of(Shape.TABLE), closing=(), legend=None)
    row = next(row for row in table.rows if isinstance(row, KeyResultRow))
    html = render_preview(replace(table, rows=(table.rows[0], *[row] * number)))
    head_and_objective = 2
    assert Balance(html).names.count("tr") == head_and_objective + shown + bool(said)
    assert said in words(html)
    assert ("more key result" in words(html)) is bool(said)
