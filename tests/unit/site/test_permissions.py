"""Permissions that one account loses and gets back, while nobody else's change."""

import pytest

from tests.site import roster
from tests.site.accounts import Account
from tests.site.roster import PEOPLE, SYNC
from tests.unit.site.confluence_world import SampleWiki
from tests.unit.site.jira_world import SmallJira


def permit(place: SmallJira | SampleWiki, **sent: object) -> int:
    return place.client.post("/_site/permissions", json={"account": SYNC.account_id, **sent}).status_code


def test_a_project_is_hidden_and_seen_again() -> None:
    jira = SmallJira()
    assert permit(jira, project="ABC", may_see=False) == 204
    assert jira.call("GET", "/issue/ABC-1").status_code == 404
    assert jira.call("GET", "/project/ABC").status_code == 404
    assert "parent" not in jira.call("GET", "/issue/GRO-2").get_json()["fields"]
    assert jira.refusal("project = ABC") == "The value 'ABC' does not exist for the field 'project'."
    assert jira.call("GET", "/issue/ABC-1", PEOPLE[0]).status_code == 200
    assert permit(jira, project="ABC", may_see=True) == 204
    assert jira.keys("parent = ABC-1") == ["ABC-2", "ABC-3", "ABC-4", "GRO-2"]


def test_a_permission_follows_the_project_to_its_new_key() -> None:
    jira = SmallJira()
    permit(jira, project="ABC", may_see=False)
    for key, new_key in (("ABC", "XYZ"), ("GRO", "GROW")):
        jira.client.post(f"/_site/projects/{key}/rename", json={"key": new_key})
    assert jira.call("GET", "/issue/XYZ-1").status_code == 404
    assert jira.call("GET", "/issue/GROW-1", roster.LOW).status_code == 200
    permit(jira, project="XYZ", may_see=True)
    assert jira.call("GET", "/issue/XYZ-1").status_code == 200


def test_a_space_is_hidden_and_seen_again() -> None:
    wiki = SampleWiki()
    page = wiki.page_id()
    assert permit(wiki, space="OKR", may_see=False) == 204
    assert wiki.call("GET", f"/pages/{page}").status_code == 404
    permit(wiki, space="OKR", may_see=True)
    assert wiki.call("GET", f"/pages/{page}").status_code == 200


def test_a_page_is_seen_but_not_changed_then_neither_then_both() -> None:
    wiki = SampleWiki()
    page = wiki.page_id()

    def may(account: Account) -> tuple[int, int]:
        number = wiki.store.all("pages")[page]["version"] + 1
        seen = wiki.call("GET", f"/pages/{page}", account)
        return seen.status_code, wiki.put(page, "<p>x</p>", number, account).status_code

    assert permit(wiki, page=page, may_view=True, may_edit=False) == 204
    assert may(SYNC) == (200, 403)
    permit(wiki, page=page, may_view=False, may_edit=True)
    assert may(SYNC) == (404, 404)
    assert may(PEOPLE[0]) == (200, 200)
    permit(wiki, page=page, may_view=True, may_edit=True)
    assert may(SYNC) == (200, 200)
    kept = wiki.store.all("pages")[page]
    assert (kept["viewers"], kept["editors"]) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [{"project": "NONE", "may_see": True}, {"space": "NONE", "may_see": True}, {"project": "ABC"},
     {"page": "1", "may_view": True, "may_edit": True}, {"account": "nobody", "project": "ABC", "may_see": True}],
)  # fmt: skip
def test_what_is_not_there_is_refused(wrong: dict[str, object]) -> None:
    assert permit(SmallJira(), **wrong) == 404
