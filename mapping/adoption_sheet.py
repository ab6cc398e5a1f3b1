"""Tables that people made in a page, as plain rows of cells: what each cell says, and which issues and people it names.

The page's tree is only read here; nothing in it is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mapping.issue import ISSUE_KEY_PATTERN
from mapping.storage_scan import Node, Run
from mapping.table_grid import GridCell, grid_of
from mapping.visible_text import folded, visible_text

_ISSUE_IN_ADDRESS = re.compile(rf"/browse/({ISSUE_KEY_PATTERN.pattern})(?:[/?#]|$)")
_USER_IDS = ("ri:account-id", "ri:userkey", "ri:username")
# People write these where they have nothing to say yet.
_NOTHING = frozenset({"-", "–", "—", "−", "n/a", "n.a.", "n. a.", "na", "tbd", "tba", "?", "…", "...", "k.a.", "k. a."})
_LIST_ITEMS = frozenset({"li", "ac:task-body"})
_MACRO, _PARAMETER = "ac:structured-macro", "ac:parameter"


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is what a reader sees, one line per paragraph, with the names of people who are mentioned. ``items`` are
    the entries of a list in it, where it holds nothing but that list. ``issue_keys``: of links and macros that point to
    Jira. ``colour``: of its first lozenge. ``unnamed``: people mentioned whose names nobody gave. ``row`` and
    ``column`` say where it begins, ``rows`` and ``span`` how far it reaches."""

    text: str
    items: tuple[str, ...]
    issue_keys: tuple[str, ...]
    colour: str
    mentions: int
    unnamed: int
    is_header: bool
    row: int
    column: int
    rows: int
    span: int

    @property
    def line(self) -> str:
        """All of it in one line."""
        return folded(self.text)

    @property
    def is_blank(self) -> bool:
        """True for dashes, too."""
        says_nothing = not self.text or self.line.casefold() in _NOTHING
        return says_nothing and not (self.issue_keys or self.unnamed)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts from 1 as people count; ``cells`` has per column the cell that covers it."""

    number: int
    cells: tuple[Cell | None, ...]

    def said(self) -> tuple[Cell, ...]:
        """The cells that say something, each once."""
        return tuple(dict.fromkeys(cell for cell in self.cells if cell is not None and not cell.is_blank))


def rows_of_table(table: Node, names: Mapping[str, str]) -> tuple[Row, ...]:
    """``names``: what people are called, by the id that a mention holds."""
    read: dict[int, Cell] = {}

    def cell(grid_cell: GridCell | None) -> Cell | None:
        if grid_cell is None:
            return None
        if id(grid_cell) not in read:
            read[id(grid_cell)] = _cell(grid_cell, names)
        return read[id(grid_cell)]

    # The grid is kept until all cells are read, so that no id is used twice.
    grid = grid_of(table)
    return tuple(Row(index, tuple(map(cell, row.covering))) for index, row in enumerate(grid, start=1))


def turned(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Columns as rows: for tables whose headers stand in the first column."""
    width = max((len(row.cells) for row in rows), default=0)
    made: dict[Cell, Cell] = {}

    def across(cell: Cell | None) -> Cell | None:
        if cell is not None and cell not in made:
            made[cell] = replace(cell, row=cell.column, column=cell.row, rows=cell.span, span=cell.rows)
        return made.get(cell) if cell is not None else None

    return tuple(
        Row(column + 1, tuple(across(row.cells[column] if column < len(row.cells) else None) for row in rows))
        for column in range(width)
    )


def mentioned(root: Node) -> tuple[str, ...]:
    """The ids of the people who are mentioned there, each once."""
    return tuple(dict.fromkeys(_user_id(node) for node in root.descendants() if node.name == "ri:user"))


def issue_keys_in(node: Node) -> tuple[str, ...]:
    """The issues that links and Jira macros there point to, each once."""
    return tuple(dict.fromkeys(_issue_keys(node)))


def _cell(cell: GridCell, names: Mapping[str, str]) -> Cell:
    node = cell.node
    below = list(node.descendants())
    users = [each for each in below if each.name == "ri:user"]
    text = visible_text(_with_names(node, names)) if users else visible_text(node)
    return Cell(
        text=text,
        items=_items(node, text, names),
        issue_keys=issue_keys_in(node),
        colour=next((_parameter(each, "colour") for each in below if _is_macro(each, "status")), "").casefold(),
        mentions=len(users),
        unnamed=sum(_user_id(each) not in names for each in users),
        is_header=node.name == "th",
        row=cell.row,
        column=cell.first,
        rows=cell.rows,
        span=cell.span,
    )


def _with_names(node: Node, names: Mapping[str, str]) -> Node:
    """A copy in which each mention is the person's name, unless the link has words of its own."""
    copy = Node(node.name, node.attributes, node.start)
    copy.close, copy.end = node.close, node.end
    is_mention = node.name == "ac:link" and not visible_text(node)
    for child in node.children:
        if isinstance(child, Run):
            copy.children.append(child)
        elif is_mention and child.name == "ri:user":
            copy.children.append(Run(child.start, names.get(_user_id(child), "")))
        else:
            copy.children.append(_with_names(child, names))
    return copy


def _items(node: Node, text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The outermost entries of its lists; none where words stand beside them, or there is only one."""
    found = []
    waiting = list(reversed(node.elements()))
    while waiting:
        each = waiting.pop()
        if each.name in _LIST_ITEMS:
            found.append(folded(visible_text(_with_names(each, names))))
        else:
            waiting += reversed(each.elements())
    said = [item for item in found if item]
    return tuple(said) if len(said) > 1 and " ".join(said) == folded(text) else ()


def _issue_keys(root: Node) -> Iterator[str]:
    for node in root.descendants():
        if node.name == "a" and (found := _ISSUE_IN_ADDRESS.search(node.attributes.get("href", ""))):
            yield found[1]
        elif _is_macro(node, "jira") and ISSUE_KEY_PATTERN.fullmatch(key := _parameter(node, "key").upper()):
            yield key


def _is_macro(node: Node, name: str) -> bool:
    return node.name == _MACRO and node.attributes.get("ac:name") == name


def _parameter(macro: Node, name: str) -> str:
    found = (each for each in macro.elements() if each.name == _PARAMETER and each.attributes.get("ac:name") == name)
    parameter = next(found, None)
    return "" if parameter is None else folded(visible_text(parameter))


def _user_id(node: Node) -> str:
    return next((node.attributes[name] for name in _USER_IDS if node.attributes.get(name)), "")
