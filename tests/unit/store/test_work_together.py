"""Several workers and several marks at once: nothing is done twice at a time, no mark is lost, nobody waits."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock

import pytest
from sqlalchemy import func, select

from connector.store.engine import Database
from connector.store.schema import work
from connector.store.work import claim_work, mark_due, record_done
from tests.clock import START

LEASE = 60.0


@dataclass
class InHand:
    """Which targets are in whose hands; two at once are a fault."""

    lock: Lock = field(default_factory=Lock)
    present: Counter[str] = field(default_factory=Counter)
    finished: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def take(self, target: str) -> None:
        with self.lock:
            self.present[target] += 1
            if self.present[target] > 1:
                self.faults.append(target)

    def finish(self, target: str) -> None:
        with self.lock:
            self.present[target] -= 1
            self.finished[target] += 1


def _work_until_empty(db: Database, hands: InHand, *, same_group: bool) -> None:
    while claims := claim_work(db, now=START, lease_seconds=LEASE, limit=7, same_group=same_group):
        for claim in claims:
            hands.take(claim.target)
        for claim in claims:
            hands.finish(claim.target)
            with db.write() as conn:
                assert record_done(conn, claim)


@pytest.mark.parametrize("same_group", [False, True])
def test_two_workers_never_have_the_same_target(database: Database, workspace_id: int, same_group: bool) -> None:
    targets = [f"{number % 3}:{number}" for number in range(90)]
    with database.write() as conn:
        mark_due(conn, workspace_id, "issue", targets, START)
    hands = InHand()
    with ThreadPoolExecutor(4) as threads:
        workers = [threads.submit(_work_until_empty, database, hands, same_group=same_group) for _ in range(4)]
        for worker in workers:
            worker.result(60)
    assert hands.faults == []
    assert hands.finished == Counter(targets)


@dataclass
class Truth:
    """What the world says of each target, and what the workers last made of it."""

    world: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    no_more: Event = field(default_factory=Event)


def _change_the_world(db: Database, workspace_id: int, truth: Truth, mine: list[str]) -> None:
    for turn in range(25):
        target = mine[turn % len(mine)]
        truth.world[target] = turn
        with db.write() as conn:
            mark_due(conn, workspace_id, "issue", [target], START)


def _follow(db: Database, truth: Truth) -> None:
    while True:
        last_round = truth.no_more.is_set()
        claims = claim_work(db, now=START, lease_seconds=LEASE, limit=3)
        for claim in claims:
            truth.known[claim.target] = truth.world[claim.target]
            with db.write() as conn:
                record_done(conn, claim)
        if last_round and not claims:
            return


def test_no_change_is_lost_between_marks_and_workers(database: Database, workspace_id: int) -> None:
    truth = Truth()
    with ThreadPoolExecutor(5) as threads:
        workers = [threads.submit(_follow, database, truth) for _ in range(2)]
        markers = [
            threads.submit(
                _change_the_world, database, workspace_id, truth, [f"1:{who}-{number}" for number in range(2)]
            )
            for who in range(3)
        ]
        _wait_for([marker.result for marker in markers])
        truth.no_more.set()
        _wait_for([worker.result for worker in workers])
    assert truth.known == truth.world
    with database.read() as conn:
        left = select(func.count()).select_from(work).where(work.c.workspace_id == workspace_id)
        assert conn.execute(left).scalar_one() == 0


def _wait_for(results: list[Callable[[float], None]]) -> None:
    for result in results:
        result(60)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_on_postgresql_nobody_waits_for_what_another_is_taking(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        mark_due(conn, workspace_id, "issue", ["1:1", "1:2", "1:3"], START)
    with ThreadPoolExecutor(1) as threads, database.write() as conn:
        conn.execute(select(work).where(work.c.workspace_id == workspace_id, work.c.target == "1:1").with_for_update())
        began = time.monotonic()
        others = threads.submit(claim_work, database, now=START, lease_seconds=LEASE, limit=9).result(10)
        assert time.monotonic() - began < 5
    assert [claim.target for claim in others] == ["1:2", "1:3"]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_leases_that_ran_out_are_freed_without_waiting(database: Database, workspace_id: int) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with database.write() as conn:
        mark_due(conn, workspace_id, "issue", ["1:1", "1:2"], long_ago)
    assert len(claim_work(database, now=long_ago, lease_seconds=1, limit=9)) == 2
    with ThreadPoolExecutor(1) as threads, database.write() as conn:
        conn.execute(select(work).where(work.c.workspace_id == workspace_id, work.c.target == "1:1").with_for_update())
        others = threads.submit(claim_work, database, now=START, lease_seconds=LEASE, limit=9).result(5)
    assert [claim.target for claim in others] == ["1:2"]
