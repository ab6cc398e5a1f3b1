"""Cycles, objectives and key results, kept under their keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, insert, select, update

from connector.store.activity import record_activity
from connector.store.agreement import ReasonNeeded, key_result_changes, objective_changes
from connector.store.batches import in_batches
from connector.store.okr_changes import CHANGE, OkrChange, record_change
from connector.store.okr_rows import (
    cycle_of,
    cycle_values,
    key_result_of,
    key_result_values,
    objective_of,
    objective_values,
)
from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.schema import cycle, key_result, objective
from mapping.okr import Cycle, KeyResult, Objective


class UnknownOkr(LookupError):
    """There is no cycle, objective or key result under this key; the text says which."""


@dataclass(frozen=True, slots=True)
class OkrSet:
    """OKRs to be kept, or as kept: cycles, objectives and key results, in any order."""

    cycles: Sequence[Cycle] = ()
    objectives: Sequence[Objective] = ()
    key_results: Sequence[KeyResult] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """The keys of what was new and of what changed; what was kept already as given is in neither."""

    added: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CycleOkrs:
    """One cycle with its objectives and their key results, in the order in which they are shown."""

    cycle: Cycle
    objectives: tuple[tuple[Objective, tuple[KeyResult, ...]], ...]

    @property
    def key_results(self) -> tuple[KeyResult, ...]:
        """All key results of the cycle, in order."""
        return tuple(kr for _, krs in self.objectives for kr in krs)


def record_okrs(
    conn: Connection, workspace_id: int, okrs: OkrSet, *, at: datetime, who: str, reason: str = ""
) -> Recorded:
    """Add what is new and change what differs; nothing is taken away. The same set again changes nothing.

    Raises ReasonNeeded, before anything is written, where agreed OKRs would change without a ``reason``; with one the
    changes go into the log. Raises UnknownOkr where an objective's cycle or a key result's objective is not known.
    """
    changes = _agreed_changes(conn, workspace_id, okrs)
    if changes and not reason.strip():
        raise ReasonNeeded(changes)
    _refuse_unknown(conn, workspace_id, cycle, {o.cycle_key for o in okrs.objectives} - {c.key for c in okrs.cycles})
    _refuse_unknown(
        conn, workspace_id, objective, {k.objective_key for k in okrs.key_results} - {o.key for o in okrs.objectives}
    )
    parts = [
        _record(conn, workspace_id, cycle, [cycle_values(c) for c in okrs.cycles], {}),
        _record(conn, workspace_id, objective, [objective_values(o) for o in okrs.objectives], {}),
        _record(conn, workspace_id, key_result, [key_result_values(k) for k in okrs.key_results], {"made_at": at}),
    ]
    for change in changes:
        key, _, what = change.partition(": ")
        record_change(conn, workspace_id, OkrChange(key, CHANGE, at, who, what, reason.strip()))
        record_activity(conn, workspace_id, at=at, who=who, text=f"{change}. Reason: {reason.strip()}")
    return Recorded(tuple(k for p in parts for k in p.added), tuple(k for p in parts for k in p.changed))


def load_cycle(
    conn: Connection,
    workspace_id: int,
    cycle_key: str,
    *,
    teams: Collection[str] = (),
    objective_keys: Collection[str] = (),
) -> CycleOkrs:
    """With the objectives of some teams, or with some keys (empty: all). Raises UnknownOkr where there is no such
    cycle."""
    rows = _rows(conn, workspace_id, cycle, [cycle_key])
    if not rows:
        raise UnknownOkr(f"there is no cycle {cycle_key!r}")
    objectives = [
        each
        for each in load_objectives(conn, workspace_id, cycle_key)
        if (not teams or each.team in teams) and (not objective_keys or each.key in objective_keys)
    ]
    below: dict[str, list[KeyResult]] = {o.key: [] for o in objectives}
    for batch in in_batches(list(below)):
        for kr in map(key_result_of, conn.execute(*_key_results_below(workspace_id, batch)).all()):
            below[kr.objective_key].append(kr)
    return CycleOkrs(cycle_of(rows[cycle_key]), tuple((o, tuple(below[o.key])) for o in objectives))


def load_cycles(conn: Connection, workspace_id: int) -> tuple[Cycle, ...]:
    """All cycles, the one that starts first first."""
    c = cycle.c
    found = select(cycle).where(c.workspace_id == workspace_id).order_by(c.starts_on, c.ends_on, c.key)
    return tuple(cycle_of(row) for row in conn.execute(found))


def load_objectives(conn: Connection, workspace_id: int, cycle_key: str) -> tuple[Objective, ...]:
    """The objectives of one cycle, in order."""
    return tuple(objective_of(row) for row in conn.execute(*_objectives_of(workspace_id, cycle_key)).all())


def load_all_objectives(conn: Connection, workspace_id: int) -> tuple[Objective, ...]:
    """The objectives of all cycles, by their keys."""
    found = select(objective).where(objective.c.workspace_id == workspace_id)
    return tuple(objective_of(row) for row in conn.execute(found.order_by(objective.c.key)))


def key_result_keys(conn: Connection, workspace_id: int) -> frozenset[str]:
    """Every key that is taken."""
    return frozenset(conn.execute(select(key_result.c.key).where(key_result.c.workspace_id == workspace_id)).scalars())


def load_key_results(conn: Connection, workspace_id: int, keys: Iterable[str]) -> dict[str, KeyResult]:
    """The key results of these keys, as far as there are such."""
    rows = _rows(conn, workspace_id, key_result, sorted(set(keys)))
    return {key: key_result_of(row) for key, row in rows.items()}


def load_made_at(conn: Connection, workspace_id: int, keys: Iterable[str]) -> dict[str, datetime]:
    """When each of these key results was first recorded, as far as that is known."""
    found: dict[str, datetime] = {}
    for batch in in_batches(sorted(set(keys))):
        found |= {row.key: row.made_at for row in conn.execute(*_made_at(workspace_id, batch))}
    return found


def teams_of(conn: Connection, workspace_id: int, key_result_keys: Collection[str]) -> dict[str, str]:
    """The team of each key result, as far as there are such."""
    found = (
        select(key_result.c.key, objective.c.team)
        .join_from(key_result, objective, _belongs())
        .where(key_result.c.workspace_id == workspace_id, key_result.c.key.in_(sorted(key_result_keys)))
    )
    return {row.key: row.team for row in conn.execute(found)}


def cycles_of(conn: Connection, workspace_id: int, key_result_keys: Collection[str]) -> dict[str, str]:
    """The key of the cycle of each key result, as far as there are such."""
    found = (
        select(key_result.c.key, objective.c.cycle_key)
        .join_from(key_result, objective, _belongs())
        .where(key_result.c.workspace_id == workspace_id, key_result.c.key.in_(sorted(key_result_keys)))
    )
    return {row.key: row.cycle_key for row in conn.execute(found)}


@prepared
def _objectives_of(workspace_id: int, cycle_key: str) -> Select[Any]:
    c = objective.c
    of_cycle = (c.workspace_id == workspace_id, c.cycle_key == cycle_key)
    return select(objective).where(*of_cycle).order_by(c.position, c.id)


@prepared
def _made_at(workspace_id: int, keys: Sequence[str]) -> Select[Any]:
    c = key_result.c
    return select(c.key, c.made_at).where(c.workspace_id == workspace_id, c.key.in_(keys), c.made_at.is_not(None))


@prepared
def _key_results_below(workspace_id: int, objective_keys: Sequence[str]) -> Select[Any]:
    c = key_result.c
    these = (c.workspace_id == workspace_id, c.objective_key.in_(objective_keys))
    return select(key_result).where(*these).order_by(c.position, c.id)


def _belongs() -> ColumnElement[bool]:
    return (objective.c.workspace_id == key_result.c.workspace_id) & (objective.c.key == key_result.c.objective_key)


def _agreed_changes(conn: Connection, workspace_id: int, okrs: OkrSet) -> tuple[str, ...]:
    kept = _rows(conn, workspace_id, key_result, [kr.key for kr in okrs.key_results])
    above = [o.key for o in okrs.objectives] + [row.objective_key for row in kept.values()]
    objectives = {key: objective_of(row) for key, row in _rows(conn, workspace_id, objective, above).items()}
    changes = [
        c for new in okrs.objectives if new.key in objectives for c in objective_changes(objectives[new.key], new)
    ]
    for new in okrs.key_results:
        if new.key in kept:
            old = key_result_of(kept[new.key])
            changes += key_result_changes(objectives[old.objective_key].stage, old, new)
    return tuple(changes)


def _refuse_unknown(conn: Connection, workspace_id: int, table: Table, keys: Collection[str]) -> None:
    unknown = sorted(set(keys) - set(_rows(conn, workspace_id, table, sorted(keys))))
    if unknown:
        raise UnknownOkr(f"there is no {table.name} {', '.join(unknown)}")


def _rows(conn: Connection, workspace_id: int, table: Table, keys: Sequence[str]) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    for batch in in_batches(keys):
        given = {"of_workspace": workspace_id, "keys": batch}
        found |= {row.key: row for row in conn.execute(_of_keys(table), given)}
    return found


@cache
def _of_keys(table: Table) -> Select[Any]:
    these = (table.c.workspace_id == bindparam("of_workspace"), table.c.key.in_(bindparam("keys", expanding=True)))
    return select(table).where(*these)


def _record(conn: Connection, workspace_id: int, table: Table, rows: list[Values], if_new: Values) -> Recorded:
    kept = _rows(conn, workspace_id, table, [row["key"] for row in rows])
    added = [row for row in rows if row["key"] not in kept]
    changed = [row for row in rows if row["key"] in kept and _differs(kept[row["key"]], row)]
    if added:
        conn.execute(insert(table), [{"workspace_id": workspace_id, **if_new, **row} for row in added])
    for row in changed:
        conn.execute(update(table).where(table.c.workspace_id == workspace_id, table.c.key == row["key"]).values(row))
    return Recorded(tuple(row["key"] for row in added), tuple(row["key"] for row in changed))


def _differs(kept: AnyRow, new: Values) -> bool:
    return any(_written(getattr(kept, name)) != _written(value) for name, value in new.items())


def _written(value: object) -> object:
    """Decimals by their text: 38 and 38.0 are the same number, but not what the person wrote."""
    return str(value) if isinstance(value, Decimal) else value
