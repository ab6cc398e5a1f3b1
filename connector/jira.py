"""The Jira Cloud client: each method makes exactly one call (REST v3, developer.atlassian.com/cloud/jira/platform).

No method sleeps, retries or follows a redirect; all raise the errors of ``connector.errors``. An answer that is not
whole is Unavailable, never a shorter list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import requests

from connector.calls import Answer, Calls, OnCall
from connector.checked import (
    as_list,
    as_object,
    flag_in,
    list_or_empty,
    number_in,
    object_in,
    object_or_empty,
    objects_in,
    text_in,
    text_or_empty,
)
from connector.errors import Unavailable
from connector.site_answers import Fetched, Field, Project, Resolution, SearchPage, ServerInfo, Webhook, WhoAmI

MOST_FOUND = 5000
MOST_FETCHED = 100
MOST_RECONCILED = 50
WEBHOOK_EVENTS = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "issuelink_created",
    "issuelink_deleted",
    "project_updated",
    "project_deleted",
    "project_soft_deleted",
    "project_restored_deleted",
    "project_archived",
    "project_restored_archived",
)
"""What a webhook has to send so that no change of a linked issue waits for the next poll."""

# Administrators' webhooks; developer.atlassian.com/cloud/jira/platform/webhooks, "Registering a webhook using the REST
# API". The interface description leaves this path out. Only an administrator with a classic token may call it.
_WEBHOOKS = "/rest/webhooks/1.0/webhook"
_MOST_RESOLUTION_PAGES = 50
_MOST_PROJECT_PAGES = 50
_EPIC_LEVEL = 1
_INCOMPLETE = ("LIMIT", "TRUNCAT")


class JiraClient:
    """One Jira, called as one account; ``sync.ports.JiraReader`` and what connecting needs."""

    def __init__(self, session: requests.Session, api_url: str, on_call: OnCall) -> None:
        self._calls = Calls(session, api_url, on_call)

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        """``POST /rest/api/3/search/jql``, one page of at most ``page_size``.

        ``reconcile_ids``: issues that the search must see as they are now, although its index lags; the same for every
        page. Unavailable where the answer is not a whole page: no ``issues``, neither the last page nor a token for the
        next, the same token again, or a warning that the result was cut. ValueError beyond 50 ids.
        """
        if len(reconcile_ids) > MOST_RECONCILED:
            raise ValueError(f"at most {MOST_RECONCILED} issues can be reconciled in a search")
        body: dict[str, Any] = {"jql": jql, "fields": list(fields), "maxResults": min(page_size, MOST_FOUND)}
        if token is not None:
            body["nextPageToken"] = token
        if reconcile_ids:
            body["reconcileIssues"] = [int(one) for one in reconcile_ids]
        return _search_page(self._calls.post("/rest/api/3/search/jql", body=body), token)

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        """``POST /rest/api/3/issue/bulkfetch``. No call for nothing; ValueError beyond 100.

        A key may come back under another one, where the issue was moved; then a key that was not returned under its
        own name is not called missing, because it may be that one.
        """
        if len(ids_or_keys) > MOST_FETCHED:
            raise ValueError(f"at most {MOST_FETCHED} issues can be fetched at once")
        if not ids_or_keys:
            return Fetched((), frozenset())
        body = {"issueIdsOrKeys": list(ids_or_keys), "fields": list(fields)}
        answer = as_object(self._calls.post("/rest/api/3/issue/bulkfetch", body=body).body, "the answer")
        return _fetched(answer, frozenset(ids_or_keys))

    def count(self, jql: str) -> int:
        """``POST /rest/api/3/search/approximate-count``: how many issues match, as the search index knows it."""
        answer = self._calls.post("/rest/api/3/search/approximate-count", body={"jql": jql})
        return number_in(as_object(answer.body, "the answer"), "count")

    def issue(self, id_or_key: str, fields: Sequence[str]) -> dict[str, object]:
        """``GET /rest/api/3/issue/{idOrKey}``: Jira's raw JSON, also under a key from before a move. Gone if unseen."""
        answer = self._calls.get("/rest/api/3/issue/{}", id_or_key, query={"fields": ",".join(fields)})
        found = as_object(answer.body, "the answer")
        text_in(found, "id")
        text_in(found, "key")
        return found

    def myself(self) -> WhoAmI:
        """``GET /rest/api/3/myself``: the account that the credentials belong to."""
        found = as_object(self._calls.get("/rest/api/3/myself").body, "the answer")
        return WhoAmI(
            text_in(found, "accountId"), text_or_empty(found, "displayName"), text_or_empty(found, "timeZone")
        )

    def server_info(self) -> ServerInfo:
        """``GET /rest/api/3/serverInfo``."""
        found = as_object(self._calls.get("/rest/api/3/serverInfo").body, "the answer")
        return ServerInfo(
            text_in(found, "baseUrl"),
            text_or_empty(found, "deploymentType"),
            text_or_empty(found, "version"),
            text_or_empty(found, "serverTitle"),
        )

    def my_permissions(self, keys: Sequence[str]) -> dict[str, bool]:
        """``GET /rest/api/3/mypermissions``: for each of ``keys`` (``BROWSE_PROJECTS``), whether the account has it, a
        project's permission in at least one project."""
        answer = self._calls.get("/rest/api/3/mypermissions", query={"permissions": ",".join(keys)})
        found = object_in(as_object(answer.body, "the answer"), "permissions")
        return {key: flag_in(object_in(found, key), "havePermission") for key in keys}

    def fields(self) -> tuple[Field, ...]:
        """``GET /rest/api/3/field``: system and custom fields."""
        found = as_list(self._calls.get("/rest/api/3/field").body, "the answer")
        return tuple(_field(as_object(entry, "a field")) for entry in found)

    def resolutions(self) -> tuple[Resolution, ...]:
        """``GET /rest/api/3/resolution/search``, all pages. (``/resolution`` itself is deprecated.)"""
        found: list[Resolution] = []
        for _ in range(_MOST_RESOLUTION_PAGES):
            query = {"startAt": str(len(found)), "maxResults": "200"}
            page = as_object(self._calls.get("/rest/api/3/resolution/search", query=query).body, "the answer")
            rows = [as_object(entry, "a resolution") for entry in as_list(page.get("values"), "its values")]
            found += [Resolution(text_in(row, "id"), text_in(row, "name")) for row in rows]
            if flag_in(page, "isLast"):
                return tuple(found)
        raise Unavailable("Jira's list of resolutions does not come to an end.")

    def projects(self) -> tuple[Project, ...]:
        """``GET /rest/api/3/project/search``, all pages: the projects that the account may see, by key."""
        found: list[Project] = []
        for _ in range(_MOST_PROJECT_PAGES):
            query = {"startAt": str(len(found)), "maxResults": "100", "orderBy": "key"}
            page = as_object(self._calls.get("/rest/api/3/project/search", query=query).body, "the answer")
            found += [_project(as_object(entry, "a project")) for entry in as_list(page.get("values"), "its values")]
            if flag_in(page, "isLast"):
                return tuple(found)
        raise Unavailable("Jira's list of projects does not come to an end.")

    def project(self, id_or_key: str) -> Project:
        """``GET /rest/api/3/project/{projectIdOrKey}``, with its issue types. Gone if unseen."""
        return _project(as_object(self._calls.get("/rest/api/3/project/{}", id_or_key).body, "the answer"))

    def register_webhook(self, name: str, url: str, events: Sequence[str], jql: str, secret: str) -> Webhook:
        """``POST /rest/webhooks/1.0/webhook``: send ``events`` of issues that match ``jql`` to ``url``, signed with
        ``secret``. Forbidden where the account is no Jira administrator, Unauthorized with a scoped token."""
        body: dict[str, Any] = {
            "name": name,
            "url": url,
            "events": list(events),
            "filters": {"issue-related-events-section": jql},
            "excludeBody": False,
            "secret": secret,
        }
        return _webhook(as_object(self._calls.post(_WEBHOOKS, body=body).body, "the answer"))

    def webhooks(self) -> tuple[Webhook, ...]:
        """``GET /rest/webhooks/1.0/webhook``: all webhooks of the site; administrators only."""
        found = as_list(self._calls.get(_WEBHOOKS).body, "the answer")
        return tuple(_webhook(as_object(entry, "a webhook")) for entry in found)

    def delete_webhook(self, webhook_id: str) -> None:
        """``DELETE /rest/webhooks/1.0/webhook/{id}``. Gone if it is not there."""
        self._calls.delete(_WEBHOOKS + "/{}", webhook_id)


def _search_page(answer: Answer, token: str | None) -> SearchPage:
    found = as_object(answer.body, "the answer")
    issues = objects_in(found, "issues")
    _refuse_cut(found)
    if answer.server_time is None:
        raise Unavailable("The answer is not complete: it does not say the site's time (Date header).")
    if found.get("isLast") is True:
        return SearchPage(tuple(issues), None, answer.server_time, answer.room)
    following = found.get("nextPageToken")
    if not isinstance(following, str) or not following or following == token:
        raise Unavailable("The answer is not complete: not the last page, and no way to the next.")
    return SearchPage(tuple(issues), following, answer.server_time, answer.room)


def _refuse_cut(found: dict[str, object]) -> None:
    # "warnings" is experimental: a clause with too many arguments, or a result that was cut (interface description).
    for warning in list_or_empty(found, "warnings"):
        kind = str(warning.get("type", "") if isinstance(warning, dict) else warning).upper()
        if any(word in kind for word in _INCOMPLETE):
            raise Unavailable(f"The answer is not complete: Jira cut the result ({kind[:80]}).")


def _fetched(answer: dict[str, object], asked: frozenset[str]) -> Fetched:
    issues = objects_in(answer, "issues")
    unread = _unread(answer)
    names = [{text_in(issue, "id"), text_in(issue, "key").upper()} for issue in issues]
    absent = {one for one in asked if one not in unread and not any(one.upper() in own for own in names)}
    if any(not own & {one.upper() for one in asked} for own in names):
        absent = {one for one in absent if one.isdigit()}
    return Fetched(tuple(issues), frozenset(absent), unread)


def _unread(answer: dict[str, object]) -> frozenset[str]:
    # By the interface description issueErrors names only what can be asked for again; a site that also names what is
    # not there says so in the text.
    entries = [as_object(entry, "issueErrors") for entry in list_or_empty(answer, "issueErrors")]
    again = (entry for entry in entries if "does not exist" not in text_or_empty(entry, "errorMessage").lower())
    return frozenset(text_in(entry, "id") for entry in again)


def _field(found: dict[str, object]) -> Field:
    schema = object_or_empty(found, "schema")
    return Field(
        text_in(found, "id"), text_in(found, "name"), text_or_empty(schema, "type"), text_or_empty(schema, "custom")
    )


def _project(found: dict[str, object]) -> Project:
    types = [as_object(entry, "an issue type") for entry in list_or_empty(found, "issueTypes")]
    epics = (each for each in types if isinstance(level := each.get("hierarchyLevel"), int) and level >= _EPIC_LEVEL)
    return Project(
        text_in(found, "id"),
        text_in(found, "key"),
        text_or_empty(found, "name"),
        text_or_empty(found, "style"),
        tuple(text_in(each, "id") for each in epics),
    )


def _webhook(found: dict[str, object]) -> Webhook:
    # The id stands only at the end of the webhook's own address.
    webhook_id = text_in(found, "self").rstrip("/").rpartition("/")[2]
    events = as_list(found.get("events"), "events")
    return Webhook(
        webhook_id,
        text_or_empty(found, "name"),
        text_or_empty(found, "url"),
        tuple(str(event) for event in events),
        found.get("enabled") is not False,
        found.get("isSigned") is True,
    )
