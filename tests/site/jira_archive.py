"""Archiving issues and bringing them back, over Jira's REST API."""

from collections.abc import Callable

from flask import Response, jsonify

from tests.site.issue_acts import IssueActs
from tests.site.jira_call import Call, RefusedError, Route
from tests.site.store import Document

_MOST = 1000
_NOT_FOUND = "Issue not found."
_SUB_TASK = "Issue is subtask."


def archive(call: Call) -> Response:
    """[S: Archive issue(s) by issue ID/key] administrators only, up to 1,000, sub-tasks with their parent only."""
    return _for_each(call, IssueActs(call.world).archive)


def unarchive(call: Call) -> Response:
    """[S: Unarchive issue(s) by issue keys/ID] the same rules."""
    return _for_each(call, IssueActs(call.world).unarchive)


def _for_each(call: Call, act: Callable[[Document], int]) -> Response:
    # [S] the sentences of the description's examples.
    if not call.account.jira_admin:
        raise RefusedError(403, "Only admins can archive or unarchive issues. Access denied.")
    asked = [str(one) for one in call.body.get("issueIdsOrKeys") or []]
    found = {one: call.world.find(one) for one in asked[:_MOST]}
    missing = [one for one, issue in found.items() if issue is None]
    sub_tasks = [one for one, issue in found.items() if issue and call.world.level(issue) < 0]
    fit = [issue for one, issue in found.items() if issue and one not in sub_tasks]
    if not fit:
        raise RefusedError(400, "No valid issue to archive or unarchive. Bad request.")
    updated = sum(act(issue) for issue in fit)
    if len(asked) > _MOST:
        advice = "The number of issues to archive or unarchive exceeds the hard limit of 1000. Precondition failed."
        raise RefusedError(412, advice)
    errors = {"issuesNotFound": _error(missing, _NOT_FOUND), "issueIsSubtask": _error(sub_tasks, _SUB_TASK)}
    return jsonify({"numberOfIssuesUpdated": updated, "errors": {name: one for name, one in errors.items() if one}})


def _error(names: list[str], message: str) -> Document | None:
    return {"count": len(names), "issueIdsOrKeys": names, "message": message} if names else None


ROUTES: list[Route] = [("PUT", "/issue/archive", archive), ("PUT", "/issue/unarchive", unarchive)]
