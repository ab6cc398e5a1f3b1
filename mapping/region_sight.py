"""Our region as one look at a body finds it, where everything is read that is not known already.

    seen_in_full(data, region_id, shown) -> Sight
    seen(data, region_id, shown, known) -> Sight         after an earlier visit
    seen_again(data, was) -> Sight                       after our write, in the same visit
    renewed_in(sight, markup, wishes) -> Renewed         the body with a new state of the region
    memory_of(sight, texts, settled) -> RegionMemory     for the next visit

However a sight came about, it says the same of the page, and the same is written. Of the first two questions (is the
page the same around our region? which rows are known?) each is asked alone. Any answer that does not fit, such as a row
that is known and stands outside our table, or cells over several rows, leads to reading all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from mapping.page_region import NotWellFormed, Region, regions_in
from mapping.region_layout import ANY_COLUMN, LayoutRow, RowKind, TableLayout
from mapping.region_memory import KnownRow, RegionMemory, around, digest_of_row, texts_of_row
from mapping.region_reading import RegionReading, content_of, read_content
from mapping.region_splice import renewed
from mapping.rows_aside import Rows, put_aside, put_back
from mapping.storage_scan import MOST_BYTES
from mapping.table_changes import Fields
from mapping.table_grid import MOST_COLUMNS, MOST_PLACES
from mapping.table_merge import ColumnsMoved, Wishes
from mapping.table_parts import Column

# In so many rows every span is honoured, whichever of them are put aside.
_MOST_ROWS = MOST_PLACES // MOST_COLUMNS


@dataclass(frozen=True, slots=True)
class Sight:
    """The body is ``before``, ``data`` with ``rows`` put back, and ``after``. ``regions``: where they stand in
    ``data``, all that the page has; ``reading``: of the first."""

    before: bytes
    data: bytes
    after: bytes
    rows: Rows
    regions: tuple[Region, ...]
    reading: RegionReading | None

    @property
    def table(self) -> TableLayout | None:
        return None if self.reading is None else self.reading.layout.table


@dataclass(frozen=True, slots=True)
class Known:
    """From an earlier visit: the ``texts`` that were read then, and ``rows`` as ``Intended.rows`` has them now."""

    memory: RegionMemory
    texts: Fields
    rows: Mapping[str, str]

    def is_settled(self, key: str, row: bytes) -> bool:
        """Whether this is a row of ours as it was read then, in which there is nothing to write."""
        known = self.memory.rows.get(key)
        return known is not None and known.settled == self.rows.get(key) and self.memory.knows(key, row, self.texts)


@dataclass(frozen=True, slots=True)
class RenewedBody:
    """``part``: the new state of the region alone. ``settled``: see ``table_merge.MergedTable``."""

    body: str
    part: str
    settled: frozenset[str]


def seen_in_full(data: bytes, region_id: str, shown: AbstractSet[Column] = ANY_COLUMN) -> Sight:
    """Raises NotWellFormed."""
    return _in_full(data, regions_in(data, region_id), shown)


def seen(data: bytes, region_id: str, shown: AbstractSet[Column], known: Known | None) -> Sight:
    """Raises NotWellFormed."""
    if known is None or len(data) > MOST_BYTES:
        return seen_in_full(data, region_id, shown)
    place = known.memory.stands_between(data)
    quick = None if place is None else _between(data, place, region_id, shown, known)
    if quick is not None:
        return quick
    regions = regions_in(data, region_id)
    if len(regions) == 1:
        quick = _between(data, (regions[0].start, regions[0].end), region_id, shown, known)
    return quick or _in_full(data, regions, shown)


def seen_again(data: bytes, region_id: str, was: Sight) -> Sight:
    """``was``: before our write. Any column that we know counts, as in what is read back. Raises NotWellFormed."""
    quick = _seen_again_quickly(data, region_id, was)
    return seen_in_full(data, region_id) if quick is None else quick


def renewed_in(sight: Sight, region_id: str, render: Callable[[AbstractSet[str]], str], wishes: Wishes) -> RenewedBody:
    """The sight's first region renewed. ``render``: the new state, with the rows of these key results put aside. Raises
    UnreadableRegion."""
    region, reading = sight.regions[0], sight.reading
    assert reading is not None  # noqa: S101  it has a region
    aside = sight.rows.keys()
    try:
        made = renewed(sight.data, region, render(aside), reading, wishes, aside)
    except ColumnsMoved:
        shown = frozenset(reading.columns)
        return renewed_in(seen_in_full(whole(sight), region_id, shown), region_id, render, wishes)
    macro = put_back(made.macro, sight.rows)
    parts = (sight.before, sight.data[: region.start], macro, sight.data[region.end :], sight.after)
    return RenewedBody(b"".join(parts).decode(), macro.decode(), made.settled)


def whole(sight: Sight) -> bytes:
    """The body, as it was read."""
    return sight.before + put_back(sight.data, sight.rows) + sight.after


def part_of(sight: Sight) -> str:
    """The sight's first region, as it was read."""
    region = sight.regions[0]
    return put_back(sight.data[region.start : region.end], sight.rows).decode()


def memory_of(sight: Sight, rows_before: Rows, settled: Mapping[str, str]) -> RegionMemory | None:
    """None where the page is not one of which anything can be remembered. ``settled``: by key what was intended and
    changed nothing in the row ``rows_before`` has."""
    table, reading = sight.table, sight.reading
    if reading is None or table is None or len(sight.regions) != 1 or len(table.rows) > _MOST_ROWS:
        return None
    if table.columns != table.named or table.repeated_keys:
        return None
    richer = {key for key, _ in reading.richer}
    rows = {
        key: KnownRow(digest_of_row(row, texts), settled.get(key, "") if rows_before.get(key) == row else "")
        for key, row in rows_of_ours(sight).items()
        if key not in richer and (texts := texts_of_row(key, table.columns, reading.fields)) is not None
    }
    region, front = sight.regions[0], sight.before + sight.data[: sight.regions[0].start]
    back = sight.data[region.end :] + sight.after
    return RegionMemory(len(front), len(back), around(front + back, len(front), len(front)), table.columns, rows)


def rows_of_ours(sight: Sight) -> dict[str, bytes]:
    """The bytes of each row of a key result that has one cell for each column, by its key."""
    table, reading = sight.table, sight.reading
    if table is None or reading is None:
        return {}
    width, data = len(table.columns), reading.layout.data
    return {
        row.name: sight.rows[row.name] if row.is_aside else data[row.grid.node.start : row.grid.node.end]
        for row in table.rows
        if row.kind is RowKind.KEY_RESULT and (row.is_aside or _is_whole(row, width))
    }


def _is_whole(row: LayoutRow, width: int) -> bool:
    return row.grid.is_plain and len(row.grid.cells) == width


def _in_full(data: bytes, regions: tuple[Region, ...], shown: AbstractSet[Column]) -> Sight:
    reading = read_content(content_of(data, regions[0]), shown) if regions else None
    return Sight(b"", data, b"", {}, regions, reading)


def _between(
    data: bytes, place: tuple[int, int], region_id: str, shown: AbstractSet[Column], known: Known
) -> Sight | None:
    start, end = place
    bare = Sight(data[:start], data[start:end], data[end:], {}, (), None)
    return _quickly(bare, region_id, shown, known.memory.columns, known.is_settled, known.texts)


def _seen_again_quickly(data: bytes, region_id: str, was: Sight) -> Sight | None:
    table, reading = was.table, was.reading
    if table is None or reading is None or len(was.regions) != 1 or table.columns != table.named:
        return None
    region = was.regions[0]
    before, after = was.before + was.data[: region.start], was.data[region.end :] + was.after
    is_same_around = data.startswith(before) and data.endswith(after) and len(data) >= len(before) + len(after)
    if not is_same_around or len(data) > MOST_BYTES:
        return None
    known = rows_of_ours(was)
    bare = Sight(before, data[len(before) : len(data) - len(after)], after, {}, (), None)
    again = _quickly(bare, region_id, ANY_COLUMN, table.columns, lambda key, row: known.get(key) == row, reading.fields)
    if again is None or again.reading is None:
        return None
    still_richer = frozenset((key, column) for key, column in reading.richer if key in again.rows)
    return replace(again, reading=replace(again.reading, richer=again.reading.richer | still_richer))


def _quickly(
    bare: Sight,
    region_id: str,
    shown: AbstractSet[Column],
    columns: tuple[Column | None, ...],
    is_known: Callable[[str, bytes], bool],
    texts: Fields,
) -> Sight | None:
    """The sight with what stands in ``bare.data`` read, but for known rows. What stands around it is well-formed with
    one element between, and holds no region: so it is enough that this is well-formed by itself."""
    if b"rowspan" in bare.data or bare.data.count(b"<tr") > _MOST_ROWS:
        return None
    aside = put_aside(bare.data, is_known)
    known = {key: {each: texts[key, each] for each in columns if each is not None} for key in aside.rows}
    try:
        regions = regions_in(aside.data, region_id)
        # What is not ours beside the region may belong to a macro around it, and make that another one.
        if [(region.start, region.end) for region in regions] != [(0, len(aside.data))]:
            return None
        reading = read_content(content_of(aside.data, regions[0]), shown, known)
    except NotWellFormed:
        return None
    if not _fits(reading.layout.table, columns, aside.rows):
        return None
    return replace(bare, data=aside.data, rows=aside.rows, regions=regions, reading=reading)


def _fits(table: TableLayout | None, columns: tuple[Column | None, ...], aside: Rows) -> bool:
    """Whether every row that was put aside stands in our table, where it means what it meant."""
    if table is None or table.columns != columns:
        return False
    return [row.name for row in table.rows if row.is_aside] == list(aside)
