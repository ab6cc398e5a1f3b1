"""The address of a Data Center site out of what people paste: it may lie inside the company, and below a path."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from connector.connecting import BadSiteAddress, normalise_site_url
from connector.errors import Unavailable
from connector.public_addresses import AddressRefused, checked_addresses

# Where Confluence's own addresses begin; what stands before them is the context path of its server.
_OWN_PARTS = frozenset({"admin", "display", "download", "pages", "plugins", "rest", "spaces", "users", "x"})
_CONTEXT = re.compile(r"(/[A-Za-z0-9._~-]{1,60}){0,4}")


def normalise_data_center_url(text: str, *, allow_private: bool) -> str:
    """``https://host/context`` out of an address of the site, or of any page of it.

    BadSiteAddress for a Cloud site and for everything that is not an address; for a private one, and for plain http,
    unless ``allow_private``; for plain http to a host in the public internet always: a token would be sent there in
    the clear.
    """
    origin = normalise_site_url(text, allow_private=allow_private)
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if host.endswith((".atlassian.net", ".jira.com")):
        raise BadSiteAddress("{site} is a Cloud site. Connect it without --data-center.", site=origin)
    if parts.scheme == "http" and _is_public(host, parts.port or 80):
        raise BadSiteAddress("Write https:// before {host}: a token is sent there, across the internet.", host=host)
    return origin + _context(text.strip())


def _is_public(host: str, port: int) -> bool:
    """Whether all addresses of the host are public; False where it has none here: behind a proxy, the proxy knows."""
    try:
        return bool(checked_addresses(host.strip("[]"), port))
    except (AddressRefused, Unavailable):
        return False


def _context(typed: str) -> str:
    path = urlsplit(typed if "://" in typed else f"https://{typed}").path
    found = ""
    for part in path.split("/"):
        if part in _OWN_PARTS or part.endswith(".action"):
            break
        found += f"/{part}" if part else ""
    if ".." in found or not _CONTEXT.fullmatch(found):
        raise BadSiteAddress(
            "{path!r} cannot be the path of a Confluence. Write it as in the browser.", path=found[:200]
        )
    return found
