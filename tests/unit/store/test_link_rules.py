"""Linking rules as rows, and what a person took away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from connector.store import epic_choices, link_rules, rule_links
from connector.store.engine import Database
from connector.store.link_rules import UnknownRule
from connector.store.links import load_links, record_link, remove_link
from mapping.okr import Initiative, LinkOrigin, Role
from mapping.rules import Rule, RuleKind
from tests.clock import START
from tests.unit.store.conftest import connect
from tests.unit.store.samples import add_workspace, keep

RULE = Rule(RuleKind.LABEL, "retry", "PAY-KR1", Role.DRIVES, Decimal("2.50"))


@pytest.fixture
def rule_id(database: Database, workspace_id: int, jira_id: int) -> int:
    with database.write() as conn:
        keep(conn, workspace_id)
        return link_rules.add_rule(conn, workspace_id, jira_id, "Retry", RULE, at=START, by="Rosa")


def test_a_rule_comes_back_as_it_was_kept(database: Database, workspace_id: int, jira_id: int, rule_id: int) -> None:
    with database.read() as conn:
        kept = link_rules.load_rule(conn, workspace_id, rule_id)
        assert link_rules.load_rules(conn, workspace_id) == (kept,)
    assert (kept.rule, kept.name, kept.on_since, kept.made_by) == (RULE, "Retry", START, "Rosa")
    assert (kept.checked_at, kept.matched, kept.waiting, kept.trouble) == (None, 0, (), "")
    assert kept.target == f"{jira_id}:{rule_id}"


def test_a_rule_of_another_workspace_is_not_there(database: Database, workspace_id: int, rule_id: int) -> None:
    other = add_workspace(database)
    with database.write() as conn:
        assert link_rules.load_rules(conn, other) == ()
        with pytest.raises(UnknownRule):
            link_rules.load_rule(conn, other, rule_id)
        with pytest.raises(UnknownRule):
            link_rules.change_rule(conn, other, rule_id, "Mine", RULE)
        link_rules.delete_rule(conn, other, rule_id)
        assert link_rules.load_rule(conn, workspace_id, rule_id).name == "Retry"


def test_the_fingerprint_moves_with_what_people_decide(database: Database, workspace_id: int, rule_id: int) -> None:
    with database.write() as conn:
        first = link_rules.load_rule(conn, workspace_id, rule_id).fingerprint
        link_rules.record_checked(conn, workspace_id, rule_id, at=START, matched=3, waiting=["1"])
        assert link_rules.load_rule(conn, workspace_id, rule_id).fingerprint == first
        link_rules.turn_rule(conn, workspace_id, rule_id, None)
        off = link_rules.load_rule(conn, workspace_id, rule_id).fingerprint
        link_rules.change_rule(conn, workspace_id, rule_id, "Retry", replace(RULE, wanted="again"))
        assert len({first, off, link_rules.load_rule(conn, workspace_id, rule_id).fingerprint}) == 3


def test_only_rules_that_are_on_are_at_work(database: Database, workspace_id: int, jira_id: int, rule_id: int) -> None:
    with database.write() as conn:
        assert [r.rule_id for r in link_rules.rules_at_work(conn, workspace_id, jira_id)] == [rule_id]
        assert link_rules.rules_at_work(conn, workspace_id, jira_id, [RuleKind.JQL]) == ()
        link_rules.turn_rule(conn, workspace_id, rule_id, None)
        assert link_rules.rules_at_work(conn, workspace_id, jira_id) == ()
    other = connect(database, workspace_id, "https://other.atlassian.net")
    with database.write() as conn:
        link_rules.turn_rule(conn, workspace_id, rule_id, START)
        assert link_rules.rules_at_work(conn, workspace_id, other) == ()


def test_trouble_keeps_its_beginning_until_an_answer_comes(database: Database, workspace_id: int, rule_id: int) -> None:
    with database.write() as conn:
        for hours in range(3):
            at = START + timedelta(hours=hours)
            link_rules.record_trouble(conn, workspace_id, rule_id, at=at, trouble="Jira refuses it")
        kept = link_rules.load_rule(conn, workspace_id, rule_id)
        assert (kept.trouble, kept.trouble_since) == ("Jira refuses it", START)
        assert kept.checked_at == START + timedelta(hours=2)
        link_rules.record_checked(conn, workspace_id, rule_id, at=START, matched=1, waiting=())
        kept = link_rules.load_rule(conn, workspace_id, rule_id)
        assert (kept.trouble, kept.trouble_since, kept.matched) == ("", None, 1)


def test_a_deleted_rule_leaves_links_and_choices(
    database: Database, workspace_id: int, jira_id: int, rule_id: int
) -> None:
    link = Initiative("PAY-KR1", jira_id, "10", origin=LinkOrigin.RULE)
    with database.write() as conn:
        record_link(conn, workspace_id, link, at=START, by="us")
        link_rules.note_linked(conn, workspace_id, rule_id, link)
        epic_choices.record_just_do_it(conn, workspace_id, jira_id, "11", at=START, by="us", rule_id=rule_id)
        assert link_rules.links_by_rule(conn, workspace_id) == {rule_id: 2}
        assert link_rules.count_linked(conn, workspace_id, rule_id, since=START - timedelta(1), by="us") == 1
        assert link_rules.count_linked(conn, workspace_id, rule_id, since=START, by="us") == 0
        assert link_rules.count_linked(conn, workspace_id, rule_id, since=START - timedelta(1), by="Rosa") == 0
        assert [each.issue_id for each in rule_links.links_of_rule(conn, workspace_id, jira_id, rule_id)] == ["10"]
        link_rules.delete_rule(conn, workspace_id, rule_id)
        assert link_rules.links_by_rule(conn, workspace_id) == {}
        assert [each.initiative.issue_id for each in load_links(conn, workspace_id)] == ["10"]


def test_what_a_person_took_away_is_remembered(
    database: Database, workspace_id: int, jira_id: int, rule_id: int
) -> None:
    link, other = Initiative("PAY-KR1", jira_id, "10"), add_workspace(database)
    with database.write() as conn:
        assert not remove_link(conn, workspace_id, "PAY-KR1", jira_id, "10", at=START, by="Rosa")
        assert rule_links.taken_away_among(conn, workspace_id, jira_id, ["10"]) == ()
        for who in ("Rosa", "Tom"):
            record_link(conn, workspace_id, link, at=START, by="Rosa")
            assert remove_link(conn, workspace_id, "PAY-KR1", jira_id, "10", at=START, by=who)
        gone = rule_links.taken_away_among(conn, workspace_id, jira_id, ["10", "11"])
        assert [(each.issue_id, each.key_result_key, each.by) for each in gone] == [("10", "PAY-KR1", "Tom")]
        assert rule_links.taken_away_among(conn, other, jira_id, ["10"]) == ()


def test_a_name_is_taken_once(database: Database, workspace_id: int, rule_id: int) -> None:
    with database.read() as conn:
        assert link_rules.name_is_taken(conn, workspace_id, "Retry", None)
        assert not link_rules.name_is_taken(conn, workspace_id, "Retry", rule_id)
        assert not link_rules.name_is_taken(conn, workspace_id, "Other", None)
