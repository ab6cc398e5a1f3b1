"""Jira's JSON is not trusted: it becomes a snapshot, or is refused with a text that says what is wrong."""

from __future__ import annotations

import copy
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.issue import (
    FieldChoice,
    IssueSnapshot,
    MalformedIssue,
    StatusCategory,
    is_done,
    is_wont_do,
    needed_fields,
    read_issue,
)

PLAIN = FieldChoice()
POINTS = FieldChoice("customfield_10016", frozenset({"10001"}))


def raw_issue() -> dict[str, object]:
    """As the search of REST v3 answers it."""
    return {
        "id": "10412",
        "key": "PAY-412",
        "fields": {
            "project": {"id": "10000", "key": "PAY", "name": "Payments"},
            "issuetype": {"id": "10001", "name": "Story", "subtask": False, "hierarchyLevel": 0},
            "parent": {"id": "10400", "key": "PAY-400"},
            "status": {"name": "已完成", "statusCategory": {"id": 3, "key": "done", "name": "Done"}},
            "resolution": {"id": "10001", "name": "Won't Do"},
            "labels": ["kr-PAY-KR1", "retry"],
            "created": "2026-10-02T08:00:00.000+0200",
            "updated": "2026-11-22T09:40:02.123+0000",
            "customfield_10016": 3.5,
        },
    }


def changed(path: str, value: object) -> dict[str, object]:
    """The issue with one place set to another value; ``DELETE`` takes it away."""
    raw = copy.deepcopy(raw_issue())
    *parents, last = path.split(".")
    place: dict[str, object] = raw
    for name in parents:
        place = place[name]  # type: ignore[assignment]
    if value is DELETE:
        del place[last]
    else:
        place[last] = value
    return raw


DELETE = object()


def test_everything_that_we_keep_is_read() -> None:
    assert read_issue(raw_issue(), POINTS) == IssueSnapshot(
        issue_id="10412",
        issue_key="PAY-412",
        project_id="10000",
        project_key="PAY",
        level=0,
        parent_id="10400",
        status_category=StatusCategory.DONE,
        resolution_id="10001",
        estimate=Decimal("3.5"),
        created=datetime(2026, 10, 2, 6, tzinfo=UTC),
        updated=datetime(2026, 11, 22, 9, 40, 2, 123000, UTC),
        labels=frozenset({"kr-PAY-KR1", "retry"}),
    )


@pytest.mark.parametrize(
    ("path", "value", "attribute", "read"),
    [
        ("id", 10412, "issue_id", "10412"),
        ("fields.issuetype.hierarchyLevel", 1, "level", 1),
        ("fields.issuetype", {"subtask": True}, "level", -1),
        ("fields.issuetype", {"subtask": True, "hierarchyLevel": None}, "level", -1),
        ("fields.issuetype", {"subtask": False}, "level", 0),
        ("fields.parent", DELETE, "parent_id", None),
        ("fields.parent", None, "parent_id", None),
        ("fields.parent", {"id": 7}, "parent_id", "7"),
        ("fields.resolution", None, "resolution_id", None),
        ("fields.resolution", DELETE, "resolution_id", None),
        ("fields.status.statusCategory.key", "new", "status_category", StatusCategory.NEW),
        ("fields.status.statusCategory.key", "indeterminate", "status_category", StatusCategory.INDETERMINATE),
        ("fields.status.statusCategory.key", "undefined", "status_category", StatusCategory.UNDEFINED),
        ("fields.status.statusCategory.key", "invented", "status_category", StatusCategory.UNDEFINED),
        ("fields.status.statusCategory.key", ["new"], "status_category", StatusCategory.UNDEFINED),
        ("fields.customfield_10016", None, "estimate", None),
        ("fields.customfield_10016", DELETE, "estimate", None),
        ("fields.customfield_10016", 0, "estimate", Decimal(0)),
        ("fields.customfield_10016", 5, "estimate", Decimal(5)),
        ("fields.customfield_10016", -1, "estimate", None),
        ("fields.customfield_10016", "5", "estimate", None),
        ("fields.customfield_10016", True, "estimate", None),
        ("fields.customfield_10016", float("nan"), "estimate", None),
        ("fields.customfield_10016", float("inf"), "estimate", None),
        ("fields.customfield_10016", {"value": 5}, "estimate", None),
    ],
)
def test_what_may_differ_between_sites_is_understood(path: str, value: object, attribute: str, read: object) -> None:
    assert getattr(read_issue(changed(path, value), POINTS), attribute) == read


def test_no_estimate_is_read_where_no_field_was_chosen() -> None:
    assert read_issue(raw_issue(), PLAIN).estimate is None


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("id", DELETE, "id is missing"),
        ("id", "10412; drop", "id is '10412; drop'"),
        ("id", True, "id is of type bool"),
        ("key", "../admin", "key is '../admin'"),
        ("key", "PAY-412\n", "key is"),
        ("fields", None, "fields is missing"),
        ("fields", ["status"], "fields is of type list"),
        ("fields.project", DELETE, "fields.project is missing"),
        ("fields.project.id", None, "fields.project.id is missing"),
        ("fields.project.key", 5, "fields.project.key is of type int"),
        ("fields.issuetype", None, "fields.issuetype is missing"),
        ("fields.issuetype.hierarchyLevel", "1", "hierarchyLevel is '1'"),
        ("fields.issuetype.hierarchyLevel", True, "hierarchyLevel is of type bool"),
        ("fields.parent", {"key": "PAY-400"}, "fields.parent.id is missing"),
        ("fields.parent", "PAY-400", "fields.parent is 'PAY-400'"),
        ("fields.status", DELETE, "fields.status is missing"),
        ("fields.status", {"name": "Done"}, "fields.status.statusCategory is missing"),
        ("fields.resolution", "Fixed", "fields.resolution is 'Fixed'"),
        ("fields.created", DELETE, "fields.created is missing"),
        ("fields.updated", "yesterday", "fields.updated is 'yesterday', not a time"),
        ("fields.updated", "2026-11-22", "without its zone"),
        ("fields.updated", "2026-11-22T09:40:02", "without its zone"),
        ("fields.updated", "0001-01-01T00:00:00.000+1400", "not a time"),
        ("fields.updated", 1795340402123, "fields.updated is of type int, not a time"),
    ],
)
def test_what_is_missing_or_odd_is_named(path: str, value: object, said: str) -> None:
    with pytest.raises(MalformedIssue) as refused:
        read_issue(changed(path, value), POINTS)
    assert said in str(refused.value)


def test_a_long_value_is_cut_in_the_text() -> None:
    with pytest.raises(MalformedIssue) as refused:
        read_issue(changed("key", "x" * 100_000), PLAIN)
    assert len(str(refused.value)) < 150


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
places = st.sampled_from(
    ["id", "key", "fields"]
    + [f"fields.{name}" for name in needed_fields(POINTS)]
    + ["fields.project.id", "fields.project.key", "fields.issuetype.hierarchyLevel", "fields.parent.id"]
    + ["fields.status.statusCategory", "fields.status.statusCategory.key", "fields.resolution.id"]
)


@given(places, json_values)
def test_anything_at_all_is_read_or_refused(path: str, value: object) -> None:
    with suppress(MalformedIssue):
        assert isinstance(read_issue(changed(path, value), POINTS), IssueSnapshot)


@given(json_values)
def test_any_json_instead_of_an_issue_is_refused(value: object) -> None:
    with pytest.raises(MalformedIssue):
        read_issue(value, PLAIN)


def test_the_fields_to_ask_for_are_those_that_are_read() -> None:
    asked = needed_fields(POINTS)
    raw = raw_issue()
    fields = raw["fields"]
    assert isinstance(fields, dict)
    raw["fields"] = {name: fields[name] for name in asked}
    assert read_issue(raw, POINTS) == read_issue(raw_issue(), POINTS)
    assert needed_fields(PLAIN) == asked[:-1]


def test_will_not_be_done_is_done_with_a_chosen_resolution() -> None:
    closed = read_issue(raw_issue(), POINTS)
    reopened = read_issue(changed("fields.status.statusCategory.key", "new"), POINTS)
    fixed = read_issue(changed("fields.resolution.id", "10002"), POINTS)
    assert [is_done(each) for each in (closed, reopened, fixed)] == [True, False, True]
    assert [is_wont_do(each, POINTS) for each in (closed, reopened, fixed)] == [True, False, False]
    assert not is_wont_do(read_issue(changed("fields.resolution", None), POINTS), POINTS)
