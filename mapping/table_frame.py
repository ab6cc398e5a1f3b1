"""What stands around the rows of the table: its tag, the widths of its columns, its sections.

Widths are a person's as soon as the table stands in the page; ours come back only where the columns or the width of the
table were chosen anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from mapping.cell_merge import start_tag, with_attribute
from mapping.region_layout import TableLayout
from mapping.storage_scan import Node, start_tag_end
from mapping.table_grid import rows_of
from mapping.table_order import ColumnPlan, Slot

_WIDTH_ATTRIBUTES = ("data-table-width", "data-layout")


@dataclass(frozen=True, slots=True)
class Sides:
    """The page's table and the intended one, each with the bytes that its offsets point into."""

    old_data: bytes
    old: TableLayout
    new_data: bytes
    new: TableLayout


@dataclass(frozen=True, slots=True)
class Frame:
    opening: bytes
    separator: bytes
    closing: bytes


def frame_of(sides: Sides, plan: ColumnPlan, take_layout: bool) -> Frame:
    """What stands before, between and after the rows. Of several sections one is left."""
    data, table = sides.old_data, sides.old.node
    nodes = rows_of(table)
    gaps = [data[one.end : other.start] for one, other in pairwise(nodes)]
    tag = _table_tag(sides, take_layout)
    sizes = _sizes(sides, plan, take_layout)
    if any(gap.strip() for gap in gaps):
        return Frame(tag + sizes + b"<tbody>", b"", b"</tbody></table>")
    start = start_tag_end(data, table.start)
    before = _with_sizes(data[start : nodes[0].start], start, _colgroup(table), sizes)
    return Frame(tag + before, gaps[0] if gaps else b"", data[nodes[-1].end : table.end])


def _table_tag(sides: Sides, take_layout: bool) -> bytes:
    tag = start_tag(sides.old_data, sides.old.node)
    for name in _WIDTH_ATTRIBUTES if take_layout else ():
        tag = with_attribute(tag, name, sides.new.node.attributes.get(name))
    return tag


def _with_sizes(before: bytes, start: int, colgroup: Node | None, sizes: bytes) -> bytes:
    if colgroup is None:
        return sizes + before
    return before[: colgroup.start - start] + sizes + before[colgroup.end - start :]


def _sizes(sides: Sides, plan: ColumnPlan, take_layout: bool) -> bytes:
    """The element that holds the widths; nothing where the page has none, or has them for other columns."""
    old, new = _colgroup(sides.old.node), _colgroup(sides.new.node)
    if plan.is_same and not take_layout:
        return b"" if old is None else sides.old_data[old.start : old.end]
    olds = [] if old is None else old.elements()
    if new is None or (len(olds) != len(sides.old.columns) and not take_layout):
        return b""
    cols = b"".join(_size(slot, sides, plan.old_place(slot), take_layout) for slot in plan.slots)
    return b"<colgroup>" + cols + b"</colgroup>"


def _size(slot: Slot, sides: Sides, place: int | None, take_layout: bool) -> bytes:
    olds, news = _cols(sides.old.node), _cols(sides.new.node)
    theirs = isinstance(slot, int) or not take_layout
    if theirs and place is not None and place < len(olds):
        return sides.old_data[olds[place].start : olds[place].end]
    if isinstance(slot, int):
        return b"<col />"
    node = news[sides.new.columns.index(slot)]
    return sides.new_data[node.start : node.end]


def _cols(table: Node) -> list[Node]:
    colgroup = _colgroup(table)
    return [] if colgroup is None else colgroup.elements()


def _colgroup(table: Node) -> Node | None:
    first = table.elements()[0]
    return first if first.name == "colgroup" else None
