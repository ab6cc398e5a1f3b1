"""What a person reads of a page."""

from __future__ import annotations

import re
from html import unescape


def words(html: str) -> str:
    """Without tags, all white space (also the kind that does not break) as one space, none before a full stop."""
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()
    return re.sub(r" ([.,;?])", r"\1", text)


def main(page: str) -> str:
    """The words of the page's own content."""
    return words(page.partition("<main")[2].partition(">")[2].partition("</main>")[0])


def heading(page: str) -> str:
    """The words of its first heading."""
    return words(page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0])


def row(page: str, holding: str) -> str:
    """The words of the table row that holds this markup."""
    found = next(part for part in page.split("<tr") if holding in part)
    return words(found.partition(">")[2].partition("</tr>")[0])


def fields_of(page: str, action: str = "") -> dict[str, str]:
    """What a browser would send of the page's form as it stands there, or of the one that goes to this address."""
    start = f'<form method="post" action="{action}"' if action else '<form method="post"'
    form = page.partition("<main")[2].partition(start)[2].partition("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        is_off = ('type="radio"' in tag or 'type="checkbox"' in tag) and " checked" not in tag
        if name and not is_off:
            found.setdefault(name[1], value[1] if value else "")
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found
