"""Which page a person means: the number of a page, or its address as copied from the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sync.commands.not_possible import NotPossible

_ID = re.compile(r"[1-9][0-9]{0,18}")
_IN_PATH = re.compile(r"/pages/(?:edit-v2/|edit/)?([1-9][0-9]{0,18})(?:/|$)")


@dataclass(frozen=True, slots=True)
class PageReference:
    """``site`` is ``https://host`` in lower case, empty where only the number was given; ``path`` stands behind it."""

    page_id: str
    site: str
    path: str = ""

    def is_at(self, site_url: str) -> bool:
        """Whether the page may be one of this site, which may lie below a path; a number may be one of any."""
        if not self.site:
            return True
        parts = urlsplit(site_url)
        same_host = f"{parts.scheme}://{parts.netloc}".lower() == self.site
        return same_host and f"{self.path}/".startswith(f"{parts.path.rstrip('/')}/")


def parse_page_reference(text: str) -> PageReference:
    """``4711``, ``…/wiki/spaces/OKR/pages/4711/Title``, ``…/pages/viewpage.action?pageId=4711``; else NotPossible."""
    text = text.strip()
    if _ID.fullmatch(text):
        return PageReference(text, "")
    try:
        parts = urlsplit(text)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
    except ValueError:
        raise _not_a_page(text) from None
    page_id = _page_id(parts.path, parts.query)
    if parts.scheme not in {"http", "https"} or page_id is None:
        raise _not_a_page(text)
    return PageReference(page_id, site, parts.path)


def _page_id(path: str, query: str) -> str | None:
    found = _IN_PATH.search(path)
    named = parse_qs(query).get("pageId", [""])[0]
    return found[1] if found else named if _ID.fullmatch(named) else None


def _not_a_page(text: str) -> NotPossible:
    return NotPossible(
        "{typed!r} names no page. Open the page in Confluence and copy its address, or give the number in "
        "it, e.g. 4711 of …/wiki/spaces/OKR/pages/4711/OKRs",
        typed=text[:200],
    )
