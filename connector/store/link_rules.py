"""Rules that link issues by themselves: what each wants, how it fares, and which issues wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.schema import epic_choice, initiative, link_rule
from mapping.okr import Initiative, Role
from mapping.rules import Rule, RuleKind


class UnknownRule(LookupError):
    """There is no such rule in this workspace."""


@dataclass(frozen=True, slots=True)
class LinkRule:
    """A rule as kept. ``on_since`` is None while it is off; ``waiting``: ids of issues that match and were too many to
    be linked at once; ``matched`` is how many matched at ``checked_at``."""

    rule_id: int
    workspace_id: int
    connection_id: int
    name: str
    rule: Rule
    on_since: datetime | None
    made_at: datetime
    made_by: str
    checked_at: datetime | None
    matched: int
    waiting: tuple[str, ...]
    trouble: str
    trouble_since: datetime | None

    @property
    def is_on(self) -> bool:
        return self.on_since is not None

    @property
    def target(self) -> str:
        """The work table's name for it."""
        return f"{self.connection_id}:{self.rule_id}"

    @property
    def fingerprint(self) -> str:
        """Another one as soon as anything that a person decides about the rule is different."""
        told = (self.connection_id, self.name, *_rule_values(self.rule).values(), self.is_on)
        return sha256(repr(tuple(map(str, told))).encode()).hexdigest()[:16]


def add_rule(
    conn: Connection, workspace_id: int, connection_id: int, name: str, rule: Rule, *, at: datetime, by: str
) -> int:
    """Keep a new rule, which is on; returns its number."""
    made = {"made_at": at, "made_by": by, "on_since": at, "is_on": True}
    row = {"workspace_id": workspace_id, "connection_id": connection_id, "name": name, **_rule_values(rule), **made}
    return int(conn.execute(insert(link_rule).values(row).returning(link_rule.c.id)).scalar_one())


def change_rule(conn: Connection, workspace_id: int, rule_id: int, name: str, rule: Rule) -> None:
    """From now on it wants something else; who waited for a person waits no longer."""
    _set(conn, workspace_id, rule_id, name=name, **_rule_values(rule), waiting=[], trouble="", trouble_since=None)


def turn_rule(conn: Connection, workspace_id: int, rule_id: int, on_since: datetime | None) -> None:
    """On since then, or off."""
    _set(conn, workspace_id, rule_id, is_on=on_since is not None, on_since=on_since, trouble="", trouble_since=None)


def delete_rule(conn: Connection, workspace_id: int, rule_id: int) -> None:
    """Forget the rule; the links that it made, and what it put on a pile, stay."""
    for table in (initiative, epic_choice):
        of_rule = (table.c.workspace_id == workspace_id, table.c.rule_id == rule_id)
        conn.execute(update(table).where(*of_rule).values(rule_id=None))
    conn.execute(delete(link_rule).where(*_this(workspace_id, rule_id)))


def load_rule(conn: Connection, workspace_id: int, rule_id: int) -> LinkRule:
    """Raises UnknownRule where the workspace has none of this number."""
    row = conn.execute(select(link_rule).where(*_this(workspace_id, rule_id))).one_or_none()
    if row is None:
        raise UnknownRule(f"there is no rule {rule_id}")
    return _rule(row)


def load_rules(conn: Connection, workspace_id: int) -> tuple[LinkRule, ...]:
    """All rules of the workspace, by their names."""
    return tuple(_rule(row) for row in conn.execute(*_all(workspace_id)))


def rules_at_work(
    conn: Connection, workspace_id: int, connection_id: int, kinds: Collection[RuleKind] = tuple(RuleKind)
) -> tuple[LinkRule, ...]:
    """Those of one connection and of these kinds that are on."""
    found = _at_work(workspace_id, connection_id, sorted(kinds))
    return tuple(_rule(row) for row in conn.execute(*found))


def name_is_taken(conn: Connection, workspace_id: int, name: str, but: int | None) -> bool:
    """True where another rule than ``but`` has this name."""
    c = link_rule.c
    same = select(c.id).where(c.workspace_id == workspace_id, c.name == name, c.id != (but or 0))
    return conn.execute(same).first() is not None


def record_checked(
    conn: Connection, workspace_id: int, rule_id: int, *, at: datetime, matched: int, waiting: Sequence[str]
) -> None:
    """Jira told what matches, so nothing is the matter any more."""
    told: Values = {"checked_at": at, "matched": matched, "waiting": list(waiting)}
    _set(conn, workspace_id, rule_id, **told, trouble="", trouble_since=None)


def record_waiting(conn: Connection, workspace_id: int, rule_id: int, waiting: Sequence[str]) -> None:
    """These issues match and wait for a person."""
    _set(conn, workspace_id, rule_id, waiting=list(waiting))


def record_trouble(conn: Connection, workspace_id: int, rule_id: int, *, at: datetime, trouble: str) -> None:
    """Jira was asked and could not say what matches; the first ``at`` stays as its beginning."""
    since = func.coalesce(link_rule.c.trouble_since, at)
    _set(conn, workspace_id, rule_id, checked_at=at, trouble=trouble, trouble_since=since)


def note_linked(conn: Connection, workspace_id: int, rule_id: int, link: Initiative) -> None:
    """This link was made by the rule."""
    c = initiative.c
    this = (
        c.workspace_id == workspace_id,
        c.key_result_key == link.key_result_key,
        c.connection_id == link.connection_id,
        c.issue_id == link.issue_id,
    )
    conn.execute(update(initiative).where(*this).values(rule_id=rule_id))


def count_linked(conn: Connection, workspace_id: int, rule_id: int, *, since: datetime, by: str) -> int:
    """How many links the rule made since then in the name of ``by``."""
    c = initiative.c
    made = (c.workspace_id == workspace_id, c.rule_id == rule_id, c.linked_at > since, c.linked_by == by)
    return int(conn.execute(select(func.count()).select_from(initiative).where(*made)).scalar_one())


def links_by_rule(conn: Connection, workspace_id: int) -> dict[int, int]:
    """How many links and choices of each rule stand."""
    found: dict[int, int] = {}
    for table in (initiative, epic_choice):
        of_rules = (table.c.workspace_id == workspace_id, table.c.rule_id.is_not(None))
        counted = select(table.c.rule_id, func.count()).where(*of_rules).group_by(table.c.rule_id)
        for rule_id, number in conn.execute(counted):
            found[rule_id] = found.get(rule_id, 0) + number
    return found


@prepared
def _all(workspace_id: int) -> Select[Any]:
    return select(link_rule).where(link_rule.c.workspace_id == workspace_id).order_by(link_rule.c.name, link_rule.c.id)


@prepared
def _at_work(workspace_id: int, connection_id: int, kinds: Sequence[str]) -> Select[Any]:
    c = link_rule.c
    these = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.is_on, c.kind.in_(kinds))
    return select(link_rule).where(*these).order_by(c.name, c.id)


def _this(workspace_id: int, rule_id: int) -> tuple[ColumnElement[bool], ...]:
    return link_rule.c.workspace_id == workspace_id, link_rule.c.id == rule_id


def _set(conn: Connection, workspace_id: int, rule_id: int, **values: Any) -> None:
    if not conn.execute(update(link_rule).where(*_this(workspace_id, rule_id)).values(**values)).rowcount:
        raise UnknownRule(f"there is no rule {rule_id}")


def _rule_values(rule: Rule) -> Values:
    return {
        "kind": str(rule.kind),
        "wanted": rule.wanted,
        "key_result_key": rule.key_result_key,
        "role": str(rule.role),
        "weight": rule.weight,
    }


def _rule(row: AnyRow) -> LinkRule:
    return LinkRule(
        rule_id=row.id,
        workspace_id=row.workspace_id,
        connection_id=row.connection_id,
        name=row.name,
        rule=Rule(RuleKind(row.kind), row.wanted, row.key_result_key, Role(row.role), row.weight),
        on_since=row.on_since if row.is_on else None,
        made_at=row.made_at,
        made_by=row.made_by,
        checked_at=row.checked_at,
        matched=row.matched,
        waiting=tuple(row.waiting),
        trouble=row.trouble,
        trouble_since=row.trouble_since,
    )
