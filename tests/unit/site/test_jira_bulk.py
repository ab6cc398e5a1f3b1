"""Bulk changes: up to 1,000 issues at once, told in the slow lane, each with a task that says what became of it."""

from datetime import timedelta

import pytest

from tests.site import generated, roster
from tests.site.accounts import Account
from tests.site.app import assemble
from tests.site.roster import PEOPLE
from tests.site.store import Document, Store
from tests.unit.site.jira_world import SmallJira
from tests.unit.site.posted import Posted

LABELS = {"fieldId": "labels", "bulkEditMultiSelectFieldOption": "ADD", "labels": [{"name": "big"}]}


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def jira(posted: Posted) -> SmallJira:
    jira = SmallJira(post=posted)
    jira.parts.clock.stand_still()
    jira.register_webhook()
    return jira


def bulk(jira: SmallJira, what: str, account: Account = PEOPLE[0], **sent: object) -> Document:
    answer = jira.call("POST", f"/bulk/issues/{what}", account, json=sent)
    assert answer.status_code == 201, answer.text
    task = jira.call("GET", f"/bulk/queue/{answer.get_json()['taskId']}", account)
    return dict(task.get_json())


def transition(jira: SmallJira, *keys: str) -> Document:
    inputs = [{"selectedIssueIdsOrKeys": list(keys), "transitionId": jira.done}]
    return bulk(jira, "transition", bulkTransitionInputs=inputs)


def an_edit(actions: list[str], **fields: object) -> Document:
    return {"selectedIssueIdsOrKeys": ["ABC-1"], "selectedActions": actions, "editedFieldsInput": fields}


def test_a_bulk_transition_moves_all_and_its_task_says_which(jira: SmallJira) -> None:
    task = transition(jira, "ABC-3", "ABC-4", "GRO-2", "ABC-99")
    assert (task["status"], task["progressPercent"]) == ("COMPLETE", 100)
    assert task["processedAccessibleIssues"] == [103, 104, 202]
    assert (task["invalidOrInaccessibleIssueCount"], task["totalIssueCount"]) == (1, 4)
    assert jira.keys("parent = ABC-1 and statusCategory = Done") == ["ABC-2", "ABC-3", "ABC-4", "GRO-2"]


def test_each_kind_is_told_in_the_slow_lane(jira: SmallJira, posted: Posted) -> None:
    transition(jira, "ABC-3")
    bulk(jira, "fields", **an_edit(["labels"], labelsFields=[LABELS]))
    bulk(jira, "delete", selectedIssueIdsOrKeys=["ABC-6"])
    due = jira.parts.next_due()
    assert due is not None
    assert timedelta(0) < due - jira.store.now() <= timedelta(minutes=15)
    jira.parts.clock.advance(900)
    jira.parts.deliver_due()
    assert sorted(payload["issue"]["key"] for payload in posted.payloads) == ["ABC-1", "ABC-3", "ABC-6"]
    assert {letter.headers["X-Atlassian-Webhook-Flow"] for letter in posted.letters} == {"Secondary"}


def test_a_bulk_edit_changes_labels_points_and_priority(jira: SmallJira) -> None:
    fields = {
        "labelsFields": [LABELS],
        "clearableNumberFields": [{"fieldId": "customfield_10036", "value": 8}],
        "priority": {"priorityId": "2"},
    }
    actions = ["labels", "customfield_10036", "priority"]
    keys = ["ABC-1", "GRO-2"]
    bulk(jira, "fields", selectedIssueIdsOrKeys=keys, selectedActions=actions, editedFieldsInput=fields)
    assert jira.keys("labels = big and priority = High") == keys
    changed = jira.call("GET", "/issue/ABC-1").get_json()["fields"]
    assert (changed["labels"], changed["customfield_10036"]) == (["big", "okr"], 8)
    assert jira.call("GET", "/issue/GRO-2").get_json()["fields"]["customfield_10016"] == 3.0


@pytest.mark.parametrize(
    ("option", "left"), [("ADD", ["big", "okr"]), ("REMOVE", ["okr"]), ("REPLACE", ["big"]), ("REMOVE_ALL", [])]
)
def test_labels_are_added_removed_or_replaced(jira: SmallJira, option: str, left: list[str]) -> None:
    fields = {"labelsFields": [{**LABELS, "bulkEditMultiSelectFieldOption": option}]}
    bulk(jira, "fields", selectedIssueIdsOrKeys=["ABC-1"], selectedActions=["labels"], editedFieldsInput=fields)
    assert jira.call("GET", "/issue/ABC-1").get_json()["fields"]["labels"] == left


def test_a_bulk_delete_takes_sub_tasks_along(jira: SmallJira) -> None:
    bulk(jira, "delete", selectedIssueIdsOrKeys=["ABC-2", "ABC-5", "ABC-6"])
    assert jira.keys("project = ABC") == ["ABC-1", "ABC-3", "ABC-4"]


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ("transition", {"bulkTransitionInputs": []}),
        ("transition", {"bulkTransitionInputs": [{"selectedIssueIdsOrKeys": ["ABC-1"], "transitionId": "0"}]}),
        ("delete", {"selectedIssueIdsOrKeys": []}),
        ("delete", {"selectedIssueIdsOrKeys": [str(number) for number in range(1001)]}),
        ("fields", an_edit(["labels"])),
        ("fields", an_edit(["labels"], labelsFields=[{}])),
        ("fields", an_edit([], priority={"priorityId": "1"})),
        ("fields", an_edit(["priority"], priority={"priorityId": "77"})),
    ],
)
def test_what_is_not_right_is_refused_as_a_whole(jira: SmallJira, what: str, sent: Document) -> None:
    answer = jira.call("POST", f"/bulk/issues/{what}", PEOPLE[0], json=sent)
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["message"]
    assert jira.parts.next_due() is None


def test_it_needs_the_permission_and_a_task_has_to_be_there(jira: SmallJira) -> None:
    sent = {"selectedIssueIdsOrKeys": ["ABC-1"]}
    assert jira.call("POST", "/bulk/issues/delete", roster.SYNC, json=sent).status_code == 403
    assert jira.call("GET", "/bulk/queue/1", PEOPLE[0]).status_code == 400


def test_ten_thousand_changes_make_ten_thousand_events(posted: Posted) -> None:
    store = Store(None)
    generated.fill(store, 1, 10_000)
    parts = assemble(store, cloud_id="cloud-1", post=posted)
    parts.clock.stand_still()
    client = parts.app.test_client()
    admin, rosa = (roster.JIRA_ADMIN, PEOPLE[0])
    hook = {"name": "okr", "url": "http://okr/hook", "events": ["jira:issue_updated"]}
    client.post("/rest/webhooks/1.0/webhook", auth=(admin.email, admin.classic_tokens[0]), json=hook)
    ids = sorted(store.all("issues"), key=int)[1:]
    for start in range(0, 10_000, 1000):
        named = {"selectedIssueIdsOrKeys": ids[start : start + 1000], "selectedActions": ["labels"]}
        sent = {**named, "editedFieldsInput": {"labelsFields": [LABELS]}}
        login = (rosa.email, rosa.classic_tokens[0])
        assert client.post("/rest/api/3/bulk/issues/fields", auth=login, json=sent).status_code == 201
    parts.clock.advance(900)
    assert len(parts.deliver_due()) == 10_000
    assert len(set(posted.identifiers)) == 10_000
