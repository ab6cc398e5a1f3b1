"""The titles of objectives and key results as their cells say them, without numbers and marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapping.adoption_sheet import Cell
from mapping.adoption_words import key_result_title, objective_title, unnumbered

# Between the parts of an objective's row, and the score or progress that such a row ends with.
_DOT = " · "
_FIGURE = re.compile(r"[01][.,]\d{1,2}|\d{1,3} ?%|–")


@dataclass(frozen=True, slots=True)
class ObjectiveWords:
    """What the cell of an objective says; empty where it does not."""

    title: str
    why: str
    team: str
    figure: str


def objective_words(cell: Cell) -> ObjectiveWords:
    """The title is in the first line, why stands below it. ``Title · team · 0.6``: a figure at its end tells that
    these are the parts of a row, and not of a title."""
    first, _, rest = cell.text.partition("\n")
    if objective_title(first) == "" and rest:
        first, _, rest = rest.partition("\n")
    title = objective_title(first)
    said, team, figure = _parts(unnumbered(title or first))
    return ObjectiveWords(said or ", ".join(cell.issue_keys), rest, team, figure)


def _parts(line: str) -> tuple[str, str, str]:
    *before, last = line.split(_DOT)
    if not before or not _FIGURE.fullmatch(last.strip()):
        return line, "", ""
    *title, team = before if len(before) > 1 else (*before, "")
    return _DOT.join(title), team, last


def key_result_titles(cell: Cell) -> tuple[str, ...]:
    """One title, or one for each entry of a list and each line that is numbered as a key result."""
    lines = cell.items or tuple(cell.text.split("\n"))
    is_list = bool(cell.items) or (len(lines) > 1 and all(_is_numbered(line) for line in lines))
    titles = [_clean_title(line) for line in lines] if is_list else [_clean_title(cell.line)]
    return tuple(title for title in titles if title) or (cell.line or ", ".join(cell.issue_keys),)


def _is_numbered(line: str) -> bool:
    return bool(key_result_title(line)) or unnumbered(line) != line


def _clean_title(line: str) -> str:
    marked = key_result_title(line)
    return unnumbered(line) if marked is None else marked
