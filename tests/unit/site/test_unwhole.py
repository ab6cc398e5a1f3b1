"""Answers that are JSON and not whole: each lacks what it says, and the next one is whole again."""

import pytest

from tests.site.store import Document
from tests.unit.site.jira_world import SmallJira

EPIC_AND_CHILD = {"issueIdsOrKeys": ["101", "102"], "fields": ["status"]}


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira()


def spoil(jira: SmallJira, lack: str, **more: str) -> None:
    rule = {"path": "/search/jql$|/bulkfetch$", "kind": "unwhole", "lack": lack, **more}
    assert jira.client.post("/_site/faults", json=rule).status_code == 200


def searched(jira: SmallJira, lack: str) -> Document:
    spoil(jira, lack)
    return jira.search(jql="project = ABC", maxResults=50)


def fetched(jira: SmallJira, lack: str, about: str) -> Document:
    spoil(jira, lack, about=about)
    return dict(jira.call("POST", "/issue/bulkfetch", json=EPIC_AND_CHILD).get_json())


def test_neither_an_end_nor_a_way_on(jira: SmallJira) -> None:
    found = searched(jira, "end")
    assert len(found["issues"]) == 3
    assert found.keys() == {"issues"}


def test_not_the_last_page_and_no_token(jira: SmallJira) -> None:
    found = searched(jira, "way on")
    assert (len(found["issues"]), found["isLast"], "nextPageToken" in found) == (3, False, False)


def test_the_token_that_was_sent_comes_back(jira: SmallJira) -> None:
    token = jira.search(jql="project = ABC", maxResults=2)["nextPageToken"]
    spoil(jira, "new token")
    found = jira.search(jql="project = ABC", maxResults=2, nextPageToken=token)
    assert (found["nextPageToken"], found["isLast"]) == (token, False)


def test_no_issues_although_there_are_some(jira: SmallJira) -> None:
    assert searched(jira, "issues") == {"isLast": True}


def test_a_result_that_was_cut_is_said_to_be_the_last(jira: SmallJira) -> None:
    found = searched(jira, "rest")
    assert (len(found["issues"]), found["isLast"]) == (3, True)
    assert [warning["type"] for warning in found["warnings"]] == ["RESULT_TRUNCATED"]


def test_an_issue_that_cannot_be_handed_out(jira: SmallJira) -> None:
    found = fetched(jira, "one issue", "102")
    assert [issue["id"] for issue in found["issues"]] == ["101"]
    assert [error["id"] for error in found["issueErrors"]] == ["102"]


def test_an_issue_without_its_status(jira: SmallJira) -> None:
    found = fetched(jira, "status", "102")
    assert {issue["id"]: "status" in issue["fields"] for issue in found["issues"]} == {"101": True, "102": False}


def test_the_next_answer_is_whole(jira: SmallJira) -> None:
    searched(jira, "end")
    whole = jira.search(jql="project = ABC", maxResults=50)
    assert (len(whole["issues"]), whole["isLast"]) == (6, True)


def test_what_is_no_list_of_issues_stays_as_it_is(jira: SmallJira) -> None:
    jira.client.post("/_site/faults", json={"path": "/myself$", "kind": "unwhole", "lack": "issues"})
    assert jira.call("GET", "/myself").get_json()["accountId"]


def test_only_what_mentions_something_is_spoilt(jira: SmallJira) -> None:
    rule = {"path": "/search/jql$", "kind": "status", "status": 500, "mentions": "= GRO"}
    jira.client.post("/_site/faults", json=rule)
    assert jira.search(jql="project = ABC")["isLast"] is True
    assert jira.call("POST", "/search/jql", json={"jql": "project = GRO"}).status_code == 500


@pytest.mark.parametrize("wrong", [{"lack": "patience"}, {"mentions": "("}])
def test_what_makes_no_sense_is_refused(jira: SmallJira, wrong: dict[str, str]) -> None:
    assert jira.client.post("/_site/faults", json={"path": "x", "kind": "unwhole", **wrong}).status_code == 400


def test_fewer_may_come_than_were_asked_for_and_the_token_leads_on(jira: SmallJira) -> None:
    jira.parts.world.issues_a_page = 4
    first = jira.search(jql="project = ABC", maxResults=50, fields=["status"])
    rest = jira.search(jql="project = ABC", maxResults=50, fields=["status"], nextPageToken=first["nextPageToken"])
    assert (len(first["issues"]), first["isLast"], len(rest["issues"]), rest["isLast"]) == (4, False, 2, True)
    assert len(jira.search(jql="project = ABC", maxResults=50, fields=["id"])["issues"]) == 6
