"""What a region says now, as a person sees it; and what a person changed in it since we last wrote.

    read_region(body, region, shown) -> RegionReading
    read_content(content, shown, known) -> RegionReading    with the texts of rows that were put aside
    typed_changes(now, before, language) -> list[TypedChange]
    is_of_another_moment(now, before) -> bool

Values are compared, never markup: Confluence rewrites markup on every save.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape
from types import MappingProxyType

from mapping.page_region import Region
from mapping.region_layout import ANY_COLUMN, LayoutRow, RegionLayout, RowKind, TableLayout, layout_of
from mapping.storage_scan import Node, encoded, start_tag_end
from mapping.table_changes import Fields
from mapping.table_parts import Column
from mapping.typed_text import NO_WORDS, parse_number
from mapping.visible_text import folded, visible_text
from mapping.words import NO_BREAK_SPACE, Language

# A moment with its year, as every language of ours writes it: ``22 Nov 2026, 09:40 UTC``.
_MOMENT = re.compile(r"\d{1,2}\.? \w+\.? \d{4}, \d\d:\d\d UTC")
_PARAGRAPH_END = "</p>"
_IDS = re.compile(r'\s(?:ac:macro-id|ac:schema-version|(?:ac:)?local-id)="[^"]*"')
_PARAMETER = re.compile(r"<ac:parameter\b[^>]*>[^<]*</ac:parameter>")
_PARAMETERS = re.compile(rf"(?:{_PARAMETER.pattern}\s*)+")
# What a person puts into a cell besides plain words.
_THINGS = frozenset({
    "a", "ac:link", "ac:image", "ac:emoticon", "ac:structured-macro", "ac:adf-extension", "ac:task-list", "time",
})  # fmt: skip
Texts = Mapping[Column, str]
_NOTHING_KNOWN: Mapping[str, Texts] = MappingProxyType({})
# No check-in holds as much. What is typed is kept with each version, and a page holds millions of characters.
LONGEST_CELL = 10_000


class Readable(StrEnum):
    """``NO_TABLE``: nothing stands there that could be overwritten. ``NO_HEADER``: there is a table, but no row with
    our headers, so nobody can tell which cell is which: no check-ins, no writes, reported."""

    YES = "yes"
    NO_TABLE = "no_table"
    NO_HEADER = "no_header"


@dataclass(frozen=True, slots=True)
class RegionReading:
    """``fields`` has the text of each cell of each known row and column, of one longer than LONGEST_CELL its beginning
    and how long it is, NO_WORDS where a cell holds only such things as pictures and mentions; a cell that a person
    merged away is absent. ``richer``: those in columns where people may type that hold such things, or links.
    ``summary`` is what stands above the table. ``columns`` are ours, and ``keys`` the rows of ours, in the order
    of the page."""

    readable: Readable
    fields: Fields
    summary: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    repeated_keys: tuple[str, ...]
    layout: RegionLayout = field(repr=False, compare=False)
    richer: frozenset[tuple[str, Column]] = frozenset()


@dataclass(frozen=True, slots=True)
class TypedChange:
    """What stood in a cell at our own last version, and what stands there now."""

    key: str
    column: Column
    old: str
    new: str


def read_region(body: str, region: Region, shown: AbstractSet[Column] = ANY_COLUMN) -> RegionReading:
    """``region`` must have been found in exactly this body. ``shown``: the columns that we wrote there at last; any
    other is a person's, whatever its header. Raises NotWellFormed."""
    return read_content(content_of(encoded(body), region), shown)


def read_content(
    content: bytes, shown: AbstractSet[Column] = ANY_COLUMN, known: Mapping[str, Texts] = _NOTHING_KNOWN
) -> RegionReading:
    """The same of the content of a region's body. ``known``: the texts of the rows that were put aside in it
    (``mapping.rows_aside``). Raises NotWellFormed."""
    layout = layout_of(content, shown, known.keys())
    table = layout.table
    if table is None:
        state = Readable.NO_HEADER if layout.has_table else Readable.NO_TABLE
        return RegionReading(state, {}, folded(visible_text(layout.root)), (), (), (), layout)
    return _reading_of(layout, table, known)


def content_of(data: bytes, region: Region) -> bytes:
    """What stands inside the region's body; empty where it has none yet."""
    if region.body_start is None or region.body_end is None:
        return b""
    start = start_tag_end(data, region.body_start)
    return data[start : data.rfind(b"<", start, region.body_end)] if start < region.body_end else b""


def typed_changes(now: Fields, before: Fields, language: Language) -> list[TypedChange]:
    """Cells that say something else than at our own last version, in the order of the page.

    Numbers are compared by value, words with white space folded. An emptied cell says nothing. A row or column that was
    not there before, or is gone now, is no change of a cell.
    """
    return [
        TypedChange(key, column, before[key, column], text)
        for (key, column), text in now.items()
        if text and (key, column) in before and not same_value(text, before[key, column], language)
    ]


def same_value(one: str, other: str, language: Language) -> bool:
    if one == other or folded(one) == folded(other):
        return True
    number = parse_number(one, language)
    return number is not None and number == parse_number(other, language)


def is_of_another_moment(now: str, before: str) -> bool:
    """Of what stands above the table (``RegionReading.summary``): True where it names another moment than it did at our
    own last version, so that the whole table is an older one, or was pasted from a copy. Lines without a moment, in
    either, say nothing."""
    written, found = _MOMENT.search(before), _MOMENT.findall(now)
    return written is not None and bool(found) and written.group() not in found


def is_same_but_for_moment(one: str, other: str) -> bool:
    """Of two bodies: True where they differ in nothing but moments with their year, and in how characters are written
    (``&middot;`` or ``·``)."""
    # By paragraphs, because most of a page is the same to the byte, and to read its characters takes long.
    parts, others = one.split(_PARAGRAPH_END), other.split(_PARAGRAPH_END)
    return len(parts) == len(others) and all(map(_is_same_part, parts, others))


def _is_same_part(one: str, other: str) -> bool:
    return one == other or _without_moments(one) == _without_moments(other)


def without_moments(text: str) -> str:
    """Of words as a person sees them."""
    return _MOMENT.sub("", text.replace(NO_BREAK_SPACE, " "))


def _without_moments(part: str) -> str:
    """Also without the ids that Confluence gives, and with the parameters of a macro in one order."""
    plain = _PARAMETERS.sub(_in_order, _IDS.sub("", part))
    return _MOMENT.sub("", unescape(plain).replace(NO_BREAK_SPACE, " "))


def _in_order(parameters: re.Match[str]) -> str:
    return "".join(sorted(_PARAMETER.findall(parameters.group())))


def _reading_of(layout: RegionLayout, table: TableLayout, known: Mapping[str, Texts]) -> RegionReading:
    ours = [row for row in table.rows if row.kind is RowKind.KEY_RESULT]
    fields: dict[tuple[str, Column], str] = {}
    richer: list[tuple[str, Column]] = []
    for row in ours:
        if row.is_aside:
            fields |= {(row.name, column): text for column, text in known[row.name].items()}
            continue
        cells = _cells_of(table, row)
        fields |= {name: _text_of(node) for name, node in cells.items()}
        richer += (name for name, node in cells.items() if name[1].is_input and _is_richer(node))
    return RegionReading(
        readable=Readable.YES,
        fields=fields,
        richer=frozenset(richer),
        summary=_above(layout.root, table.node),
        columns=tuple(column for column in table.columns if column is not None),
        keys=tuple(row.name for row in ours),
        repeated_keys=table.repeated_keys,
        layout=layout,
    )


def _cells_of(table: TableLayout, row: LayoutRow) -> dict[tuple[str, Column], Node]:
    return {
        (row.name, column): cell.node
        for column in table.columns
        if column is not None and (cell := table.cell(row, column)) is not None
    }


def _text_of(cell: Node) -> str:
    text = visible_text(cell) or (NO_WORDS if _is_richer(cell) else "")
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}… ({len(text)})"


def _is_richer(cell: Node) -> bool:
    return any(each.name in _THINGS for each in cell.descendants())


def _above(root: Node, table: Node) -> str:
    return folded(" ".join(visible_text(each) for each in root.elements() if each.end <= table.start))
