"""Splicing the example into a page, checked for what must always hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from mapping.figures import CycleFigure
from mapping.page_region import find_regions
from mapping.region_reading import RegionReading, read_region
from mapping.region_splice import splice
from mapping.storage_format import render_region
from mapping.table import build_table
from mapping.table_notices import Notices
from mapping.table_parts import Column, TableSpec
from mapping.visible_text import visible_text
from tests.unit.mapping.example import AT, FIGURE, OBJECTIVES, PAY, SPEC, initiative

BEFORE, AFTER = "<p>Above &nbsp;<br/>\n", "\n<p class='x'>below &rarr; </p>"
NOW, CONFIDENCE, NEXT_STEP = 2, 3, 6


def region_of(figure: CycleFigure = FIGURE, spec: TableSpec = SPEC, notices: Notices | None = None) -> str:
    return render_region(build_table(figure, spec, AT, notices or Notices()))


def changed() -> CycleFigure:
    """One more issue is done, and the value went on."""
    first = replace(
        PAY[0],
        now=Decimal(28),
        progress=Fraction(10, 18),
        initiatives=(initiative("PAY-412", 8, 12, 3), *PAY[0].initiatives[1:]),
    )
    return replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=(first, *PAY[1:])), *OBJECTIVES[1:]))


def spliced(page_region: str, new_region: str, shown: frozenset[Column] = frozenset(Column), **wishes: object) -> str:
    """The region after one splice; a second one must change nothing, nor may anything outside ever change."""
    body = f"{BEFORE}{page_region}{AFTER}</p>"
    once = _splice(body, new_region, shown, **wishes)
    written = frozenset(read_region(new_region, find_regions(new_region, SPEC.region_id)[0]).columns)
    assert _splice(once, new_region, shown if shown == frozenset(Column) else written, **wishes) == once
    assert once.startswith(BEFORE)
    assert once.endswith(AFTER + "</p>")
    return once[len(BEFORE) : -len(AFTER) - 4]


def _splice(body: str, new_region: str, shown: frozenset[Column], **wishes: object) -> str:
    (region, *_) = find_regions(body, SPEC.region_id)
    return splice(body, region, new_region, read_region(body, region, shown), **wishes)  # type: ignore[arg-type]


def own_columns(reading: RegionReading) -> tuple[str, ...]:
    """The headers of people's columns."""
    table = reading.layout.table
    assert table is not None
    return tuple(header for column, header in zip(table.columns, table.headers, strict=True) if column is None)


def own_rows(reading: RegionReading) -> tuple[str, ...]:
    """The words of people's rows."""
    table = reading.layout.table
    assert table is not None
    rows = (row for row in table.rows if row.kind.is_a_persons)
    return tuple(" | ".join(visible_text(cell.node) for cell in row.grid.cells) for row in rows)


def fields(region: str) -> dict[tuple[str, Column], str]:
    return dict(read_region(region, find_regions(region, SPEC.region_id)[0]).fields)
