"""Which page a person means who gives its address, its number or its title. Asks the connected Confluences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connector.http import at_most
from connector.site_answers import TitledPage
from connector.store.connections import load_connections
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible
from sync.commands.page_reference import parse_page_reference
from sync.ports import Resources

LONGEST_TITLE = 255
# Somebody waits for the answer.
SECONDS = 4.0
_SPACE = re.compile(r"/(?:spaces|display)/([^/?#]+)")


@runtime_checkable
class TitleSearch(Protocol):
    """What both kinds of Confluence answer about titles; ``connector.confluence`` says how."""

    def pages_titled(self, title: str) -> tuple[TitledPage, ...]: ...


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that may be meant. ``address`` leads to it whatever becomes of its title; ``title`` and ``space`` (its
    key) are empty where only the address is known."""

    address: str
    title: str = ""
    space: str = ""


def find_pages(on: Resources, workspace_id: int, text: str) -> tuple[FoundPage, ...]:
    """The one page that an address or number names; else every page with exactly this title that our account may see.

    NotPossible where no Confluence is connected, NotPossibleNow where one of them does not answer.
    """
    if names_page(text):
        return (FoundPage(text.strip()),)
    with on.database.read() as conn:
        connections = load_connections(conn, workspace_id, "confluence")
    if not connections:
        raise NotPossible("No Confluence is connected yet.")
    found: list[FoundPage] = []
    for connection in connections:
        client = on.sites.confluence(connection)
        if isinstance(client, TitleSearch):
            with at_most(SECONDS), asking(connection.site_url):
                titled = client.pages_titled(text.strip()[:LONGEST_TITLE])
            found += (_found(connection.site_url, each) for each in titled)
    return tuple(found)


def names_page(text: str) -> bool:
    """Whether this is the address or the number of a page."""
    try:
        parse_page_reference(text)
    except NotPossible:
        return False
    return True


def _found(site_url: str, page: TitledPage) -> FoundPage:
    address = f"{site_url.rstrip('/')}/pages/viewpage.action?pageId={page.page_id}"
    return FoundPage(address, page.title, space_of(page.url))


def space_of(page_url: str) -> str:
    """The key of the space in the address of a page; empty where the address does not tell."""
    found = _SPACE.search(page_url)
    return found[1] if found else ""
