"""The short stages: reading an issue, counting, asking Jira and looking at pages. Each step is one transaction or one
call to a site of the function that its name stands for (``steps.STANDS_FOR``)."""

from __future__ import annotations

from collections.abc import Callable

from tests.model import work_table
from tests.model.rules import Rules
from tests.model.state import IDLE, Kind, State, Worker, with_worker
from tests.model.work_table import ClaimLost, check_held, mark_due, record_done

FIRST_STEP = {
    Kind.ISSUE: "fetch",
    Kind.INITIATIVE: "count",
    Kind.TABLE: "prepare",
    Kind.POLL: "search",
    Kind.PAGES: "list",
}

Do = Callable[[State, Rules, int], State]


def or_lost(do: Do) -> Do:
    """A transaction that is rolled back where the claim is lost; the worker then looks for other work."""

    def done(state: State, rules: Rules, who: int) -> State:
        try:
            return do(state, rules, who)
        except ClaimLost:
            return with_worker(state, who, IDLE)

    return done


def fetch(state: State, _rules: Rules, who: int) -> State:
    return with_worker(state, who, Worker("keep", answer=state.truth))


@or_lost
def keep(state: State, rules: Rules, who: int) -> State:
    if not rules.kept_and_marked_at_once:
        return _keep_alone(state, who)
    state = _take_in(state, rules, state.workers[who].answer)
    return with_worker(record_done(state, rules, Kind.ISSUE, who), who, IDLE)


def _keep_alone(state: State, who: int) -> State:
    """The planted bug: what was read is committed, and what it makes due is to follow."""
    worker = state.workers[who]
    changed = worker.answer > state.stored
    state = state._replace(stored=max(state.stored, worker.answer))
    return with_worker(state, who, worker._replace(at="mark_kept", answer=int(changed)))


@or_lost
def mark_kept(state: State, rules: Rules, who: int) -> State:
    if state.workers[who].answer:
        state = mark_due(mark_due(state, rules, Kind.INITIATIVE), rules, Kind.TABLE)
    return with_worker(record_done(state, rules, Kind.ISSUE, who), who, IDLE)


def _take_in(state: State, rules: Rules, found: int) -> State:
    """``sync.reading.take_in``: what is older by Jira's own time never replaces what is newer."""
    if found <= state.stored:
        return state
    state = state._replace(stored=found)
    return mark_due(mark_due(state, rules, Kind.INITIATIVE), rules, Kind.TABLE)


@or_lost
def count(state: State, rules: Rules, who: int) -> State:
    if state.counted != state.stored:
        state = mark_due(state._replace(counted=state.stored), rules, Kind.TABLE)
    return with_worker(record_done(state, rules, Kind.INITIATIVE, who), who, IDLE)


def search(state: State, rules: Rules, who: int) -> State:
    found = state.truth if rules.polls_find_issues else 0
    return with_worker(state, who, Worker("keep_found", answer=found))


@or_lost
def keep_found(state: State, rules: Rules, who: int) -> State:
    state = work_table.hold_on(state, rules, Kind.POLL, who)
    state = _take_in(state, rules, state.workers[who].answer)
    return with_worker(state, who, Worker("end_poll"))


@or_lost
def end_poll(state: State, rules: Rules, who: int) -> State:
    return with_worker(record_done(state, rules, Kind.POLL, who), who, IDLE)


def list_pages(state: State, rules: Rules, who: int) -> State:
    is_news = state.number != state.memory.seen and rules.polls_find_versions
    return with_worker(state, who, Worker("mark_news", answer=int(is_news)))


@or_lost
def mark_news(state: State, rules: Rules, who: int) -> State:
    if state.workers[who].answer:
        state = mark_due(state, rules, Kind.TABLE)
    return with_worker(record_done(state, rules, Kind.PAGES, who), who, IDLE)


@or_lost
def fail(state: State, rules: Rules, who: int) -> State:
    """The reply to a PUT was lost: the visit ends with Unavailable."""
    state = work_table.record_failed(state, rules, Kind.TABLE, who)
    return with_worker(state, who, IDLE)


SHORT_STEPS: dict[str, Do] = {
    "fetch": fetch,
    "keep": keep,
    "mark_kept": mark_kept,
    "count": count,
    "search": search,
    "keep_found": keep_found,
    "end_poll": end_poll,
    "list": list_pages,
    "mark_news": mark_news,
    "fail": fail,
}

__all__ = ["FIRST_STEP", "SHORT_STEPS", "Do", "check_held", "or_lost"]
