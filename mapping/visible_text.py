"""What a person sees of a piece of a page: its words, with one line per paragraph or line break.

Spaces of every width count as one space. Of a macro the title of a lozenge or an expand is seen, other parameters are
not; of a link its words; of a task its words.
"""

from __future__ import annotations

from collections.abc import Sequence

from mapping.storage_scan import Node, Run

_LINES = frozenset({
    "p", "br", "li", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table", "ul", "ol", "pre",
    "blockquote", "hr", "ac:task", "ac:task-list", "ac:rich-text-body", "ac:layout-section", "ac:layout-cell",
})  # fmt: skip
_UNSEEN = frozenset({"ac:task-id", "ac:task-uuid", "ac:task-status", "ac:placeholder", "ri:user", "colgroup"})
_EMPTY = frozenset({"p", "br", "div", "span", "strong", "em", "u", "b", "i"})
_PLAIN = frozenset({"td", "th", "p", "strong"})
_SEEN_PARAMETERS = {"status": "title", "expand": "title"}
_NEW_LINE = "\n"


def folded(text: str) -> str:
    """Every stretch of white space (also spaces that never break) as one space, none at the ends."""
    return " ".join(text.split())


def visible_text(node: Node) -> str:
    """Lines that are not blank, folded."""
    plain = _only_words(node)
    if plain is not None:
        return folded(plain)
    return _NEW_LINE.join(filter(None, map(folded, "".join(_words(node)).split("\v"))))


def is_blank(node: Node) -> bool:
    """True where nobody sees anything: no words, no picture, no macro."""
    return not visible_text(node) and all(child.name in _EMPTY for child in node.descendants())


def _only_words(node: Node) -> str | None:
    """Most cells hold one paragraph of plain words."""
    while len(node.children) == 1 and node.name in _PLAIN:
        child = node.children[0]
        if isinstance(child, Run):
            return child.text
        node = child
    return None


def _words(root: Node) -> list[str]:
    """The words with a vertical tab, which no XML can hold, at each line's end."""
    words: list[str] = []
    waiting: list[Node | Run | str] = [root]
    while waiting:
        item = waiting.pop()
        if item.__class__ is Run:
            words.append(item.text)
        elif item.__class__ is str:
            words.append(item)
        elif isinstance(item, Node):
            if item.name in _LINES:
                words.append("\v")
                waiting.append("\v")
                waiting += item.children[::-1]
            else:
                waiting += _parts(item)[::-1]
    return words


def _parts(node: Node) -> Sequence[Node | Run | str]:
    if node.name in _UNSEEN:
        return ()
    if node.name == "ac:structured-macro":
        return _parts_of_macro(node)
    if node.name == "time":
        return (node.attributes.get("datetime", ""),)
    if node.name == "ac:emoticon":
        return (node.attributes.get("ac:emoji-fallback", ""),)
    return node.children


def _parts_of_macro(macro: Node) -> list[Node | Run | str]:
    seen = _SEEN_PARAMETERS.get(macro.attributes.get("ac:name", ""))
    parts: list[Node | Run | str] = []
    for child in macro.children:
        if isinstance(child, Run) or child.name != "ac:parameter":
            parts.append(child)
        elif seen is not None and child.attributes.get("ac:name") == seen:
            parts += child.children
    return parts
