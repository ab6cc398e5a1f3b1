"""Whose is it: the teams that something belongs to, as they are in this transaction. The team ``""`` stands for all."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection as Transaction

from connector.store import link_rules, okrs, tables
from connector.store.link_rules import UnknownRule
from connector.store.tables import UnknownTable

ALL_TEAMS = ""


def teams_of_key_results(conn: Transaction, workspace_id: int, keys: Collection[str]) -> frozenset[str]:
    """The teams whose key results these are; a key that nobody has belongs to none."""
    return frozenset(okrs.teams_of(conn, workspace_id, keys).values())


def teams_of_objectives(conn: Transaction, workspace_id: int, keys: Collection[str]) -> frozenset[str]:
    """The teams whose objectives these are; a key that nobody has belongs to none."""
    return frozenset(each.team for each in okrs.load_all_objectives(conn, workspace_id) if each.key in keys)


def teams_of_table(conn: Transaction, workspace_id: int, table_id: int) -> frozenset[str]:
    """The teams that a table shows; none where there is no such table."""
    try:
        return frozenset(tables.load_table(conn, workspace_id, table_id).teams or (ALL_TEAMS,))
    except UnknownTable:
        return frozenset()


def teams_served(conn: Transaction, workspace_id: int, key: str) -> frozenset[str]:
    """The team whose links a rule for this key result makes; all, where it may serve any, or none."""
    return frozenset({okrs.teams_of(conn, workspace_id, [key]).get(key, ALL_TEAMS)})


def teams_of_rule(conn: Transaction, workspace_id: int, rule_id: int) -> frozenset[str]:
    """The same of a rule that is kept; none where there is no such rule."""
    try:
        return teams_served(conn, workspace_id, link_rules.load_rule(conn, workspace_id, rule_id).rule.key_result_key)
    except UnknownRule:
        return frozenset()
