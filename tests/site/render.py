"""Storage format as the HTML that a reader of the page sees.

Only known elements and attributes come through; text is always escaped. Colours become classes, so that a stylesheet
can show them in light and dark.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element

from tests.site import render_macros
from tests.site.confluence_markup import NotWellFormedError, parse
from tests.site.render_macros import Macro

_PLAIN = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "u", "del", "s", "sub", "sup", "code",
    "pre", "blockquote", "tbody", "thead", "tr", "div", "b", "i", "small",
}  # fmt: skip
_EMPTY = {"br": "<br>", "hr": "<hr>"}
_SAFE_ADDRESS = re.compile(r"^(https?:|mailto:|/|#)", re.IGNORECASE)
_COLOUR = re.compile(r"color:\s*(#[0-9a-f]{6}|rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\))", re.IGNORECASE)
# [S: Confluence's table and text palettes as they stand in stored pages] Those that the editor offers, by name.
_CELL_COLOURS = {
    "#deebff": "blue", "#b3d4ff": "blue", "#e6fcff": "teal", "#b3f5ff": "teal", "#e3fcef": "green", "#abf5d1": "green",
    "#fffae6": "yellow", "#fff0b3": "yellow", "#ffebe6": "red", "#ffbdad": "red", "#eae6ff": "purple",
    "#c0b6f2": "purple", "#f4f5f7": "gray", "#b3bac5": "gray", "#ffffff": "white",
}  # fmt: skip
_TEXT_COLOURS = {
    "rgb(7,71,166)": "blue", "rgb(76,154,255)": "blue", "rgb(0,141,166)": "teal", "rgb(0,102,68)": "green",
    "rgb(255,153,31)": "yellow", "rgb(191,38,0)": "red", "rgb(64,50,148)": "purple", "rgb(151,160,175)": "gray",
}  # fmt: skip
# [S: Atlassian help on table and macro width] Widths in pixels by `data-layout`.
_WIDTHS = {"default": 760, "wide": 960, "full-width": 1800}


def _nowhere(_: str, __: str | None) -> str | None:
    return None


def _nobody(_: str) -> str | None:
    return None


@dataclass(frozen=True)
class Surroundings:
    """What a page refers to: the address of a page by title and space key, the name of an account; None if unknown."""

    page_address: Callable[[str, str | None], str | None] = field(default=_nowhere)
    person_name: Callable[[str], str | None] = field(default=_nobody)


def render(text: str, around: Surroundings = Surroundings()) -> str:
    """The HTML of a body; of a body that cannot be read, a note that says so."""
    try:
        root = parse(text)
    except NotWellFormedError as error:
        return f'<p class="cf-broken">{escape(str(error))}</p>'
    return _Rendering(around).inside(root)


class _Rendering:
    """One rendering of one body."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._widths = [_WIDTHS["full-width"]]

    def inside(self, element: Element) -> str:
        """Everything that stands in the element, without the element itself."""
        parts = [escape(element.text or "", quote=False)]
        for child in element:
            parts += [self._one(child), escape(child.tail or "", quote=False)]
        return "".join(parts)

    def _one(self, element: Element) -> str:
        tag = element.tag
        if tag in _PLAIN:
            return f"<{tag}>{self.inside(element)}</{tag}>"
        if tag in _EMPTY:
            return _EMPTY[tag]
        special = getattr(self, "_" + re.sub(r"\W", "_", tag), None)
        return str(special(element)) if special else self.inside(element)

    # HTML's own elements

    def _a(self, element: Element) -> str:
        address = element.get("href", "")
        if not _SAFE_ADDRESS.match(address):
            return self.inside(element)
        return f'<a href="{escape(address)}">{self.inside(element)}</a>'

    def _span(self, element: Element) -> str:
        match = _COLOUR.search(element.get("style", ""))
        if not match:
            return self.inside(element)
        colour = match[1].lower().replace(" ", "")
        name = _TEXT_COLOURS.get(colour)
        mark = f'class="c-{name}"' if name else f'class="c-other" style="--own:{colour}"'
        return f"<span {mark}>{self.inside(element)}</span>"

    def _time(self, element: Element) -> str:
        return f'<time class="cf-date">{escape(element.get("datetime", ""))}</time>'

    def _table(self, element: Element) -> str:
        asked = element.get("data-table-width", "")
        width = min(int(float(asked)) if re.fullmatch(r"\d+(\.\d+)?", asked) else 760, self._widths[-1])
        wide = ' class="wide"' if width > _WIDTHS["default"] else ""
        room = f"max-width:{width}px;--narrowest:{_narrowest(element)}px"
        return (
            f'<div class="scroll" style="{room}" tabindex="0" role="region" aria-label="Table">'
            f"<table{wide}>{self.inside(element).strip()}</table></div>"
        )

    def _colgroup(self, element: Element) -> str:
        widths = _column_widths(element)
        if not widths or 0.0 in widths:
            return ""
        shares = "".join(f'<col style="width:{width / sum(widths):.2%}">' for width in widths)
        return f"<colgroup>{shares}</colgroup>"

    def _td(self, element: Element) -> str:
        return self._cell(element)

    def _th(self, element: Element) -> str:
        return self._cell(element)

    def _cell(self, element: Element) -> str:
        spans = [f' {name}="{value}"' for name in ("colspan", "rowspan") if (value := element.get(name, "")).isdigit()]
        # A colour stands there as it is, or behind the token that stands for it.
        found = re.search("#[0-9a-f]{6}", element.get("data-highlight-colour", "").lower())
        mark = ""
        if "numberingColumn" in element.get("class", ""):
            # [S: bodies with numbered rows] The column of numbers is cells of this class.
            mark = ' class="number"'
        elif found and found[0] in _CELL_COLOURS:
            mark = f' class="hl-{_CELL_COLOURS[found[0]]}"'
        elif found:
            mark = f' class="hl-other" style="--own:{found[0]}"'
        return f"<{element.tag}{''.join(spans)}{mark}>{self.inside(element)}</{element.tag}>"

    # Confluence's elements

    def _ac_structured_macro(self, element: Element) -> str:
        macro = Macro.of(element)
        self._widths.append(_WIDTHS.get(element.get("data-layout", ""), min(_WIDTHS["default"], self._widths[-1])))
        body = self.inside(macro.rich) if macro.rich is not None else ""
        self._widths.pop()
        return render_macros.render(macro, body)

    def _ac_adf_extension(self, element: Element) -> str:
        """[S: gfl's tests on stored bodies] Panels that the editor made: a node, and beside it the same as plain HTML
        for whoever does not know nodes."""
        node = element.find("ac:adf-node")
        content = node.find("ac:adf-content") if node is not None else None
        if node is None or content is None:
            return self.inside(fallback) if (fallback := element.find("ac:adf-fallback")) is not None else ""
        kinds = [each.text or "" for each in node.findall("ac:adf-attribute") if each.get("key") == "panel-type"]
        kind = re.sub("[^a-z]", "", "".join(kinds)) or "plain"
        return f'<div class="panel {kind}"><div>{self.inside(content)}</div></div>'

    def _ac_link(self, element: Element) -> str:
        page, person = element.find("ri:page"), element.find("ri:user")
        words = self._link_words(element)
        if person is not None:
            name = self._around.person_name(person.get("ri:account-id", "")) or "Unknown person"
            return f'<span class="cf-mention">@{escape(name)}</span>'
        title = page.get("ri:content-title", "") if page is not None else ""
        address = self._around.page_address(title, page.get("ri:space-key")) if page is not None else None
        anchor = element.get("ac:anchor")
        address = f"{address or ''}#{anchor}" if anchor else address
        shown = words or escape(title or anchor or "")
        return f'<a href="{escape(address)}">{shown}</a>' if address else f'<span class="cf-missing">{shown}</span>'

    def _link_words(self, element: Element) -> str:
        plain, rich = element.find("ac:plain-text-link-body"), element.find("ac:link-body")
        if plain is not None:
            return escape(plain.text or "")
        return self.inside(rich) if rich is not None else ""

    def _ac_inline_comment_marker(self, element: Element) -> str:
        return f'<mark class="cf-comment" title="Somebody commented on this">{self.inside(element)}</mark>'

    def _ac_task_list(self, element: Element) -> str:
        return f'<ul class="cf-tasks">{"".join(self._one(task) for task in element.iter("ac:task"))}</ul>'

    def _ac_task(self, element: Element) -> str:
        done = " checked" if (element.findtext("ac:task-status") or "").strip() == "complete" else ""
        body = element.find("ac:task-body")
        words = self.inside(body) if body is not None else ""
        return f'<li><input type="checkbox" disabled{done}><span>{words}</span></li>'

    def _ac_layout_section(self, element: Element) -> str:
        kind = re.sub(r"[^a-z_]", "", element.get("ac:type", ""))
        return f'<div class="cf-section {kind}">{self.inside(element)}</div>'

    def _ac_layout_cell(self, element: Element) -> str:
        return f"<div>{self.inside(element)}</div>"

    def _ac_image(self, element: Element) -> str:
        return f'<span class="cf-unknown">Image {escape(element.get("ac:alt", ""))}</span>'

    def _ac_emoticon(self, element: Element) -> str:
        return escape(element.get("ac:emoji-fallback") or element.get("ac:name") or "")

    def _ac_placeholder(self, _: Element) -> str:
        return ""


def _column_widths(table: Element) -> list[float]:
    found = [re.search(r"width:\s*([\d.]+)px", column.get("style", "")) for column in table.iter("col")]
    return [float(match[1]) if match else 0.0 for match in found]


def _narrowest(table: Element) -> int:
    """How far the table can shrink, in pixels, before it scrolls: [U] until its narrowest column has 48."""
    widths = _column_widths(table)
    if widths and min(widths) > 0:
        return round(48 * sum(widths) / min(widths))
    return 48 * max((len(list(row)) for row in table.iter("tr")), default=0)
