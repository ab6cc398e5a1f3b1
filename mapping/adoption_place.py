"""Which tables of a page were made by hand, how one is known again, and how ours takes its place.

    hand_made_tables(root) -> tuple[HandMade, ...]
    insert_in_place(body, region, region_id, replaces) -> str
    is_kept_apart(body, replaces) -> bool
    still_stands(body, replaces) -> bool

A table is known again by all that it says: words, people, issues, links, pictures, lozenges and inline comments. So
one that anybody has touched since is never replaced.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mapping.okr import KEY_PATTERN
from mapping.page_region import insert_region
from mapping.storage_scan import Node, encoded, tree_of
from mapping.table_grid import rows_of
from mapping.visible_text import visible_text

_OURS = re.compile(rf"/kr/{KEY_PATTERN.pattern}(?:[/?#]|$)")
# What a page may hold in its own right; our macro may not stand inside other macros, lists or cells of tables.
_OPEN_PLACES = frozenset({"", "div", "ac:layout", "ac:layout-section", "ac:layout-cell"})
_TELLING = ("ri:account-id", "ri:userkey", "ri:filename", "ri:value", "ri:content-title", "href", "ac:ref", "datetime")
_TELLING_PARAMETERS = frozenset({"key", "jqlQuery", "colour", "title"})
_HASH_LENGTH = 32
_DEEPEST_TABLE = 3


@dataclass(frozen=True, slots=True, eq=False)
class HandMade:
    """A table that is not ours. ``number`` counts from 1 in the order of the page; ``heading`` is what stands above it;
    ``is_free``: it stands where a table of ours may stand, too."""

    node: Node
    number: int
    heading: str
    is_free: bool

    @property
    def comments(self) -> int:
        """How many inline comments are anchored in it."""
        return len({each.attributes.get("ac:ref") for each in self.node.descendants() if "ac:ref" in each.attributes})


def hand_made_tables(root: Node) -> tuple[HandMade, ...]:
    """Tables that are nested deeper than three tables are passed over."""
    found: list[HandMade] = []
    heading = ""
    # Per element its number of tables around it, and whether all around it is open.
    waiting: list[tuple[Node, int, bool]] = [(root, 0, True)]
    while waiting:
        node, depth, is_free = waiting.pop()
        if _is_heading(node):
            heading = visible_text(node)
        if node.name == "table" and not _is_ours(node):
            found.append(HandMade(node, len(found) + 1, heading, is_free))
        depth += node.name == "table"
        if depth < _DEEPEST_TABLE:
            inside = is_free and node.name in _OPEN_PLACES
            waiting += [(child, depth, inside) for child in reversed(node.elements())]
    return tuple(found)


def signature(table: Node) -> str:
    """The same for two states of a table that say the same to every reader, whatever Confluence made of its markup."""
    told = [visible_text(table)]
    for node in table.descendants():
        told += [f"{node.name} {name}={node.attributes[name]}" for name in _TELLING if name in node.attributes]
        if node.name == "ac:parameter" and node.attributes.get("ac:name") in _TELLING_PARAMETERS:
            told.append(f"{node.attributes['ac:name']}: {visible_text(node)}")
    return _digest("\n".join(told))[:_HASH_LENGTH]


def replaced_by_ours(body: str, numbers: Sequence[int]) -> dict[str, Any]:
    """How to find the tables of these numbers again, as it is kept with the table that takes their place: that of the
    first. Raises NotWellFormed."""
    there = hand_made_tables(tree_of(encoded(body)))
    return {"tables": [_told_of(each, there) for each in there if each.number in numbers]}


def insert_in_place(body: str, region: str, region_id: str, replaces: Mapping[str, Any] | None) -> str:
    """Our region in place of the tables that it replaces, if all of them still say what they said; every other byte
    stays. Otherwise nothing is taken away: ours goes behind the first of them that is still known, else where
    ``insert_region`` puts it. Raises NotWellFormed."""
    if not replaces:
        return insert_region(body, region, region_id)
    data = encoded(body)
    found = _found_again(tree_of(data), replaces)
    known = [each.node for each in found if each is not None and each.is_free]
    if not known:
        return insert_region(body, region, region_id)
    if len(known) < len(found):
        return (data[: known[0].end] + region.encode() + data[known[0].end :]).decode()
    return _exchanged(data, known, region.encode())


def is_kept_apart(body: str, replaces: Mapping[str, Any] | None) -> bool:
    """True where ``insert_in_place`` takes nothing away, though it was asked to: somebody changed, moved into another
    macro, or took out what ours was to replace. Raises NotWellFormed."""
    if not replaces:
        return False
    found = _found_again(tree_of(encoded(body)), replaces)
    return not all(each is not None and each.is_free for each in found)


def still_stands(body: str, replaces: Mapping[str, Any]) -> bool:
    """True where the page still has as many tables with the same first row as before ours was added: the hand-made one
    was not replaced, and nobody has taken it out since. Raises NotWellFormed."""
    there = hand_made_tables(tree_of(encoded(body)))
    return all(_with_first_row(there, each["first_row"]) >= each["alike"] for each in replaces["tables"])


def _told_of(table: HandMade, there: Sequence[HandMade]) -> dict[str, Any]:
    first_row = _first_row(table.node)
    return {
        "number": table.number,
        "signature": signature(table.node),
        "first_row": first_row,
        "alike": _with_first_row(there, first_row),
    }


def _first_row(table: Node) -> str:
    row = next(iter(rows_of(table)), table)
    return _digest(visible_text(row).casefold())[:_HASH_LENGTH]


def _with_first_row(there: Sequence[HandMade], first_row: str) -> int:
    return sum(_first_row(table.node) == first_row for table in there)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _exchanged(data: bytes, tables: Sequence[Node], region: bytes) -> str:
    """Ours in place of the first; the others go."""
    out, at = [], 0
    for index, table in enumerate(sorted(tables, key=lambda each: each.start)):
        out += [data[at : table.start], region if index == 0 else b""]
        at = table.end
    return b"".join([*out, data[at:]]).decode()


def _found_again(root: Node, replaces: Mapping[str, Any]) -> list[HandMade | None]:
    """Each in its old place if it says the same there, else wherever exactly one table says the same."""
    there = hand_made_tables(root)
    said: dict[str, list[HandMade]] = {}
    for table in there:
        said.setdefault(signature(table.node), []).append(table)
    return [_the_one(said.get(each["signature"], []), each["number"]) for each in replaces["tables"]]


def _the_one(same: Sequence[HandMade], number: int) -> HandMade | None:
    if len(same) == 1:
        return same[0]
    return next((table for table in same if table.number == number), None)


def _is_heading(node: Node) -> bool:
    return len(node.name) == 2 and node.name[0] == "h" and node.name[1] in "123456"


def _is_ours(table: Node) -> bool:
    return any(_OURS.search(node.attributes.get("href", "")) for node in table.descendants() if node.name == "a")
