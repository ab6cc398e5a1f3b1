"""Is there anything to write, and what does it say?

    fingerprint(table) -> str                      equal where nothing but "as of" differs
    row_digests(table, said) -> dict               per key result, equal where its row would be written the same
    difference(last, then, now) -> Difference      of fingerprints: nothing, only what time changes, or facts
    same_order(old, new) -> bool                   of two sets of fields: may the page's order of rows stay?
    intended_fields(table) -> dict                 the text of every cell, by key result and column
    input_cells(table) -> frozenset                the cells where a person may type
    what_changed(old, new, language, …) -> str        for the version message, as daily_message(language)

"As of" alone never causes a write. What only time changes (expected today, stale days, pace) is told apart by building
the table twice from the same facts: for the moment of the last write, and for now. If the first is what was written
then, no fact has changed since; everything that differs now is the clock's doing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum

from mapping.languages import plain, words_of
from mapping.table_look import fingerprint_of, same_content, same_layout, same_wording
from mapping.table_parts import Cell, Column, KeyResultRow, Table
from mapping.table_pieces import AsOf, Bar, Break, Expand, Line, Link, Lozenge, Piece, Text
from mapping.visible_text import folded
from mapping.words import Language, Words

LONGEST_MESSAGE = 200
# Up to this many check-ins and changed initiatives are named; beyond, their number says more.
_MOST_NAMED = 2
_HASH_LENGTH = 32
_FIGURES = (Column.NOW, Column.CONFIDENCE)
_TEXTS = (Column.NEXT_STEP, Column.BLOCKERS, Column.NOTE)
_ISSUE = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+ ")

Fields = Mapping[tuple[str, Column], str]


class Difference(StrEnum):
    NONE = "none"
    TIME = "time"
    FACTS = "facts"


def rows_as_said(table: Table) -> list[str]:
    """All that each row of the table is made of, as text to take digests of."""
    return [repr(row) for row in table.rows]


def row_digests(table: Table, said: Sequence[str]) -> dict[str, str]:
    """``said``: ``rows_as_said(table)``."""
    rows = zip(table.rows, said, strict=True)
    return {row.key: _digest(text) for row, text in rows if isinstance(row, KeyResultRow)}


def fingerprint(table: Table, said: Sequence[str] | None = None) -> str:
    """Of everything that is intended, but for "as of", and of the look that was chosen. ``said``:
    ``rows_as_said(table)``, where that is known already."""
    layout = _digest_of([table.shape, table.width, *((cell.column, cell.width) for cell in table.header)])
    above = (table.region_id, table.container, *(_without_moment(line) for line in table.summary), *table.header)
    rows = rows_as_said(table) if said is None else said
    content = _digest("\n".join([*map(repr, above), *rows, *map(repr, (table.legend, table.closing, table.in_panel))]))
    return fingerprint_of(layout, content, table)


def same_order(old: Fields, new: Fields) -> bool:
    """True where the key results that are in both were intended in the same order."""
    before, after = _keys(old), _keys(new)
    return [key for key in before if key in set(after)] == [key for key in after if key in set(before)]


def difference(last: str, then: str, now: str) -> Difference:
    """What writing the table with the fingerprint ``now`` would change on a page that was written with ``last``.

    ``then`` is that of the table built from the present facts for the moment of that last write.
    """
    if same_content(now, last):
        return Difference.NONE
    return Difference.TIME if same_content(then, last) else Difference.FACTS


def intended_fields(table: Table) -> dict[tuple[str, Column], str]:
    """The text of each cell as a person sees it, lines apart by a line break."""
    return {(row.key, cell.column): cell_text(cell) for row in _key_results(table) for cell in row.cells}


def input_cells(table: Table) -> frozenset[tuple[str, Column]]:
    """The cells where a person may type; all others are computed."""
    return frozenset((row.key, cell.column) for row in _key_results(table) for cell in row.cells if cell.typed)


def cell_text(cell: Cell) -> str:
    lines = [*map(_line_text, cell.lines), *(_expand_lines(cell.expand) if cell.expand else ())]
    return "\n".join(line for line in map(folded, lines) if line)


def what_changed(old: Fields, new: Fields, language: Language, *, last: str, now: str) -> str:
    """`PAY-KR2 Now 3.4, Confidence 5; PAY-412 7 of 12 done`, or `3 key results changed`: one line of at most 200
    characters, never empty. Rows that came or went stand first, then check-ins, then initiatives.

    ``old`` is empty at the first write. ``last`` and ``now`` are the fingerprints of the tables with these fields: they
    tell whether another look was chosen.
    """
    words = words_of(language)
    if not old:
        return words.first_write
    before, after = _keys(old), _keys(new)
    said = [plain(words.added, key=key) for key in after if key not in before]
    said += [plain(words.taken_out, key=key) for key in before if key not in after]
    changed = {field: text for field, text in new.items() if field in old and old[field] != text}
    same_words = same_wording(last, now)
    said += [] if same_words and same_layout(last, now) else [words.looks_new]
    # In other words every cell reads anew, though nothing was said.
    said += _changes(changed, old, words) if same_words else []
    message = "; ".join(said) or words.refreshed
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"


def daily_message(language: Language) -> str:
    """For a write of what only time changes."""
    return words_of(language).daily


def comment_kept_message(language: Language) -> str:
    """For a write that puts back an inline comment which was added while we wrote."""
    return words_of(language).comment_kept


def _changes(changed: Fields, old: Fields, words: Words) -> list[str]:
    """What people said comes first; what only follows from it is not named."""
    keys = _keys(changed)
    said = {key: what for key in keys if (what := _said(key, changed, words))}
    moved = _new_lines(changed, old)
    if max(len(said), 0 if said else len(moved)) > _MOST_NAMED:
        return [_counted(keys, changed, words)]
    parts = [plain(words.changed_one, key=key, what=what) for key, what in said.items()]
    parts += moved if len(moved) <= _MOST_NAMED else [plain(words.more_moved, n=len(moved))]
    return parts or [_counted(keys, changed, words)][: len(keys)]


def _said(key: str, changed: Fields, words: Words) -> str:
    """Of one key result: its new figures, else which texts are others, or were emptied as by a check-in withdrawn."""
    figures = [f"{words.headers[each]} {text}" for each in _FIGURES if (text := changed.get((key, each)))]
    texts = [each for each in _TEXTS if (key, each) in changed]
    if figures or not texts:
        return ", ".join(figures)
    is_emptied = not any(changed[key, each] for each in texts)
    what = ", ".join(words.headers[each] for each in texts)
    return plain(words.texts_emptied if is_emptied else words.texts_changed, what=what)


def _counted(keys: list[str], changed: Fields, words: Words) -> str:
    if len(keys) != 1:
        return plain(words.changed_some, n=len(keys))
    return plain(words.changed_one, key=keys[0], what=_what({column for _, column in changed}, words))


def _what(columns: AbstractSet[Column], words: Words) -> str:
    """Of one key result that nobody said anything new about."""
    return words.reworded if Column.KEY_RESULT in columns else words.updated


def _new_lines(changed: Fields, old: Fields) -> list[str]:
    """The lines about initiatives that were not there before; one initiative of two key results only once."""
    lines: dict[str, None] = {}
    for (key, column), text in changed.items():
        if column is Column.INITIATIVES:
            before = old[key, column].split("\n")
            lines.update(dict.fromkeys(line for line in text.split("\n") if line not in before))
    return [line for line in lines if _ISSUE.match(line)]


def _keys(fields: Iterable[tuple[str, Column]]) -> list[str]:
    return list(dict.fromkeys(key for key, _ in fields))


def _key_results(table: Table) -> Iterator[KeyResultRow]:
    return (row for row in table.rows if isinstance(row, KeyResultRow))


def _without_moment(line: Line) -> Line:
    return tuple(piece for piece in line if not isinstance(piece, AsOf))


def _digest_of(parts: Iterable[object]) -> str:
    return _digest("\n".join(map(repr, parts)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]


def _expand_lines(expand: Expand) -> tuple[str, ...]:
    return (expand.title, *map(_line_text, expand.lines))


def _line_text(line: Line) -> str:
    return "".join(map(_piece_text, line))


def _piece_text(piece: Piece) -> str:
    match piece:
        case Text(text) | Link(text) | AsOf(text):
            return text
        case Lozenge(title):
            return title
        case Break():
            return " "
        case Bar(filled):
            return "■" * filled + "□" * (10 - filled)
