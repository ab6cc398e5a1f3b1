"""What is what inside a region: which table is ours, which column is which, and whose row is whose.

A column is known by its header in any language that we ship; one that we did not write is a person's, whatever its
header. A row is known by the key in the link of its key-result cell; the spanning rows that we wrote by what they say;
all others are a person's rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from functools import cache

from mapping.cell_colours import BLUE, colour_of
from mapping.languages import all_words
from mapping.okr import KEY_PATTERN
from mapping.rows_aside import key_aside
from mapping.storage_scan import Node, Run, tree_of
from mapping.summary_lines import is_closing_line
from mapping.table_grid import GridCell, GridRow, grid_of
from mapping.table_parts import Column
from mapping.visible_text import folded, visible_text

_KEY_IN_LINK = re.compile(rf"/kr/({KEY_PATTERN.pattern})(?:[/?#]|$)")
# ✎ with or without a sign that asks for its look as text or emoji.
_PENCIL = re.compile("[\u270e\u270f\ufe0e\ufe0f]")
_LEAST_KNOWN_HEADERS = 2
ANY_COLUMN = frozenset(Column)
# How the line of an objective in a snapshot ends; a person may end a line so, too.
_SCORE_AT_END = re.compile(" · (?:[01][.,][0-9]|–)$")


class RowKind(Enum):
    """``COPY`` and ``OTHER`` are a person's rows; a copy has the key of a key result that stands above it."""

    HEADER = "header"
    OBJECTIVE = "objective"
    KEY_RESULT = "key result"
    LEGEND = "legend"
    COPY = "copy"
    OTHER = "other"

    @property
    def is_a_persons(self) -> bool:
        return self in {RowKind.COPY, RowKind.OTHER}


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """``name`` is the key of a key result or its copy; of an objective (or a person's row that spans columns)
    its first strong words; else empty."""

    kind: RowKind
    name: str
    grid: GridRow

    @property
    def is_aside(self) -> bool:
        """Its bytes are known and were put aside (``mapping.rows_aside``); so it has no cells here."""
        return self.kind is RowKind.KEY_RESULT and not self.grid.cells


@dataclass(frozen=True, slots=True)
class TableLayout:
    """``columns`` has per column what it is, None for a person's; ``named`` what it would be by its header alone;
    ``headers`` their words as they stand there."""

    node: Node
    rows: tuple[LayoutRow, ...]
    columns: tuple[Column | None, ...]
    named: tuple[Column | None, ...]
    headers: tuple[str, ...]
    repeated_keys: tuple[str, ...]

    def cell(self, row: LayoutRow, column: Column) -> GridCell | None:
        """The cell of a column that starts in that row."""
        return row.grid.starting_at(self.columns.index(column)) if column in self.columns else None


@dataclass(frozen=True, slots=True)
class RegionLayout:
    """The content of a region. ``has_table`` with ``table`` None: there is a table, and none with a readable header."""

    data: bytes
    root: Node
    table: TableLayout | None
    has_table: bool


def layout_of(
    content: bytes, shown: AbstractSet[Column] = ANY_COLUMN, aside: Collection[str] = frozenset()
) -> RegionLayout:
    """Of the content of a region's body. ``shown``: the columns that we wrote there at last, the key result among them;
    any that we know where that is not known. ``aside``: the key results whose rows were put aside. Raises
    NotWellFormed."""
    root = tree_of(content)
    tables = list(_outer_tables(root))
    layouts = (_table_layout(table, shown, aside) for table in tables)
    ours = next((layout for layout in layouts if layout is not None), None)
    return RegionLayout(content, root, ours, bool(tables))


def _outer_tables(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.name == "table":
            yield node
        else:
            waiting += reversed(node.elements())


def _table_layout(table: Node, shown: AbstractSet[Column], aside: Collection[str]) -> TableLayout | None:
    grid = grid_of(table)
    header = next((index for index, row in enumerate(grid) if _is_header(row)), None)
    if header is None:
        return None
    width = max(len(row.covering) for row in grid)
    columns, named = (_columns(grid[header], width, each) for each in (shown, ANY_COLUMN))
    rows = [
        LayoutRow(RowKind.HEADER, "", row) if index == header else _layout_row(row, columns, aside)
        for index, row in enumerate(grid)
    ]
    rows, repeated_keys = _without_repeated_keys(rows)
    headers = tuple(_header_text(grid[header].starting_at(column)) for column in range(len(columns)))
    return TableLayout(table, tuple(rows), columns, named, headers, repeated_keys)


def _is_header(row: GridRow) -> bool:
    known = {_known_column(cell) for cell in row.cells} - {None}
    return Column.KEY_RESULT in known and len(known) >= _LEAST_KNOWN_HEADERS


def _columns(header: GridRow, width: int, shown: AbstractSet[Column]) -> tuple[Column | None, ...]:
    """Per column what it is; of two with the same header the first is ours."""
    columns: list[Column | None] = [None] * width
    for cell in header.cells:
        column = _known_column(cell)
        if column in shown and column not in columns:
            columns[cell.first] = column
    return tuple(columns)


def _known_column(cell: GridCell) -> Column | None:
    return column_named(_header_text(cell))


def column_named(header: str) -> Column | None:
    """Which column of ours has that header, in any language."""
    return _headers().get(header.casefold())


def _header_text(cell: GridCell | None) -> str:
    return "" if cell is None else folded(_PENCIL.sub(" ", visible_text(cell.node)))


@cache
def _headers() -> dict[str, Column]:
    return {header.casefold(): Column(column) for words in all_words() for column, header in words.headers.items()}


def _layout_row(row: GridRow, columns: tuple[Column | None, ...], aside: Collection[str]) -> LayoutRow:
    if key_aside(row.node) in aside:
        return LayoutRow(RowKind.KEY_RESULT, key_aside(row.node), row)
    key = _key_of(row.starting_at(columns.index(Column.KEY_RESULT)))
    if key:
        return LayoutRow(RowKind.KEY_RESULT, key, row)
    if not row.cells or row.cells[0].span == 1:
        return LayoutRow(RowKind.OTHER, "", row)
    first = row.cells[0].node
    kind = _kind_of_spanning(first)
    return LayoutRow(kind, "" if kind is RowKind.LEGEND else _strong_words(first), row)


def _key_of(cell: GridCell | None) -> str:
    links = (each for each in cell.node.descendants() if each.name == "a") if cell is not None else ()
    keys = (_KEY_IN_LINK.search(link.attributes.get("href", "")) for link in links)
    return next((match.group(1) for match in keys if match), "")


def _kind_of_spanning(cell: Node) -> RowKind:
    titles = {title for words in all_words() for title in (words.legend.title, *words.legend.former_titles)}
    if any(_title_of(each) in titles for each in cell.descendants()):
        return RowKind.LEGEND
    text = folded(visible_text(cell))
    if is_closing_line(text):
        return RowKind.LEGEND
    is_ours = _state_at_end().search(text) or (colour_of(cell) == BLUE and _SCORE_AT_END.search(text))
    return RowKind.OBJECTIVE if is_ours else RowKind.OTHER


def _title_of(node: Node) -> str | None:
    """Of a parameter that gives a macro its title. It holds text alone; what else stands in it is not looked at."""
    if node.name != "ac:parameter" or node.attributes.get("ac:name") != "title":
        return None
    return folded("".join(child.text for child in node.children if isinstance(child, Run)))


@cache
def _state_at_end() -> re.Pattern[str]:
    """How every objective's line ends: its figure, or that it has none, and its state."""
    figures = "|".join(["\u2212?\\d+ %", *(re.escape(words.no_figure_yet) for words in all_words())])
    paces = (state for words in all_words() for state in (words.on_pace, words.behind, words.off_pace))
    states = "|".join(map(re.escape, paces))
    return re.compile(rf" · (?:{figures})(?: (?:{states}))?$")


def _strong_words(cell: Node) -> str:
    strong = next((each for each in cell.descendants() if each.name == "strong"), None)
    return "" if strong is None else folded(visible_text(strong))


def _without_repeated_keys(rows: list[LayoutRow]) -> tuple[list[LayoutRow], tuple[str, ...]]:
    """The same key twice: the first row is ours, the other a person's."""
    seen: set[str] = set()
    repeated: list[str] = []
    kept = []
    for row in rows:
        if row.kind is RowKind.KEY_RESULT and row.name in seen:
            repeated.append(row.name)
            kept.append(LayoutRow(RowKind.COPY, row.name, row.grid))
            continue
        if row.kind is RowKind.KEY_RESULT:
            seen.add(row.name)
        kept.append(row)
    return kept, tuple(repeated)
