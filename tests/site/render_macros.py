"""The macros of Confluence as HTML: those that pages of this site use; any other is a grey box with its name."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element

_LOZENGES = {"red", "yellow", "green", "blue", "purple"}


@dataclass(frozen=True)
class Macro:
    """A macro as it stands in a body: its parameters by name, and its body as elements or as plain text."""

    name: str
    parameters: dict[str, str]
    rich: Element | None
    plain: str

    @classmethod
    def of(cls, element: Element) -> "Macro":
        """The macro of an `ac:structured-macro`."""
        parameters = {each.get("ac:name", ""): each.text or "" for each in element.findall("ac:parameter")}
        plain = element.findtext("ac:plain-text-body") or ""
        return cls(element.get("ac:name", ""), parameters, element.find("ac:rich-text-body"), plain)

    def title(self, otherwise: str = "") -> str:
        """The parameter `title`, ready for HTML."""
        return escape(self.parameters.get("title") or otherwise)


def render(macro: Macro, body: str) -> str:
    """The HTML of a macro whose body was rendered already."""
    return _MACROS.get(macro.name, _unknown)(macro, body)


def _status(macro: Macro, _: str) -> str:
    colour = macro.parameters.get("colour", "").lower()
    return f'<span class="loz {colour if colour in _LOZENGES else "grey"}">{macro.title("Status")}</span>'


def _details(macro: Macro, body: str) -> str:
    # [S: Atlassian help on Page Properties] `hidden` keeps it out of the page.
    return "" if macro.parameters.get("hidden") == "true" else f'<div class="props">{body}</div>'


def _expand(macro: Macro, body: str) -> str:
    summary = macro.title("Click here to expand…")
    return f"<details><summary>{summary}</summary><div>{body}</div></details>"


def _note(macro: Macro, body: str) -> str:
    title = f"<p><strong>{macro.title()}</strong></p>" if macro.title() else ""
    kind = "plain" if macro.name == "panel" else macro.name
    return f'<div class="panel {kind}"><div>{title}{body}</div></div>'


def _code(macro: Macro, _: str) -> str:
    title = f"<figcaption>{macro.title()}</figcaption>" if macro.title() else ""
    return f'<figure class="cf-code">{title}<pre><code>{escape(macro.plain)}</code></pre></figure>'


def _contents(_: Macro, __: str) -> str:
    return '<p class="cf-unknown">Table of contents</p>'


def _jira(macro: Macro, _: str) -> str:
    key = macro.parameters.get("key", "")
    return f'<a class="cf-issue" href="/browse/{escape(key)}">{escape(key)}</a>' if key else _unknown(macro, "")


def _only_body(_: Macro, body: str) -> str:
    return body


def _nothing(_: Macro, __: str) -> str:
    return ""


def _unknown(macro: Macro, body: str) -> str:
    return f'<div class="cf-unknown">Macro {escape(macro.name)}{body}</div>'


_MACROS: dict[str, Callable[[Macro, str], str]] = {
    "status": _status,
    "details": _details,
    "expand": _expand,
    "info": _note,
    "note": _note,
    "tip": _note,
    "warning": _note,
    "panel": _note,
    "code": _code,
    "noformat": _code,
    "toc": _contents,
    "jira": _jira,
    "excerpt": _only_body,
    "anchor": _nothing,
}
