"""OKR tables that people made by hand: which tables of a page may be one, and what their columns hold.

    find_tables(body, names) -> tuple[FoundTable, ...]
    belonging_together(tables) -> tuple[FoundTable, ...]

``mapping.adoption_draft`` makes OKRs of them, ``mapping.adoption_place`` puts a table of ours in their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from mapping.adoption_columns import By, Sheet, sheet_of
from mapping.adoption_entries import Entries
from mapping.adoption_place import HandMade, hand_made_tables
from mapping.adoption_rows import entries_of
from mapping.adoption_sheet import mentioned, rows_of_table
from mapping.adoption_words import Meaning, key_result_title, objective_title
from mapping.storage_scan import encoded, tree_of

MOST_ROWS = 500
_TELLING = frozenset(Meaning) - {Meaning.IGNORE, Meaning.UNKNOWN, Meaning.LABEL, Meaning.NOTE, Meaning.TEAM}


class Sureness(IntEnum):
    """How sure it is that a table holds OKRs."""

    PERHAPS = 1
    LIKELY = 2


@dataclass(frozen=True, slots=True)
class FoundTable:
    """``place`` says where it stands; ``sheet`` what its columns hold; ``why`` what speaks for OKRs, in words."""

    place: HandMade
    sheet: Sheet
    sureness: Sureness
    why: str

    @property
    def number(self) -> int:
        return self.place.number

    @property
    def heading(self) -> str:
        return self.place.heading

    def entries(self, columns: Mapping[int, Meaning], title: str) -> Entries:
        """``columns``: what a person says about some, by their number from 1. ``title`` stands in for a heading."""
        return entries_of(self.sheet.chosen(columns), self.heading or title)


def people_in(body: str) -> tuple[str, ...]:
    """The ids of those who are mentioned in tables, whose names ``find_tables`` asks for. Raises NotWellFormed."""
    root = tree_of(encoded(body))
    return tuple(dict.fromkeys(each for table in hand_made_tables(root) for each in mentioned(table.node)))


def find_tables(body: str, names: Mapping[str, str]) -> tuple[FoundTable, ...]:
    """Every table that may hold OKRs and is not ours, in the order of the page; numbered among all tables of the page.
    Raises NotWellFormed where the page cannot be read; no well-formed table is too odd."""
    found = (_found(table, names) for table in hand_made_tables(tree_of(encoded(body))))
    return tuple(table for table in found if table is not None)


def belonging_together(tables: Sequence[FoundTable]) -> tuple[FoundTable, ...]:
    """What is meant where nobody chose: the first of the likeliest, and with it, where it names no objective itself,
    its likes: tables with the same headers, each under a heading of its own."""
    best = max(tables, key=lambda table: (table.sureness, -table.number), default=None)
    if best is None:
        return ()
    if _names_objectives(best) or not best.heading:
        return (best,)
    headings = {best.heading}
    alike = [best]
    for table in tables:
        same = table.number > best.number and _headers(table) == _headers(best) and not _names_objectives(table)
        if same and table.heading not in headings:
            headings.add(table.heading)
            alike.append(table)
    return tuple(alike)


def _found(table: HandMade, names: Mapping[str, str]) -> FoundTable | None:
    rows = rows_of_table(table.node, names)
    if not 1 < len(rows) <= MOST_ROWS:
        return None
    sheet = sheet_of(rows)
    known = {column.meaning for column in sheet.columns if column.by is By.HEADER}
    marks = _marks(sheet)
    speaks = _what_speaks(known, marks)
    if not speaks:
        return None
    is_likely = Meaning.KEY_RESULT in known or marks > 1 or len(known & _TELLING) > 3
    return FoundTable(table, sheet, Sureness.LIKELY if is_likely else Sureness.PERHAPS, speaks)


def _what_speaks(known: set[Meaning], marks: int) -> str:
    if Meaning.KEY_RESULT in known:
        return "a column is headed as key results"
    if marks > 1:
        return f"{marks} rows are marked as objectives or key results"
    if Meaning.OBJECTIVE in known:
        return "a column is headed as objectives"
    telling = sorted(known & _TELLING)
    if len(telling) > 1:
        return f"its headers name {', '.join(each.replace('_', ' ') for each in telling)}"
    return ""


def _marks(sheet: Sheet) -> int:
    """How many rows say of themselves that they are an objective or a key result."""
    firsts = (next(iter(row.said()), None) for row in sheet.rows)
    return sum(
        cell is not None and (key_result_title(cell.line) is not None or objective_title(cell.line) is not None)
        for cell in firsts
    )


def _names_objectives(table: FoundTable) -> bool:
    return any(entry.row for entry in table.entries({}, "").objectives)


def _headers(table: FoundTable) -> tuple[str, ...]:
    return tuple(column.header.casefold() for column in table.sheet.columns)
