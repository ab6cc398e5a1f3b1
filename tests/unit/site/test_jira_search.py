"""Searching over HTTP: pages, fields, permissions, and an index that is late."""

import pytest

from tests.site import roster
from tests.unit.site.jira_world import SmallJira


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira()


def test_pages_follow_by_token_and_the_last_one_says_so(jira: SmallJira) -> None:
    seen, token, pages = [], None, 0
    while True:
        page = jira.search(jql="project = ABC order by updated desc", maxResults=4, nextPageToken=token)
        seen += [issue["key"] for issue in page["issues"]]
        pages += 1
        assert "total" not in page
        assert "startAt" not in page
        assert page["isLast"] is ("nextPageToken" not in page)
        if page["isLast"]:
            break
        token = page["nextPageToken"]
    assert seen == ["ABC-6", "ABC-5", "ABC-4", "ABC-3", "ABC-2", "ABC-1"]
    assert pages == 2


def test_a_full_last_page_is_the_last_page(jira: SmallJira) -> None:
    assert jira.search(jql="project = GRO", maxResults=2)["isLast"] is True


def test_an_issue_that_changes_between_two_pages_can_be_missed(jira: SmallJira) -> None:
    first = jira.search(jql="project = ABC order by updated desc", maxResults=3)
    jira.call("PUT", "/issue/ABC-1", json={"fields": {"summary": "changed while paging"}})
    rest = jira.search(jql="project = ABC order by updated desc", maxResults=3, nextPageToken=first["nextPageToken"])
    assert [issue["key"] for issue in rest["issues"]] == ["ABC-3", "ABC-2"]
    assert rest["isLast"] is True


def test_a_token_of_another_query_is_refused(jira: SmallJira) -> None:
    token = jira.search(jql="project = ABC", maxResults=1)["nextPageToken"]
    for wrong in (token, "nonsense"):
        answer = jira.call("POST", "/search/jql", json={"jql": "project = GRO", "nextPageToken": wrong})
        assert answer.status_code == 400


def test_without_fields_only_ids_come(jira: SmallJira) -> None:
    answer = jira.call("GET", "/search/jql", query_string={"jql": "key = ABC-1"}).get_json()
    assert answer == {"issues": [{"id": "101"}], "isLast": True}


def test_fields_can_be_named_repeated_taken_away_and_all(jira: SmallJira) -> None:
    def fields(*names: str) -> set[str]:
        query = {"jql": "key = ABC-3", "fields": list(names)}
        return set(jira.call("GET", "/search/jql", query_string=query).get_json()["issues"][0]["fields"])

    assert fields("summary,status") == {"summary", "status"}
    assert fields("summary", "status,unknown") == {"summary", "status"}
    assert "summary" not in fields("-summary")
    assert {"summary", "customfield_10036", "parent"} <= fields("*all")


def test_more_than_keys_come_at_most_a_hundred_at_a_time(jira: SmallJira) -> None:
    for number in range(120):
        jira.call("POST", "/issue", json={"fields": {"project": {"key": "GRO"}, "summary": str(number),
                                                     "issuetype": {"name": "Story"}}})  # fmt: skip
    assert len(jira.search(jql="project = GRO", maxResults=5000)["issues"]) == 122
    assert len(jira.search(jql="project = GRO", maxResults=5000, fields=["summary"])["issues"]) == 100
    assert len(jira.search(jql="project = GRO")["issues"]) == 50


@pytest.mark.parametrize("asked", [{"maxResults": 0}, {"maxResults": "many"}, {"properties": list("abcdef")},
                                   {"reconcileIssues": list(range(51))}])  # fmt: skip
def test_sizes_outside_the_limits_are_refused(jira: SmallJira, asked: dict[str, object]) -> None:
    assert jira.call("POST", "/search/jql", json={"jql": "project = ABC", **asked}).status_code == 400


def test_what_an_account_may_not_browse_is_not_found(jira: SmallJira) -> None:
    assert jira.keys("issuetype in (Epic, Feature)", roster.LOW) == ["GRO-1"]
    count = jira.call("POST", "/search/approximate-count", roster.LOW, json={"jql": "created > 0"}).get_json()
    assert count == {"count": 2}


def test_a_late_index_shows_old_matches_unless_an_issue_is_reconciled(jira: SmallJira) -> None:
    jira.client.post("/_site/search-lag", json={"seconds": 60})
    jira.call("POST", "/issue/ABC-4/transitions", json={"transition": {"id": jira.done}})
    todo = "parent = ABC-1 and statusCategory = 'To Do'"
    assert [issue["key"] for issue in jira.search(jql=todo)["issues"]] == ["GRO-2", "ABC-4"]
    assert [issue["key"] for issue in jira.search(jql=todo, reconcileIssues=[104])["issues"]] == ["GRO-2"]


def test_a_new_issue_is_not_in_a_late_index(jira: SmallJira) -> None:
    jira.client.post("/_site/search-lag", json={"seconds": 60})
    sent = {"project": {"key": "GRO"}, "summary": "new", "issuetype": {"name": "Story"}}
    new = jira.call("POST", "/issue", json={"fields": sent}).get_json()
    assert jira.keys("project = GRO") == ["GRO-1", "GRO-2"]
    found = jira.search(jql="project = GRO", reconcileIssues=[int(new["id"])])["issues"]
    assert new["key"] in [issue["key"] for issue in found]


def test_the_old_search_is_gone(jira: SmallJira) -> None:
    assert jira.call("GET", "/search", query_string={"jql": "project = ABC"}).status_code == 410


def test_a_deleted_issue_is_found_until_the_index_knows_of_it(jira: SmallJira) -> None:
    jira.parts.clock.stand_still()
    jira.client.post("/_site/search-lag", json={"seconds": 60})
    jira.call("DELETE", "/issue/ABC-4")
    assert "ABC-4" in jira.keys("parent = ABC-1")
    assert jira.call("GET", "/issue/ABC-4").status_code == 404
    reconciled = jira.search(jql="parent = ABC-1", reconcileIssues=[104])["issues"]
    assert "104" not in [issue["id"] for issue in reconciled]
    jira.parts.clock.advance(60)
    assert "ABC-4" not in jira.keys("parent = ABC-1")


def test_what_is_deleted_between_two_pages_is_not_on_the_second(jira: SmallJira) -> None:
    jql = "project = ABC ORDER BY key ASC"
    first = jira.search(jql=jql, maxResults=3)
    jira.call("DELETE", "/issue/ABC-4")
    second = jira.search(jql=jql, maxResults=3, nextPageToken=first["nextPageToken"])
    assert [issue["key"] for issue in second["issues"]] == ["ABC-5", "ABC-6"]
