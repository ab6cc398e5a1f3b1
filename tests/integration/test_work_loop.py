"""The loop around the stages: claims that are lost, a database that is away, batches that fail, queries, two timers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from connector.errors import Rejected
from connector.store.engine import Database
from connector.store.errors import StoreUnavailable
from connector.store.jql_values import JqlValue, load_jql_values
from connector.store.work import Claim, claim_work, mark_due
from sync.ports import Resources
from sync.stages import STAGES
from sync.timer import LEASE_SECONDS, tick
from sync.work import LEASE_SECONDS as CLAIM_SECONDS
from sync.work import Stage, do_what_is_due
from tests.integration.line import Line, line
from tests.integration.okr_page import CYCLE, OkrPage
from tests.site.roster import SYNC
from tests.site.running import Site

QUERY = """
cycle: {{key: now, name: Now, starts: {starts}, ends: {ends}}}
objectives:
  - key: T-O1
    title: Paying feels instant
    key_results:
      - key: T-KR1
        title: Open bugs
        from: 100
        to: 0
        source: {{jql: '{jql}'}}
      - key: T-KR3
        title: Both markets live with it
        steps:
          - {{key: pilot, title: One market, share: 30 %, done: true}}
          - {{key: rest, title: All markets, share: 70 %}}
        initiatives:
          - {{issue: {issue}, step: rest}}
      - key: T-KR4
        title: Chargebacks
        below: 12
        check_ins:
          - {{at: {starts}, value: 9.1, confidence: 8, by: Mei Tanaka}}
"""


def with_stage(kind: str, run: Callable[[Resources, Sequence[Claim]], None]) -> dict[str, Stage]:
    """The stages, but one of them does something else."""
    return dict(STAGES) | {kind: replace(STAGES[kind], run=run)}


def test_a_claim_that_was_lost_writes_nothing(page: OkrPage) -> None:
    line = page.line

    def slow(on: Resources, claims: Sequence[Claim]) -> None:
        later = line.clock.advance(seconds=CLAIM_SECONDS + 1)
        assert claim_work(on.database, now=later, lease_seconds=600, kinds=["issue"])
        STAGES["issue"].run(on, claims)

    key = page.finish()
    line.mark("issue", page.target(key))
    do_what_is_due(line.on, with_stage("issue", slow), stopping=lambda: False)
    line.work(until_quiet=False)
    assert page.our_versions() == 1
    line.after(seconds=601)
    assert page.wrong() == []


def test_an_item_that_was_put_off_in_lost_hands_does_not_stop_the_loop(page: OkrPage) -> None:
    line = page.line

    def lose(on: Resources, claims: Sequence[Claim]) -> None:
        later = line.clock.advance(seconds=CLAIM_SECONDS + 1)
        assert claim_work(on.database, now=later, lease_seconds=600, kinds=["issue"])
        raise Rejected("no", 400)

    line.mark("issue", page.target(page.first))
    assert do_what_is_due(line.on, with_stage("issue", lose), stopping=lambda: False) == 1
    assert line.set_aside() == []


def test_without_the_database_the_loop_ends_and_nothing_is_counted(page: OkrPage) -> None:
    def away(_on: Resources, _claims: Sequence[Claim]) -> None:
        raise StoreUnavailable("away")

    page.line.mark("issue", page.target(page.first))
    with pytest.raises(StoreUnavailable):
        do_what_is_due(page.line.on, with_stage("issue", away), stopping=lambda: False)
    page.line.after(seconds=CLAIM_SECONDS + 1)
    assert (page.line.waiting(), page.line.set_aside()) == ({}, [])


def test_an_unforeseen_fault_is_set_aside_after_a_few_tries_and_others_go_on(page: OkrPage) -> None:
    seen: list[int] = []

    def faulty(on: Resources, claims: Sequence[Claim]) -> None:
        seen.append(len(claims))
        if any(claim.target.endswith(":1") for claim in claims):
            raise KeyError("a fault of ours")
        STAGES["issue"].run(on, claims)

    line = page.line
    connection_id = line.connection().id
    line.mark("issue", *(f"{connection_id}:{number}" for number in range(1, 6)))
    for _ in range(8):
        do_what_is_due(line.on, with_stage("issue", faulty), stopping=lambda: False)
        line.clock.advance(minutes=2)
    assert [work.target for work in line.set_aside()] == [f"{connection_id}:1"]
    assert "KeyError" in line.set_aside()[0].reason
    assert seen[:2] == [5, 5]
    assert set(seen[2:]) == {1}


def test_work_of_a_connection_that_is_unknown_is_set_aside(page: OkrPage) -> None:
    page.line.mark("issue", "999:1")
    for _ in range(8):
        page.line.work()
        page.line.clock.advance(minutes=2)
    assert [work.target for work in page.line.set_aside()] == ["999:1"]


def test_stopping_ends_the_loop_before_the_next_batch(page: OkrPage) -> None:
    page.line.mark("issue", page.target(page.first))
    assert do_what_is_due(page.line.on, STAGES, stopping=lambda: True) == 0
    assert page.line.waiting() == {"issue": 1}


def test_of_two_timers_one_ticks(page: OkrPage) -> None:
    page.line.clock.advance(minutes=2)
    assert tick(page.line.on, "one")
    with page.line.on.database.write() as conn:
        mark_due(conn, page.line.workspace_id, "issue", [], page.line.clock.now())
    assert not tick(page.line.on, "two")
    page.line.clock.advance(seconds=LEASE_SECONDS + 1)
    assert tick(page.line.on, "two")


def import_query(line: Line, jql: str, issue: str, reason: str = "") -> None:
    today = line.clock.now().date()
    days = {"starts": today.replace(day=1), "ends": today.replace(year=today.year + 1)}
    line.import_text(QUERY.format(jql=jql, issue=issue, **days), reason)


def value(line: Line) -> JqlValue:
    with line.on.database.read() as conn:
        return load_jql_values(conn, line.workspace_id, ["T-KR1"])["T-KR1"]


def test_steps_limits_and_queries_stand_in_the_page(okr_line: Line) -> None:
    okr_line.connect()
    epic = okr_line.site.create_issue("PAY", "The rest", "Epic")
    bugs = [okr_line.site.create_issue("PAY", "A bug", parent=epic) for _ in range(2)]
    import_query(okr_line, f"parent = {epic} AND statusCategory != Done", epic)
    page_id = okr_line.site.create_page("OKR", f"Queries of {epic}", "")
    page = OkrPage(okr_line, epic, epic, page_id, "", okr_line.add_table(page_id, CYCLE))
    okr_line.work()
    assert value(okr_line).value == 2
    assert "held below 12" in page.words()
    assert "30 %" in page.words()
    okr_line.site.transition(epic, "Done")
    okr_line.site.transition(bugs[0], "Done")
    okr_line.next_poll()
    okr_line.after(minutes=10)
    assert value(okr_line).value == 1
    assert "100 %" in page.words()


def test_a_query_that_jira_refuses_keeps_its_value_and_is_asked_seldom(
    sqlite_database: Database, site: Site, tmp_path: Path
) -> None:
    okr_line = line(sqlite_database, site, tmp_path, poll_seconds=3600)
    okr_line.connect()
    epic = okr_line.site.create_issue("PAY", "The rest", "Epic")
    import_query(okr_line, f"parent = {epic}", epic)
    page_id = okr_line.site.create_page("OKR", f"Query of {epic}", "")
    okr_line.add_table(page_id, CYCLE)
    okr_line.work()
    okr_line.site.delete_issue(epic)
    okr_line.after(minutes=10)
    assert value(okr_line).value == 0
    assert value(okr_line).unreadable_since == okr_line.clock.now()
    okr_line.site.forget_requests()
    for _ in range(20):
        okr_line.after(seconds=20)
    searches = [call for call in okr_line.site.requests(SYNC) if call["path"].endswith("search/jql")]
    assert len(searches) <= 1
    assert not [call for call in okr_line.site.requests(SYNC) if call["path"].endswith(page_id)]
