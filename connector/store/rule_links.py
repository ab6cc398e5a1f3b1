"""What stands in the way of a rule: links that are there already, and links that a person took away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from connector.store.batches import in_batches
from connector.store.rows import rows_as
from connector.store.schema import initiative, link_taken_away
from connector.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Made:
    """A link, or one that was taken away: of which issue and key result, by whom and when. ``rule_id`` is the rule that
    made it, if one did."""

    issue_id: str
    key_result_key: str
    rule_id: int | None
    by: str
    at: datetime


def links_of_rule(conn: Connection, workspace_id: int, connection_id: int, rule_id: int) -> tuple[Made, ...]:
    """The links that the rule made and that stand."""
    c = initiative.c
    found = select(c.issue_id, c.key_result_key, c.rule_id, c.linked_by, c.linked_at).where(
        c.workspace_id == workspace_id, c.connection_id == connection_id, c.rule_id == rule_id
    )
    return rows_as(Made, conn, found.order_by(c.id))


def links_among(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]
) -> tuple[Made, ...]:
    """All links of the given issues, whoever made them."""
    c = initiative.c
    found: list[Made] = []
    for batch in in_batches(sorted(set(issue_ids))):
        among = select(c.issue_id, c.key_result_key, c.rule_id, c.linked_by, c.linked_at).where(
            c.workspace_id == workspace_id, c.connection_id == connection_id, c.issue_id.in_(batch)
        )
        found += rows_as(Made, conn, among)
    return tuple(found)


def taken_away_among(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]
) -> tuple[Made, ...]:
    """The links of the given issues that a person took away."""
    c = link_taken_away.c
    found: list[Made] = []
    for batch in in_batches(sorted(set(issue_ids))):
        among = select(c.issue_id, c.key_result_key, c.by, c.at).where(
            c.workspace_id == workspace_id, c.connection_id == connection_id, c.issue_id.in_(batch)
        )
        found += [Made(row.issue_id, row.key_result_key, None, row.by, row.at) for row in conn.execute(among)]
    return tuple(found)


def remember_taken_away(
    conn: Connection, workspace_id: int, key_result_key: str, connection_id: int, issue_id: str, *,
    at: datetime, by: str,
) -> None:  # fmt: skip
    """A person took this link away: no rule makes it again."""
    of = {"workspace_id": workspace_id, "connection_id": connection_id, "issue_id": issue_id}
    statement = insert_into(conn, link_taken_away)
    key = ["workspace_id", "key_result_key", "connection_id", "issue_id"]
    told = {"at": statement.excluded["at"], "by": statement.excluded["by"]}
    conn.execute(
        statement.on_conflict_do_update(index_elements=key, set_=told),
        [{**of, "key_result_key": key_result_key, "at": at, "by": by}],
    )
