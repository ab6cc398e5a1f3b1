"""Inline comments: they live in the body, as a marker around the words that are commented on."""

from xml.etree.ElementTree import Element

from tests.site.confluence_markup import NotWellFormedError, parse, serialise

# Words in these are settings or code, not text of the page.
_NOT_TEXT = {"ac:parameter", "ac:plain-text-body", "ac:plain-text-link-body", "ac:task-id", "ac:task-status"}


def with_marker(body: str, words: str, ref: str) -> str | None:
    """The body with a marker around the first place where the words stand; None if they stand nowhere.

    [S: Confluence storage format] `ac:inline-comment-marker` with `ac:ref`. Words that reach over other markup are
    not found.
    """
    root = parse(body)
    for parent in root.iter():
        if parent.tag not in _NOT_TEXT and _mark_in(parent, words, ref):
            return serialise(root)
    return None


def marker_refs(body: str) -> set[str]:
    """The refs of all markers in a body; none where it cannot be read."""
    try:
        root = parse(body)
    except NotWellFormedError:
        return set()
    return {marker.get("ac:ref", "") for marker in root.iter("ac:inline-comment-marker")}


def _mark_in(parent: Element, words: str, ref: str) -> bool:
    if words in (parent.text or ""):
        parent.text, marker = _cut(parent.text or "", words, ref)
        parent.insert(0, marker)
        return True
    for place, child in enumerate(parent):
        if words in (child.tail or ""):
            child.tail, marker = _cut(child.tail or "", words, ref)
            parent.insert(place + 1, marker)
            return True
    return False


def _cut(text: str, words: str, ref: str) -> tuple[str, Element]:
    before, _, after = text.partition(words)
    marker = Element("ac:inline-comment-marker", {"ac:ref": ref})
    marker.text, marker.tail = words, after
    return before, marker
