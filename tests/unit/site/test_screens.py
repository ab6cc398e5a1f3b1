"""Jira in a browser, without one: what stands on a screen and what its buttons do."""

import pytest

from tests.site import roster
from tests.unit.site.jira_world import SmallJira


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira()


def test_the_epic_shows_its_progress_and_its_children(jira: SmallJira) -> None:
    screen = jira.client.get("/browse/ABC-1").text
    assert "1 of 4 done" in screen
    for key in ("ABC-2", "ABC-3", "ABC-4", "GRO-2"):
        assert f'href="/browse/{key}"' in screen
    assert "Say “hello” twice" in screen


def test_one_click_moves_an_issue_as_the_chosen_person(jira: SmallJira) -> None:
    jira.client.post("/_site/person", data={"person": roster.PEOPLE[3].account_id, "back": "/"})
    seen = jira.client.get("/_site/version?of=issue/101").get_json()
    answer = jira.client.post("/browse/ABC-4/move", data={"status": jira.done, "back": "/browse/ABC-1"})
    assert (answer.status_code, answer.location) == (302, "/browse/ABC-1")
    assert "2 of 4 done" in jira.client.get("/browse/ABC-1").text
    assert jira.client.get("/_site/version?of=issue/101").get_json() != seen


def test_an_issue_can_be_given_up_and_then_does_not_count(jira: SmallJira) -> None:
    jira.client.post("/browse/ABC-4/move", data={"wont_do": jira.done})
    screen = jira.client.get("/browse/ABC-1").text
    assert "1 of 3 done, 1 will not be done" in screen


def test_an_issue_can_be_added_and_estimated(jira: SmallJira) -> None:
    jira.client.post("/browse/ABC-1/add", data={"summary": "<b>More</b>"})
    screen = jira.client.get("/browse/ABC-1").text
    assert "1 of 5 done" in screen
    assert "&lt;b&gt;More&lt;/b&gt;" in screen
    jira.client.post("/browse/ABC-7/estimate", data={"points": "2,5"})
    assert jira.call("GET", "/issue/ABC-7").get_json()["fields"]["customfield_10036"] == 2.5
    jira.client.post("/browse/ABC-7/estimate", data={"points": "nan"})
    assert jira.call("GET", "/issue/ABC-7").get_json()["fields"]["customfield_10036"] == 2.5
    jira.client.post("/browse/ABC-7/estimate", data={"points": ""})
    assert jira.call("GET", "/issue/ABC-7").get_json()["fields"]["customfield_10036"] is None


def test_what_is_added_below_a_story_is_a_sub_task(jira: SmallJira) -> None:
    jira.client.post("/browse/ABC-3/add", data={"summary": "Step"})
    fields = jira.call("GET", "/issue/ABC-7").get_json()["fields"]
    assert (fields["issuetype"]["hierarchyLevel"], fields["parent"]["key"]) == (-1, "ABC-3")


def test_web_links_are_shown_if_they_lead_to_a_page(jira: SmallJira) -> None:
    for number, url in enumerate(("https://okr.example/kr/1", "javascript:alert(1)")):
        link = {"globalId": str(number), "object": {"title": f"Link {number}", "url": url}}
        jira.call("POST", "/issue/ABC-1/remotelink", json=link)
    screen = jira.client.get("/browse/ABC-1").text
    assert "Link 0" in screen
    assert "javascript" not in screen


def test_start_and_project_list_what_is_there(jira: SmallJira) -> None:
    start = jira.client.get("/").text
    assert 'href="/projects/ABC"' in start
    assert "ABC · 1 epics · 5 issues" in start
    project = jira.client.get("/projects/ABC").text
    assert 'href="/browse/ABC-1"' in project
    assert 'href="/browse/ABC-6"' in project


def test_an_old_key_leads_to_the_new_one(jira: SmallJira) -> None:
    jira.client.post("/_site/issues/ABC-4/move", json={"project": "GRO"})
    assert jira.client.get("/browse/ABC-4").location == "/browse/GRO-3"


@pytest.mark.parametrize("path", ["/browse/ABC-99", "/projects/NOPE"])
def test_what_is_not_there_is_said(jira: SmallJira, path: str) -> None:
    answer = jira.client.get(path)
    assert answer.status_code == 404
    assert "There is no" in answer.text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_form_never_leads_to_another_site(jira: SmallJira, back: str) -> None:
    assert jira.client.post("/browse/ABC-4/move", data={"status": jira.done, "back": back}).location == "/browse/ABC-4"
    person = {"person": roster.PEOPLE[0].account_id, "back": back}
    assert jira.client.post("/_site/person", data=person).location == "/"
