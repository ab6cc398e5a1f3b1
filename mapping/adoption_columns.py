"""What the columns of a table made by hand hold: by their headers, and where these say nothing, by their content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mapping.adoption_confidence import confidence_of
from mapping.adoption_sheet import Cell, Row, turned
from mapping.adoption_values import figure_of, range_in, unit_in_brackets
from mapping.adoption_words import (
    Meaning,
    header_meaning,
    is_number_mark,
    key_result_title,
    objective_title,
    says_result,
)
from mapping.issue import ISSUE_KEY_PATTERN
from mapping.words import Language

_ROWS_SEARCHED_FOR_HEADER = 3
_WORDY = 12
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]{1,12}[)\]]")
_ONLY_KEYS = re.compile(rf"{ISSUE_KEY_PATTERN.pattern}(?:[\s,;]+{ISSUE_KEY_PATTERN.pattern})*")


class By(StrEnum):
    """How a column was recognised."""

    HEADER = "header"
    CONTENT = "content"
    PERSON = "person"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """``index`` counts from 0; ``unit`` is what its header says in brackets: ``Target (%)``."""

    index: int
    header: str
    meaning: Meaning
    by: By
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table the right way up. ``rows`` are those without headers."""

    rows: tuple[Row, ...]
    columns: tuple[FoundColumn, ...]
    language: Language
    is_turned: bool

    def columns_of(self, meaning: Meaning) -> tuple[FoundColumn, ...]:
        return tuple(column for column in self.columns if column.meaning is meaning)

    def chosen(self, choice: Mapping[int, Meaning]) -> Sheet:
        """With what a person says some columns hold, by their number from 1."""
        columns = (
            replace(column, meaning=choice[column.index + 1], by=By.PERSON) if column.index + 1 in choice else column
            for column in self.columns
        )
        return replace(self, columns=tuple(columns))


def sheet_of(rows: tuple[Row, ...]) -> Sheet:
    """Any table has a sheet; one that is no OKR table has columns that are not known."""
    is_turned = _has_headers_in_first_column(rows)
    upright = turned(rows) if is_turned else rows
    first, count = _header_rows(upright)
    headers = _headers(upright, first, count)
    body = (*upright[:first], *upright[first + count :])
    columns = [_by_header(index, header) for index, header in enumerate(headers)]
    languages = Counter(found[1] for header in headers if (found := header_meaning(header)))
    language: Language = "de" if languages["de"] > languages["en"] / 2 else "en"
    return Sheet(body, _by_content(_goals_told_apart(columns, body), body, language), language, is_turned)


def cells_of(rows: Sequence[Row], index: int) -> tuple[Cell, ...]:
    """What a column says, each cell once; cells that span several columns say nothing of one of them."""
    cells = (row.cells[index] for row in rows if index < len(row.cells))
    return tuple(dict.fromkeys(cell for cell in cells if cell is not None and not cell.is_blank and cell.span == 1))


def _has_headers_in_first_column(rows: Sequence[Row]) -> bool:
    if len(rows) < 2 or _header_rows(rows)[1]:
        return False
    cells = cells_of(rows, 0)
    meanings = [found[0] for cell in cells if (found := header_meaning(cell.line))]
    telling = {Meaning.KEY_RESULT, Meaning.OBJECTIVE, Meaning.TARGET} & set(meanings)
    numbered = any(key_result_title(cell.line) is not None for cell in cells) and meanings.count(Meaning.KEY_RESULT) > 1
    return len(set(meanings)) >= 3 and bool(telling) and not numbered and len(meanings) * 2 > len(cells)


def _header_rows(rows: Sequence[Row]) -> tuple[int, int]:
    """The index of the first header row, and how many there are (0, 1 or 2)."""
    best = max(range(min(len(rows), _ROWS_SEARCHED_FOR_HEADER)), key=lambda i: (_known_headers(rows[i]), -i), default=0)
    if not rows or not _is_header(rows[best]):
        return 0, 0
    if best and _belongs_to_header(rows[best - 1], rows[best]):
        return best - 1, 2
    return best, 2 if best + 1 < len(rows) and _belongs_to_header(rows[best], rows[best + 1]) else 1


def _is_header(row: Row) -> bool:
    said = row.said()
    known = _known_headers(row)
    return known >= 2 or (len(said) > 1 and all(cell.is_header for cell in said))


def _known_headers(row: Row) -> int:
    return len({found[0] for cell in row.said() if (found := header_meaning(cell.line))})


def _belongs_to_header(first: Row, second: Row) -> bool:
    """True for the row below merged headers: ``Value`` over ``Baseline``, ``Target`` and ``Now``."""
    own = [cell for cell in second.said() if cell.row == second.number - 1]
    is_merged = len(first.said()) > 1 and any(cell.span > 1 for cell in first.said())
    return is_merged and bool(own) and all(cell.is_header or header_meaning(cell.line) for cell in own)


def _headers(rows: Sequence[Row], first: int, count: int) -> list[str]:
    width = max((len(row.cells) for row in rows), default=0)
    above = rows[first : first + count]
    columns = [
        dict.fromkeys(cell for row in above if index < len(row.cells) if (cell := row.cells[index]) is not None)
        for index in range(width)
    ]
    return [" ".join(cell.line for cell in cells if cell.line) for cells in columns]


def _by_header(index: int, header: str) -> FoundColumn:
    found = header_meaning(_IN_BRACKETS.sub(" ", header)) or header_meaning(header)
    if found is None:
        return FoundColumn(index, header, Meaning.UNKNOWN, By.NOTHING)
    return FoundColumn(index, header, found[0], By.HEADER, unit_in_brackets(header))


def _goals_told_apart(columns: Sequence[FoundColumn], rows: Sequence[Row]) -> list[FoundColumn]:
    """``Goal`` and ``Ziel`` mean an objective or a target; figures tell."""
    if any(column.meaning is Meaning.OBJECTIVE for column in columns):
        return list(columns)
    return [
        replace(column, meaning=Meaning.OBJECTIVE)
        if column.meaning is Meaning.TARGET
        and column.header.casefold() in {"goal", "ziel", "goals", "ziele"}
        and not _mostly(cells_of(rows, column.index), lambda cell: any(map(str.isdigit, cell.line)))
        else column
        for column in columns
    ]


def _by_content(columns: Sequence[FoundColumn], rows: Sequence[Row], language: Language) -> tuple[FoundColumn, ...]:
    columns = [_label_told_apart(column, rows) for column in _results_told_apart(columns, rows, language)]
    told = [
        replace(column, meaning=meaning, by=By.CONTENT)
        if column.meaning is Meaning.UNKNOWN
        and not (column.header and len(column.header.split()) > 1)
        and (meaning := _content_meaning(cells_of(rows, column.index), language)) is not None
        else column
        for column in columns
    ]
    return tuple(_with_key_results(told, rows))


def _label_told_apart(column: FoundColumn, rows: Sequence[Row]) -> FoundColumn:
    """A column ``KR`` that holds nothing but ``KR1``, ``KR2`` only numbers its rows."""
    if column.meaning not in {Meaning.KEY_RESULT, Meaning.OBJECTIVE}:
        return column
    is_label = _mostly(cells_of(rows, column.index), lambda cell: is_number_mark(cell.line) or _is_label(cell.line))
    return replace(column, meaning=Meaning.LABEL, by=By.CONTENT) if is_label else column


def _results_told_apart(columns: Sequence[FoundColumn], rows: Sequence[Row], language: Language) -> list[FoundColumn]:
    """``Result`` beside ``Key result`` holds no more of them, but the way (``40 → 60 %, ended 57``) or a figure."""
    named = [column for column in columns if column.meaning is Meaning.KEY_RESULT]
    unsure = [column for column in named if says_result(column.header)]
    sure = (_label_told_apart(column, rows) for column in named if column not in unsure)
    if all(column.meaning is Meaning.LABEL for column in sure):
        return list(columns)
    return [
        replace(column, meaning=_result_meaning(cells_of(rows, column.index), language)) if column in unsure else column
        for column in columns
    ]


def _result_meaning(cells: Sequence[Cell], language: Language) -> Meaning:
    return Meaning.AIM if _mostly(cells, lambda cell: range_in(cell.line, language) is not None) else Meaning.NOW


def _content_meaning(cells: Sequence[Cell], language: Language) -> Meaning | None:
    tests: tuple[tuple[Meaning, Callable[[Cell], bool]], ...] = (
        (Meaning.LABEL, lambda cell: is_number_mark(cell.line) or _is_label(cell.line)),
        (Meaning.INITIATIVES, lambda cell: bool(cell.issue_keys) or _ONLY_KEYS.fullmatch(cell.line) is not None),
        (Meaning.OWNER, lambda cell: cell.mentions > 0 and len(cell.line) < 60),
        (Meaning.KEY_RESULT, lambda cell: bool(key_result_title(cell.line))),
        (Meaning.CONFIDENCE, lambda cell: figure_of(cell.line, language) is None and _is_level(cell, language)),
        (Meaning.AIM, lambda cell: len(cell.line) < 40 and range_in(cell.line, language) is not None),
        (Meaning.PROGRESS, lambda cell: cell.line.endswith("%") and figure_of(cell.line, language) is not None),
    )
    return next((meaning for meaning, test in tests if _mostly(cells, test)), None)


def _is_label(text: str) -> bool:
    return key_result_title(text) == "" or objective_title(text) == ""


def _is_level(cell: Cell, language: Language) -> bool:
    return confidence_of(cell.line, cell.colour, language) is not None


def _with_key_results(columns: list[FoundColumn], rows: Sequence[Row]) -> list[FoundColumn]:
    """Where no column is known to hold key results, the one with the most words does; one before it that changes
    seldom holds the objectives."""
    if any(column.meaning is Meaning.KEY_RESULT for column in columns):
        return columns
    open_ = [column for column in columns if column.meaning is Meaning.UNKNOWN]
    words = {column.index: sum(len(cell.line) for cell in cells_of(rows, column.index)) for column in open_}
    wordy = [i for i in words if _mostly(cells_of(rows, i), lambda cell: len(cell.line) >= _WORDY)]
    if not wordy:
        return columns
    chosen = max(wordy, key=lambda index: words[index])
    before = [i for i in wordy if i < chosen and len(cells_of(rows, i)) * 2 <= len(cells_of(rows, chosen))]
    found = {chosen: Meaning.KEY_RESULT} | dict.fromkeys(
        before[:1] if not any(column.meaning is Meaning.OBJECTIVE for column in columns) else (), Meaning.OBJECTIVE
    )
    return [
        replace(column, meaning=found[column.index], by=By.CONTENT) if column.index in found else column
        for column in columns
    ]


def _mostly(cells: Sequence[Cell], test: Callable[[Cell], bool]) -> bool:
    """For at least three of four cells, and for some."""
    held = sum(map(test, cells))
    return held > 0 and held * 4 >= len(cells) * 3
