"""A table as it looks while texts that people typed stay in its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mapping.table_parts import Cell, KeyResultRow, Table
from mapping.table_pieces import Text


def as_typed(table: Table, texts: Mapping[tuple[str, str], str]) -> Table:
    """The same table with these texts, by key result and column, in place of what it would say there itself. Only cells
    for typing take them."""
    rows = (_row(row, texts) if isinstance(row, KeyResultRow) else row for row in table.rows)
    return replace(table, rows=tuple(rows))


def _row(row: KeyResultRow, texts: Mapping[tuple[str, str], str]) -> KeyResultRow:
    return replace(row, cells=tuple(_cell(cell, texts.get((row.key, cell.column))) for cell in row.cells))


def _cell(cell: Cell, text: str | None) -> Cell:
    if text is None or not cell.typed:
        return cell
    return replace(cell, lines=tuple((Text(line),) for line in text.splitlines()))
