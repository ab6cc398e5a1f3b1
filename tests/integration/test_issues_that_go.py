"""Issues that are deleted, moved, renamed, hidden or malformed: each leaves, stays or is told of, never as a zero."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.events import Door, updated
from tests.integration.okr_page import OkrPage
from tests.integration.poisoned import poisoned
from tests.integration.test_unreadable import completion
from tests.site.roster import SYNC


def full_check(page: OkrPage) -> None:
    """Everything linked is listed again, a minute later."""
    page.line.clock.advance(minutes=1)
    page.line.mark("full_check", str(page.line.connection().id))
    page.line.work()


def test_a_deleted_child_leaves_the_count_without_any_event(page: OkrPage) -> None:
    page.site.delete_issue(page.children[page.first][1])
    full_check(page)
    assert f"{page.first} 1 of 3 done" in page.words()


def test_a_child_in_another_project_still_counts(page: OkrPage) -> None:
    page.site.move_issue(page.children[page.first][0], "GRO")
    page.line.next_poll()
    assert page.wrong() == []


def test_a_child_below_another_epic_counts_there(page: OkrPage) -> None:
    page.site.edit_issue(page.children[page.first][0], parent=page.second)
    page.line.next_poll()
    assert page.wrong() == []
    assert f"{page.first} 0 of 3 done" in page.words()


def test_a_child_taken_out_of_its_epic_leaves_it(page: OkrPage) -> None:
    page.site.edit_issue(page.children[page.first][1], parent=None)
    page.line.next_poll()
    assert f"{page.first} 1 of 3 done" in page.words()


def test_a_child_in_another_project_taken_out_of_its_epic_leaves_it(page: OkrPage) -> None:
    child = page.site.move_issue(page.children[page.first][0], "GRO")
    page.line.next_poll()
    page.site.edit_issue(child, parent=None)
    page.line.next_poll()
    assert f"{page.first} 0 of 3 done" in page.words()


def test_a_child_whose_epic_was_closed_to_us_still_counts(page: OkrPage) -> None:
    """Its project is open to us still, and Jira says nothing of a parent that we may not see."""
    child = page.site.move_issue(page.children[page.first][0], "GRO")
    page.line.next_poll()
    page.site.change_account(SYNC, may_see_projects=["GRO"])
    page.site.edit_issue(child, summary="Still below it")
    page.line.next_poll()
    assert f"{page.first} 1 of 4 done" in page.words()
    page.site.change_account(SYNC, may_see_projects=None)
    full_check(page)
    assert page.wrong() == []


def test_a_moved_epic_is_the_same_under_its_new_key(page: OkrPage) -> None:
    new_key = page.site.move_issue(page.first, "GRO")
    page.line.next_poll()
    assert f"{new_key} 1 of 4 done" in page.words()
    assert f"{page.first} " not in page.words()
    page.first = new_key
    page.site.create_issue("PAY", "Another one", parent=new_key)
    page.line.next_poll()
    assert page.wrong() == []


def test_a_deleted_epic_keeps_its_last_figure_and_says_so(page: OkrPage) -> None:
    page.site.delete_issue(page.second)
    full_check(page)
    assert "(not found); its last figure stays" in page.words()
    assert f"{page.second} no longer found in Jira" in page.words()
    assert "0 → 10, from initiatives 25 %" in page.words()


def test_a_deleted_epic_is_not_asked_for_every_minute(page: OkrPage) -> None:
    issue_id = page.issue_id(page.second)
    page.site.delete_issue(page.second)
    Door(page.line).send(updated(issue_id, name="jira:issue_deleted"))
    page.line.work()
    page.line.after(hours=25)
    page.site.forget_requests()
    for _ in range(5):
        page.line.next_poll()
    assert len([call for call in page.site.requests(SYNC) if "bulkfetch" in call["path"]]) <= 1


def test_a_project_that_is_closed_to_us_keeps_its_figures_and_they_come_back(page: OkrPage) -> None:
    page.site.change_account(SYNC, may_see_projects=["GRO"])
    full_check(page)
    assert (completion(page, page.first).counts.done, completion(page, page.first).counts.total) == (1, 4)
    assert "no permission" in page.words()
    assert f"{page.first} 1 of 4 done" in page.words()
    page.site.change_account(SYNC, may_see_projects=None)
    page.finish()
    full_check(page)
    assert page.wrong() == []
    assert "no permission" not in page.words()


def test_a_hidden_child_makes_the_figure_unknown_not_smaller(page: OkrPage) -> None:
    page.site.move_issue(page.children[page.first][0], "PLA")
    page.line.next_poll()
    page.site.change_account(SYNC, may_see_projects=["PAY", "GRO"])
    full_check(page)
    assert f"{page.first} 1 of 4 done" in page.words()
    assert "no permission" in page.words()


@pytest.mark.parametrize("end", ["deleted", "taken out"])
def test_a_child_that_left_while_it_was_hidden_is_missed_once_its_project_is_open_again(
    page: OkrPage, end: str
) -> None:
    child = page.site.move_issue(page.children[page.first][0], "PLA")
    page.line.next_poll()
    page.site.change_account(SYNC, may_see_projects=["PAY", "GRO"])
    full_check(page)
    if end == "deleted":
        page.site.delete_issue(child)
    else:
        page.site.edit_issue(child, parent=None)
    full_check(page)
    assert f"{page.first} 1 of 4 done" in page.words()
    page.site.change_account(SYNC, may_see_projects=None)
    full_check(page)
    assert f"{page.first} 0 of 3 done" in page.words()
    assert "no permission" not in page.words()


def test_an_empty_page_that_is_not_the_last_hides_no_project(page: OkrPage) -> None:
    page.site.delete_issue(page.children[page.first][0])
    asked_for_one = r'"maxResults": 1[,}]'
    page.site.faults({"path": "/search/jql", "kind": "unwhole", "lack": "new token", "mentions": asked_for_one})
    full_check(page)
    page.line.clock.advance(minutes=1)
    page.line.work()
    assert "no permission" not in page.words()
    assert f"{page.first} 0 of 3 done" in page.words()


def bulkfetch(page: OkrPage, *keys: str) -> dict[str, Any]:
    """What Jira would answer to a request for these issues, to be spoilt."""
    answer = page.site.jira("POST", "/issue/bulkfetch", json={"issueIdsOrKeys": list(keys), "fields": ["*all"]})
    found: dict[str, Any] = answer.json()
    return found


def answer_once(page: OkrPage, answer: dict[str, Any], times: int | None = 1) -> None:
    page.site.faults(
        {"path": "issue/bulkfetch", "kind": "status", "status": 200, "body": json.dumps(answer), "times": times}
    )


def test_a_malformed_issue_is_set_aside_alone_and_can_be_tried_again(page: OkrPage) -> None:
    broken, good = page.children[page.first][1:3]
    page.site.transition(good, "Done")
    answer = bulkfetch(page, broken, good)
    answer["issues"][0]["fields"]["status"] = "open"
    answer_once(page, answer)
    page.line.mark("issue", page.target(broken), page.target(good))
    page.line.work()
    assert [work.target for work in page.line.set_aside()] == [page.target(broken)]
    assert page.wrong() == []


def test_an_issue_that_jira_could_not_hand_out_is_asked_for_again(page: OkrPage) -> None:
    done = page.finish()
    error = {"issueIdsOrKeys": [page.issue_id(done)], "id": page.issue_id(done), "errorMessage": "Timed out"}
    answer_once(page, {"issues": [], "issueErrors": [error]})
    Door(page.line).send(updated(page.issue_id(done)))
    page.line.work()
    assert (page.wrong(), page.line.waiting(), page.line.set_aside()) == ([], {}, [])


def test_one_poisoned_issue_of_a_hundred_holds_back_only_itself(page: OkrPage) -> None:
    """Each answer that contains it cannot be used at all."""
    ids = [page.issue_id(key) for key in page.children[page.first]]
    ids += [str(900000 + number) for number in range(100 - len(ids))]
    bad = "900000"
    page.finish()
    page.line.mark("issue", *(f"{page.line.connection().id}:{issue_id}" for issue_id in ids))
    for _ in range(15):
        page.line.work(until_quiet=False, sites=poisoned(page.line.on.sites, bad))
        page.line.clock.advance(minutes=15)
    assert [work.target.partition(":")[2] for work in page.line.set_aside()] == [bad]
    assert page.wrong() == []
