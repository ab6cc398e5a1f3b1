"""The rows of a table made by hand → objectives with their key results, and what each row says of them.

Objectives are told by a column of their own (merged, repeated or left blank below), by rows that span the table, by
rows that are marked as such (``O1: …``), or by the heading above the table. Nothing is dropped without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mapping.adoption_columns import FoundColumn, Sheet
from mapping.adoption_entries import Entries, KeyResultEntry, LeftOut, ObjectiveEntry, Said, words_of_cell
from mapping.adoption_row_kinds import is_objective, repeats_headers, sums_up
from mapping.adoption_sheet import Cell, Row
from mapping.adoption_titles import key_result_titles, objective_words
from mapping.adoption_words import (
    Meaning,
    header_meaning,
    is_number_mark,
    objective_title,
    unnumbered,
)
from mapping.sentences import sentence

REPEATED_HEADER = sentence("it repeats the headers")
TOTAL = sentence("it sums up other rows; such figures are worked out here")
ANOTHER_CELL = sentence("another cell of its row is taken for this")
NO_KEY_RESULT = sentence("its row names no key result")
NO_OBJECTIVE_YET = sentence("it stands before any objective or key result")
ONE_FOR_SEVERAL = sentence("it is said once for several key results")
SAID_OF_IT_BEFORE = sentence("something else is said of this objective before")
NOT_OF_AN_OBJECTIVE = sentence("an objective holds no such thing")
_FOR_ALL = frozenset({Meaning.OWNER, Meaning.TEAM, Meaning.SPONSOR, Meaning.UNIT, Meaning.INITIATIVES, Meaning.DUE})
_OF_AN_OBJECTIVE = frozenset({Meaning.SPONSOR, Meaning.OWNER, Meaning.TEAM, Meaning.WHY})
_TITLES = (Meaning.KEY_RESULT, Meaning.OBJECTIVE)


def entries_of(sheet: Sheet, heading: str) -> Entries:
    """``heading`` names the objective of key results that stand under none."""
    reader = _Reader(sheet, heading)
    for row in sheet.rows:
        reader.read(row)
    return Entries(tuple(reader.objectives), tuple(reader.left_out))


class _Reader:
    def __init__(self, sheet: Sheet, heading: str) -> None:
        self._sheet = sheet
        self._heading = heading
        self.objectives: list[ObjectiveEntry] = []
        self.left_out: list[LeftOut] = []
        self._taken: set[Cell] = set()
        self._last: list[KeyResultEntry] = []

    def read(self, row: Row) -> None:
        said = self._left(row)
        if not said:
            return
        if self._is_no_entry(row, said):
            return
        if is_objective(self._sheet, said):
            self._read_objective_row(row, said)
            return
        self._read_objective_cell(row)
        if self._read_key_results(row):
            self._leave_out(row, ANOTHER_CELL)
        else:
            self._leave_out(row, NO_KEY_RESULT if self._last or self.objectives else NO_OBJECTIVE_YET)

    # ---- rows that are neither

    def _is_no_entry(self, row: Row, said: Sequence[Cell]) -> bool:
        if repeats_headers(self._sheet, said):
            self._leave_out(row, REPEATED_HEADER)
            return True
        if self._read_field_of_objective(row, said):
            return True
        if sums_up(said):
            self._leave_out(row, TOTAL)
            return True
        return False

    def _read_field_of_objective(self, row: Row, said: Sequence[Cell]) -> bool:
        """``Owner | Ana Duarte``, where other rows are labelled ``Objective`` and ``KR1``."""
        found = header_meaning(said[0].line)
        is_label = self._column(said[0]).meaning is Meaning.LABEL
        if not is_label or found is None or found[0] in _TITLES or len(said) != 2:
            return False
        self._taken.update(said)
        column = replace(self._column(said[1]), header=said[0].line, meaning=found[0])
        self._say_of_objective(self._objective(), Said(column, row.number, said[1].text, said[1]))
        return True

    # ---- objectives

    def _read_objective_row(self, row: Row, said: Sequence[Cell]) -> None:
        words = [cell for cell in said if not is_number_mark(cell.line)]
        title, *others = words
        if objective_title(title.line) == "" and others:
            title, *others = others
        entry = self._begin_objective(title, row)
        self._taken.update(said)
        for cell in others:
            self._say_of_objective(entry, Said(self._column(cell), row.number, cell.text, cell))

    def _read_objective_cell(self, row: Row) -> None:
        for column in self._sheet.columns_of(Meaning.OBJECTIVE)[:1]:
            cell = _at(row, column.index)
            if cell is None or cell.is_blank or cell in self._taken:
                continue
            self._taken.add(cell)
            words = objective_words(cell)
            why = words.why
            if not self.objectives or self.objectives[-1].title.casefold() != words.title.casefold():
                self._begin_objective(cell, row)
            elif why and why not in (said.text for said in self.objectives[-1].said):
                self._note(Said(column, row.number, why, cell), SAID_OF_IT_BEFORE)

    def _begin_objective(self, cell: Cell, row: Row) -> ObjectiveEntry:
        words, column = objective_words(cell), self._column(cell)
        entry = ObjectiveEntry(words.title, row.number)
        for text, meaning in (
            (words.why, Meaning.WHY),
            (words.team, Meaning.TEAM),
            (words.figure, Meaning.PROGRESS),
        ):
            if text:
                self._say_of_objective(entry, Said(replace(column, meaning=meaning), row.number, text, cell))
        self.objectives.append(entry)
        self._last = []
        return entry

    def _say_of_objective(self, entry: ObjectiveEntry, said: Said) -> None:
        if said.column.meaning in _OF_AN_OBJECTIVE:
            entry.said.append(said)
        else:
            self._note(said, NOT_OF_AN_OBJECTIVE)

    def _objective(self) -> ObjectiveEntry:
        if not self.objectives:
            marked = objective_title(self._heading)
            self.objectives.append(ObjectiveEntry(unnumbered(marked or self._heading), 0))
        return self.objectives[-1]

    # ---- key results

    def _read_key_results(self, row: Row) -> bool:
        """False where the row says something that belongs to no key result."""
        groups = self._groups()
        begun = [entry for column, _ in groups for entry in self._begin_key_results(row, column)]
        if not begun and not self._left(row):
            # A row with nothing but its objective: its key results follow.
            return bool(self.objectives)
        if not begun and not (self._last and self._continues(row)):
            return self._begins_nothing(row)
        if begun:
            self._last = begun
        for entry_column, columns in groups:
            mine = [entry for entry in self._last if entry_column is None or entry.cell.column == entry_column.index]
            self._read_fields(row, columns, mine or self._last)
        return True

    def _groups(self) -> list[tuple[FoundColumn | None, list[FoundColumn]]]:
        """Each column of key results with the columns that tell of it; those before the first tell of all."""
        groups: list[tuple[FoundColumn | None, list[FoundColumn]]] = [(None, [])]
        several = len(self._sheet.columns_of(Meaning.KEY_RESULT)) > 1
        for column in self._sheet.columns:
            if column.meaning is Meaning.KEY_RESULT:
                groups.append((column, []))
            elif column.meaning is not Meaning.OBJECTIVE:
                groups[-1 if several else 0][1].append(column)
        return groups

    def _begin_key_results(self, row: Row, column: FoundColumn | None) -> list[KeyResultEntry]:
        cell = None if column is None else _at(row, column.index)
        if cell is None or cell.is_blank or cell in self._taken:
            return []
        self._taken.add(cell)
        begun = [KeyResultEntry(title, row.number, cell) for title in key_result_titles(cell)]
        self._objective().key_results += begun
        return begun

    def _continues(self, row: Row) -> bool:
        """More of the key result above: its cell reaches down to here, or only further initiatives are named."""
        if any(_at(row, entry.cell.column) == entry.cell for entry in self._last):
            return True
        return all(self._column(cell).meaning in {Meaning.INITIATIVES, Meaning.LABEL} for cell in self._left(row))

    def _left(self, row: Row) -> list[Cell]:
        return [cell for cell in row.said() if cell not in self._taken]

    def _begins_nothing(self, row: Row) -> bool:
        """A row that begins an objective and says more of it alone."""
        if not self.objectives or self.objectives[-1].row != row.number:
            return False
        for cell in self._left(row):
            self._taken.add(cell)
            self._say_of_objective(self.objectives[-1], Said(self._column(cell), row.number, cell.text, cell))
        return True

    def _read_fields(self, row: Row, columns: Iterable[FoundColumn], entries: Sequence[KeyResultEntry]) -> None:
        for column in columns:
            cell = _at(row, column.index)
            if cell is None or cell.is_blank or cell in self._taken:
                continue
            self._taken.add(cell)
            for entry, text in self._shared(cell, column, row, entries):
                entry.said.append(Said(column, row.number, text, cell))

    def _shared(
        self, cell: Cell, column: FoundColumn, row: Row, entries: Sequence[KeyResultEntry]
    ) -> Iterator[tuple[KeyResultEntry, str]]:
        parts = cell.items or tuple(cell.text.split("\n"))
        if len(entries) == 1:
            yield entries[0], cell.text
        elif len(parts) == len(entries):
            yield from zip(entries, parts, strict=True)
        elif column.meaning in _FOR_ALL:
            yield from ((entry, cell.text) for entry in entries)
        else:
            self._note(Said(column, row.number, cell.text, cell), ONE_FOR_SEVERAL)

    # ---- what is left out

    def _leave_out(self, row: Row, why: str) -> None:
        for cell in self._left(row):
            self._taken.add(cell)
            self._note(Said(self._column(cell), row.number, cell.text, cell), why)

    def _note(self, said: Said, why: str) -> None:
        self.left_out.append(LeftOut(said.row, said.column.header, words_of_cell(said), why))

    def _column(self, cell: Cell) -> FoundColumn:
        return self._sheet.columns[cell.column]


def _at(row: Row, index: int) -> Cell | None:
    return row.cells[index] if index < len(row.cells) else None
