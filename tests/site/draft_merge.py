"""What an open draft becomes when the page under it is written: the draft's own changes put into the new text.

[S: confluence-v2 description, update page] The new text is merged into the draft by a reconciliation; where the two
are too far apart it may override the draft. [U] How far, and how fine: here whole blocks, and rows of tables.
"""

from difflib import SequenceMatcher
from xml.etree.ElementTree import Element

from tests.site.confluence_markup import parse, serialise

# What is merged piece by piece; everything else is taken whole.
_TAKEN_APART = {"body", "ac:layout", "ac:layout-section", "ac:layout-cell", "table", "tbody", "ul", "ol"}
_MACROS_TAKEN_APART = {"details", "excerpt", "expand"}


def merged(before: str, draft: str, written: str) -> str:
    """The new draft. What the draft changed since `before` stays, where `written` did not change the same piece; where
    both changed it, `written` wins."""
    return serialise(_merge(parse(before), parse(draft), parse(written)))


def _merge(before: Element, draft: Element, written: Element) -> Element:
    result = Element(written.tag, written.attrib)
    result.text = written.text
    pieces_before, pieces_draft, pieces_written = list(before), list(draft), list(written)
    of_draft = _counterparts(pieces_before, pieces_draft)
    of_written = _counterparts(pieces_before, pieces_written)
    before_of_written = {there: here for here, there in of_written.items()}
    added = _added(pieces_draft, of_draft)
    result.extend(added.get(-1, []))
    for number, piece in enumerate(pieces_written):
        old = before_of_written.get(number)
        if old is None:
            result.append(piece)
            continue
        mine = of_draft.get(old)
        if mine is not None:
            result.append(_one(pieces_before[old], pieces_draft[mine], piece))
        elif _text(piece) != _text(pieces_before[old]):
            result.append(piece)
        result.extend(added.get(old, []))
    return result


def _one(before: Element, draft: Element, written: Element) -> Element:
    if _text(draft) == _text(before):
        return written
    if _text(written) == _text(before):
        return draft
    return _merge(before, draft, written) if _is_taken_apart(written) else written


def _is_taken_apart(element: Element) -> bool:
    is_macro = element.tag == "ac:structured-macro" and element.get("ac:name") in _MACROS_TAKEN_APART
    return is_macro or element.tag in _TAKEN_APART | {"ac:rich-text-body"}


def _counterparts(before: list[Element], after: list[Element]) -> dict[int, int]:
    """Which piece of `before` became which of `after`: equal words, or the same place between such."""
    matcher = SequenceMatcher(None, [_text(each) for each in before], [_text(each) for each in after], autojunk=False)
    found: dict[int, int] = {}
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            found |= dict(zip(range(first, last), range(start, end), strict=True))
        elif kind == "replace":
            pairs = zip(range(first, last), range(start, end), strict=False)
            found |= {here: there for here, there in pairs if before[here].tag == after[there].tag}
    return found


def _added(pieces: list[Element], of_before: dict[int, int]) -> dict[int, list[Element]]:
    """What stands new in the draft, by the piece of before that it stands behind; -1 for the beginning."""
    before_of = {there: here for here, there in of_before.items()}
    found: dict[int, list[Element]] = {}
    behind = -1
    for number, piece in enumerate(pieces):
        if number in before_of:
            behind = before_of[number]
        else:
            found.setdefault(behind, []).append(piece)
    return found


def _text(element: Element) -> str:
    """The words of a piece, and of its settings: ids that saving gives do not count."""
    return " ".join(" ".join(element.itertext()).split())
