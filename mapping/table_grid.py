"""The rows and cells of a table in a page, with the columns that each cell covers.

Spans are honoured as a browser honours them, within bounds: whatever numbers stand in the markup, a grid never has more
than ``MOST_COLUMNS`` columns, and once its cells have covered ``MOST_PLACES`` each further cell covers one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mapping.storage_scan import Node

MOST_COLUMNS = 100
# Some two thousand rows of the widest kind; a table of ours has a few hundred rows of eight.
MOST_PLACES = 200_000
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})


@dataclass(slots=True, eq=False)
class GridCell:
    """A cell covers ``span`` columns from ``first`` on, and ``rows`` rows from row ``row`` on. Compared by identity.

    Nobody changes one; it is not frozen because that doubles the time to make the thousands of a table.
    """

    node: Node
    row: int
    first: int
    span: int
    rows: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """``cells`` start in this row, the ``index``-th; ``covering`` has per column the cell that covers it, also one from
    a row above."""

    node: Node
    index: int
    cells: tuple[GridCell, ...]
    covering: tuple[GridCell | None, ...]

    @property
    def is_plain(self) -> bool:
        """Each cell covers one column of this row alone, and none reaches down to it."""
        return self.cells == self.covering and all(cell.rows == 1 for cell in self.cells)

    def starting_at(self, column: int) -> GridCell | None:
        cell = self.covering[column] if column < len(self.covering) else None
        return cell if cell is not None and cell.row == self.index and cell.first == column else None


def rows_of(table: Node) -> tuple[Node, ...]:
    """The row elements of a table, in order, whatever sections they stand in."""
    return tuple(_rows(table))


def grid_of(table: Node) -> tuple[GridRow, ...]:
    nodes = rows_of(table)
    above: dict[int, GridCell] = {}
    grid: list[GridRow] = []
    places = 0
    for index, node in enumerate(nodes):
        spans = places < MOST_PLACES
        row = _row(node, index, above, len(nodes) - index) if spans else _plain_row(node, index)
        above = _reaching_down(row)
        places += len(row.covering)
        grid.append(row)
    return tuple(grid)


def _reaching_down(row: GridRow) -> dict[int, GridCell]:
    below = row.index + 1
    return {
        column: cell
        for column, cell in enumerate(row.covering)
        if cell is not None and cell.rows > 1 and cell.row + cell.rows > below
    }


def _rows(table: Node) -> Iterator[Node]:
    for child in table.elements():
        if child.name == "tr":
            yield child
        elif child.name in _SECTIONS:
            yield from (row for row in child.elements() if row.name == "tr")


def _plain_row(node: Node, index: int) -> GridRow:
    """Every cell covers one place."""
    cells = tuple(GridCell(each, index, first, 1, 1) for first, each in enumerate(_cells(node)[:MOST_COLUMNS]))
    return GridRow(node, index, cells, cells)


def _cells(row: Node) -> list[Node]:
    return [each for each in row.elements() if each.name == "td" or each.name == "th"]


def _row(node: Node, index: int, above: dict[int, GridCell], rows_left: int) -> GridRow:
    nodes = _cells(node)
    if not above and not any("colspan" in each.attributes or "rowspan" in each.attributes for each in nodes):
        return _plain_row(node, index)
    covering: dict[int, GridCell] = dict(above)
    cells = []
    column = 0
    for each in nodes:
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
    return GridRow(node, index, tuple(cells), tuple(covering.get(column) for column in range(width)))


def _free(covering: dict[int, GridCell], column: int, wanted: int) -> int:
    """How many of the wanted columns are free from there on; a cell never covers what another one covers."""
    last = min(column + wanted, MOST_COLUMNS)
    return next((taken for taken in range(column + 1, last) if taken in covering), last) - column


def _number(cell: Node, attribute: str) -> int:
    text = cell.attributes.get(attribute, "1").strip()
    return max(1, int(text[:4])) if text.isascii() and text.isdigit() else 1
