"""Letting a site tell of changes: how to set up its webhook by hand, and setting it up where our account may."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.connecting import DATA_CENTER
from connector.errors import Forbidden, Unauthorized
from connector.public_addresses import AddressRefused, refuse_private_literal
from connector.store.activity import record_activity
from connector.store.connection_state import record_webhook
from connector.store.connections import Connection
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible
from sync.commands.telling_sites import (
    NAME,
    events_of,
    only_one,
    product_name,
    set_up_webhook,
    telling_sites,
    webhook_account,
)
from sync.commands.webhook_text import jira_steps, page_steps
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


def register_webhook(on: Resources, workspace_id: int, who: str, site: str = "") -> WebhookReport:
    """Set the webhook up at the site; one of ours that is there already is replaced.

    NotPossible, with the instructions, where the account is no administrator there.
    """
    connection = only_one(telling_sites(on, workspace_id, site))
    address = webhook_address(on, connection)
    trouble = unreachable(address, connection)
    if trouble:
        raise NotPossible(trouble)
    account = webhook_account(on, connection)
    with asking(connection.site_url):
        try:
            older = [each for each in account.webhooks() if each.url == address]
            webhook = set_up_webhook(on, connection, address)
        except (Forbidden, Unauthorized) as error:
            raise NotPossible(
                f"Our account may not set up webhooks in {connection.site_url} ({error})\n\n"
                + _instructions(on, connection)
            ) from error
        for each in older:
            account.delete_webhook(each.webhook_id)
    with on.database.write() as conn:
        now = on.clock.now()
        record_webhook(conn, workspace_id, connection.id, webhook.webhook_id)
        record_activity(conn, workspace_id, at=now, who=who, text=f"set up the webhook in {connection.site_url}")
    return WebhookReport(connection.site_url, address, len(older))


def webhook_address(on: Resources, connection: Connection) -> str:
    """Where the site sends events of this connection."""
    return f"{on.settings.public_url}/webhooks/{connection.product}/{connection.id}"


def unreachable(address: str, connection: Connection) -> str:
    """Empty where this site may reach the address; otherwise why not and what to do.

    A site inside the same network, as a Data Center or the demo, may reach what the world cannot.
    """
    if _can_reach(connection, address):
        return ""
    place = "this machine" if connection.deployment == DATA_CENTER else "this machine or network"
    return (
        f"{address} cannot be reached from outside {place}, so {connection.site_url} cannot send events there. "
        f"Set OKR_BASE_URL to the address under which {_reaches_by(connection)}. Until then nothing is "
        f"lost: {product_name(connection)} is asked every minute."
    )


def _can_reach(connection: Connection, address: str) -> bool:
    if connection.deployment == DATA_CENTER:
        return _host(address) not in _LOOPBACK or _host(connection.site_url) in _LOOPBACK
    return _is_private(connection.site_url) or not _is_private(address)


def _reaches_by(connection: Connection) -> str:
    if connection.deployment == DATA_CENTER:
        return "Confluence's server reaches this service"
    return "the world reaches this service, with https"


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
