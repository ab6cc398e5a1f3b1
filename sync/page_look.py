"""What stands in a page where our table is, what people typed there, and the page's body with the table renewed.

No calls and no rows: a page as read, and the table's two memories, go in.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from connector.store.tables import PageTable
from mapping.adoption_place import insert_in_place, is_kept_apart, still_stands
from mapping.page_region import find_regions, markup_of
from mapping.region_layout import ANY_COLUMN
from mapping.region_memory import RegionMemory, memory_from_json
from mapping.region_reading import (
    Readable,
    RegionReading,
    TypedChange,
    is_of_another_moment,
    same_value,
    typed_changes,
)
from mapping.region_sight import (
    Known,
    RenewedBody,
    Sight,
    memory_of,
    renewed_in,
    rows_of_ours,
    seen,
    seen_again,
    seen_in_full,
)
from mapping.sentences import sentence
from mapping.storage_format import render_region
from mapping.storage_scan import encoded
from mapping.table_changes import input_cells, same_order
from mapping.table_intended import Intended
from mapping.table_look import same_layout
from mapping.table_merge import Wishes
from mapping.table_parts import Column
from sync.ports import Page

Fields = dict[tuple[str, Column], str]

KEPT_APART = "kept_apart"
NO_HEADER = sentence(
    "The table has no header row that we know, so nobody can tell which cell is which. Put the header row back, "
    "or remove the table from the page and add it again."
)


@dataclass(frozen=True, slots=True)
class Look:
    """What one read of the page showed. ``sight``: of our table; None where it does not stand there. ``typed``: input
    cells that say something else than at our last version; ``replaced``: computed cells that a person typed over.
    ``copies``: further tables with the same id. ``is_older``: what stands there is an older table than our last, came
    from a copy, or stood there before our first. ``kept_apart``: the hand-made table whose place ours was to take
    stands there still, since it no longer says what it said then."""

    sight: Sight | None = field(repr=False)
    typed: tuple[TypedChange, ...] = ()
    replaced: tuple[TypedChange, ...] = ()
    copies: int = 0
    unreadable: str = ""
    is_older: bool = False
    kept_apart: bool = False

    @property
    def reading(self) -> RegionReading | None:
        return None if self.sight is None else self.sight.reading


def look_at(page: Page, table: PageTable, now: Intended) -> Look:
    """Find our table in the page. Raises NotWellFormed where the body cannot be read."""
    read = fields_from_json(table.read_back)
    memory = memory_from_json(table.region_memory)
    known = None if memory is None else Known(memory, read, now.rows)
    sight = seen(encoded(page.body), table.region_id, _shown_columns(table), known)
    copies, reading = len(sight.regions) - 1, sight.reading
    if reading is None:
        return Look(None, kept_apart=is_kept_apart(page.body, table.replaces))
    if reading.readable is Readable.NO_HEADER:
        return Look(sight, copies=copies, unreadable=NO_HEADER)
    changes = typed_changes(reading.fields, _asked_anew(table, now) | read, now.table.language)
    may_type, our_keys = input_cells(now.table), _our_keys(table, now)
    return Look(
        sight=sight,
        typed=tuple(change for change in changes if (change.key, change.column) in may_type),
        replaced=tuple(c for c in changes if (c.key, c.column) not in may_type and c.key in our_keys),
        copies=copies,
        is_older=not table.written_version or is_of_another_moment(reading.summary, table.read_back_lines),
        kept_apart=_was_kept_apart(table) and still_stands(page.body, table.replaces or {}),
    )


def _asked_anew(table: PageTable, now: Intended) -> Fields:
    """What cells are compared with of which nothing is remembered. Whoever types over a text that waited in our own
    last version sets it back only to what we would write there now. A table that stands in the page before we ever
    wrote it came from a copy, or from a time when nobody kept it: what differs may be a person's."""
    waiting = {(found["key"], found["column"]) for found in table.findings if found["column"]}
    return {field: text for field, text in now.fields.items() if not table.written_version or field in waiting}


def _was_kept_apart(table: PageTable) -> bool:
    return any(finding["what"] == KEPT_APART for finding in table.findings)


def _our_keys(table: PageTable, now: Intended) -> AbstractSet[str]:
    """The rows that we write, or take away. In any other row, whatever its link says, a person's words stay."""
    return {row.key for row in now.table.rows} | {key for key, _ in fields_from_json(table.intended_fields)}


def _shown_columns(table: PageTable) -> AbstractSet[Column]:
    """The columns that we wrote at last: any other is a person's. Of a table without rows nobody kept them."""
    return {column for _, column in fields_from_json(table.intended_fields)} or ANY_COLUMN


def put_in(page: Page, look: Look, now: Intended, table: PageTable) -> RenewedBody:
    """The page's body with our table as it should be; what people typed and nobody has taken yet stays as it is, and
    so do the very bytes of what was taken, such as a mention among the words."""
    if look.sight is None or look.reading is None:
        body = insert_in_place(page.body, render_region(now.table), table.region_id, table.replaces)
        return RenewedBody(body, markup_of(body, find_regions(body, table.region_id)[0]), frozenset())
    intended_before = fields_from_json(table.intended_fields)
    shown_before = {key for key, _ in intended_before}
    wishes = Wishes(
        keep=frozenset((change.key, change.column) for change in look.typed) | _as_typed(look.reading, now),
        retired=frozenset(shown_before - {row.key for row in now.table.rows}),
        take_layout=not same_layout(table.intended, now.fingerprint),
        take_order=not same_order(intended_before, now.fields),
    )
    return renewed_in(look.sight, table.region_id, lambda aside: render_region(now.table, aside), wishes)


def shows_other(look: Look, now: Intended) -> bool:
    """Whether an input cell shows something else than we intend, and nobody's typing waits in it."""
    if look.reading is None:
        return False
    found, kept = look.reading.fields, kept_fields(look, now)
    return any(
        found.get(field) and field not in kept and not same_value(found[field], now.fields[field], now.table.language)
        for field in input_cells(now.table)
    )


def shows_emptied(look: Look, now: Intended) -> bool:
    """Whether somebody emptied a cell in which something is to stand."""
    found = look.reading.fields if look.reading else {}
    return any(found.get(field) == "" and text for field, text in now.fields.items())


def _as_typed(reading: RegionReading, now: Intended) -> frozenset[tuple[str, Column]]:
    """The input cells that say what we intend, and hold something that our own words would not: a mention, a link."""
    ours = reading.richer & input_cells(now.table)
    return frozenset(field for field in ours if reading.fields[field] == now.fields[field])


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a page said: the text of each cell, and the lines above the table. ``memory``: what spares the next visit
    to read it all again."""

    fields: Fields
    lines: str
    memory: RegionMemory | None = None

    @property
    def shown(self) -> dict[str, str]:
        """All of it, as it is stored. Two versions that show the same are the same to a reader."""
        return {"": self.lines, **fields_to_json(self.fields)}


def read_back(body: str, table: PageTable) -> ReadBack:
    """Empty where the table does not stand in the body. Raises NotWellFormed."""
    return _said_in(seen_in_full(encoded(body), table.region_id))


def read_after(body: str, table: PageTable, look: Look, settled: Mapping[str, str]) -> ReadBack:
    """The same of the version that we wrote after that look. ``settled``: what was intended of the key results whose
    rows it did not change. Raises NotWellFormed."""
    data = encoded(body)
    if look.sight is None:
        sight = seen_in_full(data, table.region_id)
        return replace(_said_in(sight), memory=memory_of(sight, {}, {}))
    sight, was = seen_again(data, table.region_id, look.sight), look.sight.table
    is_same = was is not None and sight.table is not None and was.columns == sight.table.columns
    return replace(_said_in(sight), memory=memory_of(sight, rows_of_ours(look.sight), settled if is_same else {}))


def _said_in(sight: Sight) -> ReadBack:
    reading = sight.reading
    return ReadBack({}, "") if reading is None else ReadBack(dict(reading.fields), reading.summary)


def kept_fields(look: Look, now: Intended) -> Fields:
    """What we would have written into the cells that stay as typed."""
    return {(change.key, change.column): now.fields[change.key, change.column] for change in look.typed}


def without_kept(found: Fields, kept: Fields) -> Fields:
    """What is remembered of the cells after a write: nothing of those that stayed as typed, so that they still count as
    typed at the next visit, and so does an older figure that somebody types over them."""
    return {field: text for field, text in found.items() if field not in kept}


def fields_to_json(fields: Mapping[tuple[str, Column], str]) -> dict[str, str]:
    """Fields as they are stored: ``PAY-KR1|now`` → text, in the order of the page."""
    return {f"{key}|{column}": text for (key, column), text in fields.items()}


def fields_from_json(stored: Mapping[str, str]) -> Fields:
    """The reverse; a column that this version does not know is passed over."""
    known = {str(column): column for column in Column}
    found: Fields = {}
    for name, text in stored.items():
        key, _, column = name.rpartition("|")
        if column in known:
            found[key, known[column]] = text
    return found
