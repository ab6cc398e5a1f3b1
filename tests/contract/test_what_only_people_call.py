"""What the stand-in answers where only its people call fits the descriptions as well: bulk changes, archiving."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.conftest import Judges
from tests.contract.recorded import Call, read_record
from tests.site import roster
from tests.site.accounts import Account
from tests.site.roster import PEOPLE
from tests.unit.site.jira_world import SmallJira

LABELS = {"fieldId": "labels", "bulkEditMultiSelectFieldOption": "ADD", "labels": [{"name": "big"}]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """Each of these calls, answered and refused."""
    record = tmp_path_factory.mktemp("people") / "calls.jsonl"
    jira = SmallJira(record=record)
    _change_in_bulk(jira)
    _archive(jira)
    return list(read_record(Path(record)))


def _change_in_bulk(jira: SmallJira) -> None:
    inputs = [{"selectedIssueIdsOrKeys": ["ABC-3", "ABC-99"], "transitionId": jira.done}]
    task = _post(jira, "transition", {"bulkTransitionInputs": inputs})
    jira.call("GET", f"/bulk/queue/{task}", PEOPLE[0])
    jira.call("GET", "/bulk/queue/1", PEOPLE[0])
    fields = {"labelsFields": [LABELS], "priority": {"priorityId": "1"}}
    edited = {"selectedIssueIdsOrKeys": ["ABC-4"], "selectedActions": ["labels", "priority"]}
    _post(jira, "fields", {**edited, "editedFieldsInput": fields})
    _post(jira, "fields", {**edited, "editedFieldsInput": {}})
    _post(jira, "delete", {"selectedIssueIdsOrKeys": ["ABC-6"]})
    _post(jira, "delete", {"selectedIssueIdsOrKeys": ["ABC-1"]}, roster.SYNC)
    _post(jira, "transition", {"bulkTransitionInputs": inputs}, roster.SYNC)


def _post(jira: SmallJira, what: str, sent: dict[str, object], account: Account = PEOPLE[0]) -> str:
    answer = jira.call("POST", f"/bulk/issues/{what}", account, json=sent)
    return str(answer.get_json().get("taskId"))


def _archive(jira: SmallJira) -> None:
    for way in ("archive", "unarchive"):
        for keys in (["ABC-2", "ABC-5", "ABC-99"], ["ABC-99"], [str(number) for number in range(101, 1200)]):
            jira.call("PUT", f"/issue/{way}", roster.JIRA_ADMIN, json={"issueIdsOrKeys": keys})
        jira.call("PUT", f"/issue/{way}", PEOPLE[0], json={"issueIdsOrKeys": ["ABC-2"]})


def test_they_fit(made: list[Call], judges: Judges) -> None:
    wrong = [misfit for call in made for misfit in judges["jira"].misfits(call)]
    unlike_the_example = [
        each for each in wrong if "/bulk/queue/" in each.call.path and "is not of type" in each.detail
    ]
    assert [str(each) for each in wrong if each not in unlike_the_example] == []
    assert {each.detail.split(":")[0] for each in unlike_the_example} == {"created", "started", "updated"}


def test_each_is_answered_and_refused(made: list[Call]) -> None:
    met = {(call.method, call.path.split("/")[-1], call.status) for call in made}
    assert {("POST", "transition", 201), ("POST", "transition", 403), ("POST", "fields", 400)} <= met
    assert {("PUT", way, status) for way in ("archive", "unarchive") for status in (200, 400, 403, 412)} <= met
