"""The page at Confluence, and the numbers of its versions.

Numbers are counted from the version that we remember to have written; ``record_written`` moves that point, and every
number that anybody still knows moves with it. A worker that read a version before it only knows that it is older.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.state import US, Copy, Memory, Sending, Sent, State, Version, Visit, Worker

OLDER = -1


def read(state: State) -> Copy:
    """``GET /wiki/api/v2/pages/{id}``."""
    last = state.page[-1]
    return Copy(state.number, last.figure, last.cell, last.moment)


def append(state: State, version: Version) -> State:
    """The next version; a PUT on its way that was to make it is refused when it arrives, so it is forgotten here."""
    state = state._replace(page=(*state.page, version))
    waiting = tuple(sent for sent in state.on_the_way if sent.read_number >= state.number)
    return state if waiting == state.on_the_way else state._replace(on_the_way=waiting)


def put(state: State, sent: Sent) -> State | None:
    """``PUT /wiki/api/v2/pages/{id}`` at the version that was read + 1; None where that is a conflict."""
    if sent.read_number != state.number:
        return None
    return append(state, Version(US, sent.figure, sent.cell, sent.moment))


def is_applied(state: State, sending: Sending) -> bool:
    """``page_settle._version_made``: the version of that number is ours and shows what was sent."""
    if not 0 <= sending.number <= state.number:
        return False
    return state.page[sending.number] == Version(US, sending.figure, sending.cell, sending.moment)


def fresh_moment(state: State) -> int:
    """A moment that nothing names yet: two looks at the page never have the same."""
    used = set(moments(state))
    return next(moment for moment in range(len(used) + 1) if moment not in used)


def moments(state: State) -> Iterator[int]:
    """Every moment that anything names."""
    memory = state.memory
    yield memory.moment
    yield from (version.moment for version in state.page)
    yield from (sending.moment for sending in memory.sendings)
    yield from (sent.moment for sent in state.on_the_way)
    for worker in state.workers:
        if worker.visit is not None:
            yield worker.visit.memory.moment
            yield from (sending.moment for sending in worker.visit.memory.sendings)
        if worker.copy is not None:
            yield worker.copy.moment
            yield worker.copy.sent_moment


def counted_from(state: State, number: int) -> State:
    """The same, with all numbers counted from this version."""
    if number == 0:
        return state
    return state._replace(
        page=state.page[number:],
        memory=_memory(state.memory, number),
        workers=tuple(_worker(worker, number) for worker in state.workers),
        on_the_way=tuple(sent._replace(read_number=sent.read_number - number) for sent in state.on_the_way),
    )


def _memory(memory: Memory, by: int) -> Memory:
    sendings = tuple(each._replace(number=max(each.number - by, OLDER)) for each in memory.sendings)
    return memory._replace(seen=max(memory.seen - by, OLDER), sendings=sendings)


def _worker(worker: Worker, by: int) -> Worker:
    visit, copy = worker.visit, worker.copy
    if visit is not None:
        visit = Visit(visit.figure, visit.cell, _memory(visit.memory, by))
    if copy is not None:
        copy = copy._replace(number=max(copy.number - by, OLDER))
    return worker._replace(visit=visit, copy=copy)
