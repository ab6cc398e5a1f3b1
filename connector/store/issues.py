"""What Jira last said of each issue that is linked, or lies directly below a linked one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, and_, func, or_, select, update

from connector.store.batches import in_batches
from connector.store.issue_rows import StoredIssue, issue_values, snapshot_of, stored_issue
from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.schema import completion, issue
from connector.store.upsert import insert_of
from mapping.field_choices import FieldChoices
from mapping.issue import IssueSnapshot


@dataclass(frozen=True, slots=True)
class Change:
    """What keeping one snapshot did. ``changed``: something that figures depend on is different now.

    Where the parents differ, both have to be counted again. For an issue that was not kept before, ``old_parent`` is
    None. For a snapshot that was older than what is kept, both are the kept parent and ``changed`` is False.
    """

    issue_id: str
    old_parent: str | None
    new_parent: str | None
    changed: bool


def upsert_issues(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    snapshots: Iterable[IssueSnapshot],
    choices: FieldChoices,
    read_at: datetime,
) -> list[Change]:
    """Keep what Jira said, thousands in one call; one Change for each issue, in the order of their ids. ``choices`` say
    which resolutions mean "won't do".

    ``read_at`` is when the call to Jira began. What is older by Jira's ``updated`` never replaces what is newer; of two
    equally old the one that was read later stays. An issue that was gone and is shown again is no longer gone.
    """
    newest: dict[str, IssueSnapshot] = {}
    for snapshot in sorted(snapshots, key=lambda s: s.updated):
        newest[snapshot.issue_id] = snapshot
    place = _Place(workspace_id, connection_id)
    changes: list[Change] = []
    for batch in in_batches([newest[issue_id] for issue_id in sorted(newest)]):
        changes += _upsert(conn, place, batch, choices, read_at)
    return changes


def load_issues(
    conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]
) -> dict[str, StoredIssue]:
    """The given issues by id, as far as they are kept."""
    found = _kept(conn, _Place(workspace_id, connection_id), sorted(set(issue_ids)))
    return {issue_id: stored_issue(row) for issue_id, row in found.items()}


def find_kept(
    conn: Connection, workspace_id: int, connection_id: int, *, key: str = "", words: Sequence[str] = (),
    least_level: int, limit: int,
) -> tuple[StoredIssue, ...]:  # fmt: skip
    """Issues of that key, or with all of these words in their title or key, as far as they are kept and not gone; the
    latest changed first."""
    here = (*_Place(workspace_id, connection_id).rows, issue.c.gone_since.is_(None))
    text = func.lower(issue.c.title + " " + issue.c.issue_key)
    wanted = [issue.c.issue_key == key] if key else [text.contains(word.lower(), autoescape=True) for word in words]
    found = select(issue).where(*here, *wanted, issue.c.level >= least_level)
    rows = conn.execute(found.order_by(issue.c.updated.desc(), issue.c.issue_id).limit(limit))
    return tuple(stored_issue(row) for row in rows)


def known_among(conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]) -> frozenset[str]:
    """Those of the given issues that are kept."""
    return frozenset(projects_of(conn, workspace_id, connection_id, issue_ids))


def projects_of(conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]) -> dict[str, str]:
    """The id of the project of each of the given issues, as far as they are kept."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(set(issue_ids))):
        rows = conn.execute(*_projects(workspace_id, connection_id, batch))
        found |= {row.issue_id: row.project_id for row in rows}
    return found


def gone_among(conn: Connection, workspace_id: int, connection_id: int, issue_ids: Collection[str]) -> frozenset[str]:
    """Those of the given issues that are kept as gone."""
    found: set[str] = set()
    for batch in in_batches(sorted(set(issue_ids))):
        found.update(conn.execute(*_gone(workspace_id, connection_id, batch)).scalars())
    return frozenset(found)


def children_not_seen(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    parent_ids: Collection[str],
    seen: Collection[str],
    listing_began: datetime,
) -> tuple[str, ...]:
    """The kept children of these parents that a complete listing no longer has and that were not read since it began.

    A listing does not say where they went (moved, deleted, hidden from us): each is to be read again by its id. So is
    what was hidden from us before: it may have gone, or come below another parent, while nobody could see it.
    """
    found: set[str] = set()
    for batch in in_batches(sorted(set(parent_ids))):
        found.update(conn.execute(*_unread(workspace_id, connection_id, batch, listing_began)).scalars())
    return tuple(sorted(found - set(seen)))


def parents_of_hidden(
    conn: Connection, workspace_id: int, connection_id: int, parent_ids: Collection[str]
) -> dict[str, str]:
    """Those of the given issues below which something is hidden from us, with the reason: what they add up to now is
    not known."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(set(parent_ids))):
        rows = conn.execute(*_hidden(workspace_id, connection_id, batch))
        found |= {row.parent_id: row.gone_why for row in rows}
    return found


def mark_gone(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    issue_ids: Collection[str],
    why: str,
    at: datetime,
    *,
    hidden: bool = False,
) -> list[IssueSnapshot]:
    """Jira said at ``at`` that it does not have these, or does not show them to us. The kept facts stay.

    ``hidden``: their whole project is closed to us, so that nothing is known about them; otherwise they count as taken
    away. Returns what is kept of those for which this is new. What was read again since ``at`` is left alone.
    """
    place = _Place(workspace_id, connection_id)
    found: list[IssueSnapshot] = []
    for batch in in_batches(sorted(set(issue_ids))):
        news = or_(issue.c.gone_since.is_(None), issue.c.hidden != hidden)
        these = (*place.rows, issue.c.issue_id.in_(batch), issue.c.read_at <= at, news)
        values: Values = {"gone_since": func.coalesce(issue.c.gone_since, at), "gone_why": why, "hidden": hidden}
        marked = update(issue).where(*these).values(values | {"read_at": at})
        found += [snapshot_of(row) for row in conn.execute(marked.returning(issue))]
    return sorted(found, key=lambda snapshot: snapshot.issue_id)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose issues: ids are unique only within one connection."""

    workspace_id: int
    connection_id: int

    @property
    def rows(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return issue.c.workspace_id == self.workspace_id, issue.c.connection_id == self.connection_id


def _upsert(
    conn: Connection, place: _Place, batch: Sequence[IssueSnapshot], choices: FieldChoices, read_at: datetime
) -> list[Change]:
    kept = _kept(conn, place, [s.issue_id for s in batch], lock=True)
    listed = _listed_before(conn, place, {s.parent_id for s in batch if s.parent_id})
    changes: list[Change] = []
    rows: list[Values] = []
    for snapshot in batch:
        old = kept.get(snapshot.issue_id)
        if old is not None and _is_older(snapshot, old, read_at):
            changes.append(Change(snapshot.issue_id, old.parent_id, old.parent_id, changed=False))
            continue
        row = issue_values(snapshot, choices.of(snapshot.project_id), read_at)
        changes.append(_change(old, row))
        since = _parent_since(snapshot, old, listed)
        rows.append(row | {"parent_since": since, "gone_since": None, "gone_why": "", "hidden": False})
    _write(conn, place, rows)
    return changes


def _kept(conn: Connection, place: _Place, issue_ids: Sequence[str], *, lock: bool = False) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    for batch in in_batches(issue_ids):
        statement, given = _these(place.workspace_id, place.connection_id, batch)
        rows = conn.execute(statement.with_for_update() if lock else statement, given)
        found |= {row.issue_id: row for row in rows}
    return found


def _listed_before(conn: Connection, place: _Place, parent_ids: Collection[str]) -> frozenset[str]:
    """Those of the parents whose children were listed in full before: a child that is new to us came since then."""
    if not parent_ids:
        return frozenset()
    found = _listed(place.workspace_id, place.connection_id, sorted(parent_ids))
    return frozenset(conn.execute(*found).scalars())


@prepared
def _these(workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> Select[Any]:
    here = _Place(workspace_id, connection_id).rows
    return select(issue).where(*here, issue.c.issue_id.in_(issue_ids)).order_by(issue.c.issue_id)


@prepared
def _projects(workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> Select[Any]:
    these = (*_Place(workspace_id, connection_id).rows, issue.c.issue_id.in_(issue_ids))
    return select(issue.c.issue_id, issue.c.project_id).where(*these)


@prepared
def _gone(workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> Select[Any]:
    these = (*_Place(workspace_id, connection_id).rows, issue.c.issue_id.in_(issue_ids))
    return select(issue.c.issue_id).where(*these, issue.c.gone_since.is_not(None))


@prepared
def _unread(workspace_id: int, connection_id: int, parent_ids: Sequence[str], listing_began: datetime) -> Select[Any]:
    below = (*_Place(workspace_id, connection_id).rows, issue.c.parent_id.in_(parent_ids))
    may_be_there = or_(issue.c.gone_since.is_(None), issue.c.hidden)
    return select(issue.c.issue_id).where(*below, may_be_there, issue.c.read_at < listing_began)


@prepared
def _hidden(workspace_id: int, connection_id: int, parent_ids: Sequence[str]) -> Select[Any]:
    below = (*_Place(workspace_id, connection_id).rows, issue.c.parent_id.in_(parent_ids))
    return select(issue.c.parent_id, issue.c.gone_why).where(*below, issue.c.hidden)


@prepared
def _listed(workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> Select[Any]:
    c = completion.c
    these = (c.workspace_id == workspace_id, c.connection_id == connection_id, c.issue_id.in_(issue_ids))
    return select(c.issue_id).where(*these, c.scanned_at.is_not(None))


def _is_older(snapshot: IssueSnapshot, old: AnyRow, read_at: datetime) -> bool:
    return (snapshot.updated, read_at) < (old.updated, old.read_at)


def _parent_since(snapshot: IssueSnapshot, old: AnyRow | None, listed: frozenset[str]) -> datetime:
    """When it came under its present parent, as far as we can tell: moving an issue moves its ``updated``."""
    if old is None:
        return snapshot.updated if snapshot.parent_id in listed else snapshot.created
    since: datetime = old.parent_since
    return since if old.parent_id == snapshot.parent_id else snapshot.updated


def _change(old: AnyRow | None, row: Values) -> Change:
    if old is None:
        return Change(row["issue_id"], None, row["parent_id"], changed=True)
    times = {"updated", "read_at", "created"}
    changed = old.gone_since is not None or any(getattr(old, n) != v for n, v in row.items() if n not in times)
    return Change(row["issue_id"], old.parent_id, row["parent_id"], changed)


def _write(conn: Connection, place: _Place, rows: list[Values]) -> None:
    if not rows:
        return
    stamp = {"workspace_id": place.workspace_id, "connection_id": place.connection_id}
    conn.execute(_newer(conn.dialect.name, tuple(rows[0])), [stamp | row for row in rows])


@cache
def _newer(dialect: str, names: tuple[str, ...]) -> Executable:
    statement = insert_of(dialect, issue)
    new = statement.excluded
    # A row that another transaction put there in the meantime is as good as one that we found: the newer one stays.
    newer = or_(new.updated > issue.c.updated, and_(new.updated == issue.c.updated, new.read_at >= issue.c.read_at))
    key = ["workspace_id", "connection_id", "issue_id"]
    return statement.on_conflict_do_update(
        index_elements=key, set_={name: new[name] for name in names if name not in key}, where=newer
    )
