"""Was another look chosen for a table, as far as its cells show it: other columns, another language or design.

Every cell reads anew then though nothing was said about any key result, so a version message must not name figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mapping.languages import all_words
from mapping.table_parts import Column
from mapping.words import Words

_Fields = Mapping[tuple[str, Column], str]


def same_columns(old: _Fields, new: _Fields) -> bool:
    """False where both hold key results, in other columns."""
    before, after = ({column for _, column in fields} for fields in (old, new))
    return before == after or not before or not after


def same_wording(old: _Fields, new: _Fields) -> bool:
    """False where what stands in the same cell was plainly written in another design or language."""
    texts = [(*field, old[field], text) for field, text in new.items() if field in old and old[field] != text]
    return not any(_is_other_design(*each) or _is_other_language(*each) for each in texts)


def _is_other_design(key: str, column: Column, old: str, new: str) -> bool:
    """Only the normal design has the key in a line of its own, under the title."""
    return column is Column.KEY_RESULT and (key in _below(old)) is not (key in _below(new))


def _is_other_language(_key: str, column: Column, old: str, new: str) -> bool:
    """By the days under an owner, and by how much of an initiative is done: data alone never reads so."""
    if column is Column.OWNER:
        before, after = _languages(_below(old), _day), _languages(_below(new), _day)
    elif column is Column.INITIATIVES:
        before, after = _languages(old.split("\n"), _done), _languages(new.split("\n"), _done)
    else:
        return False
    return bool(before and after) and before.isdisjoint(after)


def _languages(lines: list[str], pattern: Callable[[Words], str]) -> set[str]:
    return {words.language for words in all_words() if any(re.search(pattern(words), line) for line in lines)}


def _day(words: Words) -> str:
    return _pattern(words.day, day=r"\b\d{1,2}", month=f"(?:{'|'.join(map(re.escape, words.months))})(?!\\w)")


def _done(words: Words) -> str:
    return _pattern(words.done, done=r"\b\d+", total=r"\d+")


def _pattern(template: str, **values: str) -> str:
    """A template of the words with its names as given, as text that is compared has them: no-break spaces folded."""
    escaped = re.escape(template)
    for special, plainly in ((r"\{", "{"), (r"\}", "}"), (r"\~", " ")):
        escaped = escaped.replace(special, plainly)
    return escaped.format(**values)


def _below(text: str) -> list[str]:
    return text.split("\n")[1:]
