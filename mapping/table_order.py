"""In which order rows and columns stand: a person's order and a person's own rows and columns stay."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mapping.cell_colours import BLUE, colour_of
from mapping.region_layout import LayoutRow, RowKind, TableLayout, column_named
from mapping.table_parts import Column
from mapping.visible_text import is_blank

T = TypeVar("T", bound=Hashable)

# One of our columns, or the place in the old table of a person's column.
Slot = Column | int


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """``new`` is None for a person's row; ``old`` is None for a row that was not there yet."""

    new: LayoutRow | None
    old: LayoutRow | None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """``slots`` are the columns as they should stand, ``old`` the columns as they stand."""

    slots: tuple[Slot, ...]
    old: tuple[Column | None, ...]

    def old_place(self, slot: Slot) -> int | None:
        """Where the column stands now; None for one that is new."""
        if isinstance(slot, int):
            return slot
        return self.old.index(slot) if slot in self.old else None

    @property
    def is_same(self) -> bool:
        return [self.old_place(slot) for slot in self.slots] == list(range(len(self.old)))


def merged_order(intended: Sequence[T], present: Iterable[T]) -> list[T]:
    """What is there already keeps its order; what is new comes after the one that it follows in the intended order."""
    wanted = set(intended)
    order = [item for item in present if item in wanted]
    there = set(order)
    new: dict[T | None, list[T]] = {None: []}
    before: T | None = None
    for item in intended:
        if item in there:
            before = item
        else:
            new.setdefault(before, []).append(item)
    return [*new[None], *(each for item in order for each in (item, *new.get(item, ())))]


def planned_columns(old: TableLayout, new: TableLayout, typed: frozenset[Column], intended: bool) -> ColumnPlan:
    """The columns from left to right. A column of ours that is not wanted any more stays as a person's as long as it
    holds something ``typed`` that nobody took yet. ``intended``: our own columns stand in our order, not the page's;
    they were chosen anew. Where they were not, a column that we did not write is a person's, whatever its header."""
    wanted = [column for column in new.columns if column is not None]
    theirs: dict[Column | None, list[Slot]] = {}
    present: list[Column] = []
    for index, column in enumerate(old.columns):
        if column in wanted:
            present.append(column)
        elif column is None or column in typed or not intended:
            theirs.setdefault(_left_of(index, old, present, wanted), []).append(index)
    ours = wanted if intended else merged_order(wanted, present)
    placed = list(theirs.get(None, []))
    for column in ours:
        placed += [column, *theirs.get(column, [])]
    return ColumnPlan(tuple(placed), old.columns)


def _left_of(index: int, old: TableLayout, present: Sequence[Column], wanted: Sequence[Column]) -> Column | None:
    """The column of ours that a person's column follows. One that has the header of a column that is new here comes to
    stand right behind that: of two with the same header the first is ours."""
    named = column_named(old.headers[index])
    if named in wanted and named not in old.columns:
        return named
    return present[-1] if present else None


def placed_rows(old: TableLayout, new: TableLayout, retired: frozenset[str], intended: bool) -> tuple[PlacedRow, ...]:
    """The rows from top to bottom: ours, each followed by the person's rows that followed it."""
    return _Rows(old, new, retired, intended).placed()


class _Rows:
    """A row of the new table is known by its place in it, which stands for the row in every index here."""

    def __init__(self, old: TableLayout, new: TableLayout, retired: frozenset[str], intended: bool) -> None:
        self._old = old
        self._new = new
        self._retired = retired
        self._intended = intended
        self._old_of = _matches(old, new)
        self._theirs = self._attached()

    def placed(self) -> tuple[PlacedRow, ...]:
        places = self._order()
        theirs = self._below_originals(places)
        order = [PlacedRow(None, self._old.rows[index]) for index in theirs.get(None, [])]
        for place in places:
            was = self._old_of.get(place)
            order.append(PlacedRow(self._new.rows[place], None if was is None else self._old.rows[was]))
            order += [PlacedRow(None, self._old.rows[index]) for index in theirs.get(place, [])]
        return tuple(order)

    def _below_originals(self, places: list[int]) -> dict[int | None, list[int]]:
        """A copy of a key result's row never comes to stand above it, where it would be taken for the row itself."""
        position = {place: index for index, place in enumerate(places)}
        originals = {self._new.rows[place].name: place for place in places}
        below: dict[int | None, list[int]] = {}
        for anchor, indexes in self._theirs.items():
            for index in indexes:
                row = self._old.rows[index]
                original = originals.get(row.name) if row.kind is RowKind.COPY else None
                is_above = original is not None and (anchor is None or position[anchor] < position[original])
                below.setdefault(original if is_above else anchor, []).append(index)
        return below

    def _order(self) -> list[int]:
        """Key results in a person's order within their objective, objectives in a person's order, the legend last."""
        groups = _groups(self._new)
        inside = {head: self._sorted(members) for head, members in groups.items()}
        fixed = [head for head in groups if self._new.rows[head].kind is not RowKind.OBJECTIVE]
        moving = self._sorted([head for head in groups if head not in fixed])
        heads = [*fixed[:1], *moving, *fixed[1:]]
        return [place for head in heads for place in (head, *inside[head])]

    def _sorted(self, places: list[int]) -> list[int]:
        if self._intended:
            return places
        present = sorted((place for place in places if place in self._old_of), key=self._old_of.__getitem__)
        return merged_order(places, present)

    def _attached(self) -> Mapping[int | None, list[int]]:
        """A person's rows by the row of ours that they follow; None for those above all of ours."""
        new_of = {was: place for place, was in self._old_of.items()}
        attached: dict[int | None, list[int]] = {}
        anchor: int | None = None
        for index, row in enumerate(self._old.rows):
            if index in new_of:
                anchor = new_of[index]
            elif not self._goes(row):
                attached.setdefault(anchor, []).append(index)
        return attached

    def _goes(self, row: LayoutRow) -> bool:
        """Rows that we wrote and that are no longer wanted, unless a person wrote something beside them."""
        retired = row.kind is RowKind.KEY_RESULT and row.name in self._retired
        return (retired or row.kind in {RowKind.OBJECTIVE, RowKind.LEGEND}) and not _holds_own_words(row, self._old)


def _holds_own_words(row: LayoutRow, table: TableLayout) -> bool:
    cells = row.grid.cells
    if row.kind is RowKind.KEY_RESULT:
        return any(not is_blank(cell.node) for cell in cells if table.columns[cell.first] is None)
    return any(not is_blank(cell.node) for cell in cells[1:])


def _groups(new: TableLayout) -> dict[int, list[int]]:
    """The header, each objective with its key results, and the legend, by place."""
    groups: dict[int, list[int]] = {}
    head = 0
    for place, row in enumerate(new.rows):
        if row.kind is RowKind.KEY_RESULT:
            groups[head].append(place)
        else:
            head = place
            groups[head] = []
    return groups


def _matches(old: TableLayout, new: TableLayout) -> dict[int, int]:
    """Which old row each new row is: key results by key, objectives by title or by what follows them."""
    named: dict[tuple[RowKind, str], list[int]] = {}
    for index, row in enumerate(old.rows):
        kind = RowKind.OBJECTIVE if _looks_like_objective(row) else row.kind
        named.setdefault((kind, row.name), []).append(index)
    old_of = {}
    for place, row in enumerate(new.rows):
        candidates = named.get((row.kind, row.name))
        if candidates:
            old_of[place] = candidates.pop(0)
    _match_renamed(old, new, old_of)
    return old_of


def _looks_like_objective(row: LayoutRow) -> bool:
    """A person wrote behind its figure; its place and colour are still ours."""
    if row.kind is not RowKind.OTHER or not row.name:
        return False
    return colour_of(row.grid.cells[0].node) == BLUE


def _match_renamed(old: TableLayout, new: TableLayout, old_of: dict[int, int]) -> None:
    head_of = {new.rows[place].name: head for head, members in _groups(new).items() for place in members}
    taken = set(old_of.values())
    waiting: int | None = None
    for index, row in enumerate(old.rows):
        if row.kind is RowKind.OBJECTIVE:
            waiting = None if index in taken else index
        elif row.kind is RowKind.KEY_RESULT and waiting is not None:
            head = head_of.get(row.name)
            if head is not None and head not in old_of:
                old_of[head] = waiting
            waiting = None
