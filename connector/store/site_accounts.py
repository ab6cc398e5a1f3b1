"""Who the accounts of a site are, as the site names them, and which account the name of an owner stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from connector.site_answers import SiteAccount
from connector.store.rows import rows_as
from connector.store.schema import owner_account, site_account
from connector.store.upsert import insert_into, insert_once

LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class OwnerAccount:
    """The name of an owner, and the account of one site for which it stands since then."""

    connection_id: int
    name: str
    account_id: str
    since: datetime


def load_accounts(
    conn: Connection, workspace_id: int, connection_id: int, account_ids: Collection[str], since: datetime
) -> dict[str, SiteAccount]:
    """Those of the accounts that were looked up after ``since``, by their ids."""
    c = site_account.c
    found = select(c.account_id, c.display_name, c.account_type).where(
        c.workspace_id == workspace_id,
        c.connection_id == connection_id,
        c.account_id.in_(sorted(account_ids)),
        c.looked_up_at > since,
    )
    return {account.account_id: account for account in rows_as(SiteAccount, conn, found)}


def record_accounts(
    conn: Connection, workspace_id: int, connection_id: int, accounts: Iterable[SiteAccount], at: datetime
) -> None:
    """Keep who they are, as the site said at ``at``; what was known of them before is written over."""
    rows = [
        {
            "workspace_id": workspace_id,
            "connection_id": connection_id,
            "account_id": account.account_id,
            "display_name": account.display_name[:LONGEST_NAME],
            "account_type": account.account_type,
            "looked_up_at": at,
        }
        for account in accounts
    ]
    if not rows:
        return
    statement = insert_into(conn, site_account)
    said = {name: statement.excluded[name] for name in ("display_name", "account_type", "looked_up_at")}
    same = ["workspace_id", "connection_id", "account_id"]
    conn.execute(statement.on_conflict_do_update(index_elements=same, set_=said), rows)


def load_owner_accounts(
    conn: Connection, workspace_id: int, connection_id: int, names: Collection[str]
) -> dict[str, str]:
    """Which account each of the names stands for, as far as that is known."""
    c = owner_account.c
    found = select(c.name, c.account_id).where(
        c.workspace_id == workspace_id, c.connection_id == connection_id, c.name.in_(sorted(names))
    )
    return {row.name: row.account_id for row in conn.execute(found)}


def pin_owner_account(
    conn: Connection, workspace_id: int, connection_id: int, name: str, account_id: str, at: datetime
) -> bool:
    """From now on the name stands for this account. False where it stands for one already, which stays."""
    row = {
        "workspace_id": workspace_id,
        "connection_id": connection_id,
        "name": name,
        "account_id": account_id,
        "since": at,
    }
    return insert_once(conn, owner_account, row)


def load_all_owner_accounts(conn: Connection, workspace_id: int) -> tuple[OwnerAccount, ...]:
    """Which names stand for which accounts, of all sites."""
    c = owner_account.c
    found = select(c.connection_id, c.name, c.account_id, c.since).where(c.workspace_id == workspace_id)
    return rows_as(OwnerAccount, conn, found.order_by(c.connection_id, c.name))


def set_owner_account(
    conn: Connection, workspace_id: int, connection_id: int, name: str, account_id: str, at: datetime
) -> None:
    """From now on the name stands for this account, whatever it stood for before."""
    forget_owner_account(conn, workspace_id, connection_id, name)
    pin_owner_account(conn, workspace_id, connection_id, name, account_id, at)


def forget_owner_account(conn: Connection, workspace_id: int, connection_id: int, name: str) -> None:
    """The name stands for nobody, until the first account of that name checks in."""
    c = owner_account.c
    conn.execute(
        delete(owner_account).where(c.workspace_id == workspace_id, c.connection_id == connection_id, c.name == name)
    )


def load_known_people(conn: Connection, workspace_id: int, connection_id: int, limit: int) -> tuple[SiteAccount, ...]:
    """The people of a site of whom anything is known, by their names."""
    c = site_account.c
    found = select(c.account_id, c.display_name, c.account_type).where(
        c.workspace_id == workspace_id, c.connection_id == connection_id, c.account_type != "app", c.display_name != ""
    )
    return rows_as(SiteAccount, conn, found.order_by(c.display_name, c.account_id).limit(limit))
