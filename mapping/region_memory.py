"""What is remembered of a region that was read, so that what stands there as before need not be read again.

It answers two questions about bytes, each by a digest of them and never by trust: do these bytes, with the texts that
were read in them, come from the same row? And would the row that we intend now change nothing in them? A row that
anybody touched, or whose remembered texts have moved since, is none of it, and is read and merged like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from mapping.table_changes import Fields
from mapping.table_parts import Column

# To be raised whenever the same bytes would be read, rendered or merged differently than before.
RULES = 1
_BYTES = 12


@dataclass(frozen=True, slots=True)
class KnownRow:
    """``read``: of the bytes of a row and the texts read in them. ``settled``: of the row that we intended and that
    changed nothing in these bytes (``Intended.rows``); empty where that was not seen yet."""

    read: str
    settled: str


@dataclass(frozen=True, slots=True)
class RegionMemory:
    """Of a page with one region: ``start`` bytes before it and ``behind`` bytes behind it, both in ``around``; what its
    ``columns`` are; its ``rows`` by their keys."""

    start: int
    behind: int
    around: str
    columns: tuple[Column | None, ...]
    rows: Mapping[str, KnownRow]

    def stands_between(self, data: bytes) -> tuple[int, int] | None:
        """Where the region starts and ends in a body that is the same around it; else None."""
        end = len(data) - self.behind
        if end < self.start or self.around != around(data, self.start, end):
            return None
        return self.start, end

    def knows(self, key: str, row: bytes, texts: Fields) -> bool:
        """Whether these bytes are that row, and these texts (of any rows) have what was read in it."""
        known = self.rows.get(key)
        read = texts_of_row(key, self.columns, texts) if known is not None else None
        return known is not None and read is not None and known.read == digest_of_row(row, read)


def around(data: bytes, start: int, end: int) -> str:
    digest = blake2b(memoryview(data)[:start], digest_size=_BYTES)
    digest.update(memoryview(data)[end:])
    return digest.hexdigest()


def digest_of_row(row: bytes, texts: Iterable[str]) -> str:
    said = "\0".join(texts).encode("utf-8", "surrogatepass")
    return blake2b(b"%d %b%b" % (len(row), row, said), digest_size=_BYTES).hexdigest()


def texts_of_row(key: str, columns: Iterable[Column | None], texts: Fields) -> list[str] | None:
    """None where one of its cells is not among them."""
    try:
        return [texts[key, column] for column in columns if column is not None]
    except KeyError:
        return None


def memory_as_json(memory: RegionMemory | None) -> dict[str, Any]:
    """As it is stored; nothing where there is none."""
    if memory is None:
        return {}
    return {
        "rules": RULES,
        "start": memory.start,
        "behind": memory.behind,
        "around": memory.around,
        "columns": [str(column or "") for column in memory.columns],
        "rows": {key: f"{row.read} {row.settled}" for key, row in memory.rows.items()},
    }


def memory_from_json(stored: Mapping[str, Any]) -> RegionMemory | None:
    """The reverse; None also for what other rules left behind."""
    if stored.get("rules") != RULES:
        return None
    rows = {key: KnownRow(*row.split(" ")) for key, row in stored["rows"].items()}
    return RegionMemory(stored["start"], stored["behind"], stored["around"], _columns(stored["columns"]), rows)


def _columns(names: Sequence[str]) -> tuple[Column | None, ...]:
    return tuple(Column(name) if name else None for name in names)
