"""Untrusted YAML text → a small tree of nodes that know their line; nothing is ever constructed from tags.

Anchors and aliases are refused, so that a short text cannot stand for a huge one; size and depth are bounded.
Scalars stay as written: ``4.10`` keeps its zero, and no word turns into a truth value by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from mapping.okr_set import Problem, Refused

LARGEST_TEXT = 1_000_000
DEEPEST = 12

# The C parser gives the same events some twenty times faster; it is there wherever PyYAML was built with libyaml.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNFIT = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, section 5.1
# Since PyYAML 6.0.4 the parser looks no farther down than it can; it reads ahead, and so may say it before we count.
_DEEPER_THAN_PARSED = "nesting depth"
_NULL_TEXTS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    line: int
    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULL_TEXTS


@dataclass(frozen=True, slots=True)
class Items:
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with its entries as written: a key may stand twice in it."""

    line: int
    entries: tuple[tuple[Node, Node], ...]


Node = Scalar | Items | Fields


def read_documents(text: str) -> list[Node]:
    """The root node of every document in ``text``. Raises Refused for what is too large, too deep or not YAML."""
    _check_text(text)
    try:
        return list(_documents(yaml.parse(text, Loader=_Loader)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"this is not YAML: {error.problem or error.context}"
        if error.problem and _DEEPER_THAN_PARSED in error.problem:
            raise _too_deep(line) from error
        raise Refused([Problem(line, "", what, "check indentation, quotes and colons here and just above")]) from error
    except yaml.YAMLError as error:
        raise Refused([Problem(1, "", f"this is not YAML: {error}")]) from error


def _check_text(text: str) -> None:
    size = len(text.encode("utf-8", "replace"))
    if size > LARGEST_TEXT:
        what = f"the file has {size:,} bytes, more than {LARGEST_TEXT:,}"
        raise Refused([Problem(1, "", what, "split it, one cycle per file")])
    unfit = _UNFIT.search(text)
    if unfit is not None:
        line = text.count("\n", 0, unfit.start()) + 1
        raise Refused([Problem(line, "", f"the character U+{ord(unfit[0]):04X} cannot stand here", "take it out")])


def _documents(events: Iterator[yaml.Event]) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield _node(next(events), events, depth=0)


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = event.start_mark.line + 1 if event.start_mark else 1
    _check_event(event, line, depth)
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(line, event.value, plain=event.style is None or event.style == "")
    children = tuple(_children(events, depth + 1))
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(line, children)
    return Fields(line, tuple(zip(children[::2], children[1::2], strict=True)))


def _children(events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            return
        yield _node(event, events, depth)


def _check_event(event: yaml.Event, line: int, depth: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise Refused([Problem(line, "", "anchors (&) and aliases (*) are not taken", "write the text out")])
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise Refused([Problem(line, "", f"the tag {tag} is not taken", "leave it out")])
    if depth > DEEPEST:
        raise _too_deep(line)


def _too_deep(line: int) -> Refused:
    what = f"this is nested more than {DEEPEST} levels deep"
    return Refused([Problem(line, "", what, "look for a stray bracket")])
