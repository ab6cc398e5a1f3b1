"""What Confluence Data Center answers: contents, versions, people, spaces, lists and errors.

[S: docs.atlassian.com, Confluence Server REST] for names and nesting of fields, unless a line says otherwise.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from tests.site.accounts import Account, Accounts
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.store import Document

Json = dict[str, Any]
_USUAL = 25
# [U] The most that one list gives, whatever is asked for; fewer where bodies are expanded.
_MOST, _MOST_WITH_BODIES = 200, 50
# [U] Times are in the server's zone; this one stands in Berlin.
_SERVER_ZONE = timezone(timedelta(hours=1))


def error(status: int, message: str) -> Response:
    """An error in the form of all v1 resources [S: bodies quoted in public reports of 404 and 409]."""
    data = {"authorized": status not in (401, 403), "valid": status != 400, "errors": [], "successful": False}
    body = {"statusCode": status, "data": data, "message": message, "reason": HTTPStatus(status).phrase}
    response = jsonify(body)
    response.status_code = status
    return response


def refused(refusal: RefusedError) -> Response:
    """The error for a request that could not be fulfilled."""
    return error(refusal.status, refusal.title)


def unauthorized() -> Response:
    """401 for a token that is missing, wrong or expired [U: the server's own HTML, no JSON]."""
    page = "<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1></body></html>"
    return Response(page, 401, {"WWW-Authenticate": 'OAuth realm="confluence"'}, content_type="text/html;charset=UTF-8")


def missing(content_id: object) -> RefusedError:
    """404 for what is not there and for what the account may not see: both look the same."""
    return RefusedError(404, f"No content found with id: ContentId{{id={content_id}}}")


def address() -> str:
    """Where the server stands, without a slash at the end."""
    return request.host_url.rstrip("/")


def results(items: Sequence[Document], shape: Callable[[Document], Json], most: int = _MOST) -> Response:
    """One part of a list by the query's `start` and `limit`, with a link to the next. RefusedError 400."""
    start, limit = _number("start", 0), min(_number("limit", _USUAL), most)
    shown = [shape(item) for item in items[start : start + limit]]
    links = {"self": address() + request.path, "base": address(), "context": ""}
    if start + limit < len(items):
        others = [(name, value) for name, value in request.args.items(multi=True) if name not in ("start", "limit")]
        links["next"] = f"{request.path}?{urlencode([*others, ('limit', limit), ('start', start + limit)])}"
    return jsonify({"results": shown, "start": start, "limit": limit, "size": len(shown), "_links": links})


def _number(name: str, usual: int) -> int:
    text = request.args.get(name, str(usual))
    if not text.isascii() or not text.isdigit():
        raise RefusedError(400, f"{name} must be a number")
    return int(text)


def expansions(usual: str) -> set[str]:
    """What the query asks to see; a given list takes the place of the usual one."""
    return {part.strip() for part in request.args.get("expand", usual).split(",") if part.strip()}


def most_in_a_list(expand: Collection[str]) -> int:
    """How many contents one list gives."""
    return _MOST_WITH_BODIES if any(name.startswith("body") for name in expand) else _MOST


def user_json(account: Account) -> Json:
    """A person as others see them; there is no e-mail, and no account id."""
    return {
        "type": "known",
        "username": account.user_name,
        "userKey": account.user_key,
        "profilePicture": {"path": "/images/icons/profilepics/default.svg", "width": 48, "height": 48},
        "displayName": account.display_name,
        "_links": {"self": f"{address()}/rest/api/user?key={account.user_key}"},
        "_expandable": {"status": ""},
    }


def space_json(space: Document) -> Json:
    """A space; its id is a number."""
    links = {"webui": f"/display/{space['key']}", "self": f"{address()}/rest/api/space/{space['key']}"}
    return {"id": int(space["id"]), "key": space["key"], "name": space["name"], "type": space["type"], "_links": links}


class Contents:
    """Makes the answer for a page, with what is to be expanded."""

    def __init__(self, wiki: Wiki, accounts: Accounts) -> None:
        self._wiki = wiki
        self._accounts = accounts

    def content(
        self, page: Document, expand: Collection[str], caller: Account, version: Document | None = None
    ) -> Json:
        """A page as of one version, by default the newest.

        [S: ContentVersionResource, docs.atlassian.com] A historical version is a content with an id of its own.
        """
        shown = version or self._wiki.version(page["id"], page["version"])
        historical = shown["number"] != page["version"]
        own_id = str(int(page["id"]) * 1000 + int(shown["number"])) if historical else page["id"]
        parts: dict[str, Callable[[], Any]] = {
            "version": lambda: self.version(shown),
            "space": lambda: space_json(self._wiki.space_of(page)),
            "history": lambda: self._history(page),
            "body.storage": lambda: storage_json(shown["body"]),
            "operations": lambda: self._operations(page, caller),
        }
        answer: Json = {
            "id": own_id,
            "type": "page",
            "status": "historical" if historical else page["status"],
            "title": shown["title"],
            "extensions": {"position": "none"},
            "_links": _links(page["id"]),
            "_expandable": {name: "" for name in parts if name not in expand},
        }
        for name in parts:
            if name in expand:
                self._put(answer, name, parts[name]())
        return answer

    def version(self, version: Document) -> Json:
        """A version within a page or in the list of versions."""
        return {
            "by": self._person(version["authorId"]),
            "when": _moment(version["createdAt"]),
            "message": version["message"],
            "number": version["number"],
            "minorEdit": version["minorEdit"],
            "hidden": False,
        }

    def _put(self, answer: Json, name: str, value: Any) -> None:
        outer, _, inner = name.partition(".")
        if inner:
            answer.setdefault(outer, {})[inner] = value
        else:
            answer[outer] = value

    def _history(self, page: Document) -> Json:
        return {
            "latest": True,
            "createdBy": self._person(page["authorId"]),
            "createdDate": _moment(page["createdAt"]),
        }

    def _operations(self, page: Document, caller: Account) -> list[Json]:
        names = ["read", *(["update", "delete"] if self._wiki.may_edit(page, caller) else [])]
        return [{"operation": name, "targetType": "page"} for name in names]

    def _person(self, account_id: str) -> Json:
        account = next((each for each in self._accounts.all() if each.account_id == account_id), None)
        # [U] Who is no longer there.
        return user_json(account) if account else {"type": "unknown", "displayName": "Unknown User"}


def storage_json(text: str) -> Json:
    """A body in storage format."""
    return {"value": text, "representation": "storage"}


def _links(page_id: str) -> Json:
    return {
        "webui": f"/pages/viewpage.action?pageId={page_id}",
        "edit": f"/pages/resumedraft.action?draftId={page_id}",
        "collection": "/rest/api/content",
        "base": address(),
        "context": "",
        "self": f"{address()}/rest/api/content/{page_id}",
    }


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(_SERVER_ZONE).isoformat(timespec="milliseconds")
