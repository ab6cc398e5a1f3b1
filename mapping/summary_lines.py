"""Which lines around a table are ones that we wrote: known by what they say, in any language that we ship."""

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
    """True for the visible text of a paragraph that ``table_summary`` wrote at some time."""
    return any(pattern.match(folded(text)) for pattern in _lines())


def is_final_line(text: str) -> bool:
    """True for the visible text of the panel above a snapshot, with nothing added to it."""
    return any(pattern.fullmatch(folded(text)) for pattern in _final_lines())


def is_closing_line(text: str) -> bool:
    """True for the visible text of a last row that is no legend, with nothing added to it."""
    return any(pattern.fullmatch(folded(text)) for pattern in _closing_lines())


@cache
def _lines() -> tuple[re.Pattern[str], ...]:
    sources = (source for words in all_words() for source in (*_first(words), *_not_taken(words)))
    return tuple(re.compile(_without_turning_back(source)) for source in sources)


@cache
def _final_lines() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(_pattern(f"{words.blocks.ended} {words.blocks.score}", score="[0-9.,–]+", n=_COUNT, total=_COUNT))
        for words in all_words()
    )


@cache
def _closing_lines() -> tuple[re.Pattern[str], ...]:
    lines = (line for words in all_words() for line in (words.blocks.nothing_to_act_on, words.blocks.more_need))
    return tuple(re.compile(_pattern(line, n=_COUNT)) for line in lines)


def _first(words: Words) -> tuple[str, ...]:
    as_of = _pattern(words.as_of, as_of=_AS_OF)
    said = words.blocks
    first = (
        words.need_attention, words.one_needs_attention, words.none_needs_attention, words.no_key_results,
        words.only_one_needs_attention, words.only_one_needs_none,
        words.closed + words.ended_on, said.objective_need, said.objective_one_needs, said.objective_none_needs,
        said.objective_empty, said.limits_hold, said.one_limit_holds, said.of_one_limit, said.no_limit_holds,
        said.no_limits,
    )  # fmt: skip
    until_reason, _, _ = words.figures_are_from.partition(" {why}")
    return (
        *(f"{_pattern(line, n=_COUNT, total=_COUNT)}{_ANYTHING}{as_of}" for line in first),
        _pattern(words.planned + words.starts_on),
        _pattern(words.not_current + until_reason, moment=_AS_OF),
    )


def _not_taken(words: Words) -> tuple[str, ...]:
    said = words.not_taken
    stays, _, _ = said.stays.partition(";")
    return (
        _pattern(said.not_understood + said.says + stays),
        _pattern(said.not_taken + said.says) + _ANYTHING + _pattern(said.not_allowed_says.rstrip(), who_may=_ANYTHING),
        _pattern(said.please_confirm + said.one_to_confirm.rstrip()),
        _pattern(said.please_confirm + said.some_to_confirm.rstrip(), n=_COUNT),
        _pattern(said.more_waiting.rstrip(), n=_COUNT),
    )


def _without_turning_back(source: str) -> str:
    """The same for ``match``, in a time that grows with the text only: what stands between data is taken where it
    comes first, and never sought further on, of which there would be as many ways as it can be repeated."""
    first, *further = source.split(_ANYTHING)
    return first + "".join(f"(?>{_ANYTHING}{part})" for part in further if part)


def _pattern(template: str, **values: str) -> str:
    """A template with its names left open, or as given."""
    parts = []
    for part in _TOKEN.split(template):
        if part.startswith("{"):
            parts.append(values.get(part[1:-1], _ANYTHING))
        elif part != "**":
            parts.append(re.escape(part.replace("~", " ")))
    return "".join(parts)
