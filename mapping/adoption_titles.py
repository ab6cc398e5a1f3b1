"""The titles of objectives and key results as their cells say them, without numbers and marks."""

from __future__ import annotations

from mapping.adoption_sheet import Cell
from mapping.adoption_words import key_result_title, objective_title, unnumbered


def objective_words(cell: Cell) -> tuple[str, str]:
    """Title and why: the first line, and what stands below it."""
    first, _, rest = cell.text.partition("\n")
    if objective_title(first) == "" and rest:
        first, _, rest = rest.partition("\n")
    title = objective_title(first)
    return unnumbered(title or first) or ", ".join(cell.issue_keys), rest


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
