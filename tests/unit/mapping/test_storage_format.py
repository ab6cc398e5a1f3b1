from __future__ import annotations

from pathlib import Path

from mapping.storage_format import render_region
from mapping.table import build_table
from tests.unit.mapping.example import AT, FIGURE, SPEC

TARGET = Path(__file__).parent / "data" / "okr-table.storage.xml"


def test_the_example_comes_out_exactly_as_drawn() -> None:
    rendered = render_region(build_table(FIGURE, SPEC, AT))
    assert rendered + "\n" == TARGET.read_text(encoding="utf-8")
