"""What the rows of a table made by hand say: objectives with their key results, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from mapping.adoption_columns import FoundColumn
from mapping.adoption_sheet import Cell


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a row says under one column. ``text`` is what the cell says, or a part of it."""

    column: FoundColumn
    row: int
    text: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words that were not taken over, with the row that they stand in and the header above them."""

    row: int
    header: str
    text: str
    why: str


@dataclass(slots=True)
class KeyResultEntry:
    title: str
    row: int
    cell: Cell
    said: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class ObjectiveEntry:
    """``row`` is 0 where its title stands above the table."""

    title: str
    row: int
    said: list[Said] = field(default_factory=list)
    key_results: list[KeyResultEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entries:
    objectives: tuple[ObjectiveEntry, ...]
    left_out: tuple[LeftOut, ...]


def words_of_cell(said: Said) -> str:
    """What to show of it: its words, or else the issues that it points to."""
    return said.text or ", ".join(said.cell.issue_keys) or "a person whose name Confluence does not give"
