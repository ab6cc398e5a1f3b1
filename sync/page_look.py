"""What stands in a page where our table is, what people typed there, and the page's body with the table renewed.

No calls and no rows: a page as read, and the table's two memories, go in.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from connector.store.tables import PageTable
from mapping.adoption_place import insert_in_place, is_kept_apart, still_stands
from mapping.page_region import Region, find_again, find_regions, markup_of
from mapping.region_layout import ANY_COLUMN
from mapping.region_reading import (
    Readable,
    RegionReading,
    TypedChange,
    is_of_another_moment,
    read_region,
    same_value,
    typed_changes,
)
from mapping.region_splice import splice
from mapping.storage_format import render_region
from mapping.table_changes import input_cells, intended_fields, same_layout, same_order
from mapping.table_intended import Intended
from mapping.table_parts import Column, Table
from sync.ports import Page

Fields = dict[tuple[str, Column], str]

KEPT_APART = "kept_apart"
NO_HEADER = (
    "The table has no header row that we know, so nobody can tell which cell is which. Put the header row back, "
    "or remove the table from the page and add it again."
)


@dataclass(frozen=True, slots=True)
class Look:
    """What one read of the page showed. ``typed``: input cells that say something else than at our last version;
    ``replaced``: computed cells that a person typed over. ``copies``: further tables with the same id. ``is_older``:
    what stands there is an older table than our last, came from a copy, or stood there before our first.
    ``kept_apart``: the hand-made table whose place ours was to take stands there still, since it no longer says what
    it said then. ``body``: what was read."""

    body: str
    region: Region | None
    reading: RegionReading | None
    typed: tuple[TypedChange, ...] = ()
    replaced: tuple[TypedChange, ...] = ()
    copies: int = 0
    unreadable: str = ""
    is_older: bool = False
    kept_apart: bool = False


def look_at(page: Page, table: PageTable, now: Table) -> Look:
    """Find our table in the page. Raises NotWellFormed where the body cannot be read."""
    regions = find_regions(page.body, table.region_id)
    if not regions:
        return Look(page.body, None, None, kept_apart=is_kept_apart(page.body, table.replaces))
    reading = read_region(page.body, regions[0], _shown_columns(table))
    if reading.readable is Readable.NO_HEADER:
        return Look(page.body, regions[0], reading, copies=len(regions) - 1, unreadable=NO_HEADER)
    changes = typed_changes(reading.fields, _known_fields(table, now), now.language)
    may_type, our_keys = input_cells(now), _our_keys(table, now)
    return Look(
        body=page.body,
        region=regions[0],
        reading=reading,
        typed=tuple(change for change in changes if (change.key, change.column) in may_type),
        replaced=tuple(c for c in changes if (c.key, c.column) not in may_type and c.key in our_keys),
        copies=len(regions) - 1,
        is_older=not table.written_version or is_of_another_moment(reading.summary, table.read_back_lines),
        kept_apart=_was_kept_apart(table) and still_stands(page.body, table.replaces or {}),
    )


def _known_fields(table: PageTable, now: Table) -> Fields:
    """What the cells are compared with: what they said at our own last version. Whoever types over a text that waited
    there sets it back only to what we would write there now. A table that stands in the page before we ever wrote it
    came from a copy, or from a time when nobody kept it: what differs from what we intend may be a person's."""
    known = fields_from_json(table.read_back)
    fields = intended_fields(now)
    waiting = {(found["key"], found["column"]) for found in table.findings if found["column"]}
    asked = {field: text for field, text in fields.items() if not table.written_version or field in waiting}
    return asked | known


def _was_kept_apart(table: PageTable) -> bool:
    return any(finding["what"] == KEPT_APART for finding in table.findings)


def _our_keys(table: PageTable, now: Table) -> AbstractSet[str]:
    """The rows that we write, or take away. In any other row, whatever its link says, a person's words stay."""
    return {row.key for row in now.rows} | {key for key, _ in fields_from_json(table.intended_fields)}


def _shown_columns(table: PageTable) -> AbstractSet[Column]:
    """The columns that we wrote at last: any other is a person's. Of a table without rows nobody kept them."""
    return {column for _, column in fields_from_json(table.intended_fields)} or ANY_COLUMN


def put_in(page: Page, look: Look, now: Intended, table: PageTable) -> str:
    """The page's body with our table as it should be; what people typed and nobody has taken yet stays as it is, and
    so do the very bytes of what was taken, such as a mention among the words."""
    markup = render_region(now.table)
    if look.region is None or look.reading is None:
        return insert_in_place(page.body, markup, table.region_id, table.replaces)
    intended_before = fields_from_json(table.intended_fields)
    shown_before = {key for key, _ in intended_before}
    return splice(
        page.body,
        look.region,
        markup,
        look.reading,
        keep={(change.key, change.column) for change in look.typed} | _as_typed(look.reading, now),
        retired=shown_before - {row.key for row in now.table.rows},
        take_layout=not same_layout(table.intended, now.fingerprint),
        take_order=not same_order(intended_before, now.fields),
    )


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
    """What a page said: the text of each cell, and the lines above the table."""

    fields: Fields
    lines: str

    @property
    def shown(self) -> dict[str, str]:
        """All of it, as it is stored. Two versions that show the same are the same to a reader."""
        return {"": self.lines, **fields_to_json(self.fields)}


def read_back(body: str, table: PageTable, look: Look | None = None) -> ReadBack:
    """Empty where the table does not stand in the body. ``look``: at the page before our table was renewed in it.
    Raises NotWellFormed."""
    regions = _regions(body, table.region_id, look)
    if not regions:
        return ReadBack({}, "")
    reading = read_region(body, regions[0])
    return ReadBack(dict(reading.fields), reading.summary)


def our_part(body: str, table: PageTable, look: Look) -> str:
    """Our table alone in the body that is to be written, after that look. Raises NotWellFormed."""
    return markup_of(body, _regions(body, table.region_id, look)[0])


def _regions(body: str, region_id: str, look: Look | None) -> tuple[Region, ...]:
    if look is None or look.region is None or look.copies:
        return find_regions(body, region_id)
    return find_again(body, region_id, look.body, look.region)


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
