"""Which paragraph above a table is one that we wrote: known by what it says, in any language that we ship."""

from __future__ import annotations

import re
from functools import cache

from mapping.languages import all_words
from mapping.visible_text import folded
from mapping.words import Words

_TOKEN = re.compile(r"(\{[a-z_]+\}|\*\*)")
# Data in our sentences is short; a paragraph of a person that holds one of them by chance is longer.
_ANYTHING = ".{0,400}?"
_COUNT = r"\d+"
_AS_OF = r"\d{1,2}\.? \w+\.? \d{4}, \d\d:\d\d UTC"


def is_summary_line(text: str) -> bool:
    """True for the visible text of a line that ``table_summary`` wrote at some time."""
    return any(pattern.match(folded(text)) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for words in all_words() for source in _sources(words))


def _sources(words: Words) -> tuple[str, ...]:
    as_of = _pattern(words.as_of, as_of=_AS_OF)
    first = (
        words.need_attention, words.one_needs_attention, words.none_needs_attention, words.no_key_results,
        words.closed + words.ended_on,
    )  # fmt: skip
    until_reason, _, _ = words.figures_are_from.partition(" {why}")
    return (
        *(f"{_pattern(line, n=_COUNT, total=_COUNT)}{_ANYTHING}{as_of}" for line in first),
        _pattern(words.planned + words.starts_on),
        _pattern(words.not_current + until_reason, moment=_AS_OF),
        _pattern(words.not_understood + words.stays_as_typed.rstrip()),
    )


def _pattern(template: str, **values: str) -> str:
    """A template with its names left open, or as given."""
    parts = []
    for part in _TOKEN.split(template):
        if part.startswith("{"):
            parts.append(values.get(part[1:-1], _ANYTHING))
        elif part != "**":
            parts.append(re.escape(part.replace("~", " ")))
    return "".join(parts)
