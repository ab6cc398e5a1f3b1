"""A table as Confluence shows it, for looking at before it is written.

    render_preview(table) -> Markup       goes with static/preview.css

Made from the same table that the page gets, not from the page's markup: data is only ever text or an attribute value.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from mapping.table import ENOUGH_TO_SEE, MANY_KEY_RESULTS
from mapping.table_parts import Cell, HeaderCell, KeyResultRow, Row, Table
from mapping.table_pieces import AsOf, Bar, Break, Colour, Expand, Line, Link, Lozenge, Piece, Text
from web.language import gettext, language

_NOTHING = Markup("")
_BREAK = Markup("<br>")
_SQUARES = 10


def render_preview(table: Table, key_results: int | None = None) -> Markup:
    """Summary and table, in the table's own language; details open on a click, links in a tab of their own. Of a long
    table a few key results, enough to see how it will look, and how many more there are. ``key_results``: how
    many there are in all, where the table has only its first rows."""
    return Markup('<div class="preview"><div lang="%s">%s</div>%s</div>') % (
        table.language,
        _summary(table),
        _scrolled(table, key_results),
    )


def _summary(table: Table) -> Markup:
    paragraphs = [_paragraph((line,)) for line in table.summary]
    if table.in_panel:
        paragraphs[0] = Markup('<div class="panel">%s</div>') % paragraphs[0]
    return _joined(paragraphs)


def _scrolled(table: Table, key_results: int | None) -> Markup:
    """It may be wider than the screen; who has no mouse scrolls it with the arrow keys."""
    return Markup('<div class="scroll" tabindex="0" role="region" aria-label="%s">%s</div>') % (
        gettext("Preview of the table"),
        _table(table, key_results),
    )


def _table(table: Table, key_results: int | None) -> Markup:
    return Markup('<table class="%s" lang="%s"><colgroup>%s</colgroup><thead>%s</thead><tbody>%s</tbody></table>') % (
        table.width,
        table.language,
        _joined(_column(cell, table.width.pixels) for cell in table.header),
        _header(table.header),
        _joined((*_rows(table, key_results), *_last_rows(table))),
    )


def _column(cell: HeaderCell, full: int) -> Markup:
    return Markup('<col width="%s%%">') % f"{100 * cell.width / full:.1f}"


def _header(cells: Iterable[HeaderCell]) -> Markup:
    return Markup("<tr>%s</tr>") % _joined(map(_header_cell, cells))


def _header_cell(cell: HeaderCell) -> Markup:
    colour = Markup(' class="typing"') if cell.column.is_input else _NOTHING
    return Markup('<th scope="col"%s>%s</th>') % (colour, cell.text)


def _rows(table: Table, key_results: int | None) -> Iterable[Markup]:
    places = [place for place, row in enumerate(table.rows) if isinstance(row, KeyResultRow)]
    count = len(places) if key_results is None else key_results
    shown = places[:ENOUGH_TO_SEE] if count > MANY_KEY_RESULTS else places
    left = count - len(shown)
    yield from (_row(row, table) for row in table.rows[: shown[-1] + 1 if left > 0 else None])
    if left > 0:
        words = gettext("… and {n} more key results like these.")
        yield _spanning(Markup("<p>%s</p>") % words.format(n=left), table, Markup(' lang="%s"') % language())


def _row(row: Row, table: Table) -> Markup:
    if isinstance(row, KeyResultRow):
        return Markup("<tr>%s</tr>") % _joined(map(_cell, row.cells))
    return _spanning(_paragraph((row.line,)), table, Markup(' class="objective"'))


def _last_rows(table: Table) -> Iterable[Markup]:
    if table.closing:
        yield _spanning(_paragraph((table.closing,)), table)
    if table.legend is not None:
        yield _spanning(_expand(table.legend), table)


def _spanning(content: Markup, table: Table, attributes: Markup = _NOTHING) -> Markup:
    return Markup('<tr><td colspan="%s"%s>%s</td></tr>') % (len(table.header), attributes, content)


def _cell(cell: Cell) -> Markup:
    lines = _paragraph(cell.lines) if cell.lines else _NOTHING
    expand = _expand(cell.expand) if cell.expand is not None else _NOTHING
    return Markup("<td%s>%s%s</td>") % (Markup(' class="computed"') if cell.grey else _NOTHING, lines, expand)


def _expand(expand: Expand) -> Markup:
    return Markup("<details><summary>%s</summary>%s</details>") % (expand.title, _opened(expand))


def _opened(expand: Expand) -> Markup:
    if not expand.bullets:
        return _paragraph(expand.lines)
    return Markup("<ul>%s</ul>") % _joined(Markup("<li>%s</li>") % _line(line) for line in expand.lines)


def _paragraph(lines: Iterable[Line]) -> Markup:
    return Markup("<p>%s</p>") % _BREAK.join(map(_line, lines))


def _line(line: Line) -> Markup:
    return _joined(map(_piece, line))


def _piece(piece: Piece) -> Markup:
    match piece:
        case Text(text, strong=True):
            return Markup("<strong>%s</strong>") % text
        case Text(text) | AsOf(text):
            return escape(text)
        case Break():
            return _BREAK
        case Lozenge(title, colour):
            named = _NOTHING if colour is Colour.GREY else Markup(" %s") % colour.lower()
            return Markup('<span class="loz%s">%s</span>') % (named, title)
        case Bar(filled):
            return _squares(filled)
        case Link(text, url):
            return _link(text, url)


def _squares(filled: int) -> Markup:
    """What they say stands in percent beside them."""
    full, empty = "■" * filled, "□" * (_SQUARES - filled)
    return Markup('<span class="squares" aria-hidden="true">%s<span>%s</span></span>') % (full, empty)


def _link(text: str, url: str) -> Markup:
    if not url.startswith(("http://", "https://")):
        return escape(text)
    return Markup('<a href="%s" target="_blank" rel="noopener noreferrer">%s</a>') % (url, text)


def _joined(parts: Iterable[Markup]) -> Markup:
    return _NOTHING.join(parts)
