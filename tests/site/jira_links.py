"""Entity properties and remote links of an issue, over Jira's REST API."""

import json
from typing import Any

from flask import Response, jsonify, request

from tests.site.jira_call import Call, RefusedError, Route
from tests.site.store import Document

_MOST_KEY, _MOST_VALUE = 255, 32_768  # [S: Set issue property]


def properties(call: Call, id_or_key: str) -> Response:
    """[S: Get issue property keys]."""
    issue = call.issue(id_or_key)
    own = f"{call.base}/rest/api/{call.version}/issue/{issue['key']}/properties"
    return jsonify({"keys": [{"self": f"{own}/{key}", "key": key} for key in _properties(call, issue)]})


def get_property(call: Call, id_or_key: str, key: str) -> Response:
    """[S: Get issue property]."""
    kept = _properties(call, call.issue(id_or_key))
    if key not in kept:
        raise _no_property(key)
    return jsonify({"key": key, "value": kept[key]})


def set_property(call: Call, id_or_key: str, key: str) -> Any:
    """[S: Set issue property] 201 when new, 200 when changed; any JSON value."""
    issue = call.editable(id_or_key)
    text = request.get_data(as_text=True)
    if len(key) > _MOST_KEY or len(text) > _MOST_VALUE:
        # [U] wording.
        raise RefusedError(400, f"The property key or value is too long: {_MOST_KEY} and {_MOST_VALUE} characters.")
    try:
        value = json.loads(text)
    except ValueError:
        raise RefusedError(400, "The property value is not valid JSON.") from None
    kept = _properties(call, issue)
    call.jira.store.put("properties", issue["id"], {**kept, key: value})
    return "", 200 if key in kept else 201


def delete_property(call: Call, id_or_key: str, key: str) -> Any:
    """[S: Delete issue property] 204."""
    issue = call.editable(id_or_key)
    kept = _properties(call, issue)
    if key not in kept:
        raise _no_property(key)
    call.jira.store.put("properties", issue["id"], {name: kept[name] for name in kept if name != key})
    return "", 204


def _properties(call: Call, issue: Document) -> Document:
    return call.jira.store.get("properties", issue["id"]) or {}


def _no_property(key: str) -> RefusedError:
    # [U] wording.
    return RefusedError(404, f"The property with key '{key}' does not exist.")


def remote_links(call: Call, id_or_key: str) -> Response:
    """[S: Get remote issue links] all of them, or the one with `globalId`."""
    issue = call.issue(id_or_key)
    links = [_shown(call, issue, link) for link in _links(call, issue).values()]
    global_id = request.args.get("globalId")
    if global_id is None:
        return jsonify(links)
    for link in links:
        if link["globalId"] == global_id:
            return jsonify(link)
    raise RefusedError(404, "No remote link could be found with the given global id.")  # [U] wording


def put_remote_link(call: Call, id_or_key: str) -> Any:
    """[S: Create or update remote issue link] it upserts by `globalId`; what is left out becomes null."""
    issue = call.editable(id_or_key)
    sent = call.body
    thing = sent.get("object") or {}
    missing = {name: f"'{name}' is required." for name in ("title", "url") if not thing.get(name)}
    if missing:
        raise RefusedError(400, errors=missing)  # [S] wording of the example
    links = _links(call, issue)
    wanted = sent.get("globalId")
    same = next((key for key, link in links.items() if wanted and link["globalId"] == wanted), None)
    link_id = same or str(call.jira.store.next_id("remote link", 10000))
    link = {name: sent.get(name) for name in ("globalId", "application", "relationship", "object")}
    call.jira.store.put("remote_links", issue["id"], {**links, link_id: link})
    return jsonify({"id": int(link_id), "self": _self(call, issue, link_id)}), 200 if same else 201


def delete_remote_link(call: Call, id_or_key: str) -> Any:
    """[S: Delete remote issue link by global ID] 204."""
    issue = call.editable(id_or_key)
    links = _links(call, issue)
    global_id = request.args.get("globalId")
    if not global_id:
        raise RefusedError(400, "The globalId parameter is required.")
    kept = {key: link for key, link in links.items() if link["globalId"] != global_id}
    if len(kept) == len(links):
        raise RefusedError(404, "No remote link could be found with the given global id.")
    call.jira.store.put("remote_links", issue["id"], kept)
    return "", 204


def _links(call: Call, issue: Document) -> Document:
    return call.jira.store.get("remote_links", issue["id"]) or {}


def _self(call: Call, issue: Document, link_id: str) -> str:
    return f"{call.base}/rest/api/{call.version}/issue/{issue['key']}/remotelink/{link_id}"


def _shown(call: Call, issue: Document, link: Document) -> Document:
    links = _links(call, issue)
    link_id = next(key for key, one in links.items() if one is link)
    given = {name: value for name, value in link.items() if value is not None or name == "globalId"}
    return {"id": int(link_id), "self": _self(call, issue, link_id), **given}


ROUTES: list[Route] = [
    ("GET", "/issue/<id_or_key>/properties", properties),
    ("GET", "/issue/<id_or_key>/properties/<key>", get_property),
    ("PUT", "/issue/<id_or_key>/properties/<key>", set_property),
    ("DELETE", "/issue/<id_or_key>/properties/<key>", delete_property),
    ("GET", "/issue/<id_or_key>/remotelink", remote_links),
    ("POST", "/issue/<id_or_key>/remotelink", put_remote_link),
    ("DELETE", "/issue/<id_or_key>/remotelink", delete_remote_link),
]
