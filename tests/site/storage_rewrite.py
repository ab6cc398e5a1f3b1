"""What Confluence makes of a body when it is saved: the same page, other text.

How much it rewrites is unsure [U], so a site can be told: mildly (what is seen everywhere), fully (all that is seen
somewhere), or wildly (any of it, and what nothing promises, at random by a seed). Mildly and fully its own output is
given back unchanged: a body that was read and sent again stays byte for byte.
"""

import re
from dataclasses import dataclass
from functools import partial
from html.entities import codepoint2name
from random import Random
from xml.etree.ElementTree import Element

from tests.site import storage_changes
from tests.site.confluence_markup import USUAL, Spelling, parse, serialise
from tests.site.storage_changes import NewId

LEVELS = ("mild", "full", "wild")

# [U] Order of the attributes that Confluence writes; the others follow by name.
_FIRST_ATTRIBUTES = (
    "ac:name", "ac:schema-version", "data-table-width", "data-layout", "data-highlight-colour", "ac:local-id",
    "ac:macro-id",
)  # fmt: skip
# [U] Taken away on every save.
_ACTIVE = {"script", "style", "iframe", "object", "embed", "form"}
_ONLY_BLOCKS = {
    "body", "table", "colgroup", "thead", "tbody", "tr", "ul", "ol", "ac:rich-text-body", "ac:structured-macro",
    "ac:layout", "ac:layout-section", "ac:layout-cell", "ac:task-list", "ac:task", "td", "th",
}  # fmt: skip
_BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "div", "hr", "ac:task-list",
    "ac:structured-macro",
}  # fmt: skip
_INLINE_MACROS = {"status", "jira", "anchor"}
_RENAMED = {"b": "strong", "i": "em", "strike": "del"}
_HEX_COLOUR = re.compile(r"color:\s*#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})\s*;?")


@dataclass(frozen=True)
class Rewriting:
    """How a site rewrites what is saved: `level` is one of LEVELS, `seed` makes wild rewriting the same each time."""

    level: str = "mild"
    seed: int = 0

    @classmethod
    def named(cls, text: str) -> "Rewriting":
        """Out of `mild`, `full`, `wild` or `wild:<seed>`. ValueError for anything else."""
        level, _, seed = text.partition(":")
        if level not in LEVELS:
            raise ValueError(f"rewriting is one of {', '.join(LEVELS)}, not {level!r}")
        return cls(level, int(seed or 0))

    def by_rest(self, text: str, new_id: NewId) -> str:
        """The text that is kept when `text` was sent through the REST interface. Raises NotWellFormedError."""
        return self._saved(text, new_id, in_editor=False)

    def by_editor(self, text: str, new_id: NewId) -> str:
        """The text that is kept when a person saved `text` in the editor, which rewrites much more.

        Raises NotWellFormedError.
        """
        return self._saved(text, new_id, in_editor=True)

    def _saved(self, text: str, new_id: NewId, *, in_editor: bool) -> str:
        root = parse(text)
        if in_editor:
            _as_in_the_editor(root)
        random = Random(f"{self.seed} {text}")
        if self.level == "wild":
            _change_wildly(root, new_id, random)
        elif self.level == "full" or in_editor:
            _change_all(root, new_id)
        _clean(root, new_id)
        if self.level != "wild":
            return serialise(root)
        storage_changes.shuffle(random)(root, new_id, lambda: True)
        return serialise(root, random.choice(_SPELLINGS))


# [U] Which characters are named is seen to differ between pages; numbers and characters mean the same.
_PLAIN = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_NUMBERS = {code: f"&#{code};" for code in codepoint2name if code > 127} | _PLAIN
_SPELLINGS = (USUAL, Spelling(_PLAIN), Spelling(_NUMBERS, closes_empty=False), Spelling(USUAL.characters, False))


def as_saved_by_rest(text: str, new_id: NewId) -> str:
    """What a site that rewrites mildly keeps of a text sent through the REST interface. Raises NotWellFormedError."""
    return Rewriting().by_rest(text, new_id)


def as_saved_by_editor(text: str, new_id: NewId) -> str:
    """What a site that rewrites mildly keeps of a text saved in the editor. Raises NotWellFormedError."""
    return Rewriting().by_editor(text, new_id)


def _change_all(root: Element, new_id: NewId) -> None:
    for change in storage_changes.IN_FULL:
        change(root, new_id, lambda: True)


def _change_wildly(root: Element, new_id: NewId, random: Random) -> None:
    for change in (*storage_changes.IN_FULL, *storage_changes.ONLY_WILD):
        often = random.choice((0.0, 0.5, 1.0))
        change(root, new_id, partial(_happens, random, often))


def _happens(random: Random, often: float) -> bool:
    return random.random() < often


def _clean(root: Element, new_id: NewId) -> None:
    _take_out_active_parts(root)
    seen: set[str] = set()
    for element in root.iter():
        if element.tag == "ac:structured-macro":
            _number_macro(element, seen, new_id)
        elif element.tag == "ac:parameter":
            _cut_markup(element)
        elif element.tag == "table":
            # [U] Confluence gives tables a local id; the editor may give them another one.
            element.attrib.setdefault("ac:local-id", new_id())
        _order_attributes(element)


def _take_out_active_parts(root: Element) -> None:
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in _ACTIVE]:
            _take_out(parent, child)


def _take_out(parent: Element, child: Element) -> None:
    before = parent[list(parent).index(child) - 1] if parent[0] is not child else None
    if before is None:
        parent.text = (parent.text or "") + (child.tail or "")
    else:
        before.tail = (before.tail or "") + (child.tail or "")
    parent.remove(child)


def _number_macro(macro: Element, seen: set[str], new_id: NewId) -> None:
    # [S: Confluence v1 REST, content macro body] A macro gets an id unless the writer supplies one; it stays over
    # versions and changes only when it is there twice, as after copying.
    if macro.get("ac:macro-id") in seen | {None}:
        macro.set("ac:macro-id", new_id())
    seen.add(macro.attrib["ac:macro-id"])


def _cut_markup(parameter: Element) -> None:
    # [S: pchuri/confluence-cli issue 130] A parameter is text only; from the first markup on it is silently cut.
    # [U] Links to resources, which some macros take, stay.
    if any(not child.tag.startswith(("ac:", "ri:")) for child in parameter):
        for child in list(parameter):
            parameter.remove(child)


def _order_attributes(element: Element) -> None:
    kept = {name: value for name, value in element.attrib.items() if not name.lower().startswith("on")}
    element.attrib.clear()
    element.attrib.update(sorted(kept.items(), key=_rank))


def _rank(attribute: tuple[str, str]) -> tuple[int, str]:
    name = attribute[0]
    return (_FIRST_ATTRIBUTES.index(name) if name in _FIRST_ATTRIBUTES else len(_FIRST_ATTRIBUTES), name)


def _as_in_the_editor(root: Element) -> None:
    # [U] All of this: seen in bodies of pages that were saved in the editor, promised nowhere.
    for element in list(root.iter()):
        element.tag = _RENAMED.get(element.tag, element.tag)
        _drop_white_space(element)
        if element.tag in {"td", "th"}:
            _wrap_cell(element)
        elif element.tag == "ac:structured-macro":
            _sort_parameters(element)
        if "style" in element.attrib:
            element.set("style", _HEX_COLOUR.sub(_as_rgb, element.attrib["style"]))


def _drop_white_space(element: Element) -> None:
    if element.tag not in _ONLY_BLOCKS or any(piece.strip() for piece in _own_text(element)):
        return
    element.text = None
    for child in element:
        child.tail = None


def _own_text(element: Element) -> list[str]:
    return [element.text or "", *(child.tail or "" for child in element)]


def _wrap_cell(cell: Element) -> None:
    """A cell holds blocks: bare words and an empty cell get a paragraph."""
    if any(_is_block(child) for child in cell):
        return
    paragraph = Element("p")
    paragraph.text, cell.text = cell.text, None
    for child in list(cell):
        cell.remove(child)
        paragraph.append(child)
    cell.append(paragraph)


def _is_block(element: Element) -> bool:
    return element.tag in _BLOCKS and element.get("ac:name") not in _INLINE_MACROS


def _sort_parameters(macro: Element) -> None:
    parameters = [each for each in macro if each.tag == "ac:parameter"]
    others = [each for each in macro if each.tag != "ac:parameter"]
    macro[:] = sorted(parameters, key=lambda each: each.get("ac:name", "")) + others


def _as_rgb(match: re.Match[str]) -> str:
    red, green, blue = (int(part, 16) for part in match.groups())
    return f"color: rgb({red},{green},{blue});"
