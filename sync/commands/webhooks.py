"""Letting Jira tell of changes: how to set up its webhook by hand, and setting it up where our account may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.errors import Forbidden, Unauthorized
from connector.jira import WEBHOOK_EVENTS
from connector.public_addresses import AddressRefused, refuse_private_literal
from connector.site_answers import Webhook
from connector.store.activity import record_activity
from connector.store.connection_state import record_webhook
from connector.store.connections import Connection
from sync.commands.asking import asking
from sync.commands.issue_keys import jira_connections
from sync.commands.not_possible import NotPossible
from sync.commands.site_access import JiraAccount, as_jira_account
from sync.commands.webhook_text import NAME, webhook_steps
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class WebhookReport:
    """The webhook that stands in Jira now, where it sends to, and how many older ones of ours it replaced."""

    site_url: str
    address: str
    replaced: int


def webhook_instructions(on: Resources, workspace_id: int, site: str = "") -> str:
    """What a Jira administrator does, with address and secret; for every Jira, or the one at ``site``.

    NotPossible where no Jira is connected.
    """
    connections = jira_connections(on, workspace_id, site)
    return "\n".join(_instructions(on, connection) for connection in connections)


def register_webhook(on: Resources, workspace_id: int, who: str, site: str = "") -> WebhookReport:
    """Set the webhook up in Jira; one of ours that is there already is replaced.

    NotPossible, with the instructions, where the account is no Jira administrator.
    """
    connection = _only_one(jira_connections(on, workspace_id, site))
    address = webhook_address(on, connection)
    trouble = unreachable(address, connection.site_url)
    if trouble:
        raise NotPossible(trouble)
    jira = as_jira_account(on.sites.jira(connection))
    with asking(connection.site_url):
        try:
            older = [each for each in jira.webhooks() if each.url == address]
            webhook = jira.register_webhook(
                NAME, address, WEBHOOK_EVENTS, "", on.secrets.open(connection.webhook_secret)
            )
        except (Forbidden, Unauthorized) as error:
            raise NotPossible(
                f"Our account may not set up webhooks in {connection.site_url} ({error})\n\n"
                + _instructions(on, connection)
            ) from error
        _delete(jira, older)
    with on.database.write() as conn:
        now = on.clock.now()
        record_webhook(conn, workspace_id, connection.id, webhook.webhook_id)
        record_activity(conn, workspace_id, at=now, who=who, text=f"set up the webhook in {connection.site_url}")
    return WebhookReport(connection.site_url, address, len(older))


def webhook_address(on: Resources, connection: Connection) -> str:
    """Where Jira sends events of this connection."""
    return f"{on.settings.public_url}/webhooks/jira/{connection.id}"


def unreachable(address: str, site_url: str) -> str:
    """Empty where this Jira may reach the address; otherwise why not and what to do.

    A Jira inside the same network, as in the demo, may reach what the world cannot.
    """
    if _is_private(site_url) or not _is_private(address):
        return ""
    return (
        f"{address} cannot be reached from outside this machine or network, so {site_url} cannot send events there. "
        "Set OKR_BASE_URL to the address under which the world reaches this service, with https. Until then nothing is "
        "lost: Jira is asked every minute."
    )


def _is_private(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        refuse_private_literal(host)
    except AddressRefused:
        return True
    return parts.scheme != "https" or "." not in host


def _instructions(on: Resources, connection: Connection) -> str:
    address = webhook_address(on, connection)
    secret = on.secrets.open(connection.webhook_secret)
    steps = webhook_steps(connection.site_url, address, secret, WEBHOOK_EVENTS)
    trouble = unreachable(address, connection.site_url)
    return f"{trouble}\n\n{steps}" if trouble else steps


def _only_one(connections: Sequence[Connection]) -> Connection:
    if len(connections) > 1:
        known = ", ".join(each.site_url for each in connections)
        raise NotPossible(f"Several Jiras are connected: {known}. Say which one is meant: --site ADDRESS")
    return connections[0]


def _delete(jira: JiraAccount, older: Sequence[Webhook]) -> None:
    for webhook in older:
        jira.delete_webhook(webhook.webhook_id)
