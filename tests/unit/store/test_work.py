"""The work table against a second reckoning: any sequence of marks, claims, results and lost workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from connector.store.claim_check import begin_anew
from connector.store.engine import Database
from connector.store.schema import work
from connector.store.work import Claim, ClaimLost, claim_work, mark_due, postpone, record_done, record_failed
from connector.store.work_list import due_counts, load_parked, marked, next_due_at, retry_parked
from tests.clock import START, FakeClock
from tests.unit.store.work_model import Key, Model

KINDS = ("issue", "table")
TARGETS = ("1:10", "1:11", "2:10", "7")
LEASE = 60.0


@dataclass
class Sides:
    """The real table and the reckoning, moved together."""

    db: Database
    workspace_id: int
    clock: FakeClock = field(default_factory=FakeClock)
    model: Model = field(default_factory=Model)
    in_hand: list[tuple[Claim, Key, int]] = field(default_factory=list)

    def mark(self, kind: str, targets: list[str], later: int, urgency: int, retry: bool) -> None:
        at = self.clock.now() + timedelta(seconds=later)
        with self.db.write() as conn:
            mark_due(conn, self.workspace_id, kind, targets, at, urgency=urgency, retry=retry)
        self.model.mark(kind, targets, at, urgency, retry)

    def claim(self, limit: int, same_group: bool) -> None:
        now = self.clock.now()
        claims = claim_work(self.db, now=now, lease_seconds=LEASE, limit=limit, same_group=same_group)
        wanted = self.model.take(now, limit, LEASE, same_group)
        assert [((c.kind, c.target), c.attempts) for c in claims] == [(key, attempts) for key, _, attempts in wanted]
        self.in_hand += [(c, key, number) for c, (key, number, _) in zip(claims, wanted, strict=True)]

    def done(self, which: int) -> None:
        if not self.in_hand:
            return
        claim, key, number = self.in_hand.pop(which % len(self.in_hand))
        cleared: bool | None = None
        with self._unless_lost(), self.db.write() as conn:
            cleared = record_done(conn, claim)
        assert cleared == self.model.done(key, number)

    def fail(self, which: int, later: int | None) -> None:
        if not self.in_hand:
            return
        claim, key, number = self.in_hand.pop(which % len(self.in_hand))
        now = self.clock.now()
        retry_at = None if later is None else now + timedelta(seconds=later)
        reason = "it fails" if later is None else ""
        with self._unless_lost() as lost, self.db.write() as conn:
            record_failed(conn, claim, at=now, error="e", retry_at=retry_at, parked_reason=reason)
        assert bool(lost) != self.model.failed(key, number, retry_at)

    def put_off(self, which: int, later: int) -> None:
        if not self.in_hand:
            return
        claim, key, number = self.in_hand.pop(which % len(self.in_hand))
        until = self.clock.now() + timedelta(seconds=later)
        with self._unless_lost() as lost, self.db.write() as conn:
            postpone(conn, claim, until)
        assert bool(lost) != self.model.postponed(key, number, until)

    def try_again(self) -> None:
        with self.db.write() as conn:
            assert retry_parked(conn, self.workspace_id, self.clock.now()) == self.model.retry_parked(self.clock.now())

    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    def compare(self) -> None:
        with self.db.read() as conn:
            assert next_due_at(conn) == self.model.next_due()
            assert {p.target for p in load_parked(conn, self.workspace_id)} == {
                target for (_, target), mark in self.model.marks.items() if mark.parked
            }
            for kind in KINDS:
                here = {target for (k, target) in self.model.marks if k == kind}
                assert marked(conn, self.workspace_id, kind, TARGETS) == here

    @staticmethod
    @contextmanager
    def _unless_lost() -> Iterator[list[ClaimLost]]:
        """Collects the ClaimLost of its block."""
        lost: list[ClaimLost] = []
        try:
            yield lost
        except ClaimLost as error:
            lost.append(error)


# Short waits among few targets, so that most claims find something and most results meet a newer mark or a lost claim.
which = st.integers(0, 3)
mark = st.tuples(
    st.just("mark"),
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3),
    st.sampled_from([0, 0, 0, -5, 10, 40, 500]),
    st.integers(1, 3),
    st.sampled_from([False, False, False, True]),
)
claim = st.tuples(st.just("claim"), st.integers(1, 4), st.booleans())
result = st.one_of(
    st.tuples(st.just("done"), which),
    st.tuples(st.just("done"), which),
    st.tuples(st.just("fail"), which, st.sampled_from([None, 10, 50])),
    st.tuples(st.just("put_off"), which, st.sampled_from([10, 50])),
)
pause = st.tuples(st.just("wait"), st.sampled_from([1, 20, 70]))
turns = st.lists(
    st.tuples(mark, claim, st.one_of(mark, result, pause), result, st.one_of(pause, st.just(("try_again",)), claim)),
    min_size=4,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=turns.map(lambda parts: list(chain.from_iterable(parts))))
def test_the_table_does_what_the_reckoning_says(
    database: Database, workspace_id: int, story: list[tuple[Any, ...]]
) -> None:
    with database.write() as conn:
        conn.execute(delete(work).where(work.c.workspace_id == workspace_id))
    sides = Sides(database, workspace_id)
    for name, *arguments in story:
        getattr(sides, name)(*arguments)
        sides.compare()


# --- what matters most, one sentence each ----------------------------------------------------------------------------


@dataclass
class Hands:
    """Short for what the examples below do again and again."""

    db: Database
    workspace_id: int
    now: datetime = START

    def mark(self, *targets: str, kind: str = "issue", later: float = 0, urgency: int = 5, retry: bool = False) -> None:
        at = self.now + timedelta(seconds=later)
        with self.db.write() as conn:
            mark_due(conn, self.workspace_id, kind, targets, at, urgency=urgency, retry=retry)

    def claim(self, limit: int = 10, later: float = 0, *, same_group: bool = False) -> list[Claim]:
        now = self.now + timedelta(seconds=later)
        return claim_work(self.db, now=now, lease_seconds=LEASE, limit=limit, same_group=same_group)

    def done(self, claim: Claim) -> bool:
        with self.db.write() as conn:
            return record_done(conn, claim)

    def fail(self, claim: Claim, *, later: float | None = None) -> None:
        retry_at = None if later is None else self.now + timedelta(seconds=later)
        reason = "" if retry_at else "gone"
        with self.db.write() as conn:
            record_failed(conn, claim, at=self.now, error="404", retry_at=retry_at, parked_reason=reason)


@pytest.fixture
def hands(database: Database, workspace_id: int) -> Hands:
    return Hands(database, workspace_id)


def test_marking_many_times_is_one_piece_of_work(hands: Hands) -> None:
    for _ in range(5):
        hands.mark("1:10", "1:10")
    assert [claim.generation for claim in hands.claim()] == [5]


def test_what_is_not_due_yet_is_not_given_out(hands: Hands) -> None:
    hands.mark("1:10", later=1)
    assert hands.claim() == []
    assert len(hands.claim(later=1)) == 1


def test_a_mark_during_the_work_is_not_lost(hands: Hands) -> None:
    hands.mark("1:10")
    (claim,) = hands.claim()
    hands.mark("1:10")
    assert hands.done(claim) is False
    (again,) = hands.claim()
    assert hands.done(again) is True
    assert hands.claim() == []


def test_who_begins_anew_answers_the_marks_that_have_come(hands: Hands, database: Database) -> None:
    hands.mark("1:10")
    (claim,) = hands.claim()
    hands.mark("1:10")
    with database.write() as conn:
        anew = begin_anew(conn, claim)
    assert hands.done(anew) is True
    assert hands.claim() == []


def test_a_mark_after_beginning_anew_is_not_lost(hands: Hands, database: Database) -> None:
    hands.mark("3", kind="table", urgency=1)
    (claim,) = hands.claim()
    with database.write() as conn:
        anew = begin_anew(conn, claim)
    hands.mark("3", kind="table", later=50)
    assert hands.done(anew) is False
    assert hands.claim(later=49) == []
    assert len(hands.claim(later=50)) == 1


def test_who_lost_the_claim_cannot_begin_anew(hands: Hands, database: Database) -> None:
    hands.mark("1:10")
    (slow,) = hands.claim()
    hands.claim(later=LEASE)
    with pytest.raises(ClaimLost), database.write() as conn:
        begin_anew(conn, slow)


def test_a_mark_for_later_during_the_work_waits_for_its_time(hands: Hands) -> None:
    hands.mark("3", kind="table", urgency=1)
    (claim,) = hands.claim()
    hands.mark("3", kind="table", later=50)
    assert hands.done(claim) is False
    assert hands.claim(later=49) == []
    (again,) = hands.claim(later=50)
    assert again.marked_at == START + timedelta(seconds=50)


def test_who_lost_the_claim_writes_nothing(hands: Hands, database: Database, workspace_id: int) -> None:
    hands.mark("1:10")
    (slow,) = hands.claim()
    (quick,) = hands.claim(later=LEASE)
    assert (quick.attempts, quick.token != slow.token) == (1, True)
    with pytest.raises(ClaimLost):
        _mark_and_finish(database, workspace_id, slow)
    for later in (None, 1):
        with pytest.raises(ClaimLost):
            hands.fail(slow, later=later)
    with pytest.raises(ClaimLost), database.write() as conn:
        postpone(conn, slow, START)
    assert hands.done(quick) is True
    assert hands.claim(later=1000) == []


def _mark_and_finish(database: Database, workspace_id: int, claim: Claim) -> None:
    with database.write() as conn:
        mark_due(conn, workspace_id, "issue", ["1:99"], START)
        record_done(conn, claim)


def test_what_a_lost_worker_had_in_hand_does_not_wait_for_a_later_mark(hands: Hands) -> None:
    hands.mark("1:10")
    hands.claim()
    hands.mark("1:10", later=1000)
    (again,) = hands.claim(later=LEASE)
    assert again.generation == 2


def test_a_claim_that_ran_out_still_counts_until_somebody_takes_it(hands: Hands) -> None:
    hands.mark("1:10")
    (claim,) = hands.claim()
    hands.now += timedelta(seconds=2 * LEASE)
    assert hands.done(claim) is True


def test_a_bad_item_blocks_only_itself(hands: Hands, database: Database, workspace_id: int) -> None:
    hands.mark("1:10", "1:11")
    bad, good = hands.claim()
    hands.fail(bad)
    assert hands.done(good)
    hands.mark("1:10")
    assert hands.claim(later=10_000) == []
    with database.read() as conn:
        (parked,) = load_parked(conn, workspace_id)
    assert (parked.target, parked.attempts, parked.reason, parked.last_error) == ("1:10", 1, "gone", "404")
    with database.write() as conn:
        assert retry_parked(conn, workspace_id, START, work_ids=[parked.work_id + 1]) == 0
        assert retry_parked(conn, workspace_id, START, work_ids=[parked.work_id]) == 1
    (again,) = hands.claim()
    assert again.attempts == 0


def test_only_a_persons_own_act_brings_forward_what_failed(hands: Hands) -> None:
    hands.mark("1:10")
    hands.fail(hands.claim()[0], later=300)
    hands.mark("1:10")
    assert hands.claim(later=299) == []
    hands.mark("1:10", retry=True)
    assert [claim.attempts for claim in hands.claim()] == [0]


def test_a_persons_own_act_brings_back_what_was_set_aside(hands: Hands) -> None:
    hands.mark("1:10")
    hands.fail(hands.claim()[0])
    hands.mark("1:10", retry=True)
    assert len(hands.claim()) == 1


def test_success_forgets_earlier_failures(hands: Hands) -> None:
    hands.mark("1:10")
    hands.fail(hands.claim()[0], later=1)
    (claim,) = hands.claim(later=1)
    assert claim.attempts == 1
    hands.mark("1:10")
    assert hands.done(claim) is False
    assert hands.claim()[0].attempts == 0


def test_a_failure_says_either_when_or_why_not(hands: Hands, database: Database) -> None:
    hands.mark("1:10")
    (claim,) = hands.claim()
    for retry_at, reason in ((None, ""), (START, "gone")):
        with pytest.raises(ValueError, match="either"), database.write() as conn:
            record_failed(conn, claim, at=START, error="e", retry_at=retry_at, parked_reason=reason)


def test_the_most_urgent_first_then_the_longest_due(hands: Hands) -> None:
    hands.mark("1:1", later=-1)
    hands.mark("1:2", later=-2)
    hands.mark("1:3", urgency=1)
    assert [claim.target for claim in hands.claim()] == ["1:3", "1:2", "1:1"]


def test_a_group_is_one_workspace_one_kind_and_one_connection(
    hands: Hands, database: Database, workspace_id: int
) -> None:
    hands.mark("1:10", "2:10", "1:11", "12:1", "1")
    hands.mark("1:10", kind="children")
    claims = hands.claim(same_group=True)
    assert {(claim.kind, claim.target) for claim in claims} == {("issue", "1"), ("issue", "1:10"), ("issue", "1:11")}
    assert [claim.target for claim in hands.claim(same_group=True)] == ["12:1"]


def test_kinds_can_be_chosen(hands: Hands, database: Database) -> None:
    hands.mark("1:10")
    hands.mark("3", kind="table")
    claims = claim_work(database, now=START, lease_seconds=1, limit=9, kinds=["table"])
    assert [claim.kind for claim in claims] == ["table"]
    with database.read() as conn:
        assert next_due_at(conn, ["poll"]) is None
        assert next_due_at(conn, ["table"]) == START + timedelta(seconds=1)


def test_thousands_are_marked_and_claimed_in_batches(hands: Hands, database: Database, workspace_id: int) -> None:
    hands.mark(*(f"1:{number}" for number in range(3000)))
    hands.mark(*(f"1:{number}" for number in range(3000)))
    with database.read() as conn:
        (count,) = due_counts(conn, workspace_id, START)
    assert (count.kind, count.due, count.later, count.in_hand, count.parked) == ("issue", 3000, 0, 0, 0)
    assert count.waiting_since == START
    seen = {claim.target for _ in range(3) for claim in hands.claim(1000, same_group=True)}
    assert len(seen) == 3000


def test_counts_tell_what_waits_what_is_in_hand_and_what_is_set_aside(
    hands: Hands, database: Database, workspace_id: int
) -> None:
    hands.mark("1:1", "1:2", "1:3", "1:4")
    hands.fail(hands.claim(1)[0])
    hands.claim(1)
    hands.mark("1:5", later=60)
    with database.read() as conn:
        (count,) = due_counts(conn, workspace_id, START)
    assert (count.due, count.later, count.in_hand, count.parked) == (2, 1, 1, 1)
