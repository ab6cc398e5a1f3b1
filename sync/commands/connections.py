"""Connecting a site, or renewing its credentials. Everything is checked first; then all of it is kept, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Connection as Transaction

from connector.connecting import BadSiteAddress, normalise_site_url
from connector.crypto import WrongKey
from connector.settings import Settings
from connector.store import connection_state
from connector.store.activity import record_activity
from connector.store.connections import Connection, Health, NewConnection, add_connection, load_connections
from connector.store.reconnecting import replace_webhook_secret, resume_work
from connector.store.work import mark_due
from mapping.issue import FieldChoice
from sync.commands.asking import asking
from sync.commands.inspection import Inspected, find_kind, inspect
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE
from sync.commands.site_access import RealSite, SiteAccess
from sync.ports import Resources

PRODUCTS = ("jira", "confluence")

Meet = Callable[[Settings, str, str, str], SiteAccess]
"""Settings, the site's address, e-mail, token → the site."""


@dataclass(frozen=True, slots=True)
class Connected:
    """One product that is connected now. ``is_renewal``: it was so before, and has new credentials."""

    connection_id: int
    inspected: Inspected
    is_renewal: bool


@dataclass(frozen=True, slots=True)
class ConnectReport:
    """What connecting found out and kept. ``auth_kind`` is classic or scoped."""

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
    _check_credentials(email, token)
    site = meet(on.settings, address, email.strip(), token.strip())
    with asking(address):
        cloud_id = site.cloud_id()
        kind = auth_kind or find_kind(site, products, address)
        found = [inspect(site, product, kind, address, on.clock.now()) for product in products]
    given = _Credentials(address, email.strip(), token.strip(), kind)
    with on.database.write() as conn:
        connected = tuple(_keep(conn, on, workspace_id, given, each, site, cloud_id) for each in found)
        text = f"connected {' and '.join(product.capitalize() for product in products)} of {address}"
        record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=text, url=address)
    on.bell.ring()
    account = next((each.account_name for each in found if each.account_name), "") or given.email
    return ConnectReport(address, kind, account, connected, site.calls)


def _address(on: Resources, site_url: str) -> str:
    try:
        return normalise_site_url(site_url, allow_private=on.settings.allow_private_sites)
    except BadSiteAddress as error:
        raise NotPossible(str(error)) from error


def _check_credentials(email: str, token: str) -> None:
    name, at, host = email.strip().partition("@")
    if not (name and at and "." in host) or any(c.isspace() for c in email.strip()):
        raise NotPossible(f"{email[:200]!r} is no e-mail address. Give the one that the token belongs to.")
    if not token.strip() or not token.strip().isascii() or any(c.isspace() for c in token.strip()):
        raise NotPossible("The token is empty, or holds characters that no token has. Copy it again, whole.")


def _keep(
    conn: Transaction,
    on: Resources,
    workspace_id: int,
    given: _Credentials,
    found: Inspected,
    site: SiteAccess,
    cloud_id: str,
) -> Connected:
    now = on.clock.now()
    known = _known(conn, workspace_id, found.product, given.site_url)
    if known is None:
        new = _new_connection(on, given, found, site, cloud_id)
        connection_id = add_connection(conn, workspace_id, new, now).id
    else:
        connection_id = known.id
        _renew(conn, on, known, given, found, site)
        resume_work(conn, workspace_id, known.id, now)
    _mark_first_look(conn, workspace_id, connection_id, found.product, now)
    return Connected(connection_id, found, is_renewal=known is not None)


def _known(conn: Transaction, workspace_id: int, product: str, site_url: str) -> Connection | None:
    same = (each for each in load_connections(conn, workspace_id, product) if each.site_url.lower() == site_url.lower())
    return next(same, None)


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


def _renew(
    conn: Transaction, on: Resources, known: Connection, given: _Credentials, found: Inspected, site: SiteAccess
) -> None:
    """New credentials, and nothing stands in the way any more. The webhook's secret stays, if it can still be read."""
    workspace_id, now = known.workspace_id, on.clock.now()
    connection_state.renew_credentials(
        conn,
        workspace_id,
        known.id,
        account_email=given.email,
        account_id=found.account_id,
        auth_kind=given.auth_kind,
        api_url=site.api_url(found.product, given.auth_kind),
        credentials=on.secrets.seal(given.token),
    )
    if found.choices and known.choice == FieldChoice():  # what an admin chose since then stays
        connection_state.record_choice(conn, workspace_id, known.id, found.choices.as_field_choice())
    connection_state.record_health(conn, workspace_id, known.id, Health.CURRENT, now)
    connection_state.unblock(conn, workspace_id, known.id)
    try:
        on.secrets.open(known.webhook_secret)
    except WrongKey:
        replace_webhook_secret(conn, workspace_id, known.id, on.secrets.seal(token_hex(32)))


def _mark_first_look(conn: Transaction, workspace_id: int, connection_id: int, product: str, now: datetime) -> None:
    kind = "poll" if product == "jira" else "pages"
    mark_due(conn, workspace_id, kind, [str(connection_id)], now, urgency=AT_ONCE, retry=True)
