"""A new state of our region put in place of the old one, with everything that people added inside it kept.

    splice(body, region, new_region, reading, keep, retired, take_layout, take_order) -> str
    renewed(data, region, new_region, reading, wishes) -> Renewed     the same of bytes, with rows put aside

Kept are: every byte outside the region; the macro's own tag and parameters; a person's rows, columns, their order of
our rows and columns, widths and colours; what stands before and after our table; inline comments in our cells; and the
bytes of the cells named in ``keep``. Splicing the same region twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mapping.cell_merge import merged, with_attribute
from mapping.line_pairs import renewed_lines
from mapping.page_region import Region
from mapping.region_layout import RegionLayout, layout_of
from mapping.region_reading import Readable, RegionReading
from mapping.storage_scan import Node, encoded, start_tag_end, tree_of
from mapping.summary_lines import is_final_line, is_summary_line
from mapping.table_frame import Sides
from mapping.table_merge import MergedTable, Wishes, merged_table
from mapping.table_parts import Column
from mapping.visible_text import is_blank, visible_text

_BODY = "ac:rich-text-body"
_WHITE = re.compile(rb"\s+")


class UnreadableRegion(ValueError):
    """The region holds a table without our headers: nobody can tell which cell is whose, so nothing is written."""


def splice(
    body: str,
    region: Region,
    new_region: str,
    reading: RegionReading,
    keep: AbstractSet[tuple[str, Column]] = frozenset(),
    retired: AbstractSet[str] = frozenset(),
    take_layout: bool = False,
    take_order: bool = False,
) -> str:
    """The body with ``new_region`` (from ``render_region``) in place of ``region``.

    ``reading`` is ``read_region`` of exactly this body and region. ``keep``: cells that hold something typed which
    nobody has taken yet. ``retired``: key results that we wrote and that no longer belong in the table; their rows go,
    rows with any other unknown key are a person's and stay. ``take_layout``: the table's columns or width were
    chosen anew since we last wrote (``table_look.same_layout``), so both are ours again; ``take_order``: so was the
    order of its rows (``table_changes.same_order``). Raises UnreadableRegion.
    """
    data = encoded(body)
    wishes = Wishes(frozenset(keep), frozenset(retired), take_layout, take_order)
    macro = renewed(data, region, new_region, reading, wishes).macro
    return (data[: region.start] + macro + data[region.end :]).decode()


@dataclass(frozen=True, slots=True)
class Renewed:
    """``macro``: what is to stand in place of the region. ``settled``: see ``table_merge.MergedTable``."""

    macro: bytes
    settled: frozenset[str]


def renewed(
    data: bytes,
    region: Region,
    new_region: str,
    reading: RegionReading,
    wishes: Wishes,
    aside: Collection[str] = frozenset(),
) -> Renewed:
    """``aside``: the key results whose rows were put aside in ``data`` and in ``new_region`` alike; they come out put
    aside. Raises UnreadableRegion, and ColumnsMoved where these rows cannot stay as they are."""
    if reading.readable is Readable.NO_HEADER:
        raise UnreadableRegion("no row with our headers was found in the table")
    intended = new_region.encode()
    merged_region = _merged_content(reading.layout, layout_of(_rendered_content(intended), aside=aside), wishes)
    tag = _macro_tag(data, region, intended if wishes.take_layout else None)
    return Renewed(tag + _with_content(data, region, merged_region.data), merged_region.settled)


def _rendered_content(macro: bytes) -> bytes:
    """Of our own rendering, where parameters come first and hold no markup."""
    opening, closing = f"<{_BODY}>".encode(), f"</{_BODY}>".encode()
    return macro[macro.index(opening) + len(opening) : macro.rindex(closing)]


def _macro_tag(data: bytes, region: Region, intended: bytes | None) -> bytes:
    tag = data[region.start : start_tag_end(data, region.start)]
    if intended is None:
        return tag
    (macro,) = tree_of(intended[: start_tag_end(intended, 0)] + b"</ac:structured-macro>").elements()
    return with_attribute(tag, "data-layout", macro.attributes.get("data-layout"))


def _with_content(data: bytes, region: Region, content: bytes) -> bytes:
    """The region behind its own start tag, its parameters as they stand."""
    start = start_tag_end(data, region.start)
    written = f"<{_BODY}>".encode() + content + f"</{_BODY}>".encode()
    if region.body_start is None or region.body_end is None:
        end = data.rfind(b"<", start, region.end)
        return data[start:end] + written + data[end : region.end]
    tag = data[region.body_start : start_tag_end(data, region.body_start)]
    if not tag.endswith(b"/>"):
        written = tag + content + data[data.rfind(b"<", 0, region.body_end) : region.body_end]
    return data[start : region.body_start] + written + data[region.body_end : region.end]


def _merged_content(old: RegionLayout, new: RegionLayout, wishes: Wishes) -> MergedTable:
    """Our lines and our table in their places, everything between and around them as it stands."""
    assert new.table is not None  # noqa: S101  we wrote it
    if old.table is None and is_blank(old.root):
        return MergedTable(new.data, frozenset())
    if old.table is None:
        place, end = None, len(old.data)
        made = MergedTable(new.data[new.table.node.start : new.table.node.end], frozenset())
        edit = _Edit(end, end, made.data)
    else:
        place = old.table.node
        made = merged_table(Sides(old.data, old.table, new.data, new.table), wishes)
        edit = _Edit(place.start, place.end, made.data)
    edits = [*_line_edits(old, place, new, new.table.node), edit]
    return MergedTable(_applied(old.data, edits), made.settled)


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    start: int
    end: int
    content: bytes


def _line_edits(old: RegionLayout, table: Node | None, new: RegionLayout, new_table: Node) -> list[_Edit]:
    beside = old.root if table is None else _holder(old.root, table)
    olds = [node for node in beside.elements() if _is_our_line(node)]
    news = [node for node in new.root.elements() if node.end <= new_table.start]
    pairs = zip(renewed_lines(olds, news), news, strict=True)
    lines = [_merged_line(old.data, was, new.data, now) for was, now in pairs]
    edits = [_Edit(was.start, was.end, line) for was, line in zip(olds, lines, strict=False)]
    edits += [_Edit(was.start, _end_of_gap(old.data, was.end), b"") for was in olds[len(news) :]]
    added = lines[len(olds) :]
    if added and olds:
        at = olds[-1].end
        edits.append(_Edit(at, at, b"".join(b"\n" + line for line in added)))
    elif added:
        at = len(old.data) if table is None else table.start
        edits.append(_Edit(at, at, b"".join(line + b"\n" for line in added)))
    return edits


def _is_our_line(node: Node) -> bool:
    if node.name == "p":
        return is_summary_line(visible_text(node))
    return node.attributes.get("ac:name") == "info" and is_final_line(visible_text(node))


def _merged_line(old_data: bytes, was: Node | None, new_data: bytes, now: Node) -> bytes:
    """A paragraph and a panel have nothing in common but their place."""
    if was is None or was.name != now.name:
        return new_data[now.start : now.end]
    return merged(old_data, was, new_data, now)


def _holder(root: Node, table: Node) -> Node:
    """The element that the table stands in: a person may have put something around it."""
    holder = root
    while table not in holder.children:
        holder = next(node for node in holder.elements() if node.start < table.start < node.end)
    return holder


def _end_of_gap(data: bytes, start: int) -> int:
    gap = _WHITE.match(data, start)
    return start if gap is None else gap.end()


def _applied(data: bytes, edits: list[_Edit]) -> bytes:
    out, at = [], 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        out += [data[at : edit.start], edit.content]
        at = edit.end
    return b"".join([*out, data[at:]])
