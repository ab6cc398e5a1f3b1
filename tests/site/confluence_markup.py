"""Storage format as a tree: read as Confluence reads it, written as Confluence writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.entities import codepoint2name, name2codepoint
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

_PREDEFINED = {"lt", "gt", "amp", "quot", "apos"}
# [S: kovetskiy/mark pull request 932] Bodies hold HTML's named entities, not only the five of XML; one that HTML 4 does
# not know makes the whole page fail. Nobody can declare their own: a body is inside the root element.
_ENTITIES = "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if name not in _PREDEFINED)
_OPENING = f"<!DOCTYPE body [{_ENTITIES}]><body>\n"
_PREFIXES = {"ac", "ri", "at"}
# [U] The deepest nesting that is accepted; a real site must have some limit too.
_DEEPEST = 200
# [S: sjones4/confluence-to-github issue 1] Stored text names its letters: `&uuml;`, `&nbsp;`, `&rarr;`, `&quot;`.
_NAMED = {code: f"&{name};" for code, name in codepoint2name.items()}
_ALWAYS_EMPTY = {"br", "hr", "col", "ri:page", "ri:user", "ri:url", "ri:attachment"}
_IN_ATTRIBUTE = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
# [S: Confluence storage format documentation] These hold their text as CDATA.
_VERBATIM = {"ac:plain-text-body", "ac:plain-text-link-body"}


class NotWellFormedError(ValueError):
    """The text is no storage format; the message is what Confluence says."""

    def __init__(self, reason: str, row: int, column: int) -> None:
        # [S: chesshacker/terraform-provider-confluence issue 7] Form of the message; [U] the words of the reason.
        super().__init__(f"Error parsing xhtml: {reason}\n at [row,col {{unknown-source}}]: [{row},{column}]")


def parse(text: str) -> Element:
    """The tree under a root `body`; names keep their prefix (`ac:structured-macro`). Comments are left out.

    Raises NotWellFormedError.
    """
    reader = _Reader()
    try:
        for part, is_last in ((_OPENING, False), (text, False), ("</body>", True)):
            reader.parser.Parse(part, is_last)
    except expat.ExpatError as error:
        raise NotWellFormedError(expat.ErrorString(error.code), error.lineno - 1, error.offset + 1) from None
    root = reader.builder.close()
    # The line break ends the opening, so that rows are counted from the text.
    root.text = (root.text or "")[1:]
    return root


class _Reader:
    """One reading of one text."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.builder.data
        self._depth = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._refuse("Nesting too deep")
        for prefix, colon, _ in (each.partition(":") for each in (name, *attributes)):
            if colon and prefix not in _PREFIXES:
                self._refuse(f'Undeclared namespace prefix "{prefix}"')
        self.builder.start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(name)

    def _refuse(self, reason: str) -> None:
        raise NotWellFormedError(reason, self.parser.CurrentLineNumber - 1, self.parser.CurrentColumnNumber + 1)


@dataclass(frozen=True)
class Spelling:
    """How a tree is written: a text for each character that is not written as itself, and whether an element without
    anything in it is closed at once (`<p />`) or opened and closed (`<p></p>`)."""

    characters: Mapping[int, str]
    closes_empty: bool = True


# [U] An element without anything in it is written closed, as in `<p />`.
USUAL = Spelling(_NAMED)


def serialise(root: Element, spelling: Spelling = USUAL) -> str:
    """The text of everything inside the root. Writing what was read from such a text gives the same text."""
    out: list[str] = []
    _put_inside(root, spelling, out)
    return "".join(out)


def _put_inside(element: Element, spelling: Spelling, out: list[str]) -> None:
    text = element.text or ""
    out.append(_verbatim(text) if element.tag in _VERBATIM else text.translate(spelling.characters))
    for child in element:
        _put(child, spelling, out)
        if child.tail:
            out.append(child.tail.translate(spelling.characters))


def _put(element: Element, spelling: Spelling, out: list[str]) -> None:
    attributes = "".join(f' {name}="{value.translate(_IN_ATTRIBUTE)}"' for name, value in element.attrib.items())
    empty = not element.text and not len(element) and element.tag not in _VERBATIM
    if empty and (spelling.closes_empty or element.tag in _ALWAYS_EMPTY):
        out.append(f"<{element.tag}{attributes} />")
        return
    out.append(f"<{element.tag}{attributes}>")
    _put_inside(element, spelling, out)
    out.append(f"</{element.tag}>")


def _verbatim(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
