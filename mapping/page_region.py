"""Where our region stands in a page body, and how it is put there the first time.

    find_regions(body, region_id) -> tuple[Region, ...]     the first is ours, the others are copies to report
    regions_in(data, region_id) -> tuple[Region, ...]       the same of bytes
    markup_of(body, region) -> str                          the region as it stands there
    insert_region(body, region, region_id) -> str           the first write

A region is a Page Properties macro with our id, or an excerpt with our id as its name: found by macro and id, never by
position, at any depth. What its content says is read by ``mapping.region_reading``; a new state of it is put in by
``mapping.region_splice``. Nothing outside a region changes by a byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from mapping.storage_scan import (
    DEEPEST,
    Node,
    NotWellFormed,
    Offsets,
    encoded,
    entity_text,
    inner,
    start_tag_end,
    tree_of,
)
from mapping.visible_text import visible_text

__all__ = ["NotWellFormed", "Region", "find_regions", "insert_region", "markup_of", "regions_in"]

_MACRO, _PARAMETER, _BODY = "ac:structured-macro", "ac:parameter", "ac:rich-text-body"
# Which parameter of which macro holds the id of a region.
_ID_PARAMETERS = {"details": "id", "excerpt": "name"}
# A page with columns keeps everything inside sections; a section of its own is the only valid place at its end.
_SECTION = '<ac:layout-section ac:type="fixed-width"><ac:layout-cell>', "</ac:layout-cell></ac:layout-section>"


@dataclass(frozen=True, slots=True)
class Region:
    """Byte offsets in the body as UTF-8. ``start`` and ``end`` enclose the macro, ``body_start`` and ``body_end`` the
    element that holds its content; both are None where the macro has no such element yet."""

    macro: str
    start: int
    end: int
    body_start: int | None
    body_end: int | None


def find_regions(body: str, region_id: str) -> tuple[Region, ...]:
    """All regions with that id, in the order of the page. Raises NotWellFormed, also for a body that is nested too
    deep or too large to be read."""
    return regions_in(encoded(body), region_id)


def regions_in(data: bytes, region_id: str) -> tuple[Region, ...]:
    """The same of a body as UTF-8. Raises NotWellFormed."""
    return _Finder(data, region_id).found


def markup_of(body: str, region: Region) -> str:
    """``region`` must have been found in exactly this body."""
    return encoded(body)[region.start : region.end].decode()


def insert_region(body: str, region: str, region_id: str) -> str:
    """In place of a paragraph that says only ``[OKR:region_id]``, else at the end of the page. Raises NotWellFormed."""
    data = encoded(body)
    root = tree_of(data)
    wanted = f"[OKR:{region_id}]"
    placeholder = _paragraph_saying(root, wanted) if wanted in visible_text(root) else None
    if placeholder is not None:
        return _put(data, placeholder.start, placeholder.end, region)
    last = root.elements()[-1] if root.elements() else None
    if last is not None and last.name == "ac:layout":
        _, end = inner(data, last)
        return _put(data, end, end, region.join(_SECTION))
    return _put(data, len(data), len(data), region)


def has_placeholder(body: str, region_id: str) -> bool:
    """Whether a paragraph says only ``[OKR:region_id]``, in whose place the region would go. Raises NotWellFormed."""
    wanted = f"[OKR:{region_id}]"
    return wanted in body and _paragraph_saying(tree_of(encoded(body)), wanted) is not None


def _put(data: bytes, start: int, end: int, region: str) -> str:
    return (data[:start] + region.encode() + data[end:]).decode()


def _paragraph_saying(root: Node, wanted: str) -> Node | None:
    """One that holds no other, as all paragraphs are that Confluence writes: so each word is looked at once."""
    paragraphs = [node for node in root.descendants() if node.name == "p"]
    for node, following in zip_longest(paragraphs, paragraphs[1:]):
        is_innermost = following is None or following.start >= node.end
        if is_innermost and visible_text(node) == wanted:
            return node
    return None


def _may_hold_id(macro: _OpenMacro, attributes: dict[str, str]) -> bool:
    return macro.name in _ID_PARAMETERS and attributes.get("ac:name") == _ID_PARAMETERS[macro.name]


@dataclass(slots=True)
class _OpenMacro:
    name: str
    start: int
    depth: int
    region_id: str | None = None
    body_start: int | None = None
    body_end: int | None = None


class _Finder:
    """One pass over the whole page that keeps nothing but the macros that are open."""

    __slots__ = ("_data", "_depth", "_found", "_macros", "_offsets", "_parameter", "_wanted", "found")

    def __init__(self, data: bytes, region_id: str) -> None:
        self._data = data
        self._wanted = region_id
        self._offsets = Offsets()
        self._depth = 0
        self._macros: list[_OpenMacro] = []
        self._parameter: list[str] | None = None
        found: list[Region] = []
        self._found = found
        parser = self._offsets.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.SkippedEntityHandler = self._entity
        self._offsets.read(data)
        self.found = tuple(sorted(found, key=lambda region: region.start))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotWellFormed(f"elements are nested deeper than {DEEPEST}")
        if name == _MACRO:
            self._macros.append(_OpenMacro(attributes.get("ac:name", ""), self._offsets.here(), self._depth))
        elif self._macros and self._macros[-1].depth == self._depth - 1:
            self._start_in_macro(self._macros[-1], name, attributes)

    def _start_in_macro(self, macro: _OpenMacro, name: str, attributes: dict[str, str]) -> None:
        if name == _BODY and macro.body_start is None:
            macro.body_start = self._offsets.here()
        elif name == _PARAMETER and macro.region_id is None and _may_hold_id(macro, attributes):
            self._collect([])

    def _collect(self, parameter: list[str] | None) -> None:
        """Text is listened to only inside a parameter that may hold our id."""
        self._parameter = parameter
        self._offsets.parser.CharacterDataHandler = None if parameter is None else parameter.append

    def _entity(self, name: str, _is_parameter: bool) -> None:
        if self._parameter is not None:
            self._parameter.append(entity_text(name))

    def _end(self, name: str) -> None:
        if self._macros:
            self._end_in_macro(self._macros[-1], name)
        self._depth -= 1

    def _end_in_macro(self, macro: _OpenMacro, name: str) -> None:
        if name == _PARAMETER and self._parameter is not None:
            macro.region_id = "".join(self._parameter).strip()
            self._collect(None)
        elif name == _BODY and self._ends_body(macro):
            macro.body_end = self._end_of_element(macro.body_start)
        elif name == _MACRO:
            self._close(self._macros.pop())

    def _ends_body(self, macro: _OpenMacro) -> bool:
        return macro.depth == self._depth - 1 and macro.body_end is None

    def _close(self, macro: _OpenMacro) -> None:
        if macro.region_id == self._wanted:
            end = self._end_of_element(macro.start)
            self._found.append(Region(macro.name, macro.start, end, macro.body_start, macro.body_end))

    def _end_of_element(self, start: int | None) -> int:
        here = self._offsets.here()
        if start is not None and start_tag_end(self._data, start) == here and self._data[here - 2 : here] == b"/>":
            return here
        return self._data.find(b">", here) + 1
