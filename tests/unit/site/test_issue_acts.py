"""What happens to issues beside ordinary edits: parents of every kind, conversions, gone without a word, archived."""

import pytest

from tests.site import roster
from tests.site.issue_documents import EPIC_LINK
from tests.site.store import Document
from tests.unit.site.jira_world import SmallJira
from tests.unit.site.told_jira import ToldJira

GONE = "OLD-9"


class Told(ToldJira):
    def act(self, key: str, act: str, **sent: object) -> int:
        """By a test's hand."""
        return self.client.post(f"/_site/issues/{key}/{act}", json=sent).status_code

    def edit(self, key: str, **fields: object) -> int:
        """By the interface."""
        return self.call("PUT", f"/issue/{key}", json={"fields": fields}).status_code

    def fields(self, key: str) -> Document:
        """The fields of an issue."""
        return dict(self.call("GET", f"/issue/{key}").get_json()["fields"])

    def links(self, key: str) -> tuple[str | None, str | None]:
        """The keys in `parent` and in Epic Link."""
        fields = self.fields(key)
        return fields.get("parent", {}).get("key"), fields[EPIC_LINK]

    def told(self) -> list[tuple[str, str | None, str | None]]:
        """What the changelogs said since the last call: field, from, to."""
        self.parts.deliver_due()
        items = [item for payload in self.posted.payloads for item in payload.get("changelog", {}).get("items", [])]
        self.posted.letters.clear()
        return [(item["field"], item["fromString"], item["toString"]) for item in items]


@pytest.fixture
def jira() -> Told:
    return Told()


def test_a_new_parent_shows_in_both_fields_and_in_the_changelog_as_parent(jira: Told) -> None:
    assert jira.links("ABC-4") == ("ABC-1", "ABC-1")
    assert jira.edit("ABC-4", parent={"key": "GRO-1"}) == 204
    assert jira.links("ABC-4") == ("GRO-1", "GRO-1")
    assert jira.told() == [("IssueParentAssociation", "ABC-1", "GRO-1")]


def test_an_epic_link_sets_the_parent_and_is_told_under_its_own_name(jira: Told) -> None:
    assert jira.edit("ABC-4", **{EPIC_LINK: "GRO-1"}) == 204
    assert jira.links("ABC-4") == ("GRO-1", "GRO-1")
    assert jira.told() == [("Epic Link", "ABC-1", "GRO-1")]
    assert jira.edit("ABC-4", **{EPIC_LINK: None}) == 204
    assert jira.links("ABC-4") == (None, None)


def test_by_the_interface_both_fields_have_to_agree(jira: Told) -> None:
    assert jira.edit("ABC-4", parent={"key": "GRO-1"}, **{EPIC_LINK: "GRO-1"}) == 204
    assert jira.edit("ABC-4", parent={"key": "ABC-1"}, **{EPIC_LINK: "GRO-1"}) == 400
    assert jira.edit("ABC-4", **{EPIC_LINK: "ABC-2"}) == 400
    assert jira.edit("GRO-2", **{EPIC_LINK: "GRO-1"}) == 400
    assert jira.links("ABC-4") == ("GRO-1", "GRO-1")


PARENT, EPIC = "IssueParentAssociation", "Epic Link"


@pytest.mark.parametrize(
    ("sent", "links", "told"),
    [
        ({"epic_link": "GRO-1"}, ("ABC-1", "GRO-1"), [(EPIC, None, "GRO-1")]),
        (
            {"parent": None, "epic_link": "ABC-1"},
            (None, "ABC-1"),
            [(PARENT, "ABC-1", None), (EPIC, None, "ABC-1")],
        ),
        ({"epic_link": ""}, ("ABC-1", None), [(EPIC, None, None)]),
        ({"epic_link": GONE}, ("ABC-1", GONE), [(EPIC, None, GONE)]),
        ({"parent": "GRO-1", "told": []}, ("GRO-1", "GRO-1"), []),
        (
            {"parent": "GRO-1", "epic_link": "ABC-1", "told": ["epic_link"]},
            ("GRO-1", "ABC-1"),
            [(EPIC, None, "ABC-1")],
        ),
    ],
)
def test_the_two_fields_can_say_different_things(
    jira: Told, sent: Document, links: tuple[str | None, str | None], told: list[object]
) -> None:
    assert jira.act("ABC-4", "parents", **sent) == 200
    assert jira.links("ABC-4") == links
    assert jira.told() == told


def test_a_change_that_no_changelog_names_is_still_an_event(jira: Told) -> None:
    jira.act("ABC-4", "parents", parent="GRO-1", told=[])
    jira.parts.deliver_due()
    (payload,) = jira.posted.payloads
    assert (payload["issue"]["key"], "changelog" in payload) == ("ABC-4", False)


def test_queries_ask_each_field_by_itself(jira: Told) -> None:
    jira.act("ABC-4", "parents", parent="ABC-1", epic_link="GRO-1")
    assert "ABC-4" in jira.keys("parent = ABC-1")
    assert "ABC-4" not in jira.keys("'Epic Link' = ABC-1")
    assert jira.keys("'Epic Link' = GRO-1") == ["ABC-4"]


def test_the_epic_link_shows_the_epics_key_of_now_and_lets_go_of_one_that_is_deleted(jira: Told) -> None:
    jira.act("ABC-4", "parents", parent=None, epic_link="ABC-1")
    jira.client.post("/_site/projects/ABC/rename", json={"key": "XYZ"})
    assert jira.links("XYZ-4") == (None, "XYZ-1")
    jira.call("DELETE", "/issue/XYZ-1")
    assert jira.links("XYZ-4") == (None, None)


def test_an_unknown_parent_is_refused(jira: Told) -> None:
    assert jira.act("ABC-4", "parents", parent="ABC-99") == 400
    assert jira.act("ABC-99", "parents", parent="ABC-1") == 404
    assert jira.act("ABC-4", "explode") == 404


def test_an_issue_becomes_a_sub_task_and_an_issue_again(jira: Told) -> None:
    assert jira.act("ABC-4", "convert", type="Sub-task", parent="ABC-3") == 200
    fields = jira.fields("ABC-4")
    assert (fields["issuetype"]["hierarchyLevel"], fields["parent"]["key"], fields[EPIC_LINK]) == (-1, "ABC-3", None)
    assert jira.told() == [("issuetype", "Story", "Sub-task"), ("IssueParentAssociation", "ABC-1", "ABC-3")]
    assert "ABC-4" not in jira.keys("parent = ABC-1")
    assert jira.act("ABC-4", "convert", type="Story", parent="ABC-1") == 200
    assert "ABC-4" in jira.keys("parent = ABC-1")


@pytest.mark.parametrize(
    ("key", "sent"),
    [("ABC-4", {"type": "Sub-task"}), ("ABC-2", {"type": "Sub-task", "parent": "ABC-3"}), ("ABC-4", {"type": "Dream"})],
)
def test_a_conversion_that_jira_has_not_is_refused(jira: Told, key: str, sent: Document) -> None:
    assert jira.act(key, "convert", **sent) == 400


def test_the_interface_converts_no_sub_tasks(jira: Told) -> None:
    assert jira.edit("ABC-4", issuetype={"name": "Sub-task"}) == 400
    assert jira.edit("ABC-5", issuetype={"name": "Story"}) == 400


@pytest.mark.parametrize(("keeps", "below"), [(False, []), (True, ["ABC-2", "ABC-3", "ABC-4", "GRO-2"])])
def test_an_epic_becomes_something_else_with_or_without_its_children(jira: Told, keeps: bool, below: list[str]) -> None:
    assert jira.act("ABC-1", "convert", type="Story", keeps_children=keeps) == 200
    assert jira.fields("ABC-1")["issuetype"]["hierarchyLevel"] == 0
    assert jira.keys("parent = ABC-1") == below
    assert jira.links("ABC-4") == (("ABC-1", None) if keeps else (None, None))
    assert jira.told() == [("issuetype", "Epic", "Story")]


def test_an_issue_can_go_without_a_word(jira: Told) -> None:
    assert jira.act("ABC-2", "delete") == 200
    assert jira.call("GET", "/issue/ABC-2").status_code == 404
    assert jira.call("GET", "/issue/ABC-5").status_code == 404
    assert jira.parts.next_due() is None


def archive(jira: SmallJira, way: str, *keys: str) -> Document:
    answer = jira.call("PUT", f"/issue/{way}", roster.JIRA_ADMIN, json={"issueIdsOrKeys": keys})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_what_is_archived_is_not_found_not_changed_and_comes_back_with_its_sub_tasks(jira: Told) -> None:
    assert archive(jira, "archive", "ABC-2", "103") == {"numberOfIssuesUpdated": 3, "errors": {}}
    assert jira.keys("project = ABC") == ["ABC-1", "ABC-4", "ABC-6"]
    assert jira.fields("ABC-2")["summary"] == "Issue ABC-2"
    assert jira.edit("ABC-2", summary="No") == 400
    assert archive(jira, "unarchive", "ABC-2", "ABC-3")["numberOfIssuesUpdated"] == 3
    assert jira.keys("parent = ABC-1") == ["ABC-2", "ABC-3", "ABC-4", "GRO-2"]
    assert jira.told() == []


def test_a_slow_index_still_finds_what_was_just_archived(jira: Told) -> None:
    jira.client.post("/_site/search-lag", json={"seconds": 60})
    archive(jira, "archive", "ABC-4")
    assert "ABC-4" in jira.keys("project = ABC")
    jira.parts.clock.advance(60)
    assert "ABC-4" not in jira.keys("project = ABC")


def test_what_cannot_be_archived_is_named(jira: Told) -> None:
    errors = archive(jira, "archive", "ABC-4", "ABC-5", "ABC-99")["errors"]
    assert errors["issuesNotFound"]["issueIdsOrKeys"] == ["ABC-99"]
    assert errors["issueIsSubtask"]["issueIdsOrKeys"] == ["ABC-5"]
    sent = {"issueIdsOrKeys": ["ABC-5", "ABC-99"]}
    assert jira.call("PUT", "/issue/archive", roster.JIRA_ADMIN, json=sent).status_code == 400
    assert jira.call("PUT", "/issue/archive", roster.PEOPLE[0], json=sent).status_code == 403
    many = {"issueIdsOrKeys": ["ABC-3", *map(str, range(5000, 6000))]}
    assert jira.call("PUT", "/issue/archive", roster.JIRA_ADMIN, json=many).status_code == 412
    assert "ABC-3" not in jira.keys("project = ABC")


def test_nothing_brings_a_deleted_issue_back(jira: Told) -> None:
    jira.call("DELETE", "/issue/ABC-4")
    sent = {"issueIdsOrKeys": ["ABC-4"]}
    assert jira.call("PUT", "/issue/unarchive", roster.JIRA_ADMIN, json=sent).status_code == 400


def test_a_deleted_project_comes_back_with_ids_keys_and_children(jira: Told) -> None:
    jira.act("ABC-4", "parents", epic_link="GRO-1")
    jira.client.delete("/_site/projects/GRO")
    assert jira.links("ABC-4") == ("ABC-1", "ABC-1")
    jira.client.delete("/_site/projects/ABC")
    assert jira.call("GET", "/issue/ABC-1").status_code == 404
    for key in ("ABC", "GRO"):
        assert jira.client.post(f"/_site/projects/{key}/restore").status_code == 204
    assert jira.call("GET", "/issue/ABC-1").get_json()["id"] == "101"
    assert jira.keys("parent = ABC-1") == ["ABC-2", "ABC-3", "ABC-4", "GRO-2"]
    assert jira.client.post("/_site/projects/ABC/restore").status_code == 404


def test_what_happens_to_a_project_is_told_to_who_asked_for_it_and_of_its_issues_nothing(jira: Told) -> None:
    wanted = ["project_updated", "project_soft_deleted", "project_restored_deleted"]
    jira.register_webhook(
        events=[*wanted, "jira:issue_deleted"], filters={"issue-related-events-section": "key = GRO-1"}
    )
    jira.client.post("/_site/projects/ABC/rename", json={"key": "XYZ"})
    jira.client.delete("/_site/projects/XYZ")
    jira.client.post("/_site/projects/XYZ/restore")
    jira.parts.deliver_due()
    assert [payload["webhookEvent"] for payload in jira.posted.payloads] == wanted
    assert {(payload["project"]["id"], payload["project"]["key"]) for payload in jira.posted.payloads} == {
        (10001, "XYZ")
    }
