"""From what a person types to a client: the site's address, its cloud id, where calls go, who calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from connector.auth.personal_token import PersonalTokenAuth
from connector.auth.token import TokenAuth
from connector.calls import Calls, OnCall
from connector.checked import as_object, text_in
from connector.confluence import ConfluenceClient
from connector.confluence_data_center import ConfluenceDataCenterClient
from connector.errors import Gone, Unavailable
from connector.http import make_session
from connector.jira import JiraClient
from connector.public_addresses import AddressRefused, refuse_private_literal
from connector.settings import Settings
from connector.store.engine import in_transaction
from mapping.sentences import Explained, sentence

CLOUD = "cloud"
DATA_CENTER = "data_center"
PERSONAL = "personal"
"""How we sign in at a Data Center: with an account's personal access token."""

Client = JiraClient | ConfluenceClient | ConfluenceDataCenterClient

_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_CLOUD_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class BadSiteAddress(Explained, ValueError):
    """What was typed is no address of a site; the text says why and what to write."""


@dataclass(frozen=True, slots=True)
class ConnectionAccess:
    """What a client needs to call. ``product`` is ``jira`` or ``confluence``; ``site_url`` is what people open,
    ``api_url`` where calls go. A Data Center takes the token alone, whatever ``email`` says."""

    product: str
    site_url: str
    api_url: str
    email: str
    token: str = field(repr=False)
    deployment: str = CLOUD


def normalise_site_url(text: str, *, allow_private: bool = False) -> str:
    """``https://host`` out of what people paste: without scheme, with ``/wiki``, ``/jira/…`` or a whole page's address.

    ``allow_private`` also lets plain http and private addresses pass. BadSiteAddress for anything else.
    """
    typed = text.strip()
    if not typed or any(c.isspace() or not c.isprintable() or c == "\\" for c in typed):
        raise BadSiteAddress("Write the address of your site, for example https://acme.atlassian.net")
    scheme, host, port = _parts(typed if "://" in typed else f"https://{typed}")
    _check_host(host, allow_private)
    if scheme != "https" and not allow_private:
        raise BadSiteAddress("Write https:// before {host}: a token is sent there.", host=host)
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port is None else f"{scheme}://{shown}:{port}"


def _parts(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        raise BadSiteAddress(
            "{address!r} is not an address. Write it like https://acme.atlassian.net", address=address
        ) from None
    if "@" in parts.netloc:
        raise BadSiteAddress("Write the address without a name before @; e-mail and token are asked for separately.")
    if parts.scheme not in {"http", "https"}:
        raise BadSiteAddress("The address begins with {scheme}://; write https:// instead.", scheme=parts.scheme)
    return parts.scheme, host, None if port == {"http": 80, "https": 443}[parts.scheme] else port


def _ascii(host: str) -> str:
    name = host.rstrip(".").lower()
    return name if name.isascii() else name.encode("idna").decode("ascii")


def _check_host(host: str, allow_private: bool) -> None:
    if not _HOST.fullmatch(host) and not (allow_private and ":" in host):
        raise BadSiteAddress("{host!r} is not the name of a site. Write it like https://acme.atlassian.net", host=host)
    if host.endswith(".atlassian.com") or host in {"atlassian.com", "atlassian.net"}:
        raise BadSiteAddress(
            "{host} belongs to Atlassian; write your own site's address: https://acme.atlassian.net", host=host
        )
    if allow_private:
        return
    if "." not in host:
        raise BadSiteAddress(
            "{host} is only a part of an address. Did you mean https://{host}.atlassian.net ?", host=host
        )
    try:
        refuse_private_literal(host)
    except AddressRefused as error:
        raise BadSiteAddress(str(error)) from None


def anonymous_session(site_url: str, settings: Settings) -> requests.Session:
    """A session to the site without credentials."""
    return make_session(None, [site_url], allow_private=settings.allow_private_sites, forbidden=in_transaction)


def look_up_cloud_id(site_url: str, session: requests.Session) -> str:
    """``GET <site>/_edge/tenant_info``: the id by which the API gateway knows the site.

    Unavailable where no Atlassian Cloud site answers.
    """
    try:
        answer = Calls(session, site_url, not_counted).get("/_edge/tenant_info")
        cloud_id = text_in(as_object(answer.body, "the answer"), "cloudId")
    except (Gone, Unavailable) as error:
        raise Unavailable(
            sentence("No Atlassian Cloud site answers at {site}. Check the address. ({error})"),
            site=site_url,
            error=error,
        ) from None
    if not _CLOUD_ID.fullmatch(cloud_id):
        raise Unavailable(sentence("{site} gave a cloud id that cannot be one."), site=site_url)
    return cloud_id


def api_url(site_url: str, cloud_id: str, product: str, auth_kind: str, gateway: str) -> str:
    """Where calls go: a ``classic`` token works at the site, a ``scoped`` one at the gateway only.

    support.atlassian.com, "Manage API tokens for your Atlassian account". ValueError for another product or kind.
    """
    if product not in {"jira", "confluence"} or auth_kind not in {"classic", "scoped"}:
        raise ValueError(f"no way to call {product!r} with {auth_kind!r}")
    return site_url if auth_kind == "classic" else f"{gateway.rstrip('/')}/ex/{product}/{cloud_id}"


def not_counted(_method: str, _template: str, _status: int) -> None:
    """For calls that nobody counts."""


def client_for(access: ConnectionAccess, settings: Settings, *, on_call: OnCall = not_counted) -> Client:
    """A client of the connection's product. It may be shared by the threads of one process, but not across a fork."""
    is_cloud = access.deployment == CLOUD
    session = make_session(
        TokenAuth(access.email, access.token) if is_cloud else PersonalTokenAuth(access.token),
        [access.api_url],
        allow_private=settings.allow_private_sites,
        forbidden=in_transaction,
    )
    if is_cloud and access.product == "jira":
        return JiraClient(session, access.api_url, on_call)
    if is_cloud and access.product == "confluence":
        return ConfluenceClient(session, access.api_url, access.site_url, on_call)
    if (access.deployment, access.product) == (DATA_CENTER, "confluence"):
        return ConfluenceDataCenterClient(session, access.site_url, on_call)
    raise ValueError(f"no client for {access.product!r} ({access.deployment})")
