"""Which words belong to which language, and how data is put into them."""

from __future__ import annotations

import re
from functools import cache

from mapping.table_pieces import Line, Piece, Text
from mapping.words import LANGUAGES, NO_BREAK_SPACE, Language, Words
from mapping.words_english import ENGLISH
from mapping.words_german import GERMAN

_TOKEN = re.compile(r"(\*\*|\{[a-z_]+\})")


def words_of(language: Language) -> Words:
    return ENGLISH if language == "en" else GERMAN


def all_words() -> tuple[Words, ...]:
    return tuple(words_of(language) for language in LANGUAGES)


def phrase(template: str, **values: str | int | Piece) -> Line:
    """A template with its names filled in. A value that is text takes the weight of the words around it."""
    pieces: list[Piece] = []
    strong = False
    for token in _tokens(template):
        if token == "**":  # noqa: S105  a mark for strong words
            strong = not strong
        elif token.startswith("{"):
            _add(pieces, values[token[1:-1]], strong)
        else:
            _add(pieces, token.replace("~", NO_BREAK_SPACE), strong)
    return tuple(pieces)


def plain(template: str, **values: str | int) -> str:
    """The same as plain text."""
    parts = (str(values[token[1:-1]]) if token.startswith("{") else token for token in _plain_tokens(template))
    return "".join(parts)


@cache
def _tokens(template: str) -> tuple[str, ...]:
    """Templates are few, and each is filled in thousands of times."""
    return tuple(_TOKEN.split(template))


@cache
def _plain_tokens(template: str) -> tuple[str, ...]:
    return tuple(token.replace("~", NO_BREAK_SPACE) for token in _tokens(template) if token != "**")  # noqa: S105


def _add(pieces: list[Piece], value: str | int | Piece, strong: bool) -> None:
    if not isinstance(value, str | int):
        pieces.append(value)
        return
    last = pieces[-1] if pieces else None
    if isinstance(last, Text) and last.strong is strong:
        pieces[-1] = Text(last.text + str(value), strong)
    elif str(value):
        pieces.append(Text(str(value), strong))
