"""Writing storage format: the only place where data becomes markup, as text and attribute values.

``Markup`` is text that is known to be well-formed; everything else goes through ``text_of`` or ``element``. No named
entity but XML's own five is written, so that a body parses with and without Confluence's list of entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NewType

Markup = NewType("Markup", str)

NOTHING = Markup("")
_REPLACEMENT = "\ufffd"

# XML 1.0 forbids most control characters, lone surrogates and U+FFFE/U+FFFF; the other noncharacters are legal, yet
# editors refuse them. C1 controls and line separators are invisible and only ever arrive by mistake.
_SPACES = re.compile("[\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_UNWRITABLE = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
# Overrides and isolates of writing direction would turn around the words that follow ours in the same line.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def writable(data: str) -> str:
    """Any text as one line that XML and Confluence keep: line breaks become spaces, what has no form is left out, and
    what cannot be written becomes U+FFFD."""
    if data.isprintable():
        return data  # nothing of the kind is printable, so most texts need no further look
    without = _DIRECTIONS.sub("", _CONTROLS.sub("", _SPACES.sub(" ", data)))
    return _UNWRITABLE.sub(_REPLACEMENT, without)


def text_of(data: str) -> Markup:
    """Data as text. ``>`` is always escaped, so that no ``]]>`` can arise."""
    return Markup(writable(data).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def element(name: str, *children: Markup, attributes: Mapping[str, str] | None = None) -> Markup:
    """An element with a start and an end tag, also where it is empty."""
    return Markup(f"<{name}{_attributes(attributes)}>{''.join(children)}</{name}>")


def empty_element(name: str, attributes: Mapping[str, str] | None = None) -> Markup:
    """An element that never has content: ``<br />``, ``<col … />``."""
    return Markup(f"<{name}{_attributes(attributes)} />")


def joined(*parts: Markup, by: Markup = NOTHING) -> Markup:
    return Markup(by.join(parts))


def attribute(name: str, value: str) -> str:
    """One attribute with the space before it."""
    return f' {name}="{text_of(value).replace(chr(34), "&quot;")}"'


def _attributes(attributes: Mapping[str, str] | None) -> str:
    return "".join([attribute(name, value) for name, value in attributes.items()]) if attributes else ""
