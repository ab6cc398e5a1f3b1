"""Reading and changing issues over HTTP, and what Jira says about itself and the caller."""

import re

import pytest

from tests.site import roster
from tests.site.accounts import Account
from tests.unit.site.jira_world import SmallJira

GONE = "Issue does not exist or you do not have permission to see it."


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira()


def test_an_issue_has_the_shape_of_jira_cloud(jira: SmallJira) -> None:
    fields = jira.call("GET", "/issue/ABC-3").get_json()["fields"]
    assert fields["issuetype"]["hierarchyLevel"] == 0
    assert fields["status"]["statusCategory"]["key"] == "indeterminate"
    assert fields["parent"]["key"] == "ABC-1"
    assert fields["parent"]["fields"]["issuetype"]["hierarchyLevel"] == 1
    assert fields["customfield_10036"] == 5.0
    assert fields["customfield_10016"] is None
    assert fields["resolution"] is None
    assert "parent" not in jira.call("GET", "/issue/ABC-1").get_json()["fields"]


def test_points_of_a_team_managed_project_stand_in_another_field(jira: SmallJira) -> None:
    fields = jira.call("GET", "/issue/GRO-2").get_json()["fields"]
    assert fields["customfield_10016"] == 3.0
    assert fields["customfield_10036"] is None
    known = {field["id"]: field["name"] for field in jira.call("GET", "/field").get_json()}
    assert known["customfield_10016"] == "Story point estimate"
    assert known["customfield_10036"] == "Story Points"


@pytest.mark.parametrize(
    ("account", "updated"),
    [(roster.SYNC, "2026-11-22T07:02:00.000-0500"), (roster.LOW, "2026-11-22T17:47:00.000+0545")],
)
def test_times_are_in_the_zone_of_the_viewer(jira: SmallJira, account: Account, updated: str) -> None:
    assert jira.call("GET", "/issue/GRO-2", account).get_json()["fields"]["updated"] == updated


def test_not_there_and_not_visible_are_the_same_answer(jira: SmallJira) -> None:
    for key, account in (("ABC-99", roster.SYNC), ("ABC-1", roster.LOW)):
        answer = jira.call("GET", f"/issue/{key}", account)
        assert (answer.status_code, answer.get_json()) == (404, {"errorMessages": [GONE], "errors": {}})


def test_a_parent_that_may_not_be_seen_is_left_out(jira: SmallJira) -> None:
    assert "parent" in jira.call("GET", "/issue/GRO-2").get_json()["fields"]
    assert "parent" not in jira.call("GET", "/issue/GRO-2", roster.LOW).get_json()["fields"]


def test_bulkfetch_answers_in_order_of_ids_and_names_what_is_missing(jira: SmallJira) -> None:
    asked = {"issueIdsOrKeys": ["GRO-2", "abc-3", "101", "ABC-99", "ABC-3"], "fields": ["status"]}
    answer = jira.call("POST", "/issue/bulkfetch", json=asked).get_json()
    assert [issue["key"] for issue in answer["issues"]] == ["ABC-1", "ABC-3", "GRO-2"]
    assert answer["issueErrors"] == [{"id": "ABC-99", "errorMessage": GONE}]
    hidden = jira.call("POST", "/issue/bulkfetch", roster.LOW, json=asked).get_json()
    assert [issue["key"] for issue in hidden["issues"]] == ["GRO-2"]


@pytest.mark.parametrize("count", [0, 101])
def test_bulkfetch_takes_1_to_100(jira: SmallJira, count: int) -> None:
    asked = {"issueIdsOrKeys": [str(number) for number in range(count)]}
    assert jira.call("POST", "/issue/bulkfetch", json=asked).status_code == 400


def test_a_transition_moves_sets_the_resolution_and_the_time(jira: SmallJira) -> None:
    offered = jira.call("GET", "/issue/ABC-4/transitions").get_json()["transitions"]
    assert {one["to"]["name"] for one in offered} == {"In Progress", "Done"}
    wanted = next(one["id"] for one in offered if one["to"]["name"] == "Done")
    assert jira.call("POST", "/issue/ABC-4/transitions", json={"transition": {"id": wanted}}).status_code == 204
    fields = jira.call("GET", "/issue/ABC-4").get_json()["fields"]
    assert fields["status"]["statusCategory"]["key"] == "done"
    assert fields["resolution"]["name"] == "Done"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]00", fields["updated"])
    again = jira.call("POST", "/issue/ABC-4/transitions", json={"transition": {"id": wanted}})
    assert again.status_code == 400


def test_leaving_done_takes_the_resolution_away(jira: SmallJira) -> None:
    jira.call("POST", "/issue/ABC-6/transitions", json={"transition": {"id": jira.todo}})
    fields = jira.call("GET", "/issue/ABC-6").get_json()["fields"]
    assert (fields["resolution"], fields["resolutiondate"]) == (None, None)


def test_an_issue_can_be_given_up(jira: SmallJira) -> None:
    sent = {"transition": {"id": jira.done}, "fields": {"resolution": {"name": "Won't Do"}}}
    jira.call("POST", "/issue/ABC-4/transitions", json=sent)
    assert jira.call("GET", "/issue/ABC-4").get_json()["fields"]["resolution"]["name"] == "Won't Do"


def test_who_may_not_edit_gets_no_transitions_and_403(jira: SmallJira) -> None:
    assert jira.call("GET", "/issue/GRO-1/transitions", roster.LOW).get_json()["transitions"] == []
    for method, path, sent in (
        ("POST", "/issue/GRO-1/transitions", {"transition": {"id": jira.done}}),
        ("PUT", "/issue/GRO-1", {"fields": {"summary": "x"}}),
        ("DELETE", "/issue/GRO-1", {}),
    ):
        assert jira.call(method, path, roster.LOW, json=sent).status_code == 403


def test_create_edit_and_delete(jira: SmallJira) -> None:
    fields = {"project": {"key": "ABC"}, "summary": "New", "issuetype": {"name": "Story"}, "parent": {"key": "ABC-1"}}
    made = jira.call("POST", "/issue", json={"fields": fields})
    assert made.status_code == 201
    key = made.get_json()["key"]
    assert key == "ABC-7"
    assert key in jira.keys("parent = ABC-1")
    change = {"fields": {"parent": {"key": "GRO-1"}, "labels": ["b", "a"], "customfield_10036": 2}}
    assert jira.call("PUT", f"/issue/{key}", json=change).status_code == 204
    assert key not in jira.keys("parent = ABC-1")
    assert key in jira.keys("parent = GRO-1 and labels = a and 'Story Points' = 2")
    jira.call("PUT", f"/issue/{key}", json={"update": {"parent": [{"set": {"none": True}}]}})
    assert key in jira.keys("parent is empty")
    assert jira.call("DELETE", f"/issue/{key}").status_code == 204
    assert jira.call("GET", f"/issue/{key}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"summary": "x\ny"}, "summary"),
        ({"customfield_10016": 3}, "customfield_10016"),
        ({"customfield_10036": "three"}, "customfield_10036"),
        ({"labels": ["two words"]}, "labels"),
        ({"parent": {"key": "ABC-99"}}, "parent"),
        ({"sprint": 1}, "sprint"),
    ],
)
def test_a_field_that_cannot_be_set_is_named(jira: SmallJira, fields: dict[str, object], wrong: str) -> None:
    answer = jira.call("PUT", "/issue/ABC-4", json={"fields": fields})
    assert answer.status_code == 400
    assert list(answer.get_json()["errors"]) == [wrong]


def test_an_issue_with_sub_tasks_is_deleted_only_with_them(jira: SmallJira) -> None:
    assert jira.call("DELETE", "/issue/ABC-2").status_code == 400
    assert jira.call("DELETE", "/issue/ABC-2?deleteSubtasks=true").status_code == 204
    assert jira.call("GET", "/issue/ABC-5").status_code == 404


def test_a_deleted_epic_leaves_its_children_without_a_parent(jira: SmallJira) -> None:
    jira.call("DELETE", "/issue/ABC-1")
    assert "parent" not in jira.call("GET", "/issue/ABC-3").get_json()["fields"]


def test_a_moved_issue_keeps_its_id_and_is_found_by_its_old_key(jira: SmallJira) -> None:
    assert jira.client.post("/_site/issues/ABC-4/move", json={"project": "GRO"}).get_json() == {"key": "GRO-3"}
    for name in ("ABC-4", "GRO-3", "104"):
        issue = jira.call("GET", f"/issue/{name}").get_json()
        assert (issue["id"], issue["key"]) == ("104", "GRO-3")


def test_a_project_with_a_new_key_keeps_ids_and_old_keys(jira: SmallJira) -> None:
    assert jira.client.post("/_site/projects/ABC/rename", json={"key": "XYZ"}).status_code == 204
    for name in ("ABC-3", "XYZ-3", "103"):
        issue = jira.call("GET", f"/issue/{name}").get_json()
        assert (issue["id"], issue["key"], issue["fields"]["parent"]["key"]) == ("103", "XYZ-3", "XYZ-1")
    assert jira.keys("project = XYZ and parent = XYZ-1") == ["XYZ-2", "XYZ-3", "XYZ-4"]
    fields = {"project": {"key": "XYZ"}, "summary": "New", "issuetype": {"name": "Story"}}
    assert jira.call("POST", "/issue", json={"fields": fields}).get_json()["key"] == "XYZ-7"


def test_a_project_that_is_deleted_takes_its_issues_away(jira: SmallJira) -> None:
    assert jira.client.delete("/_site/projects/ABC").status_code == 204
    assert jira.call("GET", "/issue/ABC-1").status_code == 404
    assert "parent" not in jira.call("GET", "/issue/GRO-2").get_json()["fields"]
    assert jira.client.delete("/_site/projects/ABC").status_code == 404


def test_properties_are_kept_per_issue(jira: SmallJira) -> None:
    path = "/issue/ABC-1/properties/okr"
    assert jira.call("GET", path).status_code == 404
    assert jira.call("PUT", path, json={"kr": "PAY-KR1"}).status_code == 201
    assert jira.call("PUT", path, json={"kr": "PAY-KR2"}).status_code == 200
    assert jira.call("GET", path).get_json() == {"key": "okr", "value": {"kr": "PAY-KR2"}}
    assert [key["key"] for key in jira.call("GET", "/issue/ABC-1/properties").get_json()["keys"]] == ["okr"]
    found = jira.search(jql="key = ABC-1", fields=["summary"], properties=["okr", "none"])["issues"][0]
    assert found["properties"] == {"okr": {"kr": "PAY-KR2"}}
    assert jira.call("PUT", path, data="x" * 40_000).status_code == 400
    assert jira.call("DELETE", path).status_code == 204


def test_a_remote_link_is_one_per_global_id_and_what_is_left_out_is_lost(jira: SmallJira) -> None:
    path = "/issue/ABC-1/remotelink"
    link = {"globalId": "kr=1", "relationship": "serves", "object": {"title": "One", "url": "http://okr/1"}}
    assert jira.call("POST", path, json=link).status_code == 201
    again = jira.call("POST", path, json={"globalId": "kr=1", "object": {"title": "Two", "url": "http://okr/1"}})
    assert again.status_code == 200
    links = jira.call("GET", path).get_json()
    assert [one["object"]["title"] for one in links] == ["Two"]
    assert "relationship" not in links[0]
    assert jira.call("POST", path, json={"object": {"url": "http://x"}}).get_json()["errors"] == {
        "title": "'title' is required."
    }
    assert jira.call("DELETE", f"{path}?globalId=kr%3D1").status_code == 204
    assert jira.call("GET", path).get_json() == []


def test_permissions_have_to_be_named_and_known(jira: SmallJira) -> None:
    assert jira.call("GET", "/mypermissions").status_code == 400
    assert jira.call("GET", "/mypermissions?permissions=FLY").status_code == 400
    names = "permissions=BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER"

    def have(query: str, account: Account) -> dict[str, bool]:
        found = jira.call("GET", f"/mypermissions?{names}{query}", account).get_json()["permissions"]
        return {key: value["havePermission"] for key, value in found.items()}

    assert have("", roster.SYNC) == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": True, "ADMINISTER": False}
    assert have("&projectKey=GRO", roster.LOW) == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": False, "ADMINISTER": False}
    assert have("", roster.JIRA_ADMIN)["ADMINISTER"] is True
    assert jira.call("GET", f"/mypermissions?{names}&projectKey=ABC", roster.LOW).status_code == 404


def test_projects_are_listed_in_pages_if_visible(jira: SmallJira) -> None:
    page = jira.call("GET", "/project/search?maxResults=1").get_json()
    assert ([one["key"] for one in page["values"]], page["total"], page["isLast"]) == (["ABC"], 2, False)
    assert [one["key"] for one in jira.call("GET", "/project/search", roster.LOW).get_json()["values"]] == ["GRO"]
    assert jira.call("GET", "/project/ABC", roster.LOW).status_code == 404
    assert jira.call("GET", "/project/ABC").get_json()["id"] == "10001"
