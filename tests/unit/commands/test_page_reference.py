"""Every way in which people name a page."""

from __future__ import annotations

import pytest

from sync.commands.not_possible import NotPossible
from sync.commands.page_reference import PageReference, parse_page_reference

ACME = "https://acme.atlassian.net"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4711", PageReference("4711", "")),
        (" 4711\n", PageReference("4711", "")),
        (f"{ACME}/wiki/spaces/OKR/pages/4711", PageReference("4711", ACME)),
        (f"{ACME}/wiki/spaces/OKR/pages/4711/OKRs+Q4+2026#Goals", PageReference("4711", ACME)),
        (f"{ACME}/wiki/spaces/OKR/pages/edit-v2/4711?draftShareId=1", PageReference("4711", ACME)),
        (f"{ACME}/wiki/pages/viewpage.action?pageId=4711", PageReference("4711", ACME)),
        ("http://127.0.0.1:8410/wiki/spaces/OKR/pages/4711/x", PageReference("4711", "http://127.0.0.1:8410")),
        ("https://user:secret@ACME.atlassian.net/wiki/spaces/OKR/pages/4711", PageReference("4711", ACME)),
    ],
)
def test_a_page_is_named_by_number_or_address(text: str, expected: PageReference) -> None:
    found = parse_page_reference(text)
    assert (found.page_id, found.site) == (expected.page_id, expected.site)


WIKI = "https://acme.example/confluence"


@pytest.mark.parametrize(
    ("text", "site_url", "is_there"),
    [
        ("4711", WIKI, True),
        (f"{ACME}/wiki/spaces/OKR/pages/4711", ACME, True),
        (f"{ACME}/wiki/spaces/OKR/pages/4711", WIKI, False),
        (f"{WIKI}/pages/viewpage.action?pageId=4711", WIKI, True),
        ("https://ACME.example/confluence/pages/viewpage.action?pageId=4711", WIKI, True),
        (f"{WIKI}2/pages/viewpage.action?pageId=4711", WIKI, False),
        ("https://acme.example/pages/viewpage.action?pageId=4711", WIKI, False),
        (f"http{WIKI[5:]}/pages/viewpage.action?pageId=4711", WIKI, False),
    ],
)
def test_a_site_may_lie_below_a_path(text: str, site_url: str, is_there: bool) -> None:
    assert parse_page_reference(text).is_at(site_url) is is_there


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-4",
        "OKRs Q4 2026",
        ACME,
        f"{ACME}/wiki/spaces/OKR/overview",
        f"{ACME}/wiki/spaces/OKR/pages/x/4711",
        f"{ACME}/wiki/x/AbC",
        "javascript:/pages/4711",
        "http://[::1/pages/4711",
        "9" * 40,
    ],
)
def test_what_names_no_page_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(NotPossible, match="copy its address"):
        parse_page_reference(text)
