"""Answers of Jira that are JSON and are not whole: what is missing in them says nothing about what is there."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response

from tests.site.store import Document

Change = Callable[[Document, Document, str], None]
"""Of a body, of what had been asked, of the id of the issue that it is about; empty for the first one."""


def unwhole(answer: Response, sent: bytes, lack: str, about: str) -> Response:
    """The answer without what `lack` names (one of `LACKS`); one that is no list of issues stays as it is."""
    body = answer.get_json(silent=True)
    if answer.status_code != 200 or not isinstance(body, dict) or not isinstance(body.get("issues"), list):
        return answer
    asked = json.loads(sent or b"{}")
    LACKS[lack](body, asked if isinstance(asked, dict) else {}, about)
    return Response(json.dumps(body), 200, content_type="application/json")


def _without_an_end(body: Document, _asked: Document, _about: str) -> None:
    """[S2: github.com/shridhar-tl/jira-assistant pull 418 shows one] neither `isLast` nor a token; [U] of this address,
    and that issues are missing then."""
    _halve(body)
    body.pop("isLast", None)
    body.pop("nextPageToken", None)


def _without_a_way_on(body: Document, _asked: Document, _about: str) -> None:
    """[U] Not the last page, and no token for the next."""
    _halve(body)
    body.pop("nextPageToken", None)
    body["isLast"] = False


def _with_the_same_token(body: Document, asked: Document, _about: str) -> None:
    """[U] The token that was sent comes back, so that the search never ends; on a first page, where none was sent, one
    that leads nowhere."""
    _halve(body)
    body |= {"isLast": False, "nextPageToken": asked.get("nextPageToken") or "e30="}


def _without_issues(body: Document, _asked: Document, _about: str) -> None:
    """[U] A proxy or a fault left an object without its list; no field of the description is required [S: schema
    SearchAndReconcileResults]."""
    del body["issues"]


def _with_a_warning(body: Document, _asked: Document, _about: str) -> None:
    """[S: schema SearchAndReconcileResults, `warnings`] the result was cut at a limit, and the rest never comes; [U]
    the spelling of the type."""
    _halve(body)
    body.pop("nextPageToken", None)
    body |= {"isLast": True, "warnings": [{"type": "RESULT_TRUNCATED", "message": "The result set was truncated."}]}


def _with_an_issue_error(body: Document, _asked: Document, about: str) -> None:
    """[S: schema BulkIssueResults, `issueErrors`] an issue that Jira has and cannot return this time; [U] the words."""
    for issue in _meant(body, about):
        body["issues"].remove(issue)
        error = {"id": issue["id"], "errorMessage": "The issue could not be loaded. Try again."}
        body["issueErrors"] = [*body.get("issueErrors", ()), error]


def _without_a_status(body: Document, _asked: Document, about: str) -> None:
    """[U] An issue lacks a field that every issue has: of a workflow that is broken, or left out by an app."""
    for issue in _meant(body, about):
        issue.get("fields", {}).pop("status", None)


def _meant(body: Document, about: str) -> list[Any]:
    return [issue for issue in body["issues"] if issue["id"] == about] if about else body["issues"][:1]


def _halve(body: Document) -> None:
    body["issues"] = body["issues"][: len(body["issues"]) // 2]


LACKS: dict[str, Change] = {
    "end": _without_an_end,
    "way on": _without_a_way_on,
    "new token": _with_the_same_token,
    "issues": _without_issues,
    "rest": _with_a_warning,
    "one issue": _with_an_issue_error,
    "status": _without_a_status,
}
