"""The table as it should stand in the page now, out of the one that stands there and the one that we intend.

Ours: the header, the spanning rows, and our columns of our key results. A person's: every other row, every other
column, in their very bytes. Cells that span columns or rows are kept where they still fit, else they are one cell again
and the rest of what they covered is empty; words are never dropped with a span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from mapping.cell_merge import alone, empty_cell, inside, merged, start_tag
from mapping.region_layout import LayoutRow, RowKind
from mapping.table_frame import Sides, frame_of
from mapping.table_grid import GridCell, GridRow
from mapping.table_order import PlacedRow, Slot, placed_rows, planned_columns
from mapping.table_parts import Column
from mapping.visible_text import is_blank


@dataclass(frozen=True, slots=True)
class Wishes:
    """See ``mapping.region_splice.splice``."""

    keep: frozenset[tuple[str, Column]] = frozenset()
    retired: frozenset[str] = frozenset()
    take_layout: bool = False
    take_order: bool = False


class ColumnsMoved(ValueError):
    """Rows were put aside, and can only stay as they are where every column stays in its place."""


@dataclass(frozen=True, slots=True)
class MergedTable:
    """``settled``: the key results whose rows came out as they stood, byte for byte, and would do so again whatever is
    done to any other row."""

    data: bytes
    settled: frozenset[str]


def merged_table(sides: Sides, wishes: Wishes) -> MergedTable:
    """Raises ColumnsMoved."""
    return _Merge(sides, wishes).written()


class _Mark(Enum):
    """What stands in a slot instead of a cell: nothing yet, or a cell from a row above reaches down to it."""

    EMPTY = "empty"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class _Ours:
    """A cell that we write, and the page's cell in whose tags it goes."""

    new: GridCell
    old: GridCell | None
    verbatim: bool = False


_Owner = GridCell | _Ours | _Mark


class _Merge:
    def __init__(self, sides: Sides, wishes: Wishes) -> None:
        self._sides = sides
        self._wishes = wishes
        typed = frozenset(column for _, column in wishes.keep)
        self._plan = planned_columns(sides.old, sides.new, typed, wishes.take_layout)
        self._rows = placed_rows(sides.old, sides.new, wishes.retired, wishes.take_order)
        self._reaching = self._cells_that_may_reach_down()

    def written(self) -> MergedTable:
        if not self._plan.is_same and any(row.is_aside for row in self._sides.old.rows):
            raise ColumnsMoved
        frame = frame_of(self._sides, self._plan, self._wishes.take_layout)
        rows = [self._row(row) for row in self._rows]
        data = frame.opening + frame.separator.join(rows) + frame.closing
        return MergedTable(data, frozenset(self._settled(rows)))

    def _settled(self, rows: Sequence[bytes]) -> Iterator[str]:
        """What stays in a row only for now, since somebody typed it, is not settled."""
        kept = {key for key, _ in self._wishes.keep}
        for row, written in zip(self._rows, rows, strict=True) if self._plan.is_same else ():
            if row.new is not None and row.old is not None and row.old.kind is RowKind.KEY_RESULT:
                node, is_kept = row.old.grid.node, row.old.name in kept
                is_same = written == self._sides.old_data[node.start : node.end]
                if is_same and not is_kept and row.old.grid.is_plain:
                    yield row.old.name

    # --- rows

    def _row(self, row: PlacedRow) -> bytes:
        if row.new is None:
            assert row.old is not None  # noqa: S101  a placed row has one side at least
            return self._their_row(row.old)
        if row.old is not None and row.old.is_aside:
            return self._sides.old_data[row.old.grid.node.start : row.old.grid.node.end]
        owners = self._our_owners(row.new, row.old)
        if row.old is None:
            tag = start_tag(self._sides.new_data, row.new.grid.node)
        else:
            tag = start_tag(self._sides.old_data, row.old.grid.node)
        return tag + b"".join(self._cells(owners)) + b"</tr>"

    def _their_row(self, row: LayoutRow) -> bytes:
        node = row.grid.node
        from_above = [cell for cell in row.grid.covering if cell is not None and cell.row != row.grid.index]
        reaching_down = [cell for cell in row.grid.cells if cell.rows > 1]
        if self._plan.is_same and all(cell in self._reaching for cell in (*from_above, *reaching_down)):
            return self._sides.old_data[node.start : node.end]
        owners = self._their_owners(row.grid)
        shown = {id(owner) for owner in owners}
        lost = [cell.node for cell in row.grid.cells if id(cell) not in shown and not is_blank(cell.node)]
        cells = _with_words(list(self._cells(owners)), [inside(self._sides.old_data, each) for each in lost])
        return start_tag(self._sides.old_data, node) + b"".join(cells) + b"</tr>"

    # --- who stands in which slot

    def _our_owners(self, new: LayoutRow, old: LayoutRow | None) -> list[_Owner]:
        if new.kind in {RowKind.OBJECTIVE, RowKind.LEGEND}:
            return self._spanning_owners(new, old)
        return [
            self._our_cell(new, old, slot) if isinstance(slot, Column) else self._from_old(old, slot)
            for slot in self._plan.slots
        ]

    def _our_cell(self, new: LayoutRow, old: LayoutRow | None, column: Column) -> _Owner:
        cell = self._sides.new.cell(new, column)
        assert cell is not None  # noqa: S101  we wrote every cell of our own row
        was = None if old is None else self._sides.old.cell(old, column)
        return _Ours(cell, was, verbatim=was is not None and (new.name, column) in self._wishes.keep)

    def _from_old(self, old: LayoutRow | None, place: int) -> _Owner:
        covering = () if old is None else old.grid.covering
        cell = covering[place] if place < len(covering) else None
        if old is None or cell is None:
            return _Mark.EMPTY
        if cell.row != old.grid.index:
            return _Mark.COVERED if cell in self._reaching else _Mark.EMPTY
        is_ours = old.kind in {RowKind.KEY_RESULT, RowKind.HEADER} and self._is_our_column(cell.first)
        return _Mark.EMPTY if is_ours else cell

    def _is_our_column(self, place: int) -> bool:
        column = self._sides.old.columns[place]
        return column is not None and column in self._plan.slots

    def _spanning_owners(self, new: LayoutRow, old: LayoutRow | None) -> list[_Owner]:
        first = old.grid.cells[0] if old is not None else None
        ours = _Ours(new.grid.cells[0], first)
        return [self._beside(old, slot, first) or ours for slot in self._plan.slots]

    def _beside(self, old: LayoutRow | None, slot: Slot, first: GridCell | None) -> _Owner | None:
        """What a person put beside our words in a row that spans all columns."""
        place = self._plan.old_place(slot)
        if old is None or place is None:
            return None
        owner = self._from_old(old, place)
        if owner is first or owner is _Mark.EMPTY:
            return None
        blank = isinstance(owner, GridCell) and isinstance(slot, Column) and is_blank(owner.node)
        return None if blank else owner

    def _their_owners(self, row: GridRow) -> list[_Owner]:
        owners: list[_Owner] = []
        for index, slot in enumerate(self._plan.slots):
            place = self._plan.old_place(slot)
            if place is None:
                owners.append(self._spread(row, owners, index))
                continue
            cell = row.covering[place] if place < len(row.covering) else None
            if cell is not None and cell.row != row.index:
                owners.append(_Mark.COVERED if cell in self._reaching else _Mark.EMPTY)
            else:
                owners.append(cell or _Mark.EMPTY)
        return owners

    def _spread(self, row: GridRow, owners: Sequence[_Owner], index: int) -> _Owner:
        """A column that is new here: a cell that spans both sides of it, or the rest of the row, spans it too."""
        before = owners[-1] if owners else _Mark.EMPTY
        if not isinstance(before, GridCell) or before.span == 1:
            return _Mark.EMPTY
        places = (self._plan.old_place(slot) for slot in self._plan.slots[index + 1 :])
        after = next((place for place in places if place is not None), None)
        reaches = after is None or (after < len(row.covering) and row.covering[after] is before)
        return before if reaches else _Mark.EMPTY

    # --- cells

    def _cells(self, owners: Sequence[_Owner]) -> Iterator[bytes]:
        """Each owner once, over as many slots as it has side by side; what it has elsewhere is empty."""
        seen: set[int] = set()
        for same in (list(group) for _, group in groupby(owners, key=id)):
            owner = same[0]
            if isinstance(owner, _Mark):
                yield b"" if owner is _Mark.COVERED else empty_cell() * len(same)
                continue
            yield empty_cell(len(same)) if id(owner) in seen else self._cell(owner, len(same))
            seen.add(id(owner))

    def _cell(self, owner: GridCell | _Ours, span: int) -> bytes:
        if isinstance(owner, GridCell):
            return self._kept(owner, span)
        if owner.old is None:
            return alone(self._sides.new_data, owner.new.node, span)
        if owner.verbatim:
            return self._kept(owner.old, span)
        return merged(self._sides.old_data, owner.old.node, self._sides.new_data, owner.new.node, span)

    def _kept(self, cell: GridCell, span: int) -> bytes:
        if cell.span == span and (cell.rows == 1 or cell in self._reaching):
            return self._sides.old_data[cell.node.start : cell.node.end]
        return alone(self._sides.old_data, cell.node, span)

    def _cells_that_may_reach_down(self) -> frozenset[GridCell]:
        """A person's cells over several rows that still stand one below the other, with no column of ours."""
        if not self._plan.is_same:
            return frozenset()
        position = {row.old.grid.node.start: index for index, row in enumerate(self._rows) if row.old is not None}
        return frozenset(
            cell
            for row in self._sides.old.rows
            for cell in row.grid.cells
            if cell.rows > 1 and self._still_fits(cell, position)
        )

    def _still_fits(self, cell: GridCell, position: dict[int, int]) -> bool:
        below = self._sides.old.rows[cell.row : cell.row + cell.rows]
        places = [position.get(row.grid.node.start) for row in below]
        start = places[0]
        if start is None or places != list(range(start, start + len(places))):
            return False
        columns = self._sides.old.columns[cell.first : cell.first + cell.span]
        return all(row.kind.is_a_persons for row in below) or not any(columns)


def _with_words(cells: list[bytes], lost: list[bytes]) -> list[bytes]:
    """A person's words in a column that is no more go on in the last cell of their row."""
    last = max((index for index, cell in enumerate(cells) if b"</" in cell), default=None)
    if last is None or not lost:
        return cells
    cell = cells[last]
    end = cell.rindex(b"</")
    return [*cells[:last], cell[:end] + b"".join(lost) + cell[end:], *cells[last + 1 :]]
