"""Linking rules from end to end: an epic gets a label in Jira, and the page shows it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.store import epic_choices, link_rules
from connector.store.link_rules import LinkRule
from mapping.okr import Role
from mapping.rules import Rule, RuleKind
from sync.commands import unlink
from tests.integration.events import Door, updated
from tests.integration.okr_page import OkrPage


def add(page: OkrPage, rule: Rule | None = None) -> int:
    """A rule that is on: labels that name their key result, unless told otherwise. The site has other tests' epics."""
    rule = rule or Rule(RuleKind.LABELS, f"{page.first}-")
    line, connection_id = page.line, page.line.connection().id
    with line.on.database.write() as conn:
        return link_rules.add_rule(conn, line.workspace_id, connection_id, "Ours", rule, at=line.clock.now(), by="Rosa")


def kept(page: OkrPage, rule_id: int) -> LinkRule:
    with page.line.on.database.read() as conn:
        return link_rules.load_rule(conn, page.line.workspace_id, rule_id)


def labelled(page: OkrPage, *labels: str, kind: str = "Epic") -> str:
    """A new epic with these labels."""
    key = page.site.create_issue("PAY", "By a rule", kind)
    page.site.edit_issue(key, labels=list(labels))
    return key


def test_a_label_in_jira_links_the_epic_and_the_page_shows_it(page: OkrPage) -> None:
    add(page)
    epic = page.site.create_issue("PAY", "By a label", "Epic")
    page.site.create_issue("PAY", "A story", parent=epic)
    page.line.next_poll()
    assert f"{epic} " not in page.words()
    page.site.edit_issue(epic, labels=[f"{page.first}-T-KR1"])
    assert Door(page.line).send(updated(page.issue_id(epic))) == 200
    page.line.work()
    assert f"{epic} 0 of 1 done" in page.words()


def test_a_label_is_found_by_asking_alone(page: OkrPage) -> None:
    add(page)
    epic = labelled(page, f"{page.first.lower()}-t-kr1")
    page.line.next_poll()
    assert f"{epic} " in page.words()


def test_a_story_with_the_label_is_left_alone(page: OkrPage) -> None:
    add(page)
    story = labelled(page, f"{page.first}-T-KR1", kind="Story")
    page.line.next_poll()
    assert f"{story} " not in page.words()
    assert page.our_versions() == 1


def test_what_a_query_finds_is_linked_within_a_quarter_of_an_hour(page: OkrPage) -> None:
    mark = f"q{page.first.lower()}"
    rule_id = add(page, Rule(RuleKind.JQL, f"labels = {mark}", "T-KR2", Role.DRIVES, Decimal(2)))
    page.line.next_poll()
    epic = labelled(page, mark)
    page.line.next_poll()
    assert f"{epic} " not in page.words()
    page.line.after(minutes=15)
    assert f"{epic} " in page.words()
    assert kept(page, rule_id).matched == 1


def test_a_query_that_jira_refuses_is_said_and_asked_again_later(page: OkrPage) -> None:
    rule_id = add(page, Rule(RuleKind.JQL, "labels = = x", "T-KR1"))
    page.line.next_poll()
    rule = kept(page, rule_id)
    assert "Expecting" in rule.trouble
    assert rule.trouble_since is not None
    assert page.line.set_aside() == []


def test_what_a_person_unlinked_is_not_linked_again(page: OkrPage) -> None:
    add(page)
    epic = labelled(page, f"{page.first}-T-KR1")
    page.line.next_poll()
    unlink(page.line.on, page.line.workspace_id, "T-KR1", epic, who="Rosa")
    page.site.edit_issue(epic, summary="Changed")
    page.line.next_poll()
    page.line.after(hours=23)
    assert f"{epic} " not in page.words()


@pytest.mark.parametrize("end", ["done", "label"])
def test_a_rule_takes_no_link_away(page: OkrPage, end: str) -> None:
    add(page)
    epic = labelled(page, f"{page.first}-T-KR1")
    page.line.next_poll()
    if end == "done":
        page.site.transition(epic, "Done")
    else:
        page.site.edit_issue(epic, labels=[])
    page.line.next_poll()
    assert f"{epic} " in page.words()


def test_more_than_twenty_at_once_wait_for_a_person(page: OkrPage) -> None:
    rule_id = add(page)
    epics = [labelled(page, f"{page.first}-T-KR1") for _ in range(21)]
    page.line.next_poll()
    assert {page.issue_id(key) for key in epics} <= set(kept(page, rule_id).waiting)
    assert not any(f"{key} " in page.words() for key in epics)
    for key in epics:
        page.site.edit_issue(key, labels=[])
    page.line.mark("full_check", str(page.line.connection().id))
    page.line.work()
    assert not {page.issue_id(key) for key in epics} & set(kept(page, rule_id).waiting)


def test_work_to_be_done_anyway_goes_on_the_pile(page: OkrPage) -> None:
    mark = f"p{page.first.lower()}"
    rule_id = add(page, Rule(RuleKind.LABEL, mark))
    epic = labelled(page, mark)
    page.line.next_poll()
    connection_id = page.line.connection().id
    with page.line.on.database.read() as conn:
        made = epic_choices.just_do_it_among(conn, page.line.workspace_id, connection_id, [page.issue_id(epic)])
    assert [each.rule_id for each in made.values()] == [rule_id]
    assert f"{epic} " not in page.words()
