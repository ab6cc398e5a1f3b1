"""All steps that can come next, and what each stands for in the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.model import work_table, world
from tests.model.rules import Rules
from tests.model.stages import FIRST_STEP, SHORT_STEPS
from tests.model.state import IDLE, Bounds, Kind, State, Worker, with_worker
from tests.model.visit import VISIT_STEPS

ENDS_OF_A_DRAFT = {"publish", "give the draft up"}
WORK = {**SHORT_STEPS, **VISIT_STEPS}

STANDS_FOR = {
    "claim": "connector.store.work.claim_work",
    "fetch": "sync.ingest.read_issues: client.fetch",
    "keep": "sync.ingest.read_issues: its transaction",
    "count": "sync.recompute.recompute",
    "search": "sync.poll._read_changes: client.search",
    "keep_found": "sync.poll._read_changes: its transaction",
    "end_poll": "sync.poll.poll_jira: its transaction",
    "list": "sync.poll._look_at_pages_of: client.present_versions",
    "mark_news": "sync.poll._look_at_pages_of: its transaction",
    "prepare": "sync.visit_start.prepare_visit",
    "forget": "sync.page_settle._keep_open",
    "note_made": "sync.page_settle._remember_made",
    "read": "sync.pages._visit_once: client.read; sync.page_settle._find_made",
    "take": "sync.typed_taking.take_typed_text: its transaction",
    "begin_anew": "connector.store.claim_check.begin_anew",
    "look_for_draft": "sync.pages._reason_to_wait: client.read_draft",
    "is_it_published": "sync.pages._reason_to_wait: client.read",
    "read_again": "sync.page_write.write_page: client.read before the PUT",
    "announce": "sync.page_memory.remember_sending",
    "put": "connector.confluence.ConfluenceClient.write",
    "remember": "sync.page_memory.remember_written",
    "stay": "sync.page_memory.remember_standing: current",
    "intend": "sync.page_memory.remember_standing: said already",
    "wait": "sync.page_memory.remember_standing: held by a draft",
    "fail": "sync.work._record_failure",
    "tick": "sync.timer.tick",
}


class Step(NamedTuple):
    """``who``: the worker, where it is one's doing. ``is_fault``: it need not happen, and only so often does.
    ``is_free``: people and Jira do it or not."""

    name: str
    who: int | None = None
    is_fault: bool = False
    is_free: bool = False

    def __str__(self) -> str:
        return self.name if self.who is None else f"worker {self.who}: {self.name}"


def steps(state: State, rules: Rules, bounds: Bounds, *, with_faults: bool = True) -> Iterator[tuple[Step, State]]:
    """Every step that can be taken, with what it leads to."""
    for who, worker in enumerate(state.workers):
        if worker.at == "idle":
            yield from _claims(state, rules, who)
        else:
            yield Step(worker.at, who), WORK[worker.at](state, rules, who)
    yield from _named(world.webhooks(state, rules))
    yield from _named(world.time_passes(state))
    yield from _named(world.timer(state, rules, bounds))
    yield from _named(world.the_way(state))
    for name, nobody, after in world.jira_and_person(state, bounds):
        yield Step(name, nobody, is_free=name not in ENDS_OF_A_DRAFT), after
    for name, whose, after in world.faults(state) if with_faults else ():
        yield Step(name, whose, is_fault=True), after


def _claims(state: State, rules: Rules, who: int) -> Iterator[tuple[Step, State]]:
    for kind, after in work_table.claims(state, rules, who):
        row = after.rows[kind]
        own_act = kind is Kind.TABLE and row is not None and row.own_act
        yield Step(f"claim {kind.name.lower()}", who), with_worker(after, who, Worker(FIRST_STEP[kind], own_act))


def _named(found: world.Found) -> Iterator[tuple[Step, State]]:
    for name, who, after in found:
        yield Step(name, who), after


__all__ = ["IDLE", "STANDS_FOR", "WORK", "Step", "steps"]
