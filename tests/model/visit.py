"""One visit to the page, transaction by transaction and call by call, as ``sync.pages`` and its parts do it."""

from __future__ import annotations

from tests.model.page import append, counted_from, fresh_moment, is_applied, put, read
from tests.model.rules import Rules
from tests.model.stages import Do, or_lost
from tests.model.state import (
    ASKED,
    IDLE,
    OPEN,
    SUPERSEDED,
    TAKEN,
    TWICE,
    US,
    Kind,
    Memory,
    Sending,
    Sent,
    State,
    Version,
    Visit,
    Worker,
    with_worker,
)  # fmt: skip
from tests.model.work_table import begin_anew, check_held, mark_due, record_done

TABLE = Kind.TABLE


def prepare(state: State, _rules: Rules, who: int) -> State:
    visit = Visit(state.counted, state.said, state.memory)
    return with_worker(state, who, Worker("read", state.workers[who].own_act, visit=visit))


def look(state: State, rules: Rules, who: int) -> State:
    """``client.read`` in ``_visit_once``, and what is concluded from it. What became of earlier writes is asked of the
    versions up to the one that was read, which never change: so that is part of this step."""
    copy = read(state)
    worker = state.workers[who]._replace(copy=copy)
    sendings = _visit(worker).memory.sendings
    decided = [each for each in sendings if each.number <= copy.number or not rules.unanswered_is_kept]
    if not decided or not rules.lost_reply_is_settled:
        return with_worker(state, who, worker._replace(at=_after_look(worker, rules)))
    made = max((each for each in decided if is_applied(state, each)), default=None)
    if made is None:
        return with_worker(state, who, worker._replace(at="forget"))
    return with_worker(state, who, worker._replace(at="note_made", answer=sendings.index(made)))


@or_lost
def forget(state: State, rules: Rules, who: int) -> State:
    check_held(state, rules, TABLE, who)
    worker = state.workers[who]
    state = state._replace(memory=state.memory._replace(sendings=_undecided(worker, rules)))
    return with_worker(state, who, worker._replace(at=_after_look(worker, rules)))


def _undecided(worker: Worker, rules: Rules) -> tuple[Sending, ...]:
    copy = worker.copy
    assert copy is not None
    sendings = _visit(worker).memory.sendings if rules.unanswered_is_kept else ()
    return tuple(each for each in sendings if each.number > copy.number)


@or_lost
def note_made(state: State, rules: Rules, who: int) -> State:
    check_held(state, rules, TABLE, who)
    worker = state.workers[who]
    sending = _visit(worker).memory.sendings[worker.answer]
    state = with_worker(state, who, Worker("prepare", worker.own_act))
    return _record_written(state, sending, _undecided(worker, rules))


def _record_written(state: State, sending: Sending, still_sent: tuple[Sending, ...] = ()) -> State:
    """``page_visits.record_written``."""
    number = sending.number
    memory = Memory(sending.figure, sending.cell, sending.cell, sending.moment, number, still_sent)
    return counted_from(state._replace(memory=memory), number)


def _after_look(worker: Worker, rules: Rules) -> str:
    is_typed = worker.copy is not None and worker.copy.cell != _visit(worker).memory.read_back
    return "take" if is_typed and rules.typed_is_taken_first else _what_next(worker, rules)


def _what_next(worker: Worker, rules: Rules) -> str:
    """``_with_older_table``, ``_reason_not_to_write`` and ``_said_already``."""
    visit, copy = _visit(worker), worker.copy
    assert copy is not None
    intended, memory = (visit.figure, visit.cell), visit.memory
    is_older = copy.moment != memory.moment
    shows_other = worker.own_act and copy.cell != visit.cell
    if intended == (memory.figure, memory.cell) and not is_older and not shows_other:
        return "stay"
    may_be_said = worker.own_act or (rules.said_is_seen_whoever_asks and not is_older)
    if rules.said_already_is_seen and may_be_said and intended == (copy.figure, copy.cell):
        return "intend"
    return "look_for_draft"


@or_lost
def take(state: State, rules: Rules, who: int) -> State:
    check_held(state, rules, TABLE, who)
    worker = state.workers[who]
    copy = worker.copy
    assert copy is not None
    if not rules.taking_comes_with_read_back and worker.at == "take":
        state = state._replace(memory=state.memory._replace(read_back=copy.cell))
        return with_worker(state, who, worker._replace(at="take_late"))
    if copy.moment != _visit(worker).memory.moment:
        return _ask(state, who, copy.cell)
    state = state._replace(typed=_taken(state, rules, copy.number, copy.cell))
    if rules.read_back_moves_with_taking:
        state = state._replace(memory=state.memory._replace(read_back=copy.cell))
    state = mark_due(state, rules, TABLE, own_act=True, retry=True)
    return with_worker(state, who, worker._replace(at="begin_anew"))


def _ask(state: State, who: int, cell: int) -> State:
    """What stands in a table that seems to be an older one is no check-in by itself. How it goes on from there is not
    modelled: it must not come to this."""
    typed = tuple(ASKED if number == cell else outcome for number, outcome in enumerate(state.typed, 1))
    return with_worker(state._replace(typed=typed), who, IDLE)


def _taken(state: State, rules: Rules, number: int, cell: int) -> tuple[str, ...]:
    """The text that stands there is a check-in; what stood there in versions that nobody saw was typed over."""
    typed = list(state.typed)
    for version in state.page[max(state.memory.seen, 0) + 1 : number]:
        if version.author != US and version.cell not in {0, cell} and typed[version.cell - 1] == OPEN:
            typed[version.cell - 1] = SUPERSEDED
    if cell:
        again = typed[cell - 1] in {TAKEN, TWICE} and not rules.check_in_has_a_key
        typed[cell - 1] = TWICE if again else TAKEN
    return tuple(typed)


@or_lost
def start_anew(state: State, rules: Rules, who: int) -> State:
    state = begin_anew(state, rules, TABLE, who)
    if not rules.read_back_moves_with_taking:
        copy = state.workers[who].copy
        assert copy is not None
        state = state._replace(memory=state.memory._replace(read_back=copy.cell))
    return with_worker(state, who, Worker("prepare", own_act=True))


def look_for_draft(state: State, _rules: Rules, who: int) -> State:
    worker = state.workers[who]
    return with_worker(state, who, worker._replace(at="is_it_published" if state.draft else "read_again"))


def is_it_published(state: State, _rules: Rules, who: int) -> State:
    worker = state.workers[who]
    if worker.copy is None or worker.copy.number != state.number:
        return with_worker(state, who, Worker("prepare", worker.own_act))
    return with_worker(state, who, worker._replace(at="wait"))


def read_again(state: State, rules: Rules, who: int) -> State:
    worker = state.workers[who]
    if rules.writes_at_version_read and (worker.copy is None or worker.copy.number != state.number):
        return with_worker(state, who, Worker("prepare", worker.own_act))
    return with_worker(state, who, worker._replace(at="announce"))


@or_lost
def announce(state: State, rules: Rules, who: int) -> State:
    if rules.claim_is_checked_before_put:
        check_held(state, rules, TABLE, who)
    worker = state.workers[who]
    visit, copy = _visit(worker), worker.copy
    assert copy is not None
    moment = fresh_moment(state)
    sending = Sending(copy.number + 1, visit.figure, visit.cell, moment)
    if rules.sending_is_remembered:
        earlier = state.memory.sendings if rules.unanswered_is_kept else ()
        state = state._replace(memory=state.memory._replace(sendings=(sending, *earlier)))
    return with_worker(state, who, worker._replace(at="put", copy=copy._replace(sent_moment=moment)))


def sent_by(worker: Worker) -> Sent:
    """The PUT that a worker is about to make."""
    visit, copy = _visit(worker), worker.copy
    assert copy is not None
    return Sent(copy.number, visit.figure, visit.cell, copy.sent_moment)


def write(state: State, rules: Rules, who: int) -> State:
    worker = state.workers[who]
    sent = sent_by(worker)
    after = put(state, sent)
    if after is not None:
        return with_worker(after, who, worker._replace(at="remember"))
    if rules.writes_at_version_read:
        return with_worker(state, who, Worker("prepare", worker.own_act))
    # The planted bug: the same body once more, at whatever version stands there now.
    after = append(state, Version(US, sent.figure, sent.cell, sent.moment))
    copy = worker.copy and worker.copy._replace(number=state.number)
    return with_worker(after, who, worker._replace(at="remember", copy=copy))


@or_lost
def remember(state: State, rules: Rules, who: int) -> State:
    sent = sent_by(state.workers[who])
    found = sent.cell if rules.reads_back_own_version else state.page[-1].cell
    state = with_worker(record_done(state, rules, TABLE, who), who, IDLE)
    state = _record_written(state, Sending(sent.read_number + 1, sent.figure, sent.cell, sent.moment))
    return state._replace(memory=state.memory._replace(read_back=found))


@or_lost
def stay(state: State, rules: Rules, who: int) -> State:
    return _stand(state, rules, who)


@or_lost
def intend(state: State, rules: Rules, who: int) -> State:
    visit = _visit(state.workers[who])
    state = _stand(state, rules, who)
    return state._replace(memory=state.memory._replace(figure=visit.figure, cell=visit.cell))


@or_lost
def wait(state: State, rules: Rules, who: int) -> State:
    own_act = state.workers[who].own_act
    state = _stand(state, rules, who)
    return mark_due(state, rules, TABLE, own_act=own_act, later=True) if rules.comes_again_after_draft else state


def _stand(state: State, rules: Rules, who: int) -> State:
    copy = state.workers[who].copy
    assert copy is not None
    state = record_done(state, rules, TABLE, who)
    return with_worker(state._replace(memory=state.memory._replace(seen=copy.number)), who, IDLE)


def _visit(worker: Worker) -> Visit:
    assert worker.visit is not None
    return worker.visit


VISIT_STEPS: dict[str, Do] = {
    "prepare": prepare,
    "forget": forget,
    "note_made": note_made,
    "read": look,
    "take": take,
    "take_late": take,
    "begin_anew": start_anew,
    "look_for_draft": look_for_draft,
    "is_it_published": is_it_published,
    "read_again": read_again,
    "announce": announce,
    "put": write,
    "remember": remember,
    "stay": stay,
    "intend": intend,
    "wait": wait,
}
