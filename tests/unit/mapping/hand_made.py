"""OKR tables as people make them by hand in Confluence, in storage format; one page in each file."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "hand-made"


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.storage.xml").read_text(encoding="utf-8")


def table(*rows: str) -> str:
    """A table of these rows."""
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def row(*cells: str) -> str:
    """A row of plain cells."""
    return f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in cells)}</tr>"


HEADER_ROW = _read("header-row")
SPANNING_ROWS = _read("spanning-rows")
GERMAN = _read("german")
NO_HEADER = _read("no-header")
HEADER_COLUMN = _read("header-column")
LABELLED_ROWS = _read("labelled-rows")
ONE_PER_OBJECTIVE = _read("one-per-objective")
LISTS_IN_CELLS = _read("lists-in-cells")
WIDE = _read("wide")
MERGED_HEADERS = _read("merged-headers")

ALL = (
    HEADER_ROW,
    SPANNING_ROWS,
    GERMAN,
    NO_HEADER,
    HEADER_COLUMN,
    LABELLED_ROWS,
    ONE_PER_OBJECTIVE,
    LISTS_IN_CELLS,
    WIDE,
    MERGED_HEADERS,
)
