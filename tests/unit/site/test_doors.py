"""Two doors to the same site: the site address and the API gateway, each with tokens of its own."""

import pytest

from tests.site import roster
from tests.unit.site.jira_world import SmallJira

GATEWAY = "/ex/jira/cloud-1"


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira()


def status(jira: SmallJira, path: str, token: str) -> int:
    return jira.client.get(path, auth=(roster.SYNC.email, token)).status_code


def test_each_kind_of_token_opens_one_door(jira: SmallJira) -> None:
    classic, scoped = roster.SYNC.classic_tokens[0], roster.SYNC.scoped_tokens[0]
    assert status(jira, "/rest/api/3/myself", classic) == 200
    assert status(jira, "/rest/api/3/myself", scoped) == 401
    assert status(jira, f"{GATEWAY}/rest/api/3/myself", scoped) == 200
    assert status(jira, f"{GATEWAY}/rest/api/3/myself", classic) == 401


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic !!!"}, {"Authorization": "Bearer sync-classic-token"}]
)
def test_without_good_credentials_nobody_gets_in(jira: SmallJira, headers: dict[str, str]) -> None:
    answer = jira.client.get("/rest/api/3/myself", headers=headers)
    assert answer.status_code == 401
    assert answer.text == "Client must be authenticated to access this resource."


def test_the_gateway_refuses_in_its_own_words(jira: SmallJira) -> None:
    answer = jira.client.get(f"{GATEWAY}/rest/api/3/myself", auth=("a@b", "c"))
    assert answer.get_json() == {"code": 401, "message": "Unauthorized; scope does not match"}


@pytest.mark.parametrize("path", ["/ex/jira/other/rest/api/3/myself", f"{GATEWAY}/wiki/api/v2/pages",
                                  "/ex/confluence/cloud-1/rest/api/3/myself"])  # fmt: skip
def test_the_gateway_knows_one_cloud_id_and_each_products_paths(jira: SmallJira, path: str) -> None:
    assert status(jira, path, roster.SYNC.scoped_tokens[0]) == 404


def test_links_in_answers_lead_back_through_the_same_door(jira: SmallJira) -> None:
    login = (roster.SYNC.email, roster.SYNC.scoped_tokens[0])
    through = jira.client.get(f"{GATEWAY}/rest/api/3/issue/ABC-1", auth=login).get_json()
    assert through["self"] == f"http://localhost{GATEWAY}/rest/api/3/issue/101"
    assert jira.call("GET", "/issue/ABC-1").get_json()["self"] == "http://localhost/rest/api/3/issue/101"
    info = jira.client.get(f"{GATEWAY}/rest/api/3/serverInfo", auth=login).get_json()
    assert info["baseUrl"] == "http://localhost"


def test_the_cloud_id_is_told_to_anybody(jira: SmallJira) -> None:
    assert jira.client.get("/_edge/tenant_info").get_json() == {"cloudId": "cloud-1"}


def test_who_calls_is_told_with_zone_and_address(jira: SmallJira) -> None:
    known = jira.call("GET", "/myself").get_json()
    assert (known["timeZone"], known["accountType"]) == ("America/New_York", "app")
    assert known["emailAddress"] == roster.SYNC.email


def test_what_an_account_may_see_can_change_while_the_site_runs(jira: SmallJira) -> None:
    path = f"/_site/accounts/{roster.SYNC.account_id}"
    assert jira.client.patch(path, json={"may_see_projects": ["GRO"]}).status_code == 204
    assert jira.call("GET", "/issue/ABC-1").status_code == 404
    jira.client.patch(path, json={"classic_tokens": ["new"]})
    assert jira.call("GET", "/myself").status_code == 401
    assert jira.client.patch(path, json={"may_fly": True}).status_code == 400


def test_anybody_may_ask_what_the_site_is_but_not_with_wrong_credentials(jira: SmallJira) -> None:
    path = "/rest/api/3/serverInfo"
    assert jira.client.get(path).get_json()["deploymentType"] == "Cloud"
    assert jira.client.get(path, auth=("a@b", "wrong")).status_code == 401
    assert jira.client.get(f"{GATEWAY}{path}").status_code == 401
