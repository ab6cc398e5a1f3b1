"""The lines of a table that belong to no key result: what stands above it, and its objectives; and how they change.

lines_of(reading) -> RegionLines
line_changes(before, after) -> tuple[LineChange, ...]
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from mapping.region_layout import RowKind
from mapping.region_reading import RegionReading, without_moments
from mapping.table_diff import LineChange
from mapping.visible_text import folded, visible_text


@dataclass(frozen=True, slots=True)
class RegionLines:
    """``above`` without the moment of its figures; ``objectives`` by their titles, in the order of the page, with their
    whole lines. None: nobody knows them."""

    above: str
    objectives: dict[str, str] | None


def lines_of(reading: RegionReading | None) -> RegionLines:
    """Of what a page says; nothing where the table does not stand there."""
    if reading is None:
        return RegionLines("", {})
    table = reading.layout.table
    rows = [row for row in table.rows if row.kind is RowKind.OBJECTIVE] if table else []
    objectives = {row.name: folded(visible_text(row.grid.cells[0].node)) for row in rows}
    return RegionLines(plain_above(reading.summary), objectives)


def plain_above(summary: str) -> str:
    return folded(without_moments(summary))


def line_changes(before: RegionLines, after: RegionLines) -> tuple[LineChange, ...]:
    """What stands above comes first. An objective that goes where another comes is one that was renamed."""
    found = [LineChange("above", before.above, after.above)]
    if before.objectives is not None and after.objectives is not None:
        old, new = before.objectives, after.objectives
        found += [LineChange("objective", old[title], text) for title, text in new.items() if title in old]
        gone = [text for title, text in old.items() if title not in new]
        come = [text for title, text in new.items() if title not in old]
        found += [LineChange("objective", one, other) for one, other in zip_longest(gone, come, fillvalue="")]
    return tuple(change for change in found if change.old != change.new)
