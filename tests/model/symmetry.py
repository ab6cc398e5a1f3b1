"""Which states are one and the same for everything that can still happen, so that one of them is enough.

- The two workers are alike.
- Moments are only compared with each other: their numbers do not matter.
- A worker whose claim was given to somebody else, or ran out and was released, can change nothing any more: it reads,
  and its next transaction is rolled back. So it is idle. Only where it stands right before a PUT, that PUT may still
  come: it is on the way, as one whose sender crashed. This holds only while the rules about claims are kept.
"""

from __future__ import annotations

from tests.model.page import moments
from tests.model.rules import Rules
from tests.model.state import DEAD, IDLE, NOBODY, Kind, Lease, Memory, State, Worker, with_worker
from tests.model.visit import sent_by

_ROW_OF = {
    "fetch": Kind.ISSUE, "keep": Kind.ISSUE, "mark_kept": Kind.ISSUE, "count": Kind.INITIATIVE, "search": Kind.POLL,
    "keep_found": Kind.POLL, "end_poll": Kind.POLL, "list": Kind.PAGES, "mark_news": Kind.PAGES,
}  # fmt: skip


def canonical(state: State, rules: Rules) -> State:
    """The one of them that stands for all, as far as is worth the time: two may be left of some."""
    return canonical_and_swapped(state, rules)[0]


def canonical_and_swapped(state: State, rules: Rules) -> tuple[State, bool]:
    """The same, and whether the two workers changed places in it."""
    state = _without_lost_claims(state, rules)
    is_swapped = len(state.workers) > 1 and _key(state, 0) > _key(state, 1)
    return _with_few_moments(swapped(state) if is_swapped else state), is_swapped


def _without_lost_claims(state: State, rules: Rules) -> State:
    if not (rules.token_is_compared and rules.claim_is_checked_before_put):
        return state
    for who, worker in enumerate(state.workers):
        if worker.at != "idle" and not _holds_its_claim(state, who, worker):
            state = _let_go(state, who, worker)
    return state


def _holds_its_claim(state: State, who: int, worker: Worker) -> bool:
    row = state.rows[_ROW_OF.get(worker.at, Kind.TABLE)]
    return row is not None and row.token == who


def _let_go(state: State, who: int, worker: Worker) -> State:
    on_the_way = state.on_the_way
    if worker.at == "put" and sent_by(worker).read_number == state.number:
        on_the_way = tuple(sorted((*on_the_way, sent_by(worker))))
    return with_worker(state, who, IDLE)._replace(on_the_way=on_the_way)


def swapped(state: State) -> State:
    """The same with the two workers in each other's place."""
    rows = tuple(row and row._replace(token=_other(row.token)) for row in state.rows)
    lease = Lease(_other(state.lease.holder), state.lease.ran_out)
    return state._replace(rows=rows, lease=lease, workers=state.workers[::-1])


def _other(holder: int) -> int:
    return holder if holder in {NOBODY, DEAD} else 1 - holder


def _key(state: State, who: int) -> tuple[object, ...]:
    at, own_act, answer, visit, copy = state.workers[who]
    holds = tuple(row is not None and row.token == who for row in state.rows)
    return at, own_act, answer, visit or (), copy or (), holds, state.lease.holder == who


def _with_few_moments(state: State) -> State:
    """Moments numbered in the order in which they appear. In most states they are already."""
    names: dict[int, int] = {}
    for moment in moments(state):
        names.setdefault(moment, len(names))
    if all(old == new for old, new in names.items()):
        return state
    return state._replace(
        memory=_memory(state.memory, names),
        page=tuple(each._replace(moment=names[each.moment]) for each in state.page),
        on_the_way=tuple(sorted(each._replace(moment=names[each.moment]) for each in state.on_the_way)),
        workers=tuple(_worker(each, names) for each in state.workers),
    )


def _memory(memory: Memory, names: dict[int, int]) -> Memory:
    sendings = tuple(each._replace(moment=names[each.moment]) for each in memory.sendings)
    return memory._replace(moment=names[memory.moment], sendings=sendings)


def _worker(worker: Worker, names: dict[int, int]) -> Worker:
    visit, copy = worker.visit, worker.copy
    if visit is not None:
        visit = visit._replace(memory=_memory(visit.memory, names))
    if copy is not None:
        copy = copy._replace(moment=names[copy.moment], sent_moment=names[copy.sent_moment])
    return worker._replace(visit=visit, copy=copy)
