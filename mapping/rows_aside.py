"""Rows of our table that are known already, put aside while the rest of it is read and merged.

    put_aside(data, is_known) -> Aside
    put_back(data, rows) -> bytes

In the place of each stands an empty row with its key, so that all others find the table as it is: the same rows, in the
same places and order.

That reads the same, whatever surrounds a row, because a row is put aside only where its bytes are known to be one
element, from its start tag to its end tag. Where a reader comes to the empty row as an element, it would have come to
the row as an element, and would go on behind it in the same state. Where it does not (the bytes stand in CDATA or in a
comment), or where the row stands outside our table, the empty row is missing among the rows of the table; whoever reads
has to look for that, and then reads everything as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mapping.okr import KEY_PATTERN
from mapping.storage_scan import Node
from mapping.storage_text import Markup

Rows = Mapping[str, bytes]

_SIGN = "okr-row-aside"
_ROW = re.compile(rb"<tr[ >].*?</tr>", re.DOTALL)
_KEY = re.compile(rb"/kr/(" + KEY_PATTERN.pattern.encode() + rb')(?=[/?#"])')
_EMPTY_ROW = re.compile(rb'<tr %s="([^"]*)"/>' % _SIGN.encode())


@dataclass(frozen=True, slots=True)
class Aside:
    """``data`` with an empty row in the place of each of ``rows``, which are by the keys of their key results."""

    data: bytes
    rows: Rows = field(default_factory=dict)


def put_aside(data: bytes, is_known: Callable[[str, bytes], bool]) -> Aside:
    """``is_known``: whether these bytes, which may be any, are a row of that key result, one element as a whole. A
    second row with the same key stays where it is."""
    rows: dict[str, bytes] = {}
    if _SIGN.encode() in data:
        return Aside(data)

    def empty_if_known(found: re.Match[bytes]) -> bytes:
        row = found.group()
        key = _key_in(row)
        if not key or key in rows or not is_known(key, row):
            return row
        rows[key] = row
        return empty_row(key).encode()

    return Aside(_ROW.sub(empty_if_known, data), rows)


def put_back(data: bytes, rows: Rows) -> bytes:
    """Each row in the place of its empty one."""
    return _EMPTY_ROW.sub(lambda found: rows[found.group(1).decode()], data) if rows else data


def empty_row(key: str) -> Markup:
    return Markup(f'<tr {_SIGN}="{key}"/>')


def key_aside(row: Node) -> str:
    """Of the key result whose row it stands for; empty for any other row."""
    return row.attributes.get(_SIGN, "")


def _key_in(row: bytes) -> str:
    found = _KEY.search(row)
    return "" if found is None else found.group(1).decode()
