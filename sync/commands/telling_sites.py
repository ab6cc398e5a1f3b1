"""Sites that can tell of changes by themselves: every Jira, and Confluence where it is a Data Center.

Confluence Cloud has no webhook that an administrator can set up; it is asked which pages have a new version.
"""

from __future__ import annotations

from collections.abc import Sequence

from connector.confluence_data_center import WEBHOOK_EVENTS as PAGE_EVENTS
from connector.connecting import DATA_CENTER
from connector.jira import WEBHOOK_EVENTS as ISSUE_EVENTS
from connector.site_answers import Webhook
from connector.store.connections import Connection, load_connections
from sync.commands.not_possible import NotPossible
from sync.commands.site_access import DataCenterAccount, JiraAccount, as_data_center_account, as_jira_account
from sync.ports import Resources

NAME = "OKR Connector"
"""The webhook's name at the site."""


def can_tell(connection: Connection) -> bool:
    """Whether this site can send its events to us."""
    return connection.product == "jira" or connection.deployment == DATA_CENTER


def product_name(connection: Connection) -> str:
    """``Jira`` or ``Confluence``."""
    return connection.product.capitalize()


def telling_sites(on: Resources, workspace_id: int, site: str = "") -> tuple[Connection, ...]:
    """The connections that can tell; with ``site`` only the one at that address. NotPossible where there is none."""
    with on.database.read() as conn:
        connections = [each for each in load_connections(conn, workspace_id) if can_tell(each)]
    if not connections:
        raise NotPossible(
            "No Jira is connected yet, and no Confluence Data Center; Confluence Cloud is asked instead. "
            "Connect a site first: okr connect SITE"
        )
    chosen = tuple(each for each in connections if not site or _bare(each.site_url) == _bare(site))
    if not chosen:
        raise NotPossible(
            "{site} is not connected, or cannot tell of changes. There are: {sites}",
            site=site,
            sites=_addresses(connections),
        )
    return chosen


def only_one(connections: Sequence[Connection]) -> Connection:
    """NotPossible where several are meant."""
    if len(connections) > 1:
        raise NotPossible(
            "Several sites are connected: {sites}. Say which one is meant: --site ADDRESS",
            sites=_addresses(connections),
        )
    return connections[0]


def webhook_account(on: Resources, connection: Connection) -> JiraAccount | DataCenterAccount:
    """The site as our account may use it."""
    if connection.product == "jira":
        return as_jira_account(on.sites.jira(connection))
    return as_data_center_account(on.sites.confluence(connection))


def set_up_webhook(on: Resources, connection: Connection, address: str) -> Webhook:
    """Have the site send its events to ``address``, signed with the connection's secret. Forbidden for all but
    administrators; also raises the other errors of ``connector.errors``."""
    secret = on.secrets.open(connection.webhook_secret)
    if connection.product == "jira":
        return as_jira_account(on.sites.jira(connection)).register_webhook(NAME, address, ISSUE_EVENTS, "", secret)
    wiki = as_data_center_account(on.sites.confluence(connection))
    return wiki.register_webhook(NAME, address, PAGE_EVENTS, secret)


def events_of(connection: Connection) -> tuple[str, ...]:
    """What the site is to send, by its own names."""
    return tuple(ISSUE_EVENTS if connection.product == "jira" else PAGE_EVENTS)


def _addresses(connections: Sequence[Connection]) -> str:
    return ", ".join(each.site_url for each in connections)


def _bare(address: str) -> str:
    return address.rstrip("/").lower().removeprefix("https://")
