"""Keys for OKRs that have none yet, and the keys of issues in people's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from mapping.adoption import FoundTable
from mapping.adoption_words import Meaning
from mapping.issue import ISSUE_KEY_PATTERN

ISSUE_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{ISSUE_KEY_PATTERN.pattern})(?![A-Za-z0-9-])")
_NOT_OF_A_KEY = re.compile(r"[^A-Z0-9]")


def prefix_for(tables: Iterable[FoundTable]) -> str:
    """The beginning of keys that suits: the commonest project of the issues in them, else ``OKR``."""
    projects = Counter(
        _NOT_OF_A_KEY.sub("", key.rpartition("-")[0])[:16]
        for table in tables
        for row in table.sheet.rows
        for cell in row.said()
        for key in (*cell.issue_keys, *_keys_where_expected(table, cell.column, cell.text))
    )
    good = [project for project, _ in projects.most_common() if project[:1].isalpha()]
    return good[0] if good else "OKR"


def _keys_where_expected(table: FoundTable, column: int, text: str) -> tuple[str, ...]:
    is_expected = table.sheet.columns[column].meaning is Meaning.INITIATIVES
    return tuple(ISSUE_KEY.findall(text)) if is_expected else ()


class FreshKeys:
    """Keys that nothing has yet, in order."""

    def __init__(self, prefix: str, taken: frozenset[str]) -> None:
        self._prefix = prefix
        self._taken = set(taken)
        self._last: Counter[str] = Counter()

    def next(self, letters: str) -> str:
        while True:
            self._last[letters] += 1
            key = f"{self._prefix}-{letters}{self._last[letters]}"
            if key not in self._taken:
                return key
