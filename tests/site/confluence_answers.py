"""What the Confluence interface answers: bodies of pages, versions, spaces and errors, and pages of results."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import Response, jsonify, request

from tests.site.accounts import Account
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.render import render
from tests.site.store import Document

# [S: confluence-v2 description] Lists give at most 250, 25 unless asked otherwise.
_MOST, _USUAL = 250, 25
_CODES = {
    400: "INVALID_REQUEST_PARAMETER",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    501: "NOT_IMPLEMENTED",
}
Json = dict[str, Any]


def error(status: int, title: str) -> Response:
    """An error as v2 writes it [U: the description names no form; this one is seen in public reports]."""
    response = jsonify({"errors": [{"status": status, "code": _CODES[status], "title": title, "detail": None}]})
    response.status_code = status
    return response


def refused(refusal: RefusedError) -> Response:
    """The error for a request that could not be fulfilled."""
    return error(refusal.status, refusal.title)


def unauthorized() -> Response:
    """401 for missing or wrong credentials [U: form]."""
    return error(401, "Unauthorized")


def base_address() -> str:
    """The address of the wiki that links in answers are relative to."""
    return request.host_url + "wiki"


def results(items: Sequence[Document], shape: Callable[[Document], Json]) -> Response:
    """One page of a list, by the query's `limit` and `cursor`, with the link to the next. RefusedError 400."""
    limit = _limit()
    start = _start()
    links = {"base": base_address()}
    response_headers = {}
    if start + limit < len(items):
        links["next"] = _next_address(start + limit)
        # [S: confluence-v2 description] The same address in the Link header, relative, with the base beside it.
        response_headers["Link"] = f'<{links["next"]}>; rel="next", <{links["base"]}>; rel="base"'
    response = jsonify({"results": [shape(item) for item in items[start : start + limit]], "_links": links})
    response.headers.update(response_headers)
    return response


def _limit() -> int:
    text = request.args.get("limit", str(_USUAL))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise RefusedError(400, f"limit must be a number from 1 to {_MOST}")
    return int(text)


def _start() -> int:
    cursor = request.args.get("cursor")
    if cursor is None:
        return 0
    try:
        return int(json.loads(base64.urlsafe_b64decode(cursor))["start"])
    except (ValueError, KeyError, TypeError, binascii.Error) as problem:
        raise RefusedError(400, "Invalid cursor") from problem


def _next_address(start: int) -> str:
    # [U] Also through the gateway the path begins with /wiki, without the gateway's prefix.
    cursor = base64.urlsafe_b64encode(json.dumps({"start": start}).encode()).decode()
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*query, ('cursor', cursor)])}"


def space_json(space: Document) -> Json:
    """A space in a list or alone."""
    links = {"webui": f"/spaces/{space['key']}"}
    return _present({**space, "spaceOwnerId": space["authorId"], "_links": links})


def _present(values: Json) -> Json:
    """Without the fields that have no value: the description does not allow null for most of them."""
    return {name: value for name, value in values.items() if value is not None}


def version_json(version: Document) -> Json:
    """A version in a page or in the list of versions."""
    return {name: version[name] for name in ("number", "message", "minorEdit", "authorId", "createdAt")}


def page_version_json(page: Document, version: Document) -> Json:
    """A version in the list of a page's versions."""
    shown = {"title": version["title"], "id": page["id"], "body": body_json(version["body"], single=False)}
    return {**version_json(version), "page": shown}


def detailed_version_json(version: Document, newest: int) -> Json:
    """A version asked for by its number."""
    number = version["number"]
    near: Json = {}
    if number > 1:
        near["prevVersion"] = number - 1
    if number < newest:
        near["nextVersion"] = number + 1
    return {
        **version_json(version),
        "contentTypeModified": False,
        "collaborators": [version["authorId"]],
        **near,
    }


def body_json(text: str, *, single: bool) -> Json:
    """The field `body` in the format that the query asks for, empty if it asks for none. RefusedError 400, 501."""
    wanted = request.args.get("body-format")
    if wanted is None:
        return {}
    if wanted == "storage":
        return {"storage": {"representation": "storage", "value": text}}
    if wanted == "view" and single:
        return {"view": {"representation": "view", "value": render(text)}}
    if wanted == "atlas_doc_format":
        # A gap of this stand-in; a real site answers with a document tree.
        raise RefusedError(501, "The stand-in site does not speak atlas_doc_format")
    raise RefusedError(400, f"Provided value {{{wanted}}} for 'body-format' is not the correct type")


def page_json(wiki: Wiki, page: Document, *, single: bool, version: Document | None = None) -> Json:
    """A page as of one version, by default the newest."""
    shown = version or wiki.version(page["id"], page["version"])
    fields = ("id", "status", "spaceId", "parentId", "authorId", "ownerId", "createdAt")
    answer = {
        **{name: page[name] for name in fields},
        "title": shown["title"],
        "parentType": "page" if page["parentId"] else None,
        "position": int(page["id"]) % 1000,
        "version": version_json(shown),
        "body": body_json(shown["body"], single=single),
        "_links": _page_links(wiki, page, single=single),
    }
    if shown["number"] != page["version"]:
        answer["status"] = "historical"
    # [U] `subtype` stands in lists by the description; a page alone has it too.
    return {**_present(answer), "subtype": page["subtype"], "lastOwnerId": page["lastOwnerId"]}


def draft_json(wiki: Wiki, page: Document) -> Json:
    """The open draft of a page; without one, what is published, as a draft.

    [S: confluence-v2 description] A draft is updated with version number 1; [U] it is shown with that number.
    """
    answer = page_json(wiki, page, single=True)
    draft = wiki.draft(page["id"])
    if draft:
        answer["title"] = draft["title"]
        answer["body"] = body_json(draft["body"], single=True)
    answer["status"] = "draft"
    answer["version"] = {**answer["version"], "number": 1}
    return answer


def _page_links(wiki: Wiki, page: Document, *, single: bool) -> Json:
    key = wiki.space_of(page)["key"]
    links = {
        "webui": f"/spaces/{key}/pages/{page['id']}/{quote_plus(page['title'])}",
        "editui": f"/pages/resumedraft.action?draftId={page['id']}",
        "tinyui": f"/x/{base64.urlsafe_b64encode(int(page['id']).to_bytes(4, 'little')).decode().rstrip('A=')}",
    }
    return {**links, "base": base_address()} if single else links


def operations_json(wiki: Wiki, page: Document, account: Account) -> Json:
    """What the account may do with the page."""
    allowed = ["read"] + (["update", "delete"] if wiki.may_edit(page, account) else [])
    return {"operations": [{"operation": name, "targetType": "page"} for name in allowed]}
