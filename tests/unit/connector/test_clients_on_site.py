"""The clients against the stand-in site: what they ask for, it answers, and they understand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.confluence import ConfluenceClient
from connector.errors import Conflict, Forbidden, Gone, RateLimited, Rejected, Unauthorized, Unavailable
from connector.jira import JiraClient
from connector.jql import all_of, by_ids, changed_since, children_of, quoted
from tests.site.roster import JIRA_ADMIN, LOW, SYNC
from tests.site.running import Site, start_site
from tests.unit.connector.recorded_calls import Counted, confluence_at, jira_at

FIELDS = ("status", "issuetype", "parent", "updated")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def jira(site: Site) -> JiraClient:
    return jira_at(site.url, SYNC.email, SYNC.classic_tokens[0])


@pytest.fixture
def confluence(site: Site) -> ConfluenceClient:
    return confluence_at(site.url, SYNC.email, SYNC.classic_tokens[0])


def test_the_account_is_known_at_the_site_and_at_the_gateway(site: Site, jira: JiraClient) -> None:
    scoped = jira_at(site.jira_gateway, SYNC.email, SYNC.scoped_tokens[0])
    assert jira.myself().account_id == scoped.myself().account_id == SYNC.account_id
    assert jira.myself().time_zone == "America/New_York"


def test_a_token_at_the_wrong_door_is_refused(site: Site) -> None:
    with pytest.raises(Unauthorized, match="token is not accepted"):
        jira_at(site.url, SYNC.email, SYNC.scoped_tokens[0]).myself()
    with pytest.raises(Unauthorized):
        jira_at(site.jira_gateway, SYNC.email, SYNC.classic_tokens[0]).myself()
    with pytest.raises(Unauthorized):
        confluence_at(site.url, SYNC.email, "wrong").spaces()


def test_what_jira_says_about_itself(site: Site, jira: JiraClient) -> None:
    info = jira.server_info()
    assert (info.base_url, info.deployment) == (site.url, "Cloud")
    assert jira.my_permissions(["BROWSE_PROJECTS", "ADMINISTER"]) == {"BROWSE_PROJECTS": True, "ADMINISTER": False}
    numbers = {field.name for field in jira.fields() if field.schema_type == "number"}
    assert {"Story Points", "Story point estimate"} <= numbers


def test_a_search_page_by_page_finds_each_child_once(site: Site, jira: JiraClient) -> None:
    epic = site.issue("PAY-412")
    jql, found, token = children_of([epic["id"]]), [], None
    for _ in range(20):
        page = jira.search(jql, FIELDS, token=token, page_size=5)
        found += [issue["key"] for issue in page.issues if isinstance(issue, dict)]
        token = page.next_token
        if token is None:
            break
    assert sorted(found) == sorted(child["key"] for child in site.children("PAY-412"))
    assert jira.count(jql) == len(found) == 12
    assert abs(page.server_time - datetime.now(UTC)) < timedelta(seconds=5)


def test_only_what_changed_since_an_instant_is_found(site: Site, jira: JiraClient) -> None:
    child = site.children("PAY-388")[0]
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    site.edit_issue(child["key"], summary="Another title")
    within = all_of(by_ids([child["id"]]), changed_since(before))
    assert [issue["id"] for issue in jira.search(within, FIELDS).issues if isinstance(issue, dict)] == [child["id"]]
    later = all_of(by_ids([child["id"]]), changed_since(datetime.now(UTC) + timedelta(minutes=1)))
    assert jira.search(later, FIELDS, reconcile_ids=[child["id"]]).issues == ()


def test_fetched_issues_and_the_missing_ones(site: Site, jira: JiraClient) -> None:
    known = site.issue("PAY-412")["id"]
    fetched = jira.fetch([known, "PAY-431", "99999999", "PAY-99999"], FIELDS)
    assert {issue["key"] for issue in fetched.issues if isinstance(issue, dict)} == {"PAY-412", "PAY-431"}
    assert fetched.missing == {"99999999", "PAY-99999"}
    assert fetched.unread == frozenset()


def test_an_issue_is_found_under_the_key_from_before_its_move(site: Site, jira: JiraClient) -> None:
    key = site.create_issue("PAY", "About to move")
    moved = site.move_issue(key, "GRO")
    assert jira.issue(key, FIELDS)["key"] == moved
    assert jira.fetch([key], FIELDS).missing == frozenset()


def test_what_an_account_may_not_see_is_gone(site: Site) -> None:
    low = jira_at(site.url, LOW.email, LOW.classic_tokens[0])
    with pytest.raises(Gone, match="may not see it"):
        low.issue("PAY-412", FIELDS)
    assert low.fetch(["PAY-412"], FIELDS).missing == {"PAY-412"}


def test_text_stays_text_in_jql(jira: JiraClient) -> None:
    for text in ('" OR project = PAY OR summary ~ "', "\\", 'a\\"b', "two\nlines", "NOT"):
        assert jira.count(f"labels = {quoted(text)}") == 0


def test_jira_says_what_is_wrong_with_a_query(jira: JiraClient) -> None:
    with pytest.raises(Rejected) as caught:
        jira.count("nonsense =")
    assert caught.value.status == 400
    assert "POST /rest/api/3/search/approximate-count was answered with 400: " in str(caught.value)


def test_webhooks_are_registered_by_administrators_only(site: Site, jira: JiraClient) -> None:
    hook = ("OKR", "http://127.0.0.1:9/webhooks/jira/1", ["jira:issue_updated"], "project = PAY", "s3cret")
    with pytest.raises(Forbidden, match="administrator"):
        jira.register_webhook(*hook)
    admin = jira_at(site.url, JIRA_ADMIN.email, JIRA_ADMIN.classic_tokens[0])
    made = admin.register_webhook(*hook)
    assert (made.name, made.is_signed, made.events) == ("OKR", True, ("jira:issue_updated",))
    assert made in admin.webhooks()
    admin.delete_webhook(made.webhook_id)
    assert made not in admin.webhooks()
    with pytest.raises(Gone):
        admin.delete_webhook(made.webhook_id)


def test_a_page_is_read_written_and_its_versions_are_told(site: Site, confluence: ConfluenceClient) -> None:
    space = confluence.space_by_key("OKR")
    page_id = confluence.create_page(space.space_id, "Read and write", "<p>one</p>")
    page = confluence.read(page_id)
    assert (page.status, page.version, page.author_id, page.subtype) == ("current", 1, SYNC.account_id, "")
    assert "one" in page.body
    assert page.url.startswith(f"https://acme.example/wiki/spaces/OKR/pages/{page_id}")
    assert confluence.write(page, "<p>two</p>", "PAY-412 7 of 12 done") == 2
    assert confluence.present_versions([page_id, "987654321"]) == {page_id: 2}
    assert [(one.number, one.message) for one in confluence.versions(page_id, 1)] == [(2, "PAY-412 7 of 12 done")]
    assert [one.number for one in confluence.versions(page_id, 0)] == [1, 2]
    found = confluence.page_by_title(space.space_id, "Read and write")
    assert found is not None
    assert found.page_id == page_id
    assert confluence.page_by_title(space.space_id, "read and write!") is None


def test_writing_over_somebody_elses_version_is_a_conflict(site: Site, confluence: ConfluenceClient) -> None:
    page_id = site.create_page("OKR", "Two writers", "<p>one</p>")
    page = confluence.read(page_id)
    site.edit_page(page_id, lambda body: body + "<p>by a person</p>")
    site.forget_requests()
    with pytest.raises(Conflict):
        confluence.write(page, "<p>ours</p>", "")
    assert [call["method"] for call in site.requests()] == ["PUT"]
    assert "by a person" in site.body(page_id)


def test_the_draft_is_the_page_where_there_is_none(site: Site, confluence: ConfluenceClient) -> None:
    page_id = site.create_page("OKR", "No draft", "<p>one</p>")
    assert confluence.read_draft(page_id).body == confluence.read(page_id).body


def test_a_page_out_of_sight_is_gone_and_one_in_the_trash_is_not_written(
    site: Site, confluence: ConfluenceClient
) -> None:
    page_id = site.create_page("OKR", "To be deleted", "<p>one</p>")
    with pytest.raises(Gone):
        confluence_at(site.url, LOW.email, LOW.classic_tokens[0]).read(page_id)
    assert confluence.may_edit(page_id)
    page = confluence.read(page_id)
    site.delete_page(page_id)
    with pytest.raises(Gone):
        confluence.read(page_id)
    site.forget_requests()
    with pytest.raises(Rejected, match="The page is trashed"):
        confluence.write(replace(page, status="trashed"), "<p>back again</p>", "")
    assert site.requests() == []


def test_a_space_that_is_not_there(confluence: ConfluenceClient) -> None:
    with pytest.raises(Gone, match="no space with the key NOPE"):
        confluence.space_by_key("NOPE")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "status": 429, "headers": {"Retry-After": "7"}}, RateLimited),
        ({"kind": "status", "status": 503}, Unavailable),
        ({"kind": "html200"}, Unavailable),
        ({"kind": "empty200"}, Unavailable),
        ({"kind": "truncated"}, Unavailable),
        ({"kind": "drop"}, Unavailable),
    ],
)
def test_faults_of_a_real_connection_are_named(site: Site, fault: dict[str, object], error: type[Exception]) -> None:
    counted = Counted()
    client = jira_at(site.url, SYNC.email, SYNC.classic_tokens[0], counted)
    site.faults({"path": "/myself", "times": 1, **fault})
    with pytest.raises(error):
        client.myself()
    assert client.myself().account_id == SYNC.account_id
    assert len(counted.calls) == 2
