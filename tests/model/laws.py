"""What must hold of every step, and of every state in which nothing is left to do. Judged from what changed outside,
never by the model's own conditions."""

from __future__ import annotations

from tests.model.page import OLDER
from tests.model.state import (
    ASKED,
    DEAD,
    NOBODY,
    OPEN,
    PERSON,
    SUPERSEDED,
    TAKEN,
    TWICE,
    US,
    Kind,
    State,
)  # fmt: skip
from tests.model.steps import Step

RESULT_NEEDS_CLAIM = "a result is written only while the claim's token holds"
ONE_AT_A_TIME = "a target in hand is given to nobody else before its claim runs out"
NEW_MARK_STAYS = "done clears a mark only if its generation has not moved"
ONE_TIMER = "one timer at a time"
NO_EQUAL_VERSIONS = "no version of ours says what the version before it said"
TEXT_BEFORE_WRITE = "a text is a check-in before its cell is written over"
TEXT_ONCE = "a text is a check-in exactly once"
TYPED_BY_A_PERSON = "only what a person typed is taken for typed"
AT_VERSION_READ = "a version of ours follows exactly the version that was read"
NEVER_BACK = "nothing later is replaced by something earlier"
TRUTH_AT_LAST = "when nothing is left to do, the page shows the truth and every text was taken"
NO_DEAD_END = "work that waits can be done by somebody"
NO_LIVELOCK = "without faults every run comes to an end, unless a person keeps an editor open"

# What ends a claim, and of which kind.
_RESULTS = {
    "keep": Kind.ISSUE, "mark_kept": Kind.ISSUE, "count": Kind.INITIATIVE, "end_poll": Kind.POLL,
    "mark_news": Kind.PAGES, "remember": Kind.TABLE, "stay": Kind.TABLE, "intend": Kind.TABLE, "wait": Kind.TABLE,
}  # fmt: skip
_WITHIN = {
    "keep_found": Kind.POLL, "forget": Kind.TABLE, "note_made": Kind.TABLE, "take": Kind.TABLE, "take_late": Kind.TABLE,
    "begin_anew": Kind.TABLE, "announce": Kind.TABLE, "fail": Kind.TABLE,
}  # fmt: skip
_COMMITS = _RESULTS | _WITHIN


def broken_by(before: State, step: Step, after: State) -> str | None:
    """The law that this step breaks."""
    found = _of_a_worker(before, step, after) if step.who is not None else None
    found = found or _of_texts(before, step, after)
    return found or (_of_the_page(before, step, after) if len(after.page) > len(before.page) else None)


def _of_a_worker(before: State, step: Step, after: State) -> str | None:
    assert step.who is not None
    if step.name in _COMMITS:
        return _of_a_commit(before, step, after)
    if step.name.startswith("claim "):
        return _of_a_claim(before, after)
    lease = before.lease
    is_taken = lease.holder not in {NOBODY, step.who} and not lease.ran_out
    return ONE_TIMER if step.name == "tick" and is_taken else None


def _of_a_commit(before: State, step: Step, after: State) -> str | None:
    row = before.rows[_COMMITS[step.name]]
    holds = row is not None and row.token == step.who
    if not holds and _database(before) != _database(after):
        return RESULT_NEEDS_CLAIM
    was_marked = holds and row is not None and row.moved
    if step.name in _RESULTS and was_marked and after.rows[_RESULTS[step.name]] is None:
        return NEW_MARK_STAYS
    return NEVER_BACK if after.stored < before.stored or after.counted < before.counted else None


def _database(state: State) -> object:
    return state.rows, state.stored, state.counted, state.memory, state.typed


def _of_a_claim(before: State, after: State) -> str | None:
    for old, new in zip(before.rows, after.rows, strict=True):
        is_in_hand = old is not None and old.token not in {NOBODY, DEAD} and not old.ran_out
        if is_in_hand and old is not None and (new is None or new.token != old.token):
            return ONE_AT_A_TIME
    return None


def _of_texts(before: State, step: Step, after: State) -> str | None:
    if before.typed != after.typed and (TWICE in after.typed or ASKED in after.typed):
        return TEXT_ONCE
    if step.name != "take" or step.who is None or before.memory == after.memory:
        return None
    copy = before.workers[step.who].copy
    return TYPED_BY_A_PERSON if copy is not None and _author_of_cell(before, copy.number) != PERSON else None


def _of_the_page(before: State, step: Step, after: State) -> str | None:
    last, new = before.page[-1], after.page[-1]
    if new.author != US:
        return None
    if step.who is not None and _read_by(before, step.who) != before.number:
        return AT_VERSION_READ
    if (new.figure, new.cell) == (last.figure, last.cell):
        return NO_EQUAL_VERSIONS
    if last.cell and last.cell != new.cell and before.typed[last.cell - 1] not in {TAKEN, SUPERSEDED}:
        return TEXT_BEFORE_WRITE
    if new.figure < last.figure or new.cell < last.cell:
        return NEVER_BACK
    return None


def _read_by(state: State, who: int) -> int:
    copy = state.workers[who].copy
    return OLDER if copy is None else copy.number


def broken_at_rest(state: State) -> str | None:
    """The law that a state breaks in which nobody can do anything more, but for faults and new acts of people."""
    if any(state.rows) or state.on_the_way or state.hooks or any(worker.at != "idle" for worker in state.workers):
        return NO_DEAD_END
    last, memory = state.page[-1], state.memory
    shows = (last.figure, last.cell) == (state.truth, len(state.typed))
    remembers = (memory.figure, memory.cell, memory.read_back) == (state.truth, len(state.typed), len(state.typed))
    is_taken = OPEN not in state.typed and (not state.typed or state.typed[-1] == TAKEN)
    return None if shows and remembers and is_taken else TRUTH_AT_LAST


def _author_of_cell(state: State, number: int) -> str:
    """Who made the version from which on the cell says what it says in this one."""
    cell = state.page[number].cell
    for version in range(number, 0, -1):
        if state.page[version - 1].cell != cell:
            return state.page[version].author
    return state.page[0].author
