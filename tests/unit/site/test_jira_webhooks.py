"""Webhooks: what is sent, how it is signed, what is tried again, who may register."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from tests.site import roster
from tests.site.accounts import Account
from tests.site.app import create_app
from tests.site.jira_webhooks import signature
from tests.site.store import Document
from tests.unit.site.jira_world import ISSUE_EVENTS, SmallJira
from tests.unit.site.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def jira() -> SmallJira:
    jira = SmallJira()
    jira.client = create_app(jira.store, cloud_id="cloud-1", retry_scale=0.00002).test_client()
    return jira


def ended(jira: SmallJira) -> Document:
    """The only delivery, once nothing more will be tried."""
    return delivery_when(jira, lambda one: one["state"] != "waiting")


def delivery_when(jira: SmallJira, holds: Callable[[Document], object]) -> Document:
    """The first of all deliveries, once this holds of each."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        deliveries: list[Document] = jira.client.get("/_site/webhooks").get_json()
        if deliveries and all(map(holds, deliveries)):
            return deliveries[0]
        time.sleep(0.01)
    raise AssertionError("the delivery does not come to that")


def test_the_signature_is_the_one_of_atlassians_example() -> None:
    # [S2] the vector on developer.atlassian.com, "Secure admin webhooks".
    expected = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert signature("It's a Secret to Everybody", b"Hello World!") == expected


def test_a_transition_is_told_with_changelog_and_signed_over_the_raw_body(jira: SmallJira, receiver: Receiver) -> None:
    hook = jira.register_webhook(receiver.url, secret="hush")
    assert hook["isSigned"] is True
    assert "secret" not in hook
    jira.move("ABC-4", jira.done)
    (received,) = receiver.wait_for(1)
    payload = json.loads(received.body)
    assert payload["webhookEvent"] == "jira:issue_updated"
    assert payload["issue"]["fields"]["parent"]["key"] == "ABC-1"
    assert payload["issue"]["fields"]["status"]["statusCategory"]["key"] == "done"
    assert "emailAddress" not in payload["user"]
    first = payload["changelog"]["items"][0]
    assert (first["fieldId"], first["fromString"], first["toString"]) == ("status", "To Do", "Done")
    assert received.headers["x-hub-signature"] == signature("hush", received.body)
    assert received.headers["x-atlassian-webhook-flow"] == "Primary"
    assert "x-atlassian-webhook-retry" not in received.headers


def test_a_new_parent_stands_in_the_changelog_with_both_ids(jira: SmallJira, receiver: Receiver) -> None:
    jira.register_webhook(receiver.url)
    jira.call("PUT", "/issue/ABC-4", json={"fields": {"parent": {"key": "GRO-1"}}})
    (item,) = json.loads(receiver.wait_for(1)[0].body)["changelog"]["items"]
    assert (item["fieldId"], item["from"], item["to"]) == ("parent", "101", "201")
    assert (item["fromString"], item["toString"]) == ("ABC-1", "GRO-1")


def test_creation_and_deletion_are_told_and_a_cascade_is_secondary(jira: SmallJira, receiver: Receiver) -> None:
    jira.register_webhook(receiver.url)
    fields = {"project": {"key": "ABC"}, "summary": "New", "issuetype": {"name": "Story"}}
    jira.call("POST", "/issue", json={"fields": fields})
    jira.call("DELETE", "/issue/ABC-2?deleteSubtasks=true")
    told = {}
    for received in receiver.wait_for(3):
        payload = json.loads(received.body)
        told[payload["issue"]["key"]] = (payload["webhookEvent"], received.headers["x-atlassian-webhook-flow"])
    assert told == {
        "ABC-7": ("jira:issue_created", "Primary"),
        "ABC-5": ("jira:issue_deleted", "Secondary"),
        "ABC-2": ("jira:issue_deleted", "Primary"),
    }


def test_nothing_is_sent_when_nothing_changed(jira: SmallJira, receiver: Receiver) -> None:
    jira.register_webhook(receiver.url)
    jira.call("PUT", "/issue/ABC-4", json={"fields": {"summary": "Issue ABC-4"}})
    assert jira.client.get("/_site/webhooks").get_json() == []


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, 0])
def test_some_answers_are_tried_again_with_the_same_identifier(
    jira: SmallJira, receiver: Receiver, status: int
) -> None:
    receiver.answers = [status, status]
    jira.register_webhook(receiver.url)
    jira.move("ABC-4", jira.done)
    tries = receiver.wait_for(3)
    assert len({one.headers["x-atlassian-webhook-identifier"] for one in tries}) == 1
    assert [one.headers.get("x-atlassian-webhook-retry") for one in tries] == [None, "1", "2"]
    assert len({one.body for one in tries}) == 1
    assert ended(jira)["state"] == "delivered"


def test_after_five_retries_it_is_given_up(jira: SmallJira, receiver: Receiver) -> None:
    receiver.answers = [503] * 20
    jira.register_webhook(receiver.url)
    jira.move("ABC-4", jira.done)
    delivery = ended(jira)
    assert delivery["state"] == "given up"
    assert [one["outcome"] for one in delivery["attempts"]] == [503] * 6


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_other_refusals_are_final(jira: SmallJira, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    jira.register_webhook(receiver.url)
    jira.move("ABC-4", jira.done)
    delivery = ended(jira)
    assert (delivery["state"], len(delivery["attempts"])) == ("refused", 1)


def test_a_receiver_that_is_not_there_is_tried_again(jira: SmallJira) -> None:
    jira.register_webhook("http://127.0.0.1:1/hook")
    jira.move("ABC-4", jira.done)
    assert [one["outcome"] for one in ended(jira)["attempts"]] == ["ConnectionError"] * 6


def test_the_query_and_the_list_of_events_choose(jira: SmallJira, receiver: Receiver) -> None:
    jira.register_webhook(
        receiver.url, filters={"issue-related-events-section": "project = GRO"}, events=ISSUE_EVENTS[1:2]
    )
    jira.move("ABC-4", jira.done)
    fields = {"project": {"key": "GRO"}, "summary": "New", "issuetype": {"name": "Story"}}
    jira.call("POST", "/issue", json={"fields": fields})
    jira.move("GRO-2", jira.done)
    assert ended(jira)["issue"] == "GRO-2"
    assert len(receiver.received) == 1


def test_a_deleted_issue_is_matched_as_it_was(jira: SmallJira, receiver: Receiver) -> None:
    jira.register_webhook(receiver.url, filters={"issue-related-events-section": "parent = ABC-1"})
    jira.call("DELETE", "/issue/ABC-4")
    assert json.loads(receiver.wait_for(1)[0].body)["issue"]["key"] == "ABC-4"


def test_a_trace_that_the_caller_sent_comes_back(jira: SmallJira, receiver: Receiver) -> None:
    jira.register_webhook(receiver.url)
    headers = {"X-Atlassian-Webhook-Trace": "okr-7"}
    jira.call("PUT", "/issue/ABC-4", json={"fields": {"summary": "x"}}, headers=headers)
    assert receiver.wait_for(1)[0].headers["x-atlassian-webhook-trace"] == "okr-7"


def test_what_was_not_sent_before_a_restart_is_sent_after_it(jira: SmallJira, receiver: Receiver) -> None:
    jira.client = create_app(jira.store, cloud_id="cloud-1", retry_scale=1000.0).test_client()
    receiver.answers = [503]
    jira.register_webhook(receiver.url)
    jira.move("ABC-4", jira.done)
    receiver.wait_for(1)
    # Else the site before the restart would still note the answer after it, which no process that ended does.
    delivery_when(jira, lambda one: one["attempts"])
    create_app(jira.store, cloud_id="cloud-1")
    again = receiver.wait_for(2)
    assert again[0].body == again[1].body


@pytest.mark.parametrize("account", [roster.SYNC, roster.LOW, roster.PEOPLE[0]])
def test_only_administrators_manage_webhooks(jira: SmallJira, account: Account) -> None:
    login = (account.email, account.classic_tokens[0])
    assert jira.client.get("/rest/webhooks/1.0/webhook", auth=login).status_code == 403
    assert jira.client.post("/rest/webhooks/1.0/webhook", auth=login, json={}).status_code == 403


def test_a_scoped_token_cannot_manage_webhooks(jira: SmallJira) -> None:
    login = (roster.JIRA_ADMIN.email, roster.JIRA_ADMIN.scoped_tokens[0])
    answer = jira.client.get("/ex/jira/cloud-1/rest/webhooks/1.0/webhook", auth=login)
    assert answer.status_code == 401


def test_a_webhook_can_be_read_changed_and_deleted(jira: SmallJira) -> None:
    login = (roster.JIRA_ADMIN.email, roster.JIRA_ADMIN.classic_tokens[0])
    path = jira.register_webhook("http://a/hook", secret="hush")["self"].removeprefix("http://localhost")
    changed = jira.client.put(path, auth=login, json={"url": "http://b/hook", "enabled": False}).get_json()
    assert (changed["url"], changed["enabled"], changed["isSigned"]) == ("http://b/hook", False, True)
    assert jira.client.get("/rest/webhooks/1.0/webhook", auth=login).get_json() == [changed]
    assert jira.client.delete(path, auth=login).status_code == 204
    assert jira.client.get(path, auth=login).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"url": "ftp://x"}, {"events": []}, {"filters": {"issue-related-events-section": "project ="}}],
)
def test_a_webhook_that_makes_no_sense_is_refused(jira: SmallJira, wrong: dict[str, object]) -> None:
    login = (roster.JIRA_ADMIN.email, roster.JIRA_ADMIN.classic_tokens[0])
    sent = {"name": "okr", "url": "http://a", "events": ISSUE_EVENTS, **wrong}
    assert jira.client.post("/rest/webhooks/1.0/webhook", auth=login, json=sent).status_code == 400
