"""Who may check in by typing: whoever may edit the page, the owner of the key result, or those of its team.

OKRs name people, Confluence names accounts, and two accounts may have one name. So a name stands for the first account
that checks in under it; another account of the same name is refused from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection as Transaction

from connector.site_answers import SiteAccount
from connector.store import okrs, site_accounts
from connector.store.okrs import CycleOkrs
from connector.store.tables import PageTable
from mapping.okr import KeyResult
from mapping.visible_text import folded
from sync.page_memory import Visit


@dataclass(frozen=True, slots=True)
class Rights:
    """``names``: who may, by key result; None where everybody may. ``accounts``: what the names stand for."""

    names: Mapping[str, frozenset[str]] | None
    accounts: Mapping[str, str]

    def allow(self, key: str, account: SiteAccount) -> bool:
        """Whether the account may check in on the key result."""
        return self.names is None or self.name_of(key, account) is not None

    def name_of(self, key: str, account: SiteAccount) -> str | None:
        """The name, among those who may, that the account stands for; None where none, or where everybody may."""
        names = () if self.names is None else sorted(self.names.get(key, frozenset()))
        shown = folded(account.display_name)
        for name in names:
            pinned = self.accounts.get(name)
            if pinned == account.account_id or (pinned is None and shown and name == shown):
                return name
        return None

    def pin(self, conn: Transaction, visit: Visit, taken: Iterable[tuple[str, SiteAccount]]) -> None:
        """The names under which the accounts checked in (on which key result, who) stand for them from now on."""
        for key, account in taken:
            name = self.name_of(key, account)
            if name is not None and account.account_id:
                site_accounts.pin_owner_account(
                    conn, visit.claim.workspace_id, visit.connection.id, name, account.account_id, visit.at
                )


def load_rights(conn: Transaction, visit: Visit, key_results: Collection[KeyResult]) -> Rights:
    """For the key results of one table."""
    workspace_id, table = visit.claim.workspace_id, visit.table
    if table.check_in_by == "editors":
        return Rights(None, {})
    names = _names(conn, workspace_id, table, key_results)
    everybody = frozenset(name for of_one in names.values() for name in of_one)
    return Rights(names, site_accounts.load_owner_accounts(conn, workspace_id, visit.connection.id, everybody))


def _names(
    conn: Transaction, workspace_id: int, table: PageTable, key_results: Collection[KeyResult]
) -> dict[str, frozenset[str]]:
    if table.check_in_by == "owner":
        return {kr.key: _clean([kr.owner]) for kr in key_results}
    cycle = okrs.load_cycle(conn, workspace_id, table.cycle_key)
    team_of = {objective.key: objective.team for objective, _ in cycle.objectives}
    return {kr.key: _team(cycle, team_of[kr.objective_key]) for kr in key_results if kr.objective_key in team_of}


def _team(cycle: CycleOkrs, team: str) -> frozenset[str]:
    """Who owns or sponsors anything of that team in the cycle."""
    return _clean(
        name
        for objective, key_results in cycle.objectives
        if objective.team == team
        for name in (objective.sponsor, *(kr.owner for kr in key_results))
    )


def _clean(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in map(folded, names) if name)
