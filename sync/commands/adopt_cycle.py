"""Which cycle the OKRs of a hand-made table belong to, and what it holds already. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection as Transaction

from connector.store.okrs import CycleOkrs, load_cycle, load_cycles
from mapping.adoption_cycle import cycle_named_in, state_of
from mapping.okr import Cycle, CycleState, InvalidOkr
from sync.commands.not_possible import NotPossible
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class CycleWish:
    """What a person said of the cycle; empty and None where nothing was said."""

    key: str = ""
    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class CycleChoice:
    """``okrs`` is what it holds, None for a cycle that is new. ``taken`` are all keys in use, of any cycle."""

    cycle: Cycle
    okrs: CycleOkrs | None
    taken: frozenset[str]


def choose_cycle(on: Resources, workspace_id: int, wish: CycleWish, page_title: str) -> CycleChoice:
    """The cycle that was named, else the quarter in the page's title, else the only one that is open. NotPossible where
    none of these tells."""
    with on.database.read() as conn:
        cycles = load_cycles(conn, workspace_id)
        held = {cycle.key: load_cycle(conn, workspace_id, cycle.key) for cycle in cycles}
    cycle = _chosen(wish, cycles, page_title, on.clock.now().date())
    return CycleChoice(cycle, held.get(cycle.key), frozenset(key for okrs in held.values() for key in _keys(okrs)))


def objective_keys_of(conn: Transaction, workspace_id: int, cycle_key: str) -> frozenset[str]:
    """All objectives of a cycle."""
    return frozenset(objective.key for objective, _ in load_cycle(conn, workspace_id, cycle_key).objectives)


def _chosen(wish: CycleWish, cycles: Sequence[Cycle], page_title: str, today: date) -> Cycle:
    known = {cycle.key: cycle for cycle in cycles}
    if wish.key in known:
        return known[wish.key]
    if wish.key:
        return _new(wish, page_title, today)
    named = cycle_named_in(page_title, today)
    if named is not None:
        same = (each for each in cycles if (each.starts_on, each.ends_on) == (named.starts_on, named.ends_on))
        return known.get(named.key) or next(same, named)
    open_ = [cycle for cycle in cycles if cycle.state is CycleState.OPEN]
    if len(open_) == 1:
        return open_[0]
    there = f" There are: {', '.join(known)}." if known else ""
    raise NotPossible(
        "The page's title names no quarter, so say which cycle these OKRs belong to, e.g. 2026-q4.{there}", there=there
    )


def _new(wish: CycleWish, page_title: str, today: date) -> Cycle:
    named = cycle_named_in(wish.key, today) or cycle_named_in(page_title, today)
    starts_on = wish.starts_on or (named.starts_on if named else None)
    ends_on = wish.ends_on or (named.ends_on if named else None)
    if starts_on is None or ends_on is None:
        raise NotPossible(
            "There is no cycle {cycle!r} yet. Say its days, and it is made: its first and its last.", cycle=wish.key
        )
    name = wish.name or (named.name if named else wish.key)
    try:
        return Cycle(wish.key, name, starts_on, ends_on, state_of(starts_on, ends_on, today))
    except InvalidOkr as error:
        raise NotPossible("{error}.", error=error) from error


def _keys(okrs: CycleOkrs) -> list[str]:
    return [*(objective.key for objective, _ in okrs.objectives), *(each.key for each in okrs.key_results)]
