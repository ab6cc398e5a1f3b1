"""A table → Confluence storage format.

    render_region(table, aside) -> str

One Page Properties macro (or named excerpt) that holds the summary and one table. Which elements and macros appear
follows from the layout alone: data is only ever text or an attribute value. Details stand in expands within cells,
because Cloud's document schema allows no expand directly inside Page Properties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mapping.cell_colours import BLUE, GREY, HIGHLIGHT, TEAL
from mapping.rows_aside import empty_row
from mapping.storage_text import Markup, element, empty_element, joined, text_of
from mapping.table_parts import Cell, Container, HeaderCell, KeyResultRow, Row, Table, Width
from mapping.table_pieces import AsOf, Bar, Break, Expand, Line, Link, Lozenge, Piece, Text

# Both are in Confluence's text palette and follow dark mode.
_FULL = "color: rgb(7,71,166);"
_EMPTY = "color: rgb(151,160,175);"
_SQUARES = 10

_BREAK = empty_element("br")
_NEW_LINE = Markup("\n")


def render_region(table: Table, aside: Collection[str] = frozenset()) -> str:
    """The whole macro, as it is inserted at the first write; the rows of the key results ``aside`` are put aside
    (``mapping.rows_aside``)."""
    parameter = "id" if table.container is Container.DETAILS else "name"
    layout = {"data-layout": "wide"} if table.width is Width.WIDE else {}
    body = joined(*_lines_above(table), _table(table, aside), by=_NEW_LINE)
    return _macro(table.container, {parameter: table.region_id}, body, layout)


def _lines_above(table: Table) -> tuple[Markup, ...]:
    paragraphs = tuple(_paragraph((line,)) for line in table.summary)
    return (_macro("info", {}, paragraphs[0]), *paragraphs[1:]) if table.in_panel else paragraphs


def _table(table: Table, aside: Collection[str]) -> Markup:
    rows = [_header(table.header), *(_row(row, table, aside) for row in table.rows), *_last_rows(table)]
    sizes = (empty_element("col", {"style": f"width: {cell.width}.0px;"}) for cell in table.header)
    body = element("tbody", _NEW_LINE, joined(*rows, by=_NEW_LINE), _NEW_LINE)
    width = {"data-table-width": str(table.width.pixels), "data-layout": "default"}
    return element("table", element("colgroup", *sizes), body, attributes=width)


def _header(cells: Iterable[HeaderCell]) -> Markup:
    return element("tr", *(_header_cell(cell) for cell in cells))


def _header_cell(cell: HeaderCell) -> Markup:
    colour = {HIGHLIGHT: TEAL} if cell.column.is_input else {}
    return element("th", element("p", element("strong", text_of(cell.text))), attributes=colour)


def _row(row: Row, table: Table, aside: Collection[str]) -> Markup:
    if isinstance(row, KeyResultRow):
        if row.key in aside:
            return empty_row(row.key)
        return element("tr", *(_cell(cell) for cell in row.cells))
    spanning = {"colspan": str(len(table.header)), HIGHLIGHT: BLUE}
    return element("tr", element("td", _paragraph((row.line,)), attributes=spanning))


def _last_rows(table: Table) -> Iterable[Markup]:
    content = (
        *((_paragraph((table.closing,)),) if table.closing else ()),
        *((_expand(table.legend),) if table.legend is not None else ()),
    )
    spanning = {"colspan": str(len(table.header))}
    return (element("tr", element("td", each, attributes=spanning)) for each in content)


def _cell(cell: Cell) -> Markup:
    lines = _paragraph(cell.lines) if cell.lines or cell.expand is None else Markup("")
    expand = _expand(cell.expand) if cell.expand is not None else Markup("")
    return element("td", lines, expand, attributes={HIGHLIGHT: GREY} if cell.grey else {})


def _expand(expand: Expand) -> Markup:
    body = element("ul", *_bullets(expand.lines)) if expand.bullets else _paragraph(expand.lines)
    return _macro("expand", {"title": expand.title}, body)


def _bullets(lines: Iterable[Line]) -> Iterable[Markup]:
    return (element("li", _paragraph((line,))) for line in lines)


def _paragraph(lines: Iterable[Line]) -> Markup:
    return element("p", joined(*(joined(*(_piece(piece) for piece in line)) for line in lines), by=_BREAK))


def _piece(piece: Piece) -> Markup:
    match piece:
        case Text(text, strong=True):
            return element("strong", text_of(text))
        case Text(text) | AsOf(text):
            return text_of(text)
        case Break():
            return _BREAK
        case Lozenge(title, colour):
            return _macro("status", {"title": title, "colour": colour})
        case Bar(filled):
            return joined(_squares("■" * filled, _FULL), _squares("□" * (_SQUARES - filled), _EMPTY))
        case Link(text, url):
            return _link(text, url)


def _squares(squares: str, colour: str) -> Markup:
    return element("span", text_of(squares), attributes={"style": colour}) if squares else Markup("")


def _link(text: str, url: str) -> Markup:
    is_web = url.startswith(("http://", "https://"))
    return element("a", text_of(text), attributes={"href": url}) if is_web else text_of(text)


def _macro(
    name: str, parameters: dict[str, str], body: Markup | None = None, attributes: dict[str, str] | None = None
) -> Markup:
    given = (element("ac:parameter", text_of(value), attributes={"ac:name": key}) for key, value in parameters.items())
    inner = () if body is None else (element("ac:rich-text-body", body),)
    named = {"ac:name": name, "ac:schema-version": "1", **(attributes or {})}
    return element("ac:structured-macro", *given, *inner, attributes=named)
