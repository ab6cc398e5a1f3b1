"""The rows and cells of a table in a page, with the columns that each cell covers.

Spans are honoured as a browser honours them, within bounds: whatever numbers stand in the markup, a grid never has more
than ``MOST_COLUMNS`` columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mapping.storage_scan import Node

MOST_COLUMNS = 100
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})


@dataclass(frozen=True, slots=True, eq=False)
class GridCell:
    """A cell covers ``span`` columns from ``first`` on, and ``rows`` rows from row ``row`` on. Compared by identity."""

    node: Node
    row: int
    first: int
    span: int
    rows: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """``cells`` start in this row; ``covering`` has per column the cell that covers it, also one from a row above."""

    node: Node
    cells: tuple[GridCell, ...]
    covering: tuple[GridCell | None, ...]

    def starting_at(self, column: int) -> GridCell | None:
        cell = self.covering[column] if column < len(self.covering) else None
        return cell if cell is not None and cell in self.cells and cell.first == column else None


def rows_of(table: Node) -> tuple[Node, ...]:
    """The row elements of a table, in order, whatever sections they stand in."""
    return tuple(_rows(table))


def grid_of(table: Node) -> tuple[GridRow, ...]:
    nodes = rows_of(table)
    above: dict[int, GridCell] = {}
    grid = []
    for index, node in enumerate(nodes):
        row = _row(node, index, above, len(nodes) - index)
        above = {
            column: cell
            for column, cell in enumerate(row.covering)
            if cell is not None and cell.row + cell.rows > index + 1
        }
        grid.append(row)
    return tuple(grid)


def _rows(table: Node) -> Iterator[Node]:
    for child in table.elements():
        if child.name == "tr":
            yield child
        elif child.name in _SECTIONS:
            yield from (row for row in child.elements() if row.name == "tr")


def _row(node: Node, index: int, above: dict[int, GridCell], rows_left: int) -> GridRow:
    covering: dict[int, GridCell] = dict(above)
    cells = []
    column = 0
    for each in node.elements():
        if each.name not in {"td", "th"}:
            continue
        while column in covering:
            column += 1
        if column >= MOST_COLUMNS:
            break
        span = _free(covering, column, _number(each, "colspan"))
        cell = GridCell(each, index, column, span, min(_number(each, "rowspan"), rows_left))
        cells.append(cell)
        covering.update(dict.fromkeys(range(column, column + span), cell))
        column += span
    width = max(covering, default=-1) + 1
    return GridRow(node, tuple(cells), tuple(covering.get(column) for column in range(width)))


def _free(covering: dict[int, GridCell], column: int, wanted: int) -> int:
    """How many of the wanted columns are free from there on; a cell never covers what another one covers."""
    last = min(column + wanted, MOST_COLUMNS)
    return next((taken for taken in range(column + 1, last) if taken in covering), last) - column


def _number(cell: Node, attribute: str) -> int:
    text = cell.attributes.get(attribute, "1").strip()
    return max(1, int(text[:4])) if text.isascii() and text.isdigit() else 1
