"""What happens around the workers: Jira, webhooks, the person at the page, time, the timer, crashes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.page import append, put
from tests.model.rules import Rules
from tests.model.state import (
    DEAD,
    IDLE,
    NOBODY,
    OPEN,
    PERSON,
    Bounds,
    Kind,
    Lease,
    State,
    Version,
    Worker,
    with_row,
    with_worker,
)  # fmt: skip
from tests.model.visit import sent_by
from tests.model.work_table import hold_lease, mark_due

Found = Iterator[tuple[str, int | None, State]]


def jira_and_person(state: State, bounds: Bounds) -> Found:
    """Nobody has to do these; once the editor is open, it is published or given up at some time."""
    if state.truth < bounds.events:
        yield "jira changes", None, state._replace(truth=state.truth + 1, hooks=state.hooks + 1)
    if state.draft:
        last = state.page[-1]
        number = len(state.typed) + 1
        typed = state._replace(draft=False, typed=(*state.typed, OPEN))
        yield "publish", None, append(typed, Version(PERSON, last.figure, number, last.moment))
        yield "give the draft up", None, state._replace(draft=False)
    elif len(state.typed) < bounds.texts:
        yield "open the editor", None, state._replace(draft=True)


def webhooks(state: State, rules: Rules) -> Found:
    """Each arrives or is lost."""
    if state.hooks:
        one_less = state._replace(hooks=state.hooks - 1)
        yield "webhook arrives", None, mark_due(one_less, rules, Kind.ISSUE)
        yield "webhook is lost", None, one_less


def time_passes(state: State) -> Found:
    """What does not need anybody to fail: dates come, and what a crashed worker held runs out."""
    for kind in Kind:
        row = state.rows[kind]
        if row is None:
            continue
        if row.token == NOBODY and row.later:
            yield f"{kind.name.lower()} becomes due", None, _with(state, kind, later=False, held_back=False)
        if row.token == DEAD and not row.ran_out:
            yield f"claim of {kind.name.lower()} runs out", None, _with(state, kind, ran_out=True)
    if state.lease.holder == DEAD and not state.lease.ran_out:
        yield "lease runs out", None, state._replace(lease=Lease(DEAD, ran_out=True))


def _with(state: State, kind: Kind, **values: bool) -> State:
    row = state.rows[kind]
    assert row is not None
    return with_row(state, kind, row._replace(**values))


def timer(state: State, rules: Rules, bounds: Bounds) -> Found:
    """``sync.timer.tick``. It ticks all the time and marks both kinds; only what finds something is followed: when
    everything is quiet, and, as often as is allowed, early."""
    if _is_quiet(state):
        news = [Kind.POLL] * (state.truth != state.stored) + [Kind.PAGES] * (state.number != state.memory.seen)
        early = state.early
    else:
        news = [Kind.POLL, Kind.PAGES] if state.early else []
        early = state.early - 1
    for who in range(len(state.workers) if news else 0):
        held = hold_lease(state, rules, who)
        if held is None:
            continue
        held = held._replace(early=early, lease=held.lease if bounds.lease else state.lease)
        for kind in news:
            held = held if held.rows[kind] else mark_due(held, rules, kind)
        yield "tick", who, held


def _is_quiet(state: State) -> bool:
    return not any(state.rows) and not state.hooks and all(worker == IDLE for worker in state.workers)


def the_way(state: State) -> Found:
    """A PUT whose sender does not wait for it any more arrives, or never does."""
    for number, sent in enumerate(state.on_the_way):
        rest = state._replace(on_the_way=(*state.on_the_way[:number], *state.on_the_way[number + 1 :]))
        after = put(rest, sent)
        if after is not None:
            yield "late PUT arrives", None, after
        yield "late PUT is lost", None, rest


def faults(state: State) -> Found:
    """Crashes, stalls past the end of a claim, lost replies."""
    for who, worker in enumerate(state.workers):
        if worker != IDLE or state.lease.holder == who:
            yield "crash", who, _crashed(state, who)
        if worker.at == "put":
            yield from _without_reply(state, who, worker)
    yield from _stalls(state)


def _without_reply(state: State, who: int, worker: Worker) -> Found:
    sent = sent_by(worker)
    applied = put(state, sent)
    if applied is not None:
        on_the_way = state._replace(on_the_way=tuple(sorted((*state.on_the_way, sent))))
        yield "reply is lost", who, _gives_up(applied, who)
        yield "reply times out, its PUT on the way", who, _gives_up(on_the_way, who)
        yield "crash, its PUT on the way", who, _crashed(on_the_way, who)


def _stalls(state: State) -> Found:
    for kind in Kind:
        row = state.rows[kind]
        if row is not None and row.token not in {NOBODY, DEAD} and not row.ran_out:
            yield f"{kind.name.lower()} takes too long", row.token, with_row(state, kind, row._replace(ran_out=True))
    if state.lease.holder not in {NOBODY, DEAD} and not state.lease.ran_out:
        yield "timer stalls", state.lease.holder, state._replace(lease=state.lease._replace(ran_out=True))


def _gives_up(state: State, who: int) -> State:
    return with_worker(state, who, Worker("fail"))


def _crashed(state: State, who: int) -> State:
    """The process is gone, with what it knew; another one starts. What it held stays held until its time is over."""
    for kind in Kind:
        row = state.rows[kind]
        if row is not None and row.token == who:
            state = with_row(state, kind, row._replace(token=DEAD))
    if state.lease.holder == who:
        state = state._replace(lease=state.lease._replace(holder=DEAD))
    return with_worker(state, who, IDLE)


__all__ = ["Found", "faults", "jira_and_person", "the_way", "time_passes", "timer", "webhooks"]
