"""Words of tables made by hand as OKRs hold them, and a remark for each that is not taken over as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapping.adoption_entries import LeftOut, Said, words_of_cell
from mapping.adoption_result import Remark
from mapping.sentences import sentence
from mapping.visible_text import folded
from mapping.yaml_fields import printable

LONGEST_TITLE = 300
LONGEST_NAME = 200
LONGEST_TEXT = 2_000

SAID_ALREADY = sentence("something else is taken already from another cell")
TOO_LONG = sentence("it is too long; the beginning is taken")
ANOTHER_NAME = sentence("another one is taken already")
NOT_NAMED = "Confluence does not say who is mentioned there"


class Remarks:
    """Of all tables, each remark once; ``table`` is the number of the one that is read now."""

    def __init__(self) -> None:
        self.table = 0
        self._said: dict[Remark, None] = {}

    def in_order(self) -> tuple[Remark, ...]:
        """By table and row."""
        return tuple(sorted(self._said, key=lambda remark: (remark.table, remark.left_out.row)))

    def add(self, left_out: LeftOut) -> None:
        self._said[Remark(self.table, left_out)] = None

    def leave_out(self, said: Said, why: str, text: str = "") -> None:
        """``text``: which of its words are meant, where not all are."""
        self.add(LeftOut(said.row, said.column.header, text or words_of_cell(said), why))

    def leave_all_out(self, odd: Iterable[tuple[Said, str]]) -> None:
        for said, why in odd:
            self.leave_out(said, why)

    def title(self, words: str, row: int) -> str:
        """At most 300 characters in one line, never empty."""
        title = folded(printable(words)) or "Without a title"
        if len(title) > LONGEST_TITLE:
            self.add(LeftOut(row, "", title, TOO_LONG))
        return title[:LONGEST_TITLE].strip()

    def name(self, said: Sequence[Said]) -> str:
        """The first of several names, in at most 200 characters; the others are told."""
        for each in said:
            if each.cell.unnamed:
                self.leave_out(each, NOT_NAMED, words_of_cell(each))
        named = [(each, name) for each in said if (name := folded(printable(each.text)))]
        if not named:
            return ""
        cell, first = named[0]
        for each, name in named:
            if name != first:
                self.leave_out(each, ANOTHER_NAME)
        if len(first) > LONGEST_NAME:
            self.leave_out(cell, TOO_LONG)
        return first[:LONGEST_NAME]

    def text(self, said: Sequence[Said]) -> str:
        """All of it, one below the other, in at most 2,000 characters."""
        text = "\n".join(printable(each.text) for each in said)
        if len(text) > LONGEST_TEXT:
            self.leave_out(said[0], TOO_LONG)
        return text[:LONGEST_TEXT]
