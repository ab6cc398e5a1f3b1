"""What a row of a table made by hand is: the headers once more, a sum, an objective, or neither."""

from __future__ import annotations

from collections.abc import Sequence

from mapping.adoption_columns import Sheet
from mapping.adoption_sheet import Cell
from mapping.adoption_words import Meaning, is_number_mark, is_total, key_result_title, objective_title

# An objective that spans the table may have its owner and one thing more beside it.
_MOST_WORDS_BESIDE = 3
_MAY_HOLD_OBJECTIVES = frozenset({Meaning.KEY_RESULT, Meaning.LABEL, Meaning.UNKNOWN})


def repeats_headers(sheet: Sheet, said: Sequence[Cell]) -> bool:
    """``said``: the cells of a row that say something, here and below."""
    headers = {column.header.casefold() for column in sheet.columns if column.header}
    return len(said) > 1 and all(cell.line.casefold() in headers for cell in said)


def sums_up(said: Sequence[Cell]) -> bool:
    return is_total(said[0].line) and len(said) > 1


def is_objective(sheet: Sheet, said: Sequence[Cell]) -> bool:
    """True for a row that is marked as one (``O1: …``), spans the table, or stands alone as a header."""
    words = [cell for cell in said if not is_number_mark(cell.line)]
    if not words or key_result_title(words[0].line) is not None:
        return False
    first = words[0]
    meaning = sheet.columns[first.column].meaning
    if meaning is Meaning.OBJECTIVE:
        # ``O1`` under the header of objectives is no row of its own unless it spans.
        return first.span > 1 and objective_title(first.line) is not None
    if objective_title(first.line) is not None:
        return True
    covers = first.span > 1 and first.span * 2 > len(sheet.columns)
    alone = len(words) == 1 and first.is_header and meaning in _MAY_HOLD_OBJECTIVES
    return (covers and len(words) <= _MOST_WORDS_BESIDE) or alone
