"""What the text of a table is made of, free of any markup: words, lozenges, links, and the lines that they stand in.

A ``Line`` is a sequence of pieces written one after the other; spaces are part of the text. How a piece is drawn is
decided by ``mapping.storage_format``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Colour(StrEnum):
    """The colours of a lozenge, by Confluence's own names."""

    GREEN = "Green"
    YELLOW = "Yellow"
    RED = "Red"
    BLUE = "Blue"
    PURPLE = "Purple"
    GREY = "Grey"


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Lozenge:
    title: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Bar:
    """Ten squares, ``filled`` (0 to 10) of them full."""

    filled: int


@dataclass(frozen=True, slots=True)
class Link:
    """``url`` is written only where it is http or https; else only the text."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment of the figures, as text. The only piece that no comparison looks at."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph."""


Piece = Text | Lozenge | Bar | Link | AsOf | Break
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Expand:
    """Lines that open on a click, as one paragraph or as bullets."""

    title: str
    lines: tuple[Line, ...]
    bullets: bool = False
