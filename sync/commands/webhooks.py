"""Letting a site tell of changes: how to set up its webhook by hand, and setting it up where our account may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.connecting import DATA_CENTER
from connector.crypto import WrongKey
from connector.errors import Forbidden, Unauthorized
from connector.public_addresses import AddressRefused, refuse_private_literal
from connector.store.activity import record_activity
from connector.store.connection_state import record_webhook
from connector.store.connections import Connection, UnknownConnection, load_connection, load_connections
from mapping.sentences import Explained, sentence
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible
from sync.commands.telling_sites import (
    NAME,
    can_tell,
    events_of,
    only_one,
    product_name,
    set_up_webhook,
    telling_sites,
    webhook_account,
)
from sync.commands.webhook_text import grouped, jira_steps, page_steps
from sync.ports import Resources

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class WebhookReport:
    """The webhook that stands at the site now, where it sends to, and how many older ones of ours it replaced."""

    site_url: str
    address: str
    replaced: int


def webhook_instructions(on: Resources, workspace_id: int, site: str = "") -> str:
    """What an administrator of the site does, with address and secret; for every site that can tell, or that one.

    NotPossible where none is connected.
    """
    connections = telling_sites(on, workspace_id, site)
    return "\n".join(_instructions(on, connection) for connection in connections)


@dataclass(frozen=True, slots=True)
class WebhookToEnter:
    """What an administrator enters at the site. ``events`` are its own names of what is to be sent, by the group that
    they stand in; ``trouble`` says why the site could not reach the address, None where it can."""

    connection: Connection
    name: str
    address: str
    events: Mapping[str, tuple[str, ...]]
    trouble: Explained | None


def webhooks_to_enter(on: Resources, workspace_id: int) -> tuple[WebhookToEnter, ...]:
    """For every site that can tell of changes, without its secret."""
    with on.database.read() as conn:
        connections = [each for each in load_connections(conn, workspace_id) if can_tell(each)]
    return tuple(_to_enter(on, each) for each in connections)


def webhook_secret(on: Resources, workspace_id: int, connection_id: int) -> str:
    """What the site signs its events with; shown only where an admin asks. NotPossible for another's connection, and
    where it can no longer be read."""
    try:
        with on.database.read() as conn:
            return on.secrets.open(load_connection(conn, workspace_id, connection_id).webhook_secret)
    except UnknownConnection:
        raise NotPossible("This site is not connected any more.") from None
    except WrongKey as error:
        raise NotPossible(str(error)) from error


def register_webhook(on: Resources, workspace_id: int, who: str, site: str = "") -> WebhookReport:
    """Set the webhook up at the site; one of ours that is there already is replaced.

    NotPossible, with the instructions, where the account is no administrator there.
    """
    connection = only_one(telling_sites(on, workspace_id, site))
    address = webhook_address(on, connection)
    trouble = unreachable(address, connection)
    if trouble:
        raise NotPossible(trouble.text, **trouble.values)
    account = webhook_account(on, connection)
    with asking(connection.site_url):
        try:
            older = [each for each in account.webhooks() if each.url == address]
            webhook = set_up_webhook(on, connection, address)
        except (Forbidden, Unauthorized) as error:
            raise NotPossible(
                "Our account may not set up webhooks in {site}, since it is no administrator there. Let one enter by "
                "hand what is listed here, or leave it: then we ask every minute. ({error})\n\n{steps}",
                site=connection.site_url,
                error=error,
                steps=_instructions(on, connection),
            ) from error
        for each in older:
            account.delete_webhook(each.webhook_id)
    with on.database.write() as conn:
        now = on.clock.now()
        record_webhook(conn, workspace_id, connection.id, webhook.webhook_id)
        record_activity(conn, workspace_id, at=now, who=who, text=f"set up the webhook in {connection.site_url}")
    return WebhookReport(connection.site_url, address, len(older))


def _to_enter(on: Resources, connection: Connection) -> WebhookToEnter:
    address = webhook_address(on, connection)
    groups = grouped(events_of(connection))
    events = {group or sentence("Page"): tuple(acts) for group, acts in groups.items()}
    return WebhookToEnter(connection, NAME, address, events, unreachable(address, connection))


def webhook_address(on: Resources, connection: Connection) -> str:
    """Where the site sends events of this connection."""
    return f"{on.settings.public_url}/webhooks/{connection.product}/{connection.id}"


def unreachable(address: str, connection: Connection) -> Explained | None:
    """None where this site may reach the address; otherwise why not and what to do.

    A site inside the same network, as a Data Center or the demo, may reach what the world cannot.
    """
    if _can_reach(connection, address):
        return None
    if connection.deployment == DATA_CENTER:
        return Explained(
            "{address} cannot be reached from outside this machine, so {site} cannot send events there. Set "
            "OKR_BASE_URL to the address under which Confluence's server reaches this service. Until then nothing is "
            "lost: Confluence is asked every minute.",
            address=address,
            site=connection.site_url,
        )
    return Explained(
        "{address} cannot be reached from outside this machine or network, so {site} cannot send events there. Set "
        "OKR_BASE_URL to the address under which the world reaches this service, with https. Until then nothing is "
        "lost: {product} is asked every minute.",
        address=address,
        site=connection.site_url,
        product=product_name(connection),
    )


def _can_reach(connection: Connection, address: str) -> bool:
    if connection.deployment == DATA_CENTER:
        return _host(address) not in _LOOPBACK or _host(connection.site_url) in _LOOPBACK
    return _is_private(connection.site_url) or not _is_private(address)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_private(url: str) -> bool:
    host = _host(url)
    try:
        refuse_private_literal(host)
    except AddressRefused:
        return True
    return urlsplit(url).scheme != "https" or "." not in host


def _instructions(on: Resources, connection: Connection) -> str:
    address = webhook_address(on, connection)
    secret = on.secrets.open(connection.webhook_secret)
    steps_of = jira_steps if connection.product == "jira" else page_steps
    steps = steps_of(NAME, connection.site_url, address, secret, events_of(connection))
    trouble = unreachable(address, connection)
    return f"{trouble}\n\n{steps}" if trouble else steps
