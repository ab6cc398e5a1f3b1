"""Keeping what was found out about a site: a new connection, or new credentials for one that is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.crypto import SecretBox, WrongKey
from connector.store import connection_state
from connector.store.connections import Connection, Health, NewConnection, add_connection, load_connections
from connector.store.reconnecting import replace_webhook_secret, resume_work
from connector.store.work import mark_due
from mapping.issue import FieldChoice
from sync.commands.inspection import Inspected
from sync.commands.running import AT_ONCE


@dataclass(frozen=True, slots=True)
class Connected:
    """One product that is connected now. ``is_renewal``: it was so before, and has new credentials."""

    connection_id: int
    inspected: Inspected
    is_renewal: bool


def keep(
    conn: Transaction, workspace_id: int, new: NewConnection, found: Inspected, secrets: SecretBox, now: datetime
) -> Connected:
    """Keep the connection and have it looked at at once. Where its product is connected at this site already, that
    connection signs in as ``new`` says from now on, and everything that waited for it goes on."""
    known = find_same(conn, workspace_id, new.product, new.site_url)
    if known is None:
        connection_id = add_connection(conn, workspace_id, new, now).id
    else:
        connection_id = known.id
        _renew(conn, known, new, secrets, now)
        resume_work(conn, workspace_id, known.id, now)
    kind = "poll" if new.product == "jira" else "pages"
    mark_due(conn, workspace_id, kind, [str(connection_id)], now, urgency=AT_ONCE, retry=True)
    return Connected(connection_id, found, is_renewal=known is not None)


def find_same(conn: Transaction, workspace_id: int, product: str, site_url: str) -> Connection | None:
    """The connection to this product at this site."""
    same = (each for each in load_connections(conn, workspace_id, product) if each.site_url.lower() == site_url.lower())
    return next(same, None)


def _renew(conn: Transaction, known: Connection, new: NewConnection, secrets: SecretBox, now: datetime) -> None:
    """New credentials, and nothing stands in the way any more. The webhook's secret stays, if it can still be read."""
    workspace_id = known.workspace_id
    connection_state.renew_credentials(
        conn,
        workspace_id,
        known.id,
        account_email=new.account_email,
        account_id=new.account_id,
        auth_kind=new.auth_kind,
        api_url=new.api_url,
        credentials=new.credentials,
        at=now,
    )
    if new.choice != FieldChoice() and known.choice == FieldChoice():  # what an admin chose since then stays
        connection_state.record_choice(conn, workspace_id, known.id, new.choice)
    connection_state.record_health(conn, workspace_id, known.id, Health.CURRENT, now)
    connection_state.unblock(conn, workspace_id, known.id)
    try:
        secrets.open(known.webhook_secret)
    except WrongKey:
        replace_webhook_secret(conn, workspace_id, known.id, new.webhook_secret)
