"""Reading storage format by byte offsets, so that what is not changed stays byte for byte.

expat reads the body inside a wrapper that declares an external subset which nobody loads: any named entity passes, none
is expanded by anybody but us, and a body cannot declare its own. CDATA, comments and attribute text are never mistaken
for elements. Nesting, size and the number of parts are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from xml.parsers import expat

MOST_BYTES = 20_000_000
DEEPEST = 400
# Elements and stretches of text. A page of a megabyte has some fifty thousand; at this many the tree takes 140 MB.
MOST_PARTS = 500_000

_OPENING = b'<!DOCTYPE body SYSTEM "none"><body>'
_CLOSING = b"</body>"
_AHEAD = len(_OPENING)
_TAG = re.compile(rb"""<[^"'>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'>]*+)*+>""")


class NotWellFormed(ValueError):
    """A body that cannot be read as storage format; it is left untouched. The text says where and why."""


class Run:
    """A stretch of text: ``text`` as it is read, from the byte ``start`` on. An entity is a run of its own."""

    __slots__ = ("start", "text")

    def __init__(self, start: int, text: str) -> None:
        self.start = start
        self.text = text


class Node:
    """An element. ``start`` and ``end`` enclose its tags; a self-closed one ends where its tag ends."""

    __slots__ = ("attributes", "children", "close", "end", "name", "start")

    # Known once its end is read. ``close`` is where the end tag starts; equal to ``end`` for a self-closed element.
    close: int
    end: int

    def __init__(self, name: str, attributes: dict[str, str], start: int) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node | Run] = []
        self.start = start

    def elements(self) -> list[Node]:
        return [child for child in self.children if isinstance(child, Node)]

    def descendants(self) -> Iterator[Node]:
        """All elements inside, in the order of the page."""
        waiting = self.elements()[::-1]
        while waiting:
            each = waiting.pop()
            yield each
            waiting += reversed(each.elements())


class Offsets:
    """One reading of bytes with the byte offset of every event. Handlers are set on ``parser`` by the caller."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = False
        self.parser.UseForeignDTD(True)
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        self.parser.ExternalEntityRefHandler = _load_nothing
        self.parser.SkippedEntityHandler = _pass_over

    def here(self) -> int:
        """The byte offset in the body at which the present event starts."""
        return self.parser.CurrentByteIndex - _AHEAD

    def read(self, data: bytes) -> None:
        """Raises NotWellFormed."""
        if len(data) > MOST_BYTES:
            raise NotWellFormed(f"it has {len(data)} bytes; more than {MOST_BYTES} are not read")
        try:
            self.parser.Parse(_OPENING, False)
            self.parser.Parse(data, False)
            self.parser.Parse(_CLOSING, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise NotWellFormed(f"{reason} in line {error.lineno}") from None
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Whoever listens holds the parser, and the parser whoever listens: as long as that is so, only Python's
        collector could free a body and its tree, which is dear."""
        parser = self.parser
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
        parser.SkippedEntityHandler = parser.ExternalEntityRefHandler = None


def encoded(body: str) -> bytes:
    """Raises NotWellFormed for text that has no bytes in UTF-8 (lone surrogates)."""
    try:
        return body.encode()
    except UnicodeEncodeError as error:
        raise NotWellFormed(f"a character that has no form stands at position {error.start}") from None


def start_tag_end(data: bytes, start: int) -> int:
    """Where the tag that starts there ends."""
    match = _TAG.match(data, start)
    if match is None:
        raise NotWellFormed(f"no tag stands at byte {start}")
    return match.end()


def inner(data: bytes, node: Node) -> tuple[int, int]:
    """Where the content of an element starts and ends."""
    if is_self_closed(node):
        return node.end, node.end
    return start_tag_end(data, node.start), node.close


def is_self_closed(node: Node) -> bool:
    return node.close == node.end


def entity_text(name: str) -> str:
    """What a named entity stands for; an unknown one is shown as it is written."""
    return html5.get(f"{name};", f"&{name};")


def tree_of(data: bytes) -> Node:
    """The whole body under a root without a name. Raises NotWellFormed."""
    return _Tree(data).root


class _Tree:
    """One reading of a body. The handlers run for each tag and each stretch of text, so they do little."""

    __slots__ = ("_children", "_data", "_open", "_parser", "_parts", "root")

    def __init__(self, data: bytes) -> None:
        offsets = Offsets()
        self._data = data
        self._parser = offsets.parser
        self._parts = 0
        self.root = Node("", {}, 0)
        # What is open now, from the root on, and the children of the innermost of it.
        self._open = [self.root]
        self._children = self.root.children
        self._parser.StartElementHandler = self._enter
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.SkippedEntityHandler = self._entity
        offsets.read(data)
        self.root.close = self.root.end = len(data)

    def _enter(self, _name: str, _attributes: dict[str, str]) -> None:
        """The wrapper stands for the root."""
        self._parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > DEEPEST:
            raise NotWellFormed(f"elements are nested deeper than {DEEPEST}")
        node = Node(name, attributes, self._parser.CurrentByteIndex - _AHEAD)
        self._add(node)
        self._open.append(node)
        self._children = node.children

    def _end(self, _name: str) -> None:
        node = self._open.pop()
        if not self._open:
            return
        self._children = self._open[-1].children
        here = node.close = self._parser.CurrentByteIndex - _AHEAD
        # expat gives the end of a self-closed tag as the place of its end event.
        self_closed = not node.children and self._data[here - 2 : here] == b"/>"
        node.end = here if self_closed else self._data.find(b">", here) + 1

    def _text(self, text: str) -> None:
        self._add(Run(self._parser.CurrentByteIndex - _AHEAD, text))

    def _entity(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._text(entity_text(name))

    def _add(self, part: Node | Run) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise NotWellFormed(f"it has more than {MOST_PARTS} elements and stretches of text")
        self._children.append(part)


def _load_nothing(_context: str, _base: str | None, _system_id: str | None, _public_id: str | None) -> int:
    return 1


def _pass_over(_name: str, _is_parameter: bool) -> None:
    """Any entity name passes."""
