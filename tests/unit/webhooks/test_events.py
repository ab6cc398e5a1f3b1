"""What is taken of an event, and that nothing in it can do harm."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.jira import WEBHOOK_EVENTS
from webhooks.event_names import READ_AGAIN, READ_EVERYTHING, Handling, handling_of, why_left_alone
from webhooks.events import MAX_ISSUES, parse_event
from webhooks.payload import NotAnEvent, NotJson, UnreadableEvent

OFFICIAL_NAMES = {
    Handling.READ_AGAIN: (
        "jira:issue_created jira:issue_updated jira:issue_deleted issuelink_created issuelink_deleted "
        "issue_property_set issue_property_deleted"
    ),
    Handling.READ_EVERYTHING: (
        "project_updated project_deleted project_soft_deleted project_restored_deleted project_archived "
        "project_restored_archived"
    ),
    Handling.LEFT_ALONE: (
        "comment_created comment_updated comment_deleted worklog_created worklog_updated worklog_deleted "
        "attachment_created attachment_deleted issuetype_created issuetype_updated issuetype_deleted project_created "
        "jira:version_released jira:version_unreleased jira:version_created "
        "jira:version_moved jira:version_updated jira:version_deleted sprint_created sprint_deleted sprint_updated "
        "sprint_started sprint_closed board_created board_updated board_deleted board_configuration_changed "
        "filter_created filter_updated filter_deleted user_created user_updated user_deleted option_voting_changed "
        "option_watching_changed jira_expression_evaluation_failed app_access_to_objects_blocked "
        "app_access_to_objects_in_container_blocked"
    ),
    Handling.UNKNOWN: "jira:issue_dreamt issue_moved avi:jira:created:issue",
}


def event_bytes(**payload: Any) -> bytes:
    return json.dumps({"timestamp": 1_795_000_000_123, "webhookEvent": "jira:issue_updated", **payload}).encode()


def parent_change(field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"changelog": {"id": "1", "items": [{"field": field, "from": before, "to": after}]}}


@pytest.mark.parametrize(("handling", "names"), OFFICIAL_NAMES.items())
def test_every_event_of_jira_has_its_handling(handling: Handling, names: str) -> None:
    assert {name: handling_of(name) for name in names.split()} == dict.fromkeys(names.split(), handling)


def test_what_is_left_alone_has_a_reason_and_nothing_else_has() -> None:
    for handling, names in OFFICIAL_NAMES.items():
        for name in names.split():
            assert bool(why_left_alone(name)) is (handling is Handling.LEFT_ALONE), name


def test_an_updated_issue_is_read_again() -> None:
    event = parse_event(event_bytes(issue={"id": "10412", "key": "PAY-412", "fields": {"summary": "secret"}}))
    assert (event.name, event.issue_ids, event.handling) == ("jira:issue_updated", ("10412",), Handling.READ_AGAIN)
    assert event.sent_at == datetime(2026, 11, 18, 11, 6, 40, 123000, UTC)


@pytest.mark.parametrize("field", ["parent", "Parent", "IssueParentAssociation", "Epic Link"])
def test_a_new_parent_makes_both_parents_due(field: str) -> None:
    event = parse_event(event_bytes(issue={"id": "30"}, **parent_change(field, "9", "100")))
    assert event.issue_ids == ("9", "30", "100")


def test_a_parent_is_also_known_by_its_field_id() -> None:
    change = {"changelog": {"items": [{"field": "Übergeordnet", "fieldId": "parent", "from": None, "to": "7"}]}}
    assert parse_event(event_bytes(issue={"id": "30"}, **change)).issue_ids == ("7", "30")


def test_other_changes_name_no_further_issue() -> None:
    change = parent_change("status", "10000", "10001")
    assert parse_event(event_bytes(issue={"id": "30"}, **change)).issue_ids == ("30",)


def test_both_ends_of_an_issue_link_are_read_again() -> None:
    link = {"id": 5, "sourceIssueId": 101, "destinationIssueId": 12}
    assert parse_event(event_bytes(webhookEvent="issuelink_created", issueLink=link)).issue_ids == ("12", "101")


def test_what_is_left_alone_names_no_issue() -> None:
    event = parse_event(event_bytes(webhookEvent="comment_created", issue={"id": "30"}))
    assert (event.issue_ids, event.handling) == ((), Handling.LEFT_ALONE)


@pytest.mark.parametrize(
    "issue",
    [
        None,
        [],
        "10",
        {},
        {"id": None},
        {"id": True},
        {"id": -1},
        {"id": 1.5},
        {"id": "1; DROP"},
        {"id": "٣"},
        {"id": "9" * 20},
        {"id": {"id": "1"}},
        {"id": "012"},
    ],
)
def test_an_issue_without_a_usable_id_is_left_out(issue: Any) -> None:
    assert parse_event(event_bytes(issue=issue)).issue_ids == ()


@pytest.mark.parametrize(
    "changelog", [None, [], {"items": None}, {"items": {}}, {"items": [None, 3, [], {"field": 1}]}]
)
def test_a_strange_changelog_costs_the_issue_nothing(changelog: Any) -> None:
    assert parse_event(event_bytes(issue={"id": 7}, changelog=changelog)).issue_ids == ("7",)


@pytest.mark.parametrize("timestamp", [None, "1795000000123", -1, True, 1e300, 10**30, [], 253_402_300_800_000])
def test_a_strange_time_is_none(timestamp: Any) -> None:
    assert parse_event(event_bytes(timestamp=timestamp)).sent_at is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"webhookEvent":',
        b"\xff\xfe",
        b'\xef\xbb\xbf{"webhookEvent": "x"}',
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=["empty", "text", "cut", "utf16", "bom", "nan", "huge number", "deep list", "deep object"],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        parse_event(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"1",
        b"null",
        b"{}",
        b'{"webhookEvent": null}',
        b'{"webhookEvent": ""}',
        b'{"webhookEvent": "a\\nb"}',
        b'{"webhookEvent": "' + b"x" * 81 + b'"}',
    ],
)
def test_json_that_names_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(NotAnEvent):
        parse_event(body)


def test_one_event_makes_a_bounded_number_of_issues_due() -> None:
    items = [{"field": "parent", "from": str(n), "to": str(n + 1)} for n in range(1, 4_000)]
    assert len(parse_event(event_bytes(changelog={"items": items})).issue_ids) <= MAX_ISSUES


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "items", "field", "from", "to", "sourceIssueId", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(READ_AGAIN)), _json, _json, _json, _json)
def test_any_json_gives_an_event_with_plain_ids(name: str, issue: Any, link: Any, changelog: Any, at: Any) -> None:
    body = event_bytes(webhookEvent=name, issue=issue, issueLink=link, changelog=changelog, timestamp=at)
    event = parse_event(body)
    assert all(issue_id.isascii() and issue_id.isdigit() for issue_id in event.issue_ids)
    assert len(set(event.issue_ids)) == len(event.issue_ids)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(body: bytes) -> None:
    with suppress(UnreadableEvent):
        assert parse_event(body).name


def test_our_webhook_asks_for_everything_that_makes_us_read_all_again() -> None:
    assert set(WEBHOOK_EVENTS) >= READ_EVERYTHING
    assert {handling_of(name) for name in WEBHOOK_EVENTS} == {Handling.READ_AGAIN, Handling.READ_EVERYTHING}
