"""Bulk changes over Jira's REST API: up to 1,000 issues at a time, told in the slow lane of webhooks.

[S: Bulk edit issues, Bulk transition issue statuses, Bulk delete issues, Get bulk issue operation progress], unless a
line says otherwise. [U] A real site works on them for minutes; here all is done when the answer comes, one event after
the other, and the task is complete when it is first asked for.
"""

from collections.abc import Callable
from typing import Any

from flask import jsonify

from tests.site.bulk_edits import Change, UnfitError, bulk_edit
from tests.site.jira_call import Call, Route
from tests.site.store import Document

_MOST = 1000
_TASKS = "bulk_tasks"


def edit(call: Call) -> Any:
    """Labels, points and priority; [U] the rest of what Jira can set so is refused here."""
    return _submitted(call, lambda: [(_named(call, call.body), bulk_edit(call))])


def transition(call: Call) -> Any:
    """To a status each, for several groups of issues."""
    return _submitted(call, lambda: [(_named(call, one), _transition(call, one)) for one in _inputs(call)])


def delete(call: Call) -> Any:
    """With their sub-tasks [U]."""

    def remove(issue: Document) -> None:
        if issue["id"] in call.world.issues:
            call.world.delete(issue, call.account, cascade=True)

    return _submitted(call, lambda: [(_named(call, call.body), remove)])


def progress(call: Call, task_id: str) -> Any:
    """The task as it stands; [S: the example] times as epoch milliseconds although the schema says date-time."""
    task = call.jira.store.get(_TASKS, task_id)
    if task is None:
        return _refused(f"There is no task {task_id}")
    return jsonify(task)


def _submitted(call: Call, plan: Callable[[], list[tuple[list[Document | None], Change]]]) -> Any:
    if not call.account.may_bulk_change:
        return _refused("The user does not have the global bulk change permission", 403)
    try:
        planned = plan()
    except UnfitError as error:
        return _refused(str(error))
    if sum(len(issues) for issues, _ in planned) > _MOST:
        return _refused(f"At most {_MOST} issues can be changed at once")
    return jsonify({"taskId": _carried_out(call, planned)}), 201


def _carried_out(call: Call, planned: list[tuple[list[Document | None], Change]]) -> str:
    started = int(call.jira.store.now().timestamp() * 1000)
    done: list[int] = []
    failed = 0
    for issues, change in planned:
        for issue in issues:
            if issue is None:
                failed += 1
                continue
            change(issue)
            done.append(int(issue["id"]))
    return _keep_task(call, started, done, failed)


def _keep_task(call: Call, started: int, done: list[int], failed: int) -> str:
    task_id = str(call.jira.store.next_id("bulk task", 10641))
    task = {
        "taskId": task_id,
        "status": "COMPLETE",
        "progressPercent": 100,
        "submittedBy": {"accountId": call.account.account_id},
        "created": started,
        "started": started,
        "updated": int(call.jira.store.now().timestamp() * 1000),
        "processedAccessibleIssues": done,
        "invalidOrInaccessibleIssueCount": failed,
        "totalIssueCount": len(done) + failed,
    }
    call.jira.store.put(_TASKS, task_id, task)
    return task_id


def _refused(message: str, status: int = 400) -> Any:
    return jsonify({"errors": [{"message": message}]}), status


def _named(call: Call, sent: Document) -> list[Document | None]:
    """The issues that are named, None for each that the caller cannot change."""
    names = sent.get("selectedIssueIdsOrKeys")
    if not isinstance(names, list) or not names:
        raise UnfitError("selectedIssueIdsOrKeys must name issues")
    return [_changeable(call, str(name)) for name in names]


def _changeable(call: Call, name: str) -> Document | None:
    issue = call.world.find(name)
    if issue is None or issue["archived"] or not call.account.may_edit_issues:
        return None
    return issue if call.account.may_see_project(issue["project"]) else None


def _inputs(call: Call) -> list[Document]:
    inputs = call.body.get("bulkTransitionInputs")
    if not isinstance(inputs, list) or not inputs:
        raise UnfitError("bulkTransitionInputs must not be empty")
    return inputs


def _transition(call: Call, sent: Document) -> Change:
    status = str(sent.get("transitionId"))
    if status not in call.world.statuses:
        raise UnfitError(f"There is no transition {status}")

    def change(issue: Document) -> None:
        if status in call.world.projects[issue["project"]]["statuses"]:
            call.world.transition(issue, status, call.account, bulk=True)

    return change


ROUTES: list[Route] = [
    ("POST", "/bulk/issues/fields", edit),
    ("POST", "/bulk/issues/transition", transition),
    ("POST", "/bulk/issues/delete", delete),
    ("GET", "/bulk/queue/<task_id>", progress),
]
