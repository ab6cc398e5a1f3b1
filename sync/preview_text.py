"""A table as plain text, for a terminal: the same words as in the page, laid out in columns of characters."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

from mapping.table_parts import Cell, KeyResultRow, ObjectiveRow, Table
from mapping.table_pieces import AsOf, Break, Line, Link, Lozenge, Piece, Text

LINE_WIDTH = 118
NARROWEST = 8
_SQUARES = 10
_BETWEEN = "  "


def table_as_text(table: Table, width: int = LINE_WIDTH) -> str:
    """Summary, header, an objective per line and a key result per row; what opens on a click is left out."""
    widths = _widths([cell.width for cell in table.header], width)
    lines = [*(part for line in table.summary for part in _said(line)), ""]
    lines += _row([[_printable(cell.text)] for cell in table.header], widths)
    lines.append("─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1)))
    for row in table.rows:
        if isinstance(row, ObjectiveRow):
            lines += ["", *_said(row.line)]
        else:
            lines += ["", *_key_result(row, widths)]
    if table.closing:
        lines += ["", *_said(table.closing)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _key_result(row: KeyResultRow, widths: Sequence[int]) -> list[str]:
    return _row([_cell(cell) for cell in row.cells], widths)


def _cell(cell: Cell) -> list[str]:
    lines = [part for line in cell.lines for part in _said(line)]
    return [*lines, f"({_printable(cell.expand.title)})"] if cell.expand else lines


def _row(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    columns = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, columns), default=0)
    return [
        _BETWEEN.join(
            _padded(column[number] if number < len(column) else "", width)
            for column, width in zip(columns, widths, strict=True)
        )
        for number in range(height)
    ]


def _wrapped(lines: Iterable[str], width: int) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, width, break_on_hyphens=False)]


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - _shown_width(text))


def _shown_width(text: str) -> int:
    """Characters of East Asian scripts take two places in a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _widths(pixels: Sequence[int], width: int) -> list[int]:
    """In proportion to the page's columns."""
    room = width - len(_BETWEEN) * (len(pixels) - 1)
    return [max(NARROWEST, each * room // sum(pixels)) for each in pixels]


def _said(line: Line) -> list[str]:
    return "".join(map(_piece, line)).split("\n")


def _piece(piece: Piece) -> str:
    if isinstance(piece, Text | Link | AsOf):
        return _printable(piece.text)
    if isinstance(piece, Break):
        return "\n"
    if isinstance(piece, Lozenge):
        return f"[{_printable(piece.title)}]"
    return "■" * piece.filled + "□" * (_SQUARES - piece.filled)


def _printable(text: str) -> str:
    """Nothing that a terminal would act upon; no-break spaces, which do not count as printable, become spaces."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
