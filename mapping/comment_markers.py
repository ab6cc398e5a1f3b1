"""Inline comments live in the body, as markers around words. When the words change, the comment stays with the cell.

A marker goes around the same words where they still occur, else around the first words of the cell. Without this a
comment would lose its place and be closed by Confluence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from mapping.storage_scan import Node, Run, inner, start_tag_end
from mapping.visible_text import visible_text

_MARKER = "ac:inline-comment-marker"
_END = f"</{_MARKER}>".encode()
# No tag holds another "<", so that what only begins like one, over and over, is read once.
_REF = re.compile(r"""<ac:inline-comment-marker\b[^<>]*?\bac:ref\s*=\s*["']([^"'<]+)["']""")
# Of so many comments in one cell the words are looked for, each so often; as many others go around the first words,
# and what is left before these: a page that nests deeper and deeper could not be read again.
_MOST_SOUGHT = 50
_MOST_PLACES_SOUGHT = 20
_MOST_NESTED = 2 * _MOST_SOUGHT
_LONGEST_SOUGHT = 4_000


@dataclass(frozen=True, slots=True)
class _Marker:
    ref: str
    words: str
    tag: bytes


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words between two tags; ``offsets[i]`` is the byte before character ``i``, the last one the byte behind all."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.offsets[end]


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    tag: bytes


def comment_refs(body: str) -> frozenset[str]:
    """The references of all inline comments in a body. What only looks like one inside CDATA is named, too."""
    return frozenset(_REF.findall(body))


def carried_over(old_data: bytes, old: Node, new_data: bytes, new: Node) -> bytes:
    """The content of ``new`` with every comment that stood in ``old``."""
    start, end = inner(new_data, new)
    markers = _markers(old_data, old)
    if not markers:
        return new_data[start:end]
    return _with_places(new_data, start, end, _places(markers, new, start))


def _markers(data: bytes, cell: Node) -> list[_Marker]:
    found: list[_Marker] = []
    waiting = list(reversed(cell.elements()))
    while waiting:
        node = waiting.pop()
        waiting += reversed(node.elements())
        if node.name == _MARKER:
            tag = data[node.start : start_tag_end(data, node.start)].removesuffix(b"/>").rstrip(b"> ") + b">"
            words = visible_text(node) if _is_sought(node, len(found)) else ""
            found.append(_Marker(node.attributes.get("ac:ref", ""), words, tag))
    return found


def _is_sought(marker: Node, before: int) -> bool:
    return before < _MOST_SOUGHT and marker.end - marker.start <= _LONGEST_SOUGHT


def _places(markers: list[_Marker], cell: Node, start: int) -> list[_Place]:
    stretches = _stretches(cell)
    places: list[_Place] = []
    placed: set[str] = set()
    for marker in markers:
        place = _same_words(marker, stretches, places)
        if place is not None:
            places.append(place)
            placed.add(marker.ref)
    for marker in markers:
        if marker.ref not in placed:
            place = _first_words(marker, stretches, cell, start)
            places.append(place if len(places) < _MOST_NESTED else replace(place, end=place.start))
            placed.add(marker.ref)
    return places


def _same_words(marker: _Marker, stretches: list[_Stretch], places: list[_Place]) -> _Place | None:
    if not marker.words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, marker.words.split())))
    for stretch in stretches:
        for match in islice(pattern.finditer(stretch.text), _MOST_PLACES_SOUGHT):
            place = _Place(*stretch.span(*match.span()), marker.tag)
            if not any(_cross(place, other) for other in places):
                return place
    return None


def _cross(one: _Place, other: _Place) -> bool:
    """Neither apart nor one inside the other: no markup can say that."""
    apart = one.end <= other.start or other.end <= one.start
    inside = (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)
    return not apart and not inside


def _first_words(marker: _Marker, stretches: list[_Stretch], cell: Node, start: int) -> _Place:
    for stretch in stretches:
        words = re.search(r"\S(?:.*\S)?", stretch.text, re.DOTALL)
        if words is not None:
            return _Place(*stretch.span(*words.span()), marker.tag)
    # The cell says nothing now: the comment keeps its place in it, around nothing.
    empty = next((node for node in cell.elements() if node.name == "p"), None)
    at = start if empty is None else empty.close
    return _Place(at, at, marker.tag)


def _stretches(cell: Node) -> list[_Stretch]:
    """Of our own rendering, in its order; none inside a parameter, which holds text alone."""
    found: list[_Stretch] = []
    waiting: list[Node | _Stretch] = [cell]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Stretch):
            found.append(item)
        elif item.name != "ac:parameter":
            waiting += reversed(_parts(item))
    return found


def _parts(node: Node) -> list[Node | _Stretch]:
    parts: list[Node | _Stretch] = []
    runs: list[Run] = []
    for child in [*node.children, None]:
        if isinstance(child, Run):
            runs.append(child)
            continue
        if runs:
            parts.append(_stretch(runs, node.close if child is None else child.start))
            runs = []
        if child is not None:
            parts.append(child)
    return parts


def _stretch(runs: list[Run], end: int) -> _Stretch:
    offsets: list[int] = []
    for run, after in zip(runs, [*(each.start for each in runs[1:]), end], strict=True):
        at = run.start
        for character in run.text:
            offsets.append(at)
            # An entity is one character of a run of its own, however many bytes it takes.
            at = after if len(run.text) == 1 else at + len(character.encode())
    return _Stretch("".join(run.text for run in runs), (*offsets, end))


def _with_places(data: bytes, start: int, end: int, places: list[_Place]) -> bytes:
    """Inner markers close before outer ones; of two around the same words, the one placed first is the outer one."""
    edges: list[tuple[int, int, int, int, bytes]] = []
    for order, place in enumerate(places):
        if place.start == place.end:
            edges.append((place.start, 1, 0, order, place.tag + _END))
        else:
            edges.append((place.start, 2, -place.end, order, place.tag))
            edges.append((place.end, 0, -place.start, -order, _END))
    out, at = [], start
    for position, _, _, _, piece in sorted(edges):
        out += [data[at:position], piece]
        at = position
    return b"".join([*out, data[at:end]])
