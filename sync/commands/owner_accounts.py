"""Saying which account of a Confluence the name of an owner stands for, where tables ask who types."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.errors import Forbidden, Gone, Rejected
from connector.http import at_most
from connector.site_answers import SiteAccount
from connector.store import site_accounts
from connector.store.activity import record_activity
from connector.store.connections import Connection, load_connections
from mapping.visible_text import folded
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible
from sync.ports import Resources

LONGEST_ACCOUNT = 128
# Somebody waits for the answer.
SECONDS = 4.0
# However long ago a site named an account, the account is the same.
_EVER = timedelta(days=36_500)


def set_owner_account(
    on: Resources,
    workspace_id: int,
    connection_id: int,
    name: str,
    account_id: str,
    *,
    who: str,
    seen: str | None = None,
) -> str:
    """The name stands for this account from now on; an empty ``account_id``: for the first account of exactly that name
    that checks in. Returns the account's own name, empty for none.

    ``seen``: the account that it stood for when whoever decides looked. NotPossible where there is no such site or
    account, or where it stands for another one by now.
    """
    name, account_id = folded(name), account_id.strip()
    if not name or len(name) > site_accounts.LONGEST_NAME or len(account_id) > LONGEST_ACCOUNT:
        raise NotPossible("Name an owner, and an account of at most {most} characters.", most=LONGEST_ACCOUNT)
    now = on.clock.now()
    with on.database.read() as conn:
        connection = _confluence(conn, workspace_id, connection_id)
        known = site_accounts.load_accounts(conn, workspace_id, connection_id, [account_id], now - _EVER)
    account = (known.get(account_id) or _asked(on, connection, account_id)) if account_id else None
    with on.database.write() as conn:
        _check_seen(conn, workspace_id, connection_id, name, seen)
        _keep(conn, workspace_id, connection_id, name, account, now)
        stands = f"{account.display_name or account.account_id}" if account else "the first account of that name"
        text = f"said that {name} stands for {stands} in {connection.site_url}"
        record_activity(conn, workspace_id, at=now, who=who, text=text)
    return account.display_name or account.account_id if account else ""


def _confluence(conn: Transaction, workspace_id: int, connection_id: int) -> Connection:
    for connection in load_connections(conn, workspace_id, "confluence"):
        if connection.id == connection_id:
            return connection
    raise NotPossible("There is no such Confluence.")


def _asked(on: Resources, connection: Connection, account_id: str) -> SiteAccount:
    with at_most(SECONDS), asking(connection.site_url):
        try:
            found = on.sites.confluence(connection).accounts([account_id])
        except (Forbidden, Gone, Rejected):
            found = ()
    account = next((each for each in found if each.account_id == account_id), None)
    if account is None:
        raise NotPossible("{site} names no account {account}.", site=connection.site_url, account=account_id)
    return account


def _check_seen(conn: Transaction, workspace_id: int, connection_id: int, name: str, seen: str | None) -> None:
    now = site_accounts.load_owner_accounts(conn, workspace_id, connection_id, [name]).get(name, "")
    if seen is not None and seen != now:
        raise NotPossible("{name} stands for another account by now. Look at it, and decide then.", name=name)


def _keep(
    conn: Transaction, workspace_id: int, connection_id: int, name: str, account: SiteAccount | None, at: datetime
) -> None:
    if account is None:
        site_accounts.forget_owner_account(conn, workspace_id, connection_id, name)
        return
    site_accounts.record_accounts(conn, workspace_id, connection_id, [account], at)
    site_accounts.set_owner_account(conn, workspace_id, connection_id, name, account.account_id, at)
