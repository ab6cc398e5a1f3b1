"""What the Jira client asks for, and which answers it takes for whole ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from connector.errors import OutsideError, Rejected, Unavailable
from connector.site_answers import Field, Resolution, ServerInfo, Webhook, WhoAmI
from tests.unit.connector.recorded_calls import SITE, Counted, jira_at

SEARCH = f"{SITE}/rest/api/3/search/jql"
FETCH = f"{SITE}/rest/api/3/issue/bulkfetch"
DATE = {"Date": "Sun, 22 Nov 2026 09:40:02 GMT"}
ONE = {"id": "1", "key": "PAY-1"}
AGAIN = {"id": "2", "errorMessage": "The issue could not be read; try again."}
NOT_THERE = {"id": "2", "errorMessage": "Issue does not exist or you do not have permission to see it."}


def sent() -> dict[str, Any]:
    """The JSON of the last request."""
    body = responses.calls[-1].request.body
    assert isinstance(body, str | bytes)
    return dict(json.loads(body))


def searched(answer: object, token: str | None = None) -> Any:
    responses.post(SEARCH, json=answer, headers=DATE)
    return jira_at(SITE).search("project = PAY", ["status"], token=token)


@responses.activate
def test_a_search_asks_for_exactly_what_is_needed() -> None:
    responses.post(SEARCH, json={"issues": [ONE], "isLast": True}, headers=DATE)
    client = jira_at(SITE)
    page = client.search("id in (1)", ["status", "parent"], token="t", page_size=9000, reconcile_ids=["1", "2"])
    assert sent() == {
        "jql": "id in (1)",
        "fields": ["status", "parent"],
        "maxResults": 5000,
        "nextPageToken": "t",
        "reconcileIssues": [1, 2],
    }
    assert (page.issues, page.next_token) == ((ONE,), None)
    assert page.server_time == datetime(2026, 11, 22, 9, 40, 2, tzinfo=UTC)
    client.search("id in (1)", ["id"])
    assert sent() == {"jql": "id in (1)", "fields": ["id"], "maxResults": 100}


@pytest.mark.parametrize(
    ("answer", "following"),
    [
        ({"issues": [], "isLast": True}, None),
        ({"issues": [], "isLast": True, "nextPageToken": None, "warnings": []}, None),
        ({"issues": [ONE], "isLast": False, "nextPageToken": "b"}, "b"),
        ({"issues": [], "isLast": False, "nextPageToken": "b"}, "b"),
        ({"issues": [ONE], "nextPageToken": "b"}, "b"),
        ({"issues": [], "isLast": True, "warnings": [{"type": "DEPRECATED_FIELD", "message": "m"}]}, None),
    ],
)
@responses.activate
def test_whole_pages(answer: object, following: str | None) -> None:
    assert searched(answer, token="a").next_token == following


@pytest.mark.parametrize(
    "answer",
    [
        {"isLast": True},
        {"issues": None, "isLast": True},
        {"issues": {}, "isLast": True},
        {"issues": ["PAY-1"], "isLast": True},
        {"issues": [None], "isLast": True},
        {"issues": [ONE]},
        {"issues": [ONE], "nextPageToken": None},
        {"issues": [ONE], "isLast": False},
        {"issues": [ONE], "isLast": "true"},
        {"issues": [ONE], "isLast": False, "nextPageToken": ""},
        {"issues": [ONE], "isLast": False, "nextPageToken": 7},
        {"issues": [ONE], "isLast": False, "nextPageToken": "a"},
        {"issues": [], "isLast": True, "warnings": [{"type": "CLAUSE_LIMIT_EXCEEDED"}]},
        {"issues": [], "isLast": True, "warnings": [{"type": "RESULT_TRUNCATED"}]},
        {"issues": [], "isLast": True, "warnings": "none"},
    ],
)
@responses.activate
def test_a_page_that_is_not_whole_is_none(answer: object) -> None:
    with pytest.raises(Unavailable, match="not complete"):
        searched(answer, token="a")


@pytest.mark.parametrize("date", [None, "yesterday"])
@responses.activate
def test_a_page_without_the_sites_time_is_none(date: str | None) -> None:
    responses.post(SEARCH, json={"issues": [], "isLast": True}, headers={"Date": date} if date else None)
    with pytest.raises(Unavailable, match="time"):
        jira_at(SITE).search("project = PAY", ["status"])


def test_no_call_beyond_jiras_limits() -> None:
    counted = Counted()
    client = jira_at(SITE, counted=counted)
    with pytest.raises(ValueError, match="50"):
        client.search("x", [], reconcile_ids=["1"] * 51)
    with pytest.raises(ValueError, match="100"):
        client.fetch(["1"] * 101, [])
    assert client.fetch([], []).issues == ()
    assert counted.calls == []


@pytest.mark.parametrize(
    ("asked", "answer", "missing", "unread"),
    [
        (["1", "2"], {"issues": [ONE]}, {"2"}, set()),
        (["pay-1"], {"issues": [ONE], "issueErrors": []}, set(), set()),
        (["1", "2"], {"issues": [ONE], "issueErrors": [AGAIN]}, set(), {"2"}),
        (["1", "2"], {"issues": [ONE], "issueErrors": [NOT_THERE]}, {"2"}, set()),
        (["OLD-9", "2"], {"issues": [ONE]}, {"2"}, set()),
        (["PAY-1", "OLD-9"], {"issues": [ONE]}, {"OLD-9"}, set()),
        (["1", "2"], {"issues": []}, {"1", "2"}, set()),
        (["1"], {"issues": [ONE, ONE]}, set(), set()),
    ],
)
@responses.activate
def test_what_was_fetched_is_missing_or_unread(
    asked: list[str], answer: object, missing: set[str], unread: set[str]
) -> None:
    responses.post(FETCH, json=answer)
    fetched = jira_at(SITE).fetch(asked, ["status"])
    assert sent() == {"issueIdsOrKeys": asked, "fields": ["status"]}
    assert set(fetched.missing) == missing
    assert set(fetched.unread) == unread


@pytest.mark.parametrize(
    "answer",
    [
        {"issueErrors": []},
        {"issues": [{"id": "1"}]},
        {"issues": [{"key": "PAY-1"}]},
        {"issues": [{"id": 1, "key": "PAY-1"}]},
        {"issues": [ONE], "issueErrors": {}},
        {"issues": [ONE], "issueErrors": [{"errorMessage": "which?"}]},
    ],
)
@responses.activate
def test_a_fetch_that_is_not_whole_is_none(answer: dict[str, object]) -> None:
    responses.post(FETCH, json=answer)
    with pytest.raises(Unavailable):
        jira_at(SITE).fetch(["1"], [])


@pytest.mark.parametrize("count", [None, "7", 7.5, True, -1])
@responses.activate
def test_a_count_is_a_whole_number(count: object) -> None:
    url = f"{SITE}/rest/api/3/search/approximate-count"
    responses.post(url, json={"count": count})
    with pytest.raises(Unavailable):
        jira_at(SITE).count("x")
    responses.replace("POST", url, json={"count": 0})
    assert jira_at(SITE).count("x") == 0


@responses.activate
def test_small_answers_are_read() -> None:
    api = f"{SITE}/rest/api/3"
    responses.get(f"{api}/myself", json={"accountId": "a", "displayName": "OKR sync", "timeZone": None})
    responses.get(f"{api}/serverInfo", json={"baseUrl": SITE, "deploymentType": "Cloud", "version": "1001"})
    points = {"id": "customfield_1", "name": "Points", "schema": {"type": "number", "custom": "c"}}
    responses.get(f"{api}/field", json=[points, {"id": "thumbnail", "name": "Images"}])
    responses.get(
        f"{api}/resolution/search",
        json={"startAt": 0, "maxResults": 1, "total": 2, "isLast": False, "values": [{"id": "10000", "name": "Done"}]},
        match=[query_param_matcher({"startAt": "0", "maxResults": "200"})],
    )
    responses.get(
        f"{api}/resolution/search",
        json={
            "startAt": 1,
            "maxResults": 1,
            "total": 2,
            "isLast": True,
            "values": [{"id": "10001", "name": "Won't Do"}],
        },
        match=[query_param_matcher({"startAt": "1", "maxResults": "200"})],
    )
    client = jira_at(SITE)
    assert client.myself() == WhoAmI("a", "OKR sync", "")
    assert client.server_info() == ServerInfo(SITE, "Cloud", "1001", "")
    assert client.fields() == (Field("customfield_1", "Points", "number", "c"), Field("thumbnail", "Images", "", ""))
    assert client.resolutions() == (Resolution("10000", "Done"), Resolution("10001", "Won't Do"))


@responses.activate
def test_a_permission_that_is_not_told_is_not_taken_for_refused() -> None:
    url = f"{SITE}/rest/api/3/mypermissions?permissions=BROWSE_PROJECTS,ADMINISTER"
    responses.get(url, json={"permissions": {"BROWSE_PROJECTS": {"havePermission": True}}})
    with pytest.raises(Unavailable, match="ADMINISTER"):
        jira_at(SITE).my_permissions(["BROWSE_PROJECTS", "ADMINISTER"])


@responses.activate
def test_a_webhook_is_registered_with_its_secret_and_filter() -> None:
    url = f"{SITE}/rest/webhooks/1.0/webhook"
    shown = {
        "self": f"{url}/72",
        "name": "OKR",
        "url": "https://o/",
        "events": ["jira:issue_updated"],
        "isSigned": True,
    }
    responses.post(url, json={"self": f"{url}/72", **shown}, status=201)
    hook = jira_at(SITE).register_webhook("OKR", "https://o/", ["jira:issue_updated"], "project = PAY", "s")
    assert hook == Webhook("72", "OKR", "https://o/", ("jira:issue_updated",), enabled=True, is_signed=True)
    assert sent() == {
        "name": "OKR",
        "url": "https://o/",
        "events": ["jira:issue_updated"],
        "filters": {"issue-related-events-section": "project = PAY"},
        "excludeBody": False,
        "secret": "s",
    }


@responses.activate
def test_what_is_typed_for_a_key_stays_one_part_of_the_address() -> None:
    client = jira_at(SITE)
    for typed in ("..", ".", ""):
        with pytest.raises(Rejected):
            client.issue(typed, [])
    assert len(responses.calls) == 0
    for typed, path in (("../myself", "..%2Fmyself"), ("a?b#c", "a%3Fb%23c"), ("a b/ü", "a%20b%2F%C3%BC")):
        with pytest.raises(OutsideError):
            client.issue(typed, ["status"])
        assert responses.calls[-1].request.url == f"{SITE}/rest/api/3/issue/{path}?fields=status"
