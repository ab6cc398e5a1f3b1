"""Which account each owner's name stands for, site by site, and which accounts are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.site_answers import SiteAccount
from connector.store import connections, okrs, site_accounts, tables
from connector.store.connections import Connection
from mapping.okr import CycleState
from mapping.visible_text import folded
from sync.ports import Resources

MOST_KNOWN = 500
_EVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """``account_id`` is empty where the name stands for nobody yet; ``account_name`` as the site has it."""

    name: str
    account_id: str
    account_name: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class SiteOwners:
    """One Confluence. ``asking``: how many of its tables ask who types."""

    connection_id: int
    site_url: str
    asking: int
    owners: tuple[OwnerLine, ...]
    known: tuple[SiteAccount, ...]

    @property
    def free(self) -> int:
        """How many names stand for nobody yet."""
        return sum(not each.account_id for each in self.owners)


def load_owner_accounts(on: Resources, workspace_id: int) -> tuple[SiteOwners, ...]:
    """Owners and sponsors of cycles that are not closed, and whatever name was ever tied to an account."""
    with on.database.read() as conn:
        names = _names(conn, workspace_id)
        sites = connections.load_connections(conn, workspace_id, "confluence")
        return tuple(_of_site(conn, workspace_id, site, names, on.clock.now()) for site in sites)


def _names(conn: Transaction, workspace_id: int) -> set[str]:
    cycles = [each.key for each in okrs.load_cycles(conn, workspace_id) if each.state is not CycleState.CLOSED]
    found = [okrs.load_cycle(conn, workspace_id, key) for key in cycles]
    sponsors = {objective.sponsor for cycle in found for objective, _ in cycle.objectives}
    owners = {key_result.owner for cycle in found for key_result in cycle.key_results}
    return {name for name in map(folded, sponsors | owners) if name}


def _of_site(conn: Transaction, workspace_id: int, site: Connection, names: set[str], at: datetime) -> SiteOwners:
    tied = {
        each.name: each
        for each in site_accounts.load_all_owner_accounts(conn, workspace_id)
        if each.connection_id == site.id
    }
    ids = {each.account_id for each in tied.values()}
    called = site_accounts.load_accounts(conn, workspace_id, site.id, ids, at - _EVER)
    return SiteOwners(
        connection_id=site.id,
        site_url=site.site_url,
        asking=sum(each.check_in_by != "editors" for each in tables.watched(conn, workspace_id, site.id)),
        owners=tuple(_line(name, tied.get(name), called) for name in sorted(names | tied.keys(), key=str.casefold)),
        known=site_accounts.load_known_people(conn, workspace_id, site.id, MOST_KNOWN),
    )


def _line(name: str, tied: site_accounts.OwnerAccount | None, called: dict[str, SiteAccount]) -> OwnerLine:
    if tied is None:
        return OwnerLine(name, "", "", None)
    account = called.get(tied.account_id)
    shown = account.display_name if account and account.display_name else tied.account_id
    return OwnerLine(name, tied.account_id, shown, tied.since)
