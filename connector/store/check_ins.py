"""Check-ins: only ever added, each once. One that was withdrawn stays readable and counts nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, update

from connector.store.batches import in_batches
from connector.store.okr_rows import check_in_from, check_in_of, check_in_values
from connector.store.okrs import UnknownOkr, load_key_results
from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values, rows_as
from connector.store.schema import check_in, cycle, key_result, objective
from connector.store.upsert import insert_once
from mapping.okr import CheckIn, CycleState


@dataclass(frozen=True, slots=True)
class KeptCheckIn:
    """A check-in as it is kept. ``act`` is its idempotency key. ``withdrawn_at`` is None while it counts; where
    ``withdrawn_by`` is empty beside it, a corrected file brought another in its place."""

    check_in_id: int
    said: CheckIn
    act: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class LastSaid:
    """When a key result of an open cycle was last checked in; None where it never was."""

    key: str
    title: str
    owner: str
    team: str
    cycle_starts_on: date
    at: datetime | None


def record_check_in(
    conn: Connection, workspace_id: int, said: CheckIn, *, idempotency_key: str, recorded_at: datetime
) -> bool:
    """Add a check-in. False, and nothing is written, where the workspace has one of this idempotency key already.

    ``idempotency_key`` (1 to 200 characters) names the act, e.g. page, version, row and field, or the form that was
    sent. Raises UnknownOkr where there is no such key result.
    """
    if not 1 <= len(idempotency_key) <= 200:
        raise ValueError("an idempotency key has 1 to 200 characters")
    if not load_key_results(conn, workspace_id, [said.key_result_key]):
        raise UnknownOkr(f"there is no key result {said.key_result_key}")
    row = {
        **check_in_values(said),
        "workspace_id": workspace_id,
        "idempotency_key": idempotency_key,
        "recorded_at": recorded_at,
    }
    return insert_once(conn, check_in, row)


def record_imported(
    conn: Connection, workspace_id: int, said: CheckIn, *, idempotency_key: str, recorded_at: datetime
) -> bool:
    """Add a check-in of a file, which has one for each moment: other words about the same moment take the place of
    those that a file brought before. False where nothing changes; what a person withdrew stays withdrawn."""
    of_moment = tuple(map(_kept, conn.execute(_of(workspace_id, said.key_result_key).where(check_in.c.at == said.at))))
    same = [kept for kept in of_moment if replace(kept.said, origin=said.origin) == said]
    if any(kept.withdrawn_at is None or kept.withdrawn_by for kept in same):
        return False
    for kept in of_moment:
        if kept.withdrawn_at is None and kept.said.origin is said.origin:
            withdraw(conn, workspace_id, kept.check_in_id, at=recorded_at, by="", why="")
    # The same words for a second time, after others stood in between, are another act.
    act = f"{idempotency_key}:{recorded_at.isoformat()}" if same else idempotency_key
    return record_check_in(conn, workspace_id, said, idempotency_key=act, recorded_at=recorded_at)


def withdraw(conn: Connection, workspace_id: int, check_in_id: int, *, at: datetime, by: str, why: str) -> bool:
    """It counts nowhere any more. False where it was withdrawn already, or there is none of this number."""
    c = check_in.c
    this = (c.workspace_id == workspace_id, c.id == check_in_id, c.withdrawn_at.is_(None))
    values: Values = {"withdrawn_at": at, "withdrawn_by": by, "withdrawn_why": why}
    return conn.execute(update(check_in).where(*this).values(values)).rowcount > 0


def load_check_ins(
    conn: Connection, workspace_id: int, key_result_keys: Collection[str]
) -> dict[str, tuple[CheckIn, ...]]:
    """The check-ins that count of each key result, oldest first; an empty tuple where there is none."""
    keys: Sequence[str] = sorted(set(key_result_keys))
    found: dict[str, list[CheckIn]] = {key: [] for key in keys}
    for batch in in_batches(keys):
        for key, *said in conn.execute(*_counting(workspace_id, batch)).all():
            found[key].append(check_in_from(key, *said))
    return {key: tuple(rows) for key, rows in found.items()}


def load_kept(conn: Connection, workspace_id: int, key: str) -> tuple[KeptCheckIn, ...]:
    """Everything that was ever said of one key result, withdrawn or not, newest first."""
    newest_first = _of(workspace_id, key).order_by(check_in.c.at.desc(), check_in.c.id.desc())
    return tuple(map(_kept, conn.execute(newest_first)))


def last_said(conn: Connection, workspace_id: int, today: date) -> tuple[LastSaid, ...]:
    """Every key result that a check-in is asked of: of an open cycle that has begun, and not dropped."""
    return rows_as(LastSaid, conn, _last_said(workspace_id, today))


def _of(workspace_id: int, key: str) -> Select[Any]:
    return select(check_in).where(check_in.c.workspace_id == workspace_id, check_in.c.key_result_key == key)


@prepared
def _counting(workspace_id: int, keys: Sequence[str]) -> Select[Any]:
    """Nothing but what ``check_in_from`` takes: there are thousands of them."""
    c = check_in.c
    told = (c.key_result_key, c.at, c.value, c.confidence, c.done_since, c.note, c.blockers, c.next_step, c.author)
    these = (c.workspace_id == workspace_id, c.key_result_key.in_(keys), c.withdrawn_at.is_(None))
    return select(*told, c.origin).where(*these).order_by(c.at, c.id)


def _last_said(workspace_id: int, today: date) -> Select[Any]:
    k, o, y, c = key_result.c, objective.c, cycle.c, check_in.c
    above = and_(o.workspace_id == k.workspace_id, o.key == k.objective_key)
    during = and_(y.workspace_id == o.workspace_id, y.key == o.cycle_key)
    counting = and_(c.workspace_id == k.workspace_id, c.key_result_key == k.key, c.withdrawn_at.is_(None))
    of_key_result = (k.key, k.title, k.owner, o.team, y.starts_on)
    return (
        select(*of_key_result, func.max(c.at))
        .select_from(key_result.join(objective, above).join(cycle, during).join(check_in, counting, isouter=True))
        .where(
            k.workspace_id == workspace_id,
            k.dropped_on.is_(None),
            y.state == str(CycleState.OPEN),
            y.starts_on <= today,
        )
        .group_by(*of_key_result)
        .order_by(k.key)
    )


def _kept(row: AnyRow) -> KeptCheckIn:
    return KeptCheckIn(
        check_in_id=row.id,
        said=check_in_of(row),
        act=row.idempotency_key,
        recorded_at=row.recorded_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_why=row.withdrawn_why,
    )
