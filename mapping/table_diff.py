"""What a write would change for a reader: cell by cell, and word by word within a cell.

changes_between(before, after) -> Changes       of the texts of a table's cells, as they are and as they would be
word_parts(old, new) -> tuple[Part, ...]         what stays, goes and comes within one text
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

from mapping.table_changes import Fields
from mapping.table_parts import Column
from mapping.visible_text import folded

T = TypeVar("T")

_WORDS = re.compile(r"\s+|[^\s]+")
# Of two texts that share less than this, the whole is said to be another.
_ALIKE = 0.4


class Fate(StrEnum):
    STAYS = "stays"
    GOES = "goes"
    COMES = "comes"


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a text, and what becomes of them."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class CellChange:
    key: str
    column: Column
    old: str
    new: str

    @property
    def parts(self) -> tuple[Part, ...]:
        return word_parts(self.old, self.new)


@dataclass(frozen=True, slots=True)
class LineChange:
    """Of a line that belongs to no key result: ``where`` is ``above`` the table, or the row of an ``objective``. One of
    the two texts is empty where a line comes or goes."""

    where: str
    old: str
    new: str

    @property
    def parts(self) -> tuple[Part, ...]:
        return word_parts(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Changes:
    """``cells`` of rows and columns that are there before and after; rows by the key of their key result.
    ``looks_new``: another look was chosen than at our last write."""

    cells: tuple[CellChange, ...] = ()
    rows_come: tuple[str, ...] = ()
    rows_go: tuple[str, ...] = ()
    columns_come: tuple[Column, ...] = ()
    columns_go: tuple[Column, ...] = ()
    lines: tuple[LineChange, ...] = ()
    looks_new: bool = False

    @property
    def is_nothing(self) -> bool:
        return self == Changes()

    @property
    def is_of_the_whole(self) -> bool:
        """Rows or columns come or go, or all of it looks otherwise."""
        return bool(self.rows_come or self.rows_go or self.columns_come or self.columns_go or self.looks_new)


def changes_between(before: Fields, after: Fields) -> Changes:
    """In the order of the page. Of a table that is new every row comes and no column does."""
    old_keys, new_keys = _in_order(key for key, _ in before), _in_order(key for key, _ in after)
    old_columns, new_columns = _in_order(each for _, each in before), _in_order(each for _, each in after)
    return Changes(
        cells=tuple(_changed(before, after)),
        rows_come=tuple(key for key in new_keys if key not in old_keys),
        rows_go=tuple(key for key in old_keys if key not in new_keys),
        columns_come=tuple(each for each in new_columns if before and each not in old_columns),
        columns_go=tuple(each for each in old_columns if after and each not in new_columns),
    )


def word_parts(old: str, new: str) -> tuple[Part, ...]:
    """As one text in which words go and others come in their place."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio() < _ALIKE:
        return tuple(Part(fate, text) for fate, text in ((Fate.GOES, old), (Fate.COMES, new)) if text)
    return tuple(_parts(SequenceMatcher(None, before, after, autojunk=False), before, after))


def _changed(before: Fields, after: Fields) -> Iterator[CellChange]:
    for (key, column), text in after.items():
        if (key, column) in before and folded(before[key, column]) != folded(text):
            yield CellChange(key, column, before[key, column], text)


def _parts(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Part]:
    for act, i, j, k, m in matcher.get_opcodes():
        if act == "equal":
            yield Part(Fate.STAYS, "".join(before[i:j]))
            continue
        if i < j:
            yield Part(Fate.GOES, "".join(before[i:j]))
        if k < m:
            yield Part(Fate.COMES, "".join(after[k:m]))


def _in_order(items: Iterable[T]) -> dict[T, None]:
    return dict.fromkeys(items)
