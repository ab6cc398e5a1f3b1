"""Connecting a Cloud site, or renewing its credentials. Everything is checked first; then all is kept, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex

from connector.connecting import BadSiteAddress, normalise_site_url
from connector.settings import Settings
from connector.store.activity import record_activity
from connector.store.connections import NewConnection
from mapping.issue import FieldChoice
from sync.commands.asking import asking
from sync.commands.inspection import Inspected, find_kind, inspect
from sync.commands.keeping import Connected, keep
from sync.commands.not_possible import NotPossible
from sync.commands.site_access import RealSite, SiteAccess
from sync.ports import Resources

PRODUCTS = ("jira", "confluence")

Meet = Callable[[Settings, str, str, str], SiteAccess]
"""Settings, the site's address, e-mail, token → the site."""


@dataclass(frozen=True, slots=True)
class ConnectReport:
    """What connecting found out and kept. ``auth_kind`` is classic, scoped, or personal for a Data Center."""

    site_url: str
    auth_kind: str
    account: str
    connected: tuple[Connected, ...]
    calls: int


@dataclass(frozen=True, slots=True)
class _Credentials:
    site_url: str
    email: str
    token: str
    auth_kind: str


def connect(
    on: Resources,
    workspace_id: int,
    *,
    site_url: str,
    email: str,
    token: str,
    who: str,
    products: Sequence[str] = PRODUCTS,
    auth_kind: str = "",
    meet: Meet = RealSite,
) -> ConnectReport:
    """Connect the products of a site with an account's e-mail address and API token.

    An empty ``auth_kind`` is found out by trying. A site that is connected already gets these credentials, and
    everything that waited for them goes on. NotPossible with what is missing, NotPossibleNow where the site does not
    answer; then nothing is kept.
    """
    address = _address(on, site_url)
    check_credentials(email, token)
    site = meet(on.settings, address, email.strip(), token.strip())
    with asking(address):
        cloud_id = site.cloud_id()
        kind = auth_kind or find_kind(site, products, address)
        found = [inspect(site, product, kind, address, on.clock.now()) for product in products]
    given = _Credentials(address, email.strip(), token.strip(), kind)
    news = [_new_connection(on, given, each, site, cloud_id) for each in found]
    now = on.clock.now()
    with on.database.write() as conn:
        connected = tuple(
            keep(conn, workspace_id, new, each, on.secrets, now) for new, each in zip(news, found, strict=True)
        )
        text = f"connected {' and '.join(product.capitalize() for product in products)} of {address}"
        record_activity(conn, workspace_id, at=now, who=who, text=text, url=address)
    on.bell.ring()
    account = next((each.account_name for each in found if each.account_name), "") or given.email
    return ConnectReport(address, kind, account, connected, site.calls)


def _address(on: Resources, site_url: str) -> str:
    try:
        return normalise_site_url(site_url, allow_private=on.settings.allow_private_sites)
    except BadSiteAddress as error:
        raise NotPossible(error.text, **error.values) from error


def check_credentials(email: str, token: str) -> None:
    """NotPossible for what cannot be an e-mail address, or a token."""
    name, at, host = email.strip().partition("@")
    if not (name and at and "." in host) or any(c.isspace() for c in email.strip()):
        raise NotPossible("{email!r} is no e-mail address. Give the one that the token belongs to.", email=email[:200])
    check_token(token)


def check_token(token: str) -> None:
    """NotPossible for what cannot be a token."""
    if not token.strip() or not token.strip().isascii() or any(c.isspace() for c in token.strip()):
        raise NotPossible("The token is empty, or holds characters that no token has. Copy it again, whole.")


def _new_connection(
    on: Resources, given: _Credentials, found: Inspected, site: SiteAccess, cloud_id: str
) -> NewConnection:
    return NewConnection(
        product=found.product,
        site_url=given.site_url,
        api_url=site.api_url(found.product, given.auth_kind),
        auth_kind=given.auth_kind,
        account_email=given.email,
        account_id=found.account_id,
        credentials=on.secrets.seal(given.token),
        webhook_secret=on.secrets.seal(token_hex(32)),
        cloud_id=cloud_id,
        choice=found.choices.as_field_choice() if found.choices else FieldChoice(),
    )
