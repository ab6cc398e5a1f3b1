"""One request to Jira's REST API: who calls, what was sent, how a refusal is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, Response, g, jsonify, request

from tests.site.accounts import Account, Accounts
from tests.site.jira_fields import IssueJson
from tests.site.jira_search import Search
from tests.site.store import Document, Store
from tests.site.world import World


class RefusedError(Exception):
    """An answer with an error status and Jira's error body [S: schema ErrorCollection]."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(status, messages, errors)
        self.status = status
        self.body = {"errorMessages": list(messages), "errors": errors or {}}


@dataclass(frozen=True)
class Jira:
    """What all calls work on."""

    store: Store
    accounts: Accounts
    world: World
    search: Search


@dataclass(frozen=True)
class Call:
    """A request by a known account, under the store's lock. `version` is the one of the API: 2 or 3."""

    jira: Jira
    account: Account
    version: str

    @property
    def world(self) -> World:
        """The Jira half of the world."""
        return self.jira.world

    @property
    def base(self) -> str:
        """The address that links in answers start with, of the site or of the gateway, whichever was called."""
        return request.root_url.rstrip("/")

    @property
    def json(self) -> IssueJson:
        """Writes issues for the caller."""
        return IssueJson(self.world, self.base, self.version, self.account)

    @property
    def body(self) -> Document:
        """The JSON object that was sent. Refused with 400 if there is none."""
        sent = request.get_json(force=True, silent=True)
        if not isinstance(sent, dict):
            # [U] wording.
            raise RefusedError(400, "There was an error parsing JSON. Check that your request body is valid.")
        return sent

    def listed(self, name: str) -> list[str]:
        """A query parameter that may be repeated and may hold commas [S: `fields` of Get issue]."""
        return [part.strip() for value in request.args.getlist(name) for part in value.split(",") if part.strip()]

    def issue(self, id_or_key: str) -> Document:
        """The issue, if it is there and the caller may browse its project; else 404 [S: text of Jira Cloud]."""
        issue = self.world.find(id_or_key)
        if issue is None or not self.account.may_see_project(issue["project"]):
            raise RefusedError(404, "Issue does not exist or you do not have permission to see it.")
        return issue

    def editable(self, id_or_key: str) -> Document:
        """The issue, if the caller may also change it. [U] The text of the 403."""
        issue = self.issue(id_or_key)
        if not self.account.may_edit_issues:
            raise RefusedError(403, "You do not have permission to edit issues in this project.")
        if issue["archived"]:
            # [S: developer.atlassian.com, acli jira workitem archive] not to be edited; [U] status and words.
            raise RefusedError(400, "The issue is archived. Restore it to make changes.")
        return issue


Handler = Callable[..., Any]
Route = tuple[str, str, Handler]


def register(app: Flask, jira: Jira, routes: list[Route]) -> None:
    """Add routes of the form (method, path below `/rest/api/<version>`, function of a Call and the path's parts)."""
    guard = jira.accounts.required(unauthenticated)
    for method, path, handler in routes:
        view = guard(partial(_answer, jira, handler))
        name = f"jira {method} {path}"
        app.add_url_rule(f'/rest/api/<any("2","3"):version>{path}', name, view, methods=[method])


def _answer(jira: Jira, handler: Handler, version: str, **parts: str) -> Any:
    try:
        return handler(Call(jira, g.account, version), **parts)
    except RefusedError as refused:
        return jsonify(refused.body), refused.status


def unauthenticated() -> Response:
    """401 for a request without valid credentials."""
    if "site.gateway" in request.environ:
        # [S] github.com/raycast/extensions issue 11212: the gateway's body for a token that may not do this.
        answer = jsonify({"code": 401, "message": "Unauthorized; scope does not match"})
    else:
        # [S] github.com/jira-node/node-jira-client issue 255 (2019) shows this sentence in JSON, newer reports as
        # plain text; [U] which one comes when. Plain text is the harder case for a client.
        answer = Response("Client must be authenticated to access this resource.", content_type="text/plain")
        answer.headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
        answer.headers["WWW-Authenticate"] = 'OAuth realm="https%3A%2F%2Facme.atlassian.net"'
    answer.status_code = 401
    return answer
