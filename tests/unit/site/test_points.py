"""The points budget: what calls cost, what answers say of it, and what happens when it is used up."""

from datetime import UTC, datetime

import pytest
from werkzeug.test import TestResponse

from tests.site.hand import HAND
from tests.unit.site.confluence_world import SampleWiki
from tests.unit.site.jira_world import SmallJira

AT = datetime(2026, 11, 22, 12, 55, tzinfo=UTC)


@pytest.fixture
def jira() -> SmallJira:
    jira = SmallJira()
    jira.parts.clock.stand_still(AT)
    return jira


def count(jira: SmallJira, hourly: int | None, **more: object) -> None:
    assert jira.client.post("/_site/points", json={"hourly": hourly, **more}).status_code == 204


def used(jira: SmallJira) -> int:
    return int(jira.client.get("/_site/points").get_json()["used"]["jira"])


def test_nobody_counts_unless_told_to(jira: SmallJira) -> None:
    assert "RateLimit" not in jira.call("GET", "/myself").headers
    assert jira.client.get("/_site/points").get_json()["hourly"] is None


@pytest.mark.parametrize(
    ("method", "path", "sent", "points"),
    [
        ("GET", "/issue/ABC-1", None, 2),
        ("POST", "/search/jql", {"jql": "parent = ABC-1"}, 5),
        ("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["ABC-1", "ABC-2", "ABC-99"]}, 3),
        ("POST", "/search/approximate-count", {"jql": "parent = ABC-1"}, 1),
        ("GET", "/project/search", None, 3),
        ("GET", "/project/ABC", None, 2),
        ("GET", "/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES", None, 5),
        ("GET", "/myself", None, 3),
        ("PUT", "/issue/ABC-4", {"fields": {"summary": "x"}}, 1),
        ("GET", "/issue/ABC-99", None, 1),
    ],
)
def test_a_read_costs_one_and_what_it_read_a_write_costs_one(
    jira: SmallJira, method: str, path: str, sent: object, points: int
) -> None:
    count(jira, 1000)
    jira.call(method, path, json=sent)
    assert used(jira) == points


def test_pages_cost_as_much_as_issues() -> None:
    wiki = SampleWiki()
    wiki.parts.traffic.points.count(1000)
    found = wiki.call("GET", "/pages").get_json()["results"]
    wiki.call("GET", f"/pages/{found[0]['id']}")
    assert wiki.parts.traffic.points.state()["used"] == {"jira": 0, "confluence": 1 + len(found) + 2}


def spend(jira: SmallJira, points: int) -> TestResponse:
    for _ in range(points):
        last = jira.call("PUT", "/issue/ABC-4", json={"fields": {"summary": "x"}})
    return last


def test_answers_say_how_things_stand(jira: SmallJira) -> None:
    count(jira, 10)
    early = spend(jira, 8).headers
    assert (early["RateLimit-Policy"], early["RateLimit"]) == (
        '"tenant-app-quota";q=10;w=3600',
        '"tenant-app-quota";t=300',
    )
    assert "X-RateLimit-NearLimit" not in early
    late = spend(jira, 1).headers
    assert (late["RateLimit"], late["X-RateLimit-NearLimit"]) == ('"tenant-app-quota";r=1;t=300', "true")


def test_when_they_are_used_up_everything_is_refused_until_the_top_of_the_hour(jira: SmallJira) -> None:
    count(jira, 3)
    assert spend(jira, 3).status_code == 204
    refused = spend(jira, 1)
    assert refused.status_code == 429
    assert (refused.headers["Retry-After"], refused.headers["X-RateLimit-Reset"]) == ("300", "2026-11-22T13:00Z")
    assert (refused.headers["RateLimit-Reason"], refused.headers["X-RateLimit-Limit"]) == (
        "jira-quota-tenant-based",
        "3",
    )
    assert refused.headers["RateLimit"] == '"tenant-app-quota";r=0;t=300'
    jira.parts.clock.advance(299)
    assert spend(jira, 1).status_code == 429
    jira.parts.clock.advance(1)
    assert spend(jira, 3).status_code == 204


def test_a_tests_own_hand_costs_nothing_and_is_never_refused(jira: SmallJira) -> None:
    count(jira, 0)
    assert jira.call("GET", "/myself", headers={HAND: "1"}).status_code == 200
    assert used(jira) == 0


def test_before_it_is_enforced_it_only_says_so(jira: SmallJira) -> None:
    count(jira, 1, enforced=False)
    answer = spend(jira, 3)
    assert (answer.status_code, answer.headers["Beta-RateLimit"]) == (204, '"tenant-app-quota";r=0;t=300')
    assert "RateLimit" not in answer.headers
    count(jira, None)
    assert "Beta-RateLimit" not in spend(jira, 1).headers


def test_a_budget_that_is_none_is_refused(jira: SmallJira) -> None:
    assert jira.client.post("/_site/points", json={"hourly": "many"}).status_code == 400
