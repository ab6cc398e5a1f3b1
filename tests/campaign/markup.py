"""The judge's own reading of a body: where each element stands, and the words in it; nothing is the product's.

Offsets are those of the body's UTF-8 bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.entities import name2codepoint
from xml.parsers import expat

_PREDEFINED = {"quot", "amp", "lt", "gt"}
_ENTITIES = "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if name not in _PREDEFINED)
_OPENING = f"<!DOCTYPE body [{_ENTITIES}]><body>".encode()
_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_PIECE = re.compile(
    r"""(<!\[CDATA\[.*?\]\]>)|(<!--.*?-->)|<(/?)([A-Za-z:][\w:.-]*)[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""",
    re.DOTALL,
)
_INLINE = {
    "strong", "em", "b", "i", "u", "span", "a", "del", "sub", "sup", "code", "ac:inline-comment-marker", "time",
}  # fmt: skip


class NotWellFormed(ValueError):
    """No judge can say where anything stands in such a body."""


@dataclass(eq=False)
class Element:
    """``start`` to ``end`` with its tags, ``inner`` to ``inner_end`` without."""

    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    parent: Element | None
    inner_end: int = -1
    end: int = -1
    children: list[Element] = field(default_factory=list)

    def below(self) -> Iterator[Element]:
        """Everything in it, in the order of the text."""
        for child in self.children:
            yield child
            yield from child.below()

    def nearest(self, name: str) -> Element | None:
        """The innermost element of this name around it."""
        around = self.parent
        while around is not None and around.name != name:
            around = around.parent
        return around


def parse(data: bytes) -> Element:
    """The root of all elements. NotWellFormed."""
    parser = expat.ParserCreate()
    root = Element("body", {}, 0, 0, None)
    open_now, shift = [root], len(_OPENING)

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex - shift
        if at < 0:
            return
        tag = _TAG.match(data, at)
        made = Element(name, attributes, at, tag.end() if tag else at, open_now[-1])
        open_now[-1].children.append(made)
        open_now.append(made)

    def end(_name: str) -> None:
        at = parser.CurrentByteIndex - shift
        if len(open_now) == 1:
            return
        made = open_now.pop()
        empty = data.endswith(b"/>", made.start, made.inner)
        made.inner_end = made.inner if empty else at
        made.end = made.inner if empty else data.find(b">", at) + 1
        if not made.end:
            raise NotWellFormed("an element is not closed")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(_OPENING + data + b"</body>", True)
    except expat.ExpatError as error:
        raise NotWellFormed(str(error)) from None
    root.inner_end = root.end = len(data)
    return root


@lru_cache(maxsize=4096)
def words(markup: str) -> str:
    """The visible words, one space between them; a break or a block ends a word. Settings of macros are left out, but
    the titles of lozenges and expands are words."""
    out: list[str] = []
    at, hidden = 0, 0
    for piece in _PIECE.finditer(markup):
        if not hidden:
            out.append(unescape(markup[at : piece.start()]))
        at = piece.end()
        verbatim, comment, closing, name = piece.groups()
        if verbatim and not hidden:
            out.append(verbatim[9:-3])
        elif not comment and name == "ac:parameter":
            hidden = _after_parameter(piece.group(), hidden, closing=bool(closing))
            out.append(" ")
        elif name and name not in _INLINE:
            out.append(" ")
    out.append(unescape(markup[at:]))
    return folded("".join(out))


def _after_parameter(tag: str, hidden: int, *, closing: bool) -> int:
    if closing:
        return 0
    return 0 if tag.endswith("/>") or 'ac:name="title"' in tag else hidden + 1


def folded(text: str) -> str:
    """One ordinary space for any run of white space, none at the ends."""
    return " ".join(text.split())
