"""What the judge sees of our table in a page: the macro, its rows by key, its columns by header, its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tests.campaign.markup import Element, parse, words

_ID_PARAMETERS = {"details": "id", "excerpt": "name"}
_KEY = re.compile(rb'href="[^"]*/kr/([A-Z0-9]+-KR[0-9]+)"')
# Header words of both languages, as people read them in the page.
COLUMNS = {
    "key result": "key_result",
    "progress": "progress",
    "fortschritt": "progress",
    "now": "now",
    "stand": "now",
    "confidence": "confidence",
    "zuversicht": "confidence",
    "owner": "owner",
    "verantwortlich": "owner",
    "initiatives": "initiatives",
    "initiativen": "initiatives",
    "next step": "next_step",
    "nächster schritt": "next_step",
    "note": "note",
    "notiz": "note",
    "blockers": "blockers",
    "hindernisse": "blockers",
}
INPUTS = ("now", "confidence", "next_step", "note", "blockers")
Cell = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """``key`` is empty in a row that is not about a key result."""

    element: Element
    cells: tuple[Element, ...]
    key: str


class Sheet:
    """One body, read once."""

    def __init__(self, body: str, region_id: str) -> None:
        self.data = body.encode()
        self.root = parse(self.data)
        self.regions = [each for each in self.root.below() if _is_region(self.data, each, region_id)]

    @property
    def region(self) -> Element | None:
        return self.regions[0] if self.regions else None

    @property
    def outside(self) -> bytes:
        """Everything but our region."""
        at = self.region
        return self.data if at is None else self.data[: at.start] + self.data[at.end :]

    @cached_property
    def table(self) -> Element | None:
        """The first table of our region."""
        below = self.region.below() if self.region else ()
        return next((each for each in below if each.name == "table"), None)

    @cached_property
    def rows(self) -> list[Row]:
        table = self.table
        if table is None:
            return []
        found = [each for each in table.below() if each.name == "tr" and each.nearest("table") is table]
        return [self._row(each) for each in found]

    def _row(self, element: Element) -> Row:
        cells = tuple(each for each in element.children if each.name in ("td", "th"))
        match = _KEY.search(self.data, cells[0].start, cells[0].end) if cells else None
        return Row(element, cells, match[1].decode() if match else "")

    @cached_property
    def header(self) -> Row | None:
        return next((row for row in self.rows if not row.key and _all_headers(row)), None)

    @cached_property
    def columns(self) -> list[str]:
        """The name of each column that we ship, "" for any other."""
        if self.header is None:
            return []
        titles = [self.text(cell).replace("✎", "").strip().casefold() for cell in self.header.cells]
        return [COLUMNS.get(title, "") for title in titles]

    @cached_property
    def by_key(self) -> dict[str, Row]:
        """The first row of each key."""
        return {row.key: row for row in reversed(self.rows) if row.key}

    def cell(self, key: str, column: str) -> Element | None:
        row = self.by_key.get(key)
        if row is None or column not in self.columns:
            return None
        at = self.columns.index(column)
        return row.cells[at] if at < len(row.cells) else None

    def cell_text(self, key: str, column: str) -> str | None:
        found = self.cell(key, column)
        return None if found is None else self.text(found)

    @cached_property
    def inputs(self) -> dict[Cell, str]:
        """The words in every cell under a header where people may type."""
        found = {}
        for key in self.by_key:
            for column in INPUTS:
                text = self.cell_text(key, column)
                if text is not None:
                    found[key, column] = text
        return found

    @cached_property
    def lines(self) -> str:
        """The words above the table."""
        if self.region is None:
            return ""
        end = self.region.inner_end if self.table is None else self.table.start
        return words(self.data[self.region.inner : end].decode())

    def text(self, element: Element) -> str:
        return words(self.markup(element))

    def markup(self, element: Element) -> str:
        return self.data[element.inner : element.inner_end].decode()


@lru_cache(maxsize=128)
def sheet_of(body: str, region_id: str) -> Sheet:
    """The sheet of a body, read once for all judges: the same body is what was sent, what was stored and what stood
    there before the next version. NotWellFormed."""
    return Sheet(body, region_id)


def _all_headers(row: Row) -> bool:
    return len(row.cells) > 1 and all(cell.name == "th" for cell in row.cells)


def _is_region(data: bytes, element: Element, region_id: str) -> bool:
    wanted = _ID_PARAMETERS.get(element.attributes.get("ac:name", ""))
    if element.name != "ac:structured-macro" or wanted is None:
        return False
    return any(
        child.name == "ac:parameter"
        and child.attributes.get("ac:name") == wanted
        and words(data[child.inner : child.inner_end].decode()) == region_id
        for child in element.children
    )
