"""One cell (or paragraph) of ours: its tags stay the page's, its content becomes what we intend now.

What says the same as before keeps its very bytes: the ids that Confluence gave, a person's bold type, comments. Where
the content changes, comments that people put in it are carried over.
"""

from __future__ import annotations

import re

from mapping.cell_colours import HIGHLIGHT, OUR_COLOURS, colour_of
from mapping.comment_markers import carried_over
from mapping.storage_scan import Node, Run, inner, is_self_closed, start_tag_end
from mapping.storage_text import attribute
from mapping.visible_text import folded

# Elements that only dress their words.
_DRESS = frozenset({
    "strong", "b", "em", "i", "u", "span", "ac:inline-comment-marker", "ac:parameter", "ac:rich-text-body", "tbody",
})  # fmt: skip
_LINES = frozenset({"p", "br", "li", "ul", "ol", "div"})


def merged(old_data: bytes, old: Node, new_data: bytes, new: Node, span: int = 1) -> bytes:
    """``new`` in the tags of ``old``, as one cell that covers ``span`` columns and one row."""
    content = inside(old_data, old)
    if content != inside(new_data, new) and says(old) != says(new):
        content = carried_over(old_data, old, new_data, new)
    return _opened(old_data, old, new, span) + content + f"</{old.name}>".encode()


def alone(data: bytes, node: Node, span: int) -> bytes:
    """A cell as it stands, but covering so many columns and one row."""
    if is_self_closed(node):
        return with_spans(start_tag(data, node), span) + f"</{node.name}>".encode()
    return with_spans(start_tag(data, node), span) + data[inner(data, node)[0] : node.end]


def empty_cell(span: int = 1) -> bytes:
    return with_spans(b"<td>", span) + b"<p></p></td>"


def says(node: Node) -> str:
    """Words, lozenges with their colour, links with their address: all that we intend of a cell but its dress."""
    return "\n".join(line for line in map(folded, "".join(_tokens(node)).split("\v")) if line)


def start_tag(data: bytes, node: Node) -> bytes:
    """As a tag that is not self-closed."""
    tag = data[node.start : start_tag_end(data, node.start)]
    return tag[:-2].rstrip() + b">" if is_self_closed(node) else tag


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with the attribute set, or without it; untouched where it already is so."""
    pattern = re.compile(rb"""\s+%s\s*=\s*(?:"[^"]*"|'[^']*')""" % re.escape(name.encode()))
    wanted = b"" if value is None else attribute(name, value).encode()
    found = pattern.search(tag)
    if found is not None:
        return tag[: found.start()] + wanted + tag[found.end() :]
    return tag[:-1] + wanted + b">"


def with_spans(tag: bytes, span: int) -> bytes:
    if span == 1 and b"span" not in tag:
        return tag
    return with_attribute(with_attribute(tag, "colspan", str(span) if span > 1 else None), "rowspan", None)


def inside(data: bytes, node: Node) -> bytes:
    """The content of an element, as it stands."""
    start, end = inner(data, node)
    return data[start:end]


def _opened(data: bytes, old: Node, new: Node, span: int) -> bytes:
    """A colour that a person gave a cell stays; only our own come and go."""
    tag = with_spans(start_tag(data, old), span)
    present, intended = colour_of(old), colour_of(new)
    is_a_persons = present != "" and present not in OUR_COLOURS
    if present == intended or is_a_persons:
        return tag
    return with_attribute(tag, HIGHLIGHT, intended or None)


def _tokens(root: Node) -> list[str]:
    """Runs for each cell that changed its bytes, so it looks at each part's class once."""
    tokens: list[str] = []
    waiting: list[Node | Run | str] = [*reversed(root.children)]
    while waiting:
        item = waiting.pop()
        if item.__class__ is Run:
            tokens.append(item.text)
        elif item.__class__ is str:
            tokens.append(item)
        elif isinstance(item, Node):
            sign = _sign(item)
            tokens.append(sign)
            if sign == "\v":
                waiting.append(sign)
            waiting += _in_order(item)[::-1]
    return tokens


def _in_order(node: Node) -> list[Node | Run]:
    """Confluence sorts the parameters of a macro."""
    if node.name != "ac:structured-macro":
        return node.children
    return [*sorted(node.elements(), key=lambda each: (each.name, each.attributes.get("ac:name", "")))]


def _sign(node: Node) -> str:
    if node.name in _LINES:
        return "\v"
    if node.name == "ac:parameter":
        return f"\x01{node.attributes.get('ac:name', '')}="
    if node.name in _DRESS:
        return ""
    said = node.attributes.get("href") or node.attributes.get("ac:name") or ""
    return f"\x01{node.name} {said}\x01"
