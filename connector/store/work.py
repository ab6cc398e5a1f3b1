"""The one queue that matters: what is due, who has it in hand, and what could not be done.

A mark says that a target may have changed; it carries no contents. ``mark_due`` → ``claim_work`` → ``record_done`` or
``record_failed`` (or ``postpone``). Whoever holds a claim has a token: every result is written in the transaction that
calls one of the last three, so that a worker that lost its claim rolls back instead of writing something old.

Targets: ``<connection_id>:<issue_id>`` for ``issue``, ``children``, ``initiative``; ``<connection_id>:<rule_id>`` for
``rule``; ``<table_id>`` for ``table``; ``<connection_id>`` for ``poll``, ``pages``, ``full_check``; a key result's key
for ``jql``. What stands before the first colon is the group: the marks of one group can be claimed together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Select, and_, bindparam, case, delete, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from connector.store.engine import Database
from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.schema import work
from connector.store.upsert import insert_of

TOLD_STOPPED = "The worker stopped, or took too long, before this was finished."
_IN_HAND = (
    work.c.workspace_id == bindparam("held_workspace"),
    work.c.id == bindparam("held_id"),
    work.c.claim_token == bindparam("held_token"),
)
_HELD = update(work).where(*_IN_HAND)
_HELD_ONCE_MORE = _HELD.values(attempts=work.c.attempts + 1)
_SAME = delete(work).where(*_IN_HAND, work.c.generation == bindparam("held_generation"))


class ClaimLost(Exception):
    """The claim ran out and somebody else may have it: roll back, write nothing."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One target that is in hand until ``claimed_until``. ``attempts``: how often it failed before this time."""

    work_id: int
    workspace_id: int
    kind: str
    target: str
    generation: int
    token: str
    attempts: int
    urgency: int
    marked_at: datetime
    claimed_until: datetime


def mark_due(
    conn: Connection,
    workspace_id: int,
    kind: str,
    targets: Iterable[str],
    at: datetime,
    *,
    urgency: int = 5,
    retry: bool = False,
) -> None:
    """Say that the targets are due at ``at``; thousands in one call are fine.

    On a target that is marked already the earlier time and the smaller urgency win, and the generation moves, so that
    whoever has it in hand does not clear the mark. A target that failed or was put off is not brought forward, and
    one that was set aside stays so, unless ``retry``: that is for a person's own act, or for news that removes the
    cause. A mark that comes while the target is in hand counts for the time after it, not before.
    """
    stamp = {"workspace_id": workspace_id, "kind": kind, "due_at": at, "marked_at": at, "urgency": urgency}
    rows = [{**stamp, "target": t, "target_group": t.partition(":")[0]} for t in sorted(set(targets))]
    if rows:
        conn.execute(_upsert(conn.dialect.name, retry), rows)


@cache
def _upsert(dialect: str, retry: bool) -> Insert:
    statement = insert_of(dialect, work)
    new, old = statement.excluded, work.c
    settled = and_(old.claim_token.is_not(None), old.generation == old.claimed_generation)
    wanted = new.due_at if retry else case((old.not_before > new.due_at, old.not_before), else_=new.due_at)
    changes: dict[str, object] = {
        "due_at": case((settled, wanted), (old.due_at < wanted, old.due_at), else_=wanted),
        "urgency": case((settled, new.urgency), (old.urgency < new.urgency, old.urgency), else_=new.urgency),
        "marked_at": case((settled, new.marked_at), else_=old.marked_at),
        "generation": old.generation + 1,
    }
    if retry:
        changes |= {"not_before": None, "attempts": 0, "parked_at": None, "parked_reason": ""}
    return statement.on_conflict_do_update(index_elements=["workspace_id", "kind", "target"], set_=changes)


def claim_work(
    db: Database,
    *,
    now: datetime,
    lease_seconds: float,
    limit: int = 1,
    kinds: Collection[str] | None = None,
    same_group: bool = False,
) -> list[Claim]:
    """Take up to ``limit`` due targets in hand, the most urgent and then the longest due first.

    ``same_group``: only targets of one workspace, kind and group, those of the first one that is due. Nobody else is
    given them until ``lease_seconds`` have passed; after that they are due again, with one attempt more. Two claimers
    never get the same target, and neither waits for the other on PostgreSQL. Covers all workspaces.
    """
    with db.read() as conn:
        waits, ran_out = conn.execute(*_is_there_any(now)).one()
    if not (waits or ran_out):
        return []
    with db.write() as conn:
        if ran_out:
            _release_what_ran_out(conn, now)
        ids = _chosen(conn, now, kinds, limit, same_group)
        return _take(conn, ids, now + timedelta(seconds=lease_seconds))


def hold_on(conn: Connection, claims: Iterable[Claim], until: datetime) -> None:
    """Keep the claims in hand until then, for work that goes on. Raises ClaimLost where one of them is lost."""
    for claim in claims:
        if not conn.execute(_HELD, _names(claim) | {"claimed_until": until}).rowcount:
            raise ClaimLost(f"{claim.kind} {claim.target} is in other hands")


def record_done(conn: Connection, claim: Claim) -> bool:
    """Clear the mark. False where it was marked again meanwhile: it then stays due, as that mark said.

    Raises ClaimLost where somebody else may have the target now.
    """
    if conn.execute(_SAME, _names(claim) | {"held_generation": claim.generation}).rowcount:
        return True
    _let_go(conn, claim, attempts=0, last_error="")
    return False


def record_failed(
    conn: Connection,
    claim: Claim,
    *,
    at: datetime,
    error: str,
    retry_at: datetime | None = None,
    parked_reason: str = "",
) -> None:
    """Count a failed attempt: due again at ``retry_at``, or, without one, set aside for ``parked_reason``.

    Raises ClaimLost where somebody else may have the target now, ValueError where neither or both are given.
    """
    if (retry_at is None) != bool(parked_reason):
        raise ValueError("say either when to try again or why not")
    values: Values = {"parked_at": at, "parked_reason": parked_reason}
    if retry_at is not None:
        values = {"due_at": retry_at, "not_before": retry_at}
    _let_go(conn, claim, once_more=True, last_error=error, **values)


def postpone(conn: Connection, claim: Claim, until: datetime) -> None:
    """Put the target off without counting an attempt: something asked for patience. Raises ClaimLost."""
    _let_go(conn, claim, due_at=until, not_before=until)


def _names(claim: Claim) -> Values:
    return {"held_workspace": claim.workspace_id, "held_id": claim.work_id, "held_token": claim.token}


def _let_go(conn: Connection, claim: Claim, *, once_more: bool = False, **values: object) -> None:
    """``once_more``: it counts as one more attempt."""
    free = {"claim_token": None, "claimed_until": None, "claimed_generation": None}
    if not conn.execute(_HELD_ONCE_MORE if once_more else _HELD, _names(claim) | free | values).rowcount:
        raise ClaimLost(f"{claim.kind} {claim.target} is in other hands")


def _of(kinds: Collection[str] | None, found: tuple[Select[Any], Values]) -> tuple[Select[Any], Values]:
    return found if kinds is None else (found[0].where(work.c.kind.in_(sorted(kinds))), found[1])


@prepared
def _is_there_any(now: datetime) -> Select[bool, bool]:
    """Of any kind: whether something waits, and whether some claim has run out."""
    return select(select(work.c.id).where(_waiting(now)).exists(), select(work.c.id).where(_ran_out(now)).exists())


@prepared
def _all_that_ran_out(now: datetime) -> Select[Any]:
    return select(work.c.id).where(_ran_out(now)).with_for_update(skip_locked=True)


def _ran_out(now: datetime) -> ColumnElement[bool]:
    return and_(work.c.claim_token.is_not(None), work.c.claimed_until <= now)


@prepared
def _all_waiting(now: datetime, limit: int) -> Select[Any]:
    return _in_order(now).limit(limit)


@prepared
def _in_group(now: datetime, limit: int, workspace_id: int, kind: str, group: str) -> Select[Any]:
    same = (work.c.workspace_id == workspace_id, work.c.kind == kind, work.c.target_group == group)
    return _in_order(now).where(*same).limit(limit)


def _in_order(now: datetime) -> Select[Any]:
    order = (work.c.urgency, work.c.due_at, work.c.id)
    group = (work.c.id, work.c.workspace_id, work.c.kind, work.c.target_group)
    return select(*group).where(_waiting(now)).order_by(*order).with_for_update(skip_locked=True)


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(work.c.claim_token.is_(None), work.c.parked_at.is_(None), work.c.due_at <= now)


def _release_what_ran_out(conn: Connection, now: datetime) -> None:
    ids = conn.execute(*_all_that_ran_out(now)).scalars().all()
    if not ids:
        return
    conn.execute(
        update(work)
        .where(work.c.id.in_(ids))
        .values(
            claim_token=None,
            claimed_until=None,
            claimed_generation=None,
            attempts=work.c.attempts + 1,
            last_error=TOLD_STOPPED,
            due_at=case((work.c.due_at < now, work.c.due_at), else_=now),
        )
    )


def _chosen(conn: Connection, now: datetime, kinds: Collection[str] | None, limit: int, same_group: bool) -> list[int]:
    if not same_group:
        return [row.id for row in conn.execute(*_of(kinds, _all_waiting(now, limit)))]
    first = conn.execute(*_of(kinds, _all_waiting(now, 1))).first()
    if first is None:
        return []
    group = _in_group(now, limit, first.workspace_id, first.kind, first.target_group)
    return [row.id for row in conn.execute(*_of(kinds, group))]


def _take(conn: Connection, ids: list[int], until: datetime) -> list[Claim]:
    if not ids:
        return []
    given = {"claim_token": token_hex(16), "claimed_until": until, "not_before": None}
    statement, these = _these(ids)
    claims = {row.id: _claim(row) for row in conn.execute(statement, these | given)}
    return [claims[work_id] for work_id in ids]


@prepared
def _these(ids: list[int]) -> ReturningUpdate[Any]:
    return update(work).where(work.c.id.in_(ids)).values(claimed_generation=work.c.generation).returning(work)


def _claim(row: AnyRow) -> Claim:
    return Claim(
        work_id=row.id,
        workspace_id=row.workspace_id,
        kind=row.kind,
        target=row.target,
        generation=row.generation,
        token=row.claim_token,
        attempts=row.attempts,
        urgency=row.urgency,
        marked_at=row.marked_at,
        claimed_until=row.claimed_until,
    )
