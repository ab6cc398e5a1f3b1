"""A linking rule as somebody wants it, and whether it can be one here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection as Transaction

from connector.store import connections, link_rules
from connector.store.link_rules import LinkRule
from connector.store.okrs import load_key_results
from mapping.okr import Role, Source
from mapping.rules import JUST_DO_IT, InvalidRule, Rule, RuleKind
from sync.ports import Resources
from sync.rule_matching import keys_to_name

MOST_NAME = 80


@dataclass(frozen=True, slots=True)
class RuleWish:
    """A rule as somebody wants it."""

    name: str
    connection_id: int
    rule: Rule


def check_wish(on: Resources, workspace_id: int, wish: RuleWish, before: LinkRule | None) -> None:
    """Raises InvalidRule with the field that is wrong. ``before``: the rule as it stands, where there is one."""
    rule, key = wish.rule, wish.rule.key_result_key
    if not wish.name.strip() or len(wish.name) > MOST_NAME or not wish.name.isprintable():
        raise InvalidRule("name", "Give it a name of at most {most} characters on one line.", most=MOST_NAME)
    if rule.kind is RuleKind.LABELS and key != JUST_DO_IT:
        raise InvalidRule("serve", "Each of these labels says itself what is served.")
    with on.database.read() as conn:
        sites = {site.id for site in connections.load_connections(conn, workspace_id, "jira")}
        refuse_taken_name(conn, workspace_id, wish, before.rule_id if before else None)
        known = keys_to_name(conn, workspace_id) | ({before.rule.key_result_key} if before else set())
        key_result = load_key_results(conn, workspace_id, [key]).get(key)
    if wish.connection_id not in sites or (before is not None and before.connection_id != wish.connection_id):
        raise InvalidRule("site", "Choose one of the connected Jiras.")
    if key != JUST_DO_IT and (key_result is None or key not in known):
        raise InvalidRule("serve", "Choose a key result of a cycle that is not closed.")
    if rule.role is Role.DRIVES and (key_result is None or key_result.source is not Source.INITIATIVES):
        raise InvalidRule("serve", "The value of this key result does not come from its epics, so none can drive it.")


def refuse_taken_name(conn: Transaction, workspace_id: int, wish: RuleWish, rule_id: int | None) -> None:
    """Raises InvalidRule where another rule than that of this number has the name."""
    if link_rules.name_is_taken(conn, workspace_id, wish.name, rule_id):
        raise InvalidRule("name", "Another rule has this name.")


def told(rule: Rule) -> str:
    """The rule in a few words, for the log."""
    serves = "what each label names" if rule.kind is RuleKind.LABELS else rule.key_result_key or "“Just do it”"
    role = f", which it drives with weight {rule.weight}" if rule.role is Role.DRIVES else ""
    return f"{rule.kind} {rule.wanted} for {serves}{role}"
