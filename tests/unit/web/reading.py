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
