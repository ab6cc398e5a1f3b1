"""Links as a list that people read: newest first, with the issue, its key result, and who or what made the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from connector.store.epic_piles import Pile, count_epics
from connector.store.linked_issues import LinkedIssue, linked_issue, select_linked
from connector.store.rows import AnyRow
from connector.store.schema import initiative, issue, key_result, link_rule, objective


@dataclass(frozen=True, slots=True)
class ListedLink:
    """``rule_name`` is empty where a person linked it; ``hidden`` belongs to an issue whose whole project is closed to
    us."""

    linked: LinkedIssue
    key_result_title: str
    team: str
    rule_name: str
    linked_by: str
    linked_at: datetime
    project_key: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links: of one key result (empty: of all), with all of these words in what the list says of them."""

    key_result_key: str = ""
    words: Sequence[str] = ()
    only_gone: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many links, rules, and links whose issue is gone there are; ``undecided`` are known open epics that nobody
    has decided on."""

    links: int
    rules: int
    gone: int
    undecided: int


def list_links(
    conn: Connection, workspace_id: int, wanted: LinkFilter, *, limit: int, offset: int = 0
) -> tuple[ListedLink, ...]:
    """The links that the filter lets through, newest first."""
    found = _listed(workspace_id).where(*_conditions(wanted))
    newest = found.order_by(initiative.c.linked_at.desc(), initiative.c.id.desc())
    return tuple(_listed_link(row) for row in conn.execute(newest.limit(limit).offset(offset)))


def count_links(conn: Connection, workspace_id: int, wanted: LinkFilter) -> int:
    """How many links the filter lets through."""
    all_there_is = _listed(workspace_id) if wanted.words else _bare(workspace_id)
    return conn.execute(all_there_is.where(*_conditions(wanted)).with_only_columns(func.count())).scalar_one()


def find_link(
    conn: Connection, workspace_id: int, key_result_key: str, connection_id: int, issue_id: str
) -> ListedLink | None:
    """One link; None where the two are not linked."""
    i = initiative.c
    this = (i.key_result_key == key_result_key, i.connection_id == connection_id, i.issue_id == issue_id)
    row = conn.execute(_listed(workspace_id).where(*this)).one_or_none()
    return None if row is None else _listed_link(row)


def tally(conn: Connection, workspace_id: int, *, undecided: int | None = None) -> Tally:
    """What stands on the tabs; ``undecided`` where it was counted already."""
    links = select(func.count()).select_from(initiative).where(initiative.c.workspace_id == workspace_id)
    rules = select(func.count()).select_from(link_rule).where(link_rule.c.workspace_id == workspace_id)
    return Tally(
        links=conn.execute(links).scalar_one(),
        rules=conn.execute(rules).scalar_one(),
        gone=count_links(conn, workspace_id, LinkFilter(only_gone=True)),
        undecided=count_epics(conn, workspace_id, Pile.UNDECIDED) if undecided is None else undecided,
    )


def _bare(workspace_id: int) -> Select[Any]:
    """As many rows as ``_listed`` has, without what only words are looked for in."""
    i = initiative.c
    own = (issue.c.workspace_id == i.workspace_id, issue.c.connection_id == i.connection_id)
    joined = initiative.join(issue, and_(*own, issue.c.issue_id == i.issue_id), isouter=True)
    return select(i.id).select_from(joined).where(i.workspace_id == workspace_id)


def _listed(workspace_id: int) -> Select[Any]:
    columns = (
        key_result.c.title.label("key_result_title"),
        objective.c.team,
        link_rule.c.name.label("rule_name"),
        initiative.c.linked_by,
        initiative.c.linked_at,
        issue.c.project_key,
        issue.c.hidden,
    )
    i, kr, o, rule = initiative.c, key_result.c, objective.c, link_rule.c
    found = select_linked(workspace_id, *columns)
    return (
        found.join(key_result, and_(kr.workspace_id == i.workspace_id, kr.key == i.key_result_key))
        .join(objective, and_(o.workspace_id == kr.workspace_id, o.key == kr.objective_key))
        .join(link_rule, and_(rule.workspace_id == i.workspace_id, rule.id == i.rule_id), isouter=True)
    )


def _conditions(wanted: LinkFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.key_result_key:
        found.append(initiative.c.key_result_key == wanted.key_result_key)
    if wanted.only_gone:
        found.append(issue.c.gone_since.is_not(None))
    told = (issue.c.issue_key, issue.c.title, key_result.c.key, key_result.c.title, initiative.c.linked_by)
    return found + [
        or_(*(func.lower(column).contains(word.lower(), autoescape=True) for column in told)) for word in wanted.words
    ]


def _listed_link(row: AnyRow) -> ListedLink:
    return ListedLink(
        linked=linked_issue(row),
        key_result_title=row.key_result_title,
        team=row.team,
        rule_name=row.rule_name or "",
        linked_by=row.linked_by,
        linked_at=row.linked_at,
        project_key=row.project_key or "",
        hidden=bool(row.hidden),
    )
