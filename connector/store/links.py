"""Which Jira issues serve which key results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, delete, select, update

from connector.store.batches import in_batches
from connector.store.okrs import UnknownOkr, load_key_results
from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.rule_links import remember_taken_away
from connector.store.schema import initiative
from connector.store.upsert import insert_once
from mapping.okr import Initiative, LinkOrigin, Role


class Linked(StrEnum):
    """What recording a link did."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Link:
    """An initiative with when and by whom it was linked."""

    initiative: Initiative
    linked_at: datetime
    linked_by: str


def record_link(conn: Connection, workspace_id: int, link: Initiative, *, at: datetime, by: str) -> Linked:
    """Link an issue to a key result, or change what the link does. A rule never changes a link that is there.

    Raises UnknownOkr where there is no such key result.
    """
    if not load_key_results(conn, workspace_id, [link.key_result_key]):
        raise UnknownOkr(f"there is no key result {link.key_result_key}")
    row = {"workspace_id": workspace_id, "linked_at": at, "linked_by": by, **_values(link)}
    if insert_once(conn, initiative, row):
        return Linked.ADDED
    kept = conn.execute(select(initiative).where(*_this(workspace_id, link))).one()
    if link.origin is LinkOrigin.RULE or initiative_of(kept) == link:
        return Linked.SAME
    conn.execute(update(initiative).where(*_this(workspace_id, link)).values(_values(link)))
    return Linked.CHANGED


def remove_link(
    conn: Connection, workspace_id: int, key_result_key: str, connection_id: int, issue_id: str, *,
    at: datetime, by: str,
) -> bool:  # fmt: skip
    """Take a link away because a person says so; no rule makes it again. False where there was none."""
    this = _this(workspace_id, Initiative(key_result_key, connection_id, issue_id))
    if not conn.execute(delete(initiative).where(*this)).rowcount:
        return False
    remember_taken_away(conn, workspace_id, key_result_key, connection_id, issue_id, at=at, by=by)
    return True


def load_links(conn: Connection, workspace_id: int, key_result_keys: Collection[str] | None = None) -> tuple[Link, ...]:
    """All links of the workspace, or those of the given key results, in the order in which they were made."""
    if key_result_keys is None:
        return _links(conn, workspace_id, select(initiative))
    found: list[Link] = []
    for batch in in_batches(sorted(set(key_result_keys))):
        found += _links(conn, workspace_id, select(initiative).where(initiative.c.key_result_key.in_(batch)))
    return tuple(found)


def links_to(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]
) -> tuple[Initiative, ...]:
    """The links to any of the given issues: which key results an issue serves."""
    found: list[Link] = []
    c = initiative.c
    for batch in in_batches(sorted(set(issue_ids))):
        among = select(initiative).where(c.connection_id == connection_id, c.issue_id.in_(batch))
        found += _links(conn, workspace_id, among)
    return tuple(link.initiative for link in found)


def linked_issue_ids(conn: Connection, workspace_id: int, connection_id: int) -> frozenset[str]:
    """The ids of all issues of one connection that are linked."""
    return frozenset(conn.execute(*_issue_ids(workspace_id, connection_id)).scalars())


@prepared
def _issue_ids(workspace_id: int, connection_id: int) -> Select[tuple[str]]:
    c = initiative.c
    return select(c.issue_id).where(c.workspace_id == workspace_id, c.connection_id == connection_id).distinct()


def _links(conn: Connection, workspace_id: int, among: Select[tuple[object, ...]]) -> tuple[Link, ...]:
    found = among.where(initiative.c.workspace_id == workspace_id).order_by(initiative.c.linked_at, initiative.c.id)
    return tuple(Link(initiative_of(row), row.linked_at, row.linked_by) for row in conn.execute(found))


def _this(workspace_id: int, link: Initiative) -> Sequence[ColumnElement[bool]]:
    c = initiative.c
    return (
        c.workspace_id == workspace_id,
        c.key_result_key == link.key_result_key,
        c.connection_id == link.connection_id,
        c.issue_id == link.issue_id,
    )


def _values(link: Initiative) -> Values:
    return {
        "key_result_key": link.key_result_key,
        "connection_id": link.connection_id,
        "issue_id": link.issue_id,
        "role": str(link.role),
        "weight": link.weight,
        "step_key": link.step_key,
        "origin": str(link.origin),
    }


def initiative_of(row: AnyRow) -> Initiative:
    """Of a row that has the columns of ``initiative``."""
    return Initiative(
        key_result_key=row.key_result_key,
        connection_id=row.connection_id,
        issue_id=row.issue_id,
        role=Role(row.role),
        weight=row.weight,
        step_key=row.step_key,
        origin=LinkOrigin(row.origin),
    )
