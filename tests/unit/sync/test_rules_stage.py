"""Rules on the clock: what is asked when, what waits for a person, what becomes of an answer that comes too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.errors import Unavailable
from connector.site_answers import SearchPage
from connector.store import link_rules
from connector.store.engine import Database
from connector.store.link_rules import LinkRule
from connector.store.work import claim_work, mark_due
from mapping.rules import Rule, RuleKind
from sync import commands
from sync.commands.rules import delete_rule, turn_rule
from sync.rule_linking import MOST_AT_ONCE, WHO
from sync.rules_stage import check_rules
from sync.timer import tick
from tests.clock import FakeClock
from tests.unit.commands.stand_in import OKRS, FakeJira, Stand, raw_issue, stand

LABEL = Rule(RuleKind.LABEL, "retry", "PAY-KR1")
QUERY = Rule(RuleKind.JQL, "labels = retry", "PAY-KR1")


@dataclass
class Interrupted(FakeJira):
    """Somebody does something while it is asked."""

    meanwhile: Callable[[], object] = lambda: None

    def search(
        self, jql: str, fields: Sequence[str], *, token: str | None = None, page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:  # fmt: skip
        answer = FakeJira.search(self, jql, fields, token=token, page_size=page_size)
        self.meanwhile()
        return answer


@dataclass
class Ruled:
    """A service with the stand-in's OKRs and a Jira of its own."""

    service: Stand
    jira: Interrupted

    def rule(self, rule: Rule, name: str = "Retry") -> int:
        with self.service.on.database.write() as conn:
            at = self.service.clock.now()
            return link_rules.add_rule(conn, self.service.workspace_id, 1, name, rule, at=at, by="Rosa")

    def kept(self, rule_id: int) -> LinkRule:
        with self.service.on.database.read() as conn:
            return link_rules.load_rule(conn, self.service.workspace_id, rule_id)

    def work(self, rule_id: int) -> None:
        """The rule is checked."""
        with self.service.on.database.write() as conn:
            mark_due(conn, self.service.workspace_id, "rule", [f"1:{rule_id}"], self.service.clock.now())
        self.due()

    def due(self) -> None:
        """Whatever rules are due are checked."""
        on = self.service.on
        while claims := claim_work(on.database, now=on.clock.now(), lease_seconds=60, limit=9, kinds={"rule"}):
            check_rules(on, claims)

    def find(self, *numbers: int) -> None:
        found = {f"PAY-{n}": raw_issue(f"PAY-{n}", f"10{n}", labels=["retry"]) for n in numbers}
        self.jira.issues = found

    def linked(self) -> int:
        return len(self.service.rows("SELECT id FROM initiative WHERE rule_id IS NOT NULL"))


@pytest.fixture
def ruled(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Ruled:
    service = stand(sqlite_database, clock, tmp_path)
    service.connected("jira")
    commands.import_okrs(service.on, service.workspace_id, OKRS, "Rosa")
    jira = Interrupted(allowed=service.jira.allowed)
    service.sites.jiras = dict.fromkeys(service.sites.jiras, jira)
    return Ruled(service, jira)


def test_twenty_are_linked_and_one_more_makes_all_wait(ruled: Ruled) -> None:
    rule_id = ruled.rule(QUERY)
    ruled.find(*range(600, 620))
    ruled.work(rule_id)
    assert ruled.linked() == MOST_AT_ONCE
    assert (ruled.kept(rule_id).matched, ruled.kept(rule_id).waiting) == (20, ())


def test_many_in_small_portions_are_many_at_once(ruled: Ruled) -> None:
    rule_id = ruled.rule(QUERY)
    for last in (610, 620, 630):
        ruled.find(*range(600, last))
        ruled.work(rule_id)
    assert ruled.linked() == MOST_AT_ONCE
    assert len(ruled.kept(rule_id).waiting) == 10
    ruled.service.clock.advance(hours=1)
    ruled.work(rule_id)
    assert ruled.linked() == MOST_AT_ONCE, "what waits goes on waiting until a person decides"
    assert [line for line in ruled.service.log() if "would link" in line] == [
        f"{WHO}: rule “Retry” would link 10 epics at once; nothing is linked before somebody says so"
    ]


def test_what_waited_and_matches_no_more_waits_no_more(ruled: Ruled) -> None:
    rule_id = ruled.rule(QUERY)
    ruled.find(*range(600, 630))
    ruled.work(rule_id)
    assert len(ruled.kept(rule_id).waiting) == 30
    ruled.find(640)
    ruled.work(rule_id)
    assert (ruled.kept(rule_id).waiting, ruled.linked()) == ((), 1)


def test_an_answer_to_another_question_is_not_used(ruled: Ruled) -> None:
    rule_id = ruled.rule(QUERY)
    ruled.find(600)

    def change() -> None:
        ruled.jira.meanwhile = lambda: None
        ruled.find()
        with ruled.service.on.database.write() as conn:
            link_rules.change_rule(conn, ruled.service.workspace_id, rule_id, "Retry", LABEL)

    ruled.jira.meanwhile = change
    ruled.work(rule_id)
    assert ruled.linked() == 0
    assert ruled.kept(rule_id).checked_at is not None, "it was asked once more, as it is now"


@pytest.mark.parametrize("end", ["off", "deleted", "off meanwhile", "deleted meanwhile"])
def test_a_rule_that_is_off_or_gone_links_nothing(ruled: Ruled, end: str) -> None:
    rule_id = ruled.rule(QUERY)
    ruled.find(600)
    on, workspace_id = ruled.service.on, ruled.service.workspace_id

    def stop() -> None:
        if end.startswith("off"):
            turn_rule(on, workspace_id, rule_id, is_on=False, who="Rosa")
        else:
            delete_rule(on, workspace_id, rule_id, who="Rosa")

    if end.endswith("meanwhile"):
        ruled.jira.meanwhile = stop
    else:
        stop()
    ruled.work(rule_id)
    assert ruled.linked() == 0
    assert ruled.service.due("rule") == []


def test_a_key_result_of_a_closed_cycle_gets_no_new_links(ruled: Ruled) -> None:
    rule_id = ruled.rule(QUERY)
    ruled.find(600)
    with ruled.service.on.database.write() as conn:
        conn.exec_driver_sql("UPDATE cycle SET state = 'closed' WHERE workspace_id > 0")
    ruled.work(rule_id)
    assert (ruled.linked(), ruled.kept(rule_id).matched) == (0, 1)


def test_while_jira_is_away_the_rule_is_not_to_blame(ruled: Ruled) -> None:
    rule_id = ruled.rule(QUERY)
    ruled.jira.trouble["search"] = Unavailable("no answer")
    with pytest.raises(Unavailable):
        ruled.work(rule_id)
    assert ruled.service.due("rule") == [f"1:{rule_id}"]
    assert ruled.kept(rule_id).trouble == ""


def test_a_query_is_asked_every_quarter_of_an_hour_a_label_once_a_day(ruled: Ruled) -> None:
    query, label = ruled.rule(QUERY), ruled.rule(LABEL, "Label")
    off = ruled.rule(QUERY, "Off")
    turn_rule(ruled.service.on, ruled.service.workspace_id, off, is_on=False, who="Rosa")
    for minutes, asked in ((0, [query, label]), (14, []), (1, [query]), (60 * 22, [query, label])):
        ruled.service.clock.advance(minutes=minutes)
        tick(ruled.service.on, "test")
        assert ruled.service.due("rule") == [f"1:{number}" for number in asked]
        ruled.due()
