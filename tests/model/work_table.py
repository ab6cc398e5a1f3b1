"""The work table and the lease, as ``connector.store.work``, ``claim_check`` and ``leases`` keep them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.rules import Rules
from tests.model.state import DEAD, NOBODY, Kind, Lease, Row, State, with_row


class ClaimLost(Exception):
    """As in ``connector.store.work``: the transaction is rolled back."""


def mark_due(
    state: State, rules: Rules, kind: Kind, *, own_act: bool = False, later: bool = False, retry: bool = False
) -> State:
    """``connector.store.work.mark_due``."""
    old = state.rows[kind]
    if old is None:
        return with_row(state, kind, Row(later=later, own_act=own_act))
    settled = old.token != NOBODY and not old.moved
    wanted = later if retry else (later or old.held_back)
    return with_row(
        state,
        kind,
        old._replace(
            later=wanted if settled else (old.later and wanted),
            own_act=own_act if settled else (old.own_act or own_act),
            moved=old.token != NOBODY and rules.mark_moves_generation,
            held_back=old.held_back and not retry,
        ),
    )


def claims(state: State, rules: Rules, who: int) -> Iterator[tuple[Kind, State]]:
    """``connector.store.work.claim_work``: each target that it may give to this worker. Which one is the most urgent is
    left open, so that no order is relied on."""
    for kind in Kind:
        row = state.rows[kind]
        if row is not None and row.token not in {NOBODY, DEAD, who} and not rules.claim_excludes_others:
            yield kind, with_row(state, kind, row._replace(token=who, moved=False))
    released = _release_what_ran_out(state, rules)
    for kind in Kind:
        row = released.rows[kind]
        if row is not None and row.token == NOBODY and not row.later:
            taken = row._replace(token=who, moved=False, held_back=False)
            yield kind, with_row(released, kind, taken)


def _release_what_ran_out(state: State, rules: Rules) -> State:
    if not rules.ran_out_is_released:
        return state
    for kind in Kind:
        row = state.rows[kind]
        if row is not None and row.ran_out:
            state = with_row(state, kind, row._replace(token=NOBODY, ran_out=False, moved=False, later=False))
    return state


def check_held(state: State, rules: Rules, kind: Kind, who: int) -> Row:
    """``connector.store.claim_check.check_held``; the same question is asked by whatever ends a claim."""
    row = state.rows[kind]
    if row is not None and (row.token == who or not rules.token_is_compared):
        return row
    raise ClaimLost


def record_done(state: State, rules: Rules, kind: Kind, who: int) -> State:
    """``connector.store.work.record_done``."""
    row = check_held(state, rules, kind, who)
    if row.moved and rules.generation_is_compared:
        return with_row(state, kind, _let_go(row))
    return with_row(state, kind, None)


def record_failed(state: State, rules: Rules, kind: Kind, who: int) -> State:
    """``connector.store.work.record_failed`` with a time to try again."""
    row = check_held(state, rules, kind, who)
    return with_row(state, kind, _let_go(row)._replace(later=True, held_back=True))


def begin_anew(state: State, rules: Rules, kind: Kind, who: int) -> State:
    """``connector.store.claim_check.begin_anew``."""
    row = check_held(state, rules, kind, who)
    return with_row(state, kind, row._replace(moved=False))


def hold_on(state: State, rules: Rules, kind: Kind, who: int) -> State:
    """``connector.store.work.hold_on``."""
    row = check_held(state, rules, kind, who)
    return with_row(state, kind, row._replace(ran_out=False))


def _let_go(row: Row) -> Row:
    return row._replace(token=NOBODY, ran_out=False, moved=False)


def hold_lease(state: State, rules: Rules, who: int) -> State | None:
    """``connector.store.leases.hold_lease``; None where somebody else has it."""
    lease = state.lease
    is_free = lease.holder in {NOBODY, who} or lease.ran_out
    if not is_free and rules.lease_excludes_others:
        return None
    return state._replace(lease=Lease(who))
