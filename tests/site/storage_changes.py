"""Changes that Confluence makes in a tree when a body is saved: each keeps the page as it is to its readers.

A change asks `chance` at each place whether to do it there: always for a site that rewrites fully, at random for one
that rewrites wildly. All of them leave alone what they made themselves.
"""

import re
from collections.abc import Callable
from random import Random
from xml.etree.ElementTree import Element

NewId = Callable[[], str]
Chance = Callable[[], bool]

# [S: bodies of Cloud pages in public repositories, 2025 and 2026] `local-id` with 12 hexadecimal digits on text blocks,
# `ac:local-id` on tables, their rows and cells, and on macros.
_PLAIN_IDS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "hr", "blockquote"}
_PREFIXED_IDS = {"table", "tr", "th", "td", "ac:structured-macro"}
_BETWEEN_BLOCKS = {"table", "colgroup", "thead", "tbody", "tr", "ul", "ol", "ac:layout", "ac:layout-section"}
_MARKS = {"strong", "em", "u", "del", "sub", "sup", "code"}
# [S: bodies in public repositories] A cell's colour is written as a token too, with the old value behind it.
_TOKENS = {
    "#deebff": "blue-subtlest", "#e6fcff": "teal-subtlest", "#e3fcef": "green-subtlest", "#fffae6": "yellow-subtlest",
    "#ffebe6": "red-subtlest", "#eae6ff": "purple-subtlest", "#f4f5f7": "gray-subtlest",
}  # fmt: skip
_WIDTH = re.compile(r"width:\s*(\d+(?:\.\d+)?)px;?")


def number_everything(root: Element, new_id: NewId, chance: Chance) -> None:
    """Ids for the editor on blocks, rows, cells and macros that have none."""
    for element in root.iter():
        name = "local-id" if element.tag in _PLAIN_IDS else "ac:local-id" if element.tag in _PREFIXED_IDS else None
        if name and name not in element.attrib and chance():
            element.set(name, new_id().replace("-", "")[:12])


def renew_ids(root: Element, new_id: NewId, chance: Chance) -> None:
    """[U] The editor may make other ids for what it made anew; macro ids stay."""
    for element in root.iter():
        for name in ("local-id", "ac:local-id"):
            if name in element.attrib and chance():
                element.set(name, new_id().replace("-", "")[:12])


def add_schema_versions(root: Element, _: NewId, chance: Chance) -> None:
    """[S: every stored macro in Atlassian's documentation] A macro says the version of its schema."""
    for macro in root.iter("ac:structured-macro"):
        if "ac:schema-version" not in macro.attrib and chance():
            macro.set("ac:schema-version", "1")


def write_widths(root: Element, _: NewId, chance: Chance) -> None:
    """[S: bodies of Cloud pages] Column widths with one decimal: `width: 144.0px;`."""
    for column in root.iter("col"):
        match = _WIDTH.search(column.get("style", ""))
        if match and chance():
            column.set("style", f"width: {float(match[1]):.1f}px;")


def hold_rows(root: Element, _: NewId, __: Chance) -> None:
    """[S: XHTML] Rows stand in a table's body; [U] Cloud's editor knows no `thead` and puts its rows there too."""
    for table in root.iter("table"):
        rows = [row for holder in table if holder.tag in ("thead", "tbody") for row in holder]
        bare = [row for row in table if row.tag == "tr"]
        if bare or any(holder.tag == "thead" for holder in table):
            body = Element("tbody")
            body[:] = [*rows, *bare]
            table[:] = [*(each for each in table if each.tag not in ("thead", "tbody", "tr")), body]
            table.text = None


def put_marks_into_links(root: Element, _: NewId, chance: Chance) -> None:
    """[S: de-otio/epimethian-mcp, its tests on stored bodies] `<em><a>x</a></em>` becomes `<a><em>x</em></a>`."""
    for parent in list(root.iter()):
        for place, mark in enumerate(list(parent)):
            if mark.tag in _MARKS and _holds_only_a_link(mark) and chance():
                link = mark[0]
                inner = Element(mark.tag, mark.attrib)
                inner.text, inner[:] = link.text, list(link)
                link.text, link[:], link.tail = None, [inner], mark.tail
                parent[place] = link


def _holds_only_a_link(mark: Element) -> bool:
    return len(mark) == 1 and mark[0].tag == "a" and not mark.text and not mark[0].tail


def join_equal_marks(root: Element, _: NewId, chance: Chance) -> None:
    """[U] `<strong>a</strong><strong>b</strong>` is one mark to the editor's document."""
    for parent in root.iter():
        for first, second in reversed(list(zip(parent, list(parent)[1:], strict=False))):
            same = first.tag == second.tag and first.attrib == second.attrib and not first.tail
            if same and first.tag in _MARKS | {"span"} and chance():
                _join(parent, first, second)


def _join(parent: Element, first: Element, second: Element) -> None:
    if len(first):
        first[-1].tail = (first[-1].tail or "") + (second.text or "")
    else:
        first.text = (first.text or "") + (second.text or "")
    first.extend(list(second))
    first.tail = second.tail
    parent.remove(second)


def leave_room_after_inline_nodes(root: Element, _: NewId, chance: Chance) -> None:
    """[S: bodies of Cloud pages] A paragraph that ends in a status, a date or a mention has a space behind it."""
    for paragraph in root.iter("p"):
        last = paragraph[-1] if len(paragraph) else None
        inline = last is not None and last.tag in ("ac:structured-macro", "ac:link", "time")
        if last is not None and inline and not last.tail and chance():
            last.tail = " "


def write_colours_as_tokens(root: Element, _: NewId, chance: Chance) -> None:
    """A cell's colour as a token with the old value behind it."""
    for cell in root.iter():
        token = _TOKENS.get(cell.get("data-highlight-colour", "").lower())
        if cell.tag in ("td", "th") and token and chance():
            colour = cell.attrib["data-highlight-colour"].lower()
            cell.set("data-highlight-colour", f"var(--ds-background-accent-{token}, {colour})")


def show_links_as_cards(root: Element, _: NewId, chance: Chance) -> None:
    """[S: bodies of Cloud pages] A link whose words are its address is marked to be shown as a card."""
    for link in root.iter("a"):
        if link.text == link.get("href") and not len(link) and chance():
            link.set("data-card-appearance", "inline")


def fill_empty_cells(root: Element, _: NewId, chance: Chance) -> None:
    """[S: the document schema] A cell holds at least one block: an empty one gets `<p />`."""
    for cell in root.iter():
        if cell.tag in ("td", "th") and not len(cell) and not (cell.text or "").strip() and chance():
            cell.text = None
            cell.append(Element("p"))


def give_layouts(root: Element, _: NewId, chance: Chance) -> None:
    """[S: bodies of Cloud pages] A table says its layout and width; [U] 760 where nothing was said."""
    for table in root.iter("table"):
        if chance():
            table.attrib.setdefault("data-layout", "default")
            table.attrib.setdefault("data-table-width", "760")


def indent(root: Element, _: NewId, chance: Chance) -> None:
    """[U] White space between rows, cells and list items says nothing and may come and go."""
    for element in root.iter():
        if element.tag not in _BETWEEN_BLOCKS or not len(element) or not _holds_no_words(element) or not chance():
            continue
        element.text = "\n"
        for child in element:
            child.tail = "\n"


def _holds_no_words(element: Element) -> bool:
    return not any((piece or "").strip() for piece in (element.text, *(child.tail for child in element)))


def shuffle(random: Random) -> Callable[[Element, NewId, Chance], None]:
    """[U] Attributes and parameters in any order: nothing promises one."""

    def change(root: Element, _: NewId, __: Chance) -> None:
        for element in root.iter():
            attributes = list(element.attrib.items())
            random.shuffle(attributes)
            element.attrib.clear()
            element.attrib.update(attributes)
            if element.tag == "ac:structured-macro":
                _shuffle_parameters(element, random)

    return change


def _shuffle_parameters(macro: Element, random: Random) -> None:
    parameters = [each for each in macro if each.tag == "ac:parameter"]
    random.shuffle(parameters)
    macro[:] = [*parameters, *(each for each in macro if each.tag != "ac:parameter")]


IN_FULL: tuple[Callable[[Element, NewId, Chance], None], ...] = (
    hold_rows, fill_empty_cells, give_layouts, write_widths, add_schema_versions, put_marks_into_links,
    join_equal_marks, leave_room_after_inline_nodes, show_links_as_cards, number_everything,
)  # fmt: skip
ONLY_WILD: tuple[Callable[[Element, NewId, Chance], None], ...] = (
    renew_ids, write_colours_as_tokens, indent,
)  # fmt: skip
