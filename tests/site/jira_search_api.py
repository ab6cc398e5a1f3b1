"""Searching issues over Jira's REST API."""

from typing import Any

from flask import Response, jsonify, request

from tests.site.jira_call import Call, RefusedError, Route
from tests.site.jira_search import MOST_IDS
from tests.site.jql_tokens import JqlError
from tests.site.store import Document


def search_get(call: Call) -> Response:
    """[S: Search for issues using JQL enhanced search (GET)]."""
    asked: Document = dict(request.args.items())
    asked |= {name: call.listed(name) for name in ("fields", "properties", "reconcileIssues")}
    if "maxResults" in asked:
        asked["maxResults"] = _whole("maxResults", asked["maxResults"])
    return _search(call, asked)


def search_post(call: Call) -> Response:
    """[S: Search for issues using JQL enhanced search (POST)]."""
    return _search(call, call.body)


def _search(call: Call, asked: Document) -> Response:
    fields, properties = asked.get("fields") or [], asked.get("properties") or []
    reconcile = [str(issue_id) for issue_id in asked.get("reconcileIssues") or []]
    if len(properties) > 5:
        raise RefusedError(400, "The maximum number of properties is 5.")
    if len(reconcile) > 50:
        # [S] at most 50; [U] wording.
        raise RefusedError(400, "The maximum number of issues to reconcile is 50.")
    most = MOST_IDS if set(fields) <= {"id", "key"} and not properties else call.world.issues_a_page
    size = min(_whole("maxResults", asked.get("maxResults", 50)), most)
    if size < 1:
        raise RefusedError(400, "The maxResults parameter must be greater than 0.")
    jql, token = str(asked.get("jql", "")), asked.get("nextPageToken")
    try:
        page = call.jira.search.page(jql, call.account, token, size, reconcile)
    except JqlError as error:
        raise RefusedError(400, str(error)) from None
    written = [call.json.issue(issue, fields, "id", properties) for issue in page.issues]
    # [S] `nextPageToken` is left out on the last page; there is no total.
    more = {"nextPageToken": page.next_token} if page.next_token else {}
    return jsonify({"issues": written, **more, "isLast": page.next_token is None})


def approximate_count(call: Call) -> Response:
    """[S: Count issues using JQL]."""
    try:
        return jsonify({"count": call.jira.search.count(str(call.body.get("jql", "")), call.account)})
    except JqlError as error:
        raise RefusedError(400, str(error)) from None


def removed_search(call: Call) -> Response:
    """[S] The old search was taken away: developer.atlassian.com changelog CHANGE-2046."""
    raise RefusedError(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")


def _whole(name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise RefusedError(400, f"The value '{value}' is not a valid number for '{name}'.") from None


ROUTES: list[Route] = [
    ("GET", "/search/jql", search_get),
    ("POST", "/search/jql", search_post),
    ("GET", "/search", removed_search),
    ("POST", "/search", removed_search),
    ("POST", "/search/approximate-count", approximate_count),
]
