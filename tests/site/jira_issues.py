"""Reading and changing issues over Jira's REST API."""

from typing import Any

from flask import Response, jsonify, request

from tests.site.issue_documents import EPIC_LINK, POINTS_FIELDS
from tests.site.jira_call import Call, RefusedError, Route
from tests.site.jira_fields import PRIORITIES, RESOLUTIONS
from tests.site.store import Document


def get_issue(call: Call, id_or_key: str) -> Response:
    """[S: Get issue] all fields unless some are named."""
    return jsonify(call.json.issue(call.issue(id_or_key), call.listed("fields"), "*all", call.listed("properties")))


def bulk_fetch(call: Call) -> Response:
    """[S: Bulk fetch issues] at most 100, in ascending order of ids, those not found in `issueErrors`."""
    asked = [str(one) for one in call.body.get("issueIdsOrKeys") or []]
    if not asked or len(asked) > 100:
        # [S] 400 for none and for more than 100; [U] wording.
        raise RefusedError(400, "The number of issue IDs or keys must be between 1 and 100.")
    found: dict[str, Document] = {}
    errors = []
    for one in asked:
        issue = call.world.find(one)
        if issue is None or not call.account.may_see_project(issue["project"]):
            errors.append({"id": one, "errorMessage": "Issue does not exist or you do not have permission to see it."})
        else:
            found[issue["id"]] = issue
    fields, properties = call.body.get("fields") or [], call.body.get("properties") or []
    ordered = [found[issue_id] for issue_id in sorted(found, key=int)]
    written = [call.json.issue(issue, fields, "*navigable", properties) for issue in ordered]
    return jsonify({"issues": written, "issueErrors": errors})


def get_transitions(call: Call, id_or_key: str) -> Response:
    """[S: Get transitions] none for who may not transition."""
    issue = call.issue(id_or_key)
    targets = call.world.transitions(issue) if call.account.may_edit_issues else []
    asked = request.args.get("transitionId")
    written = [_transition(call, status_id) for status_id in (status["id"] for status in targets)]
    return jsonify({"transitions": [one for one in written if asked in (None, one["id"])]})


def _transition(call: Call, status_id: str) -> Document:
    status = call.json.status(status_id)
    flags = dict.fromkeys(("hasScreen", "isInitial", "isConditional", "isLooped"), False)
    return {"id": status_id, "name": status["name"], "to": status, "isGlobal": True, "isAvailable": True, **flags}


def do_transition(call: Call, id_or_key: str) -> Any:
    """[S: Transition issue] 204; 400 for a transition that is not there now."""
    issue = call.editable(id_or_key)
    wanted = str((call.body.get("transition") or {}).get("id", ""))
    if wanted not in [status["id"] for status in call.world.transitions(issue)]:
        # [U] wording.
        raise RefusedError(400, f"Transition id '{wanted}' is not valid for this issue.")
    resolution = ((call.body.get("fields") or {}).get("resolution") or {}).get("name")
    if resolution is not None and resolution not in RESOLUTIONS:
        raise RefusedError(400, errors={"resolution": "Resolution is invalid."})
    call.world.transition(issue, wanted, call.account, resolution)
    return "", 204


def create_issue(call: Call) -> Any:
    """[S: Create issue] 201 with id, key and self."""
    sent = call.body.get("fields") or {}
    project = _project_to_create_in(call, sent.get("project") or {})
    fields = _fields(call, sent, project)
    if not fields.get("summary"):
        raise RefusedError(400, errors={"summary": "You must specify a summary of the issue."})
    if "type" not in fields:
        raise RefusedError(400, errors={"issuetype": "Specify an issue type"})
    issue = call.world.create({**fields, "project": project["key"]}, call.account)
    own = f"{call.base}/rest/api/{call.version}/issue/{issue['id']}"
    return jsonify({"id": issue["id"], "key": issue["key"], "self": own}), 201


def _project_to_create_in(call: Call, wanted: Document) -> Document:
    for project in call.world.projects.values():
        named = wanted.get("key") == project["key"] or wanted.get("id") == project["id"]
        if named and call.account.may_see_project(project["key"]) and call.account.may_edit_issues:
            return project
    raise RefusedError(400, errors={"project": "Specify a valid project ID or key"})


def edit_issue(call: Call, id_or_key: str) -> Any:
    """[S: Edit issue] 204. A parent is taken away by `update.parent.set.none`, or by null."""
    issue = call.editable(id_or_key)
    sent = dict(call.body.get("fields") or {})
    if _takes_parent_away(call.body.get("update") or {}):
        sent["parent"] = None
    fields = _fields(call, sent, call.world.projects[issue["project"]])
    _refuse_conversion(call, issue, fields)
    told = [(name, "epic_link" if name == "parent" and EPIC_LINK in sent else name) for name in fields]
    call.world.edit(issue, fields, call.account, told=told)
    return "", 204


def _refuse_conversion(call: Call, issue: Document, fields: Document) -> None:
    # [S2: github.com/netresearch/jira-skill pull 142] no way through the interface; [U] wording.
    becomes = call.world.types[str(fields.get("type", issue["type"]))]
    if (call.world.level(issue) < 0) != (becomes["level"] < 0):
        raise RefusedError(400, errors={"issuetype": "An issue cannot be converted from or to a sub-task here."})


def _takes_parent_away(update: Document) -> bool:
    return any((operation.get("set") or {}).get("none") is True for operation in update.get("parent") or [])


def delete_issue(call: Call, id_or_key: str) -> Any:
    """[S: Delete issue] 204; 400 if there are sub-tasks and `deleteSubtasks` is not true."""
    issue = call.editable(id_or_key)
    has_subtasks = any(call.world.level(child) < 0 for child in call.world.children(issue["id"]))
    if has_subtasks and request.args.get("deleteSubtasks") != "true":
        # [U] wording.
        advice = "You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks."
        raise RefusedError(400, f"The issue '{issue['key']}' has subtasks. {advice}")
    call.world.delete(issue, call.account)
    return "", 204


def _fields(call: Call, sent: Document, project: Document) -> Document:
    """The fields sent, as an issue document keeps them; 400 for what cannot be set here."""
    kept: Document = {}
    for name, value in sent.items():
        if name == "project":
            continue
        if name == POINTS_FIELDS[project["style"]][0]:
            kept["points"] = _points(name, value)
        elif name == EPIC_LINK and project["style"] == "classic":
            kept["epic_link"] = _epic_link(call, value, project)
        elif name in _READERS:
            kept[_READERS[name][0]] = _READERS[name][1](call, value, project)
        else:
            # [S] wording: many public reports of Jira's answer.
            advice = "It is not on the appropriate screen, or unknown."
            raise RefusedError(400, errors={name: f"Field '{name}' cannot be set. {advice}"})
    return _with_one_parent(kept)


def _with_one_parent(kept: Document) -> Document:
    """[S: community.developer.atlassian.com/t/54048] one relation behind `parent` and Epic Link.

    [U] What is said to two that disagree, and that whoever sets one of them sets the other.
    """
    if "epic_link" in kept:
        epic = kept.pop("epic_link")
        if kept.setdefault("parent", epic) != epic:
            raise RefusedError(400, errors={"parent": "Parent and Epic Link are not the same issue."})
    if "parent" in kept:
        kept["epic_link"] = None
    return kept


def _epic_link(call: Call, value: Any, project: Document) -> str | None:
    if value is None:
        return None
    epic = _parent(call, {"key": value}, project)
    if epic and call.world.level(call.world.issues[epic]) != 1:
        # [U] wording.
        raise RefusedError(400, errors={EPIC_LINK: "The issue is not an epic."})
    return epic


def _points(name: str, value: Any) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise RefusedError(400, errors={name: "Operation value must be a number"})


def _summary(call: Call, value: Any, project: Document) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 255 or "\n" in value:
        # [S] a summary has one line of at most 255 characters; [U] wording.
        raise RefusedError(400, errors={"summary": "The summary must be one line of 1 to 255 characters."})
    return value


def _labels(call: Call, value: Any, project: Document) -> list[str]:
    if not isinstance(value, list) or any(not isinstance(one, str) or " " in one for one in value):
        raise RefusedError(400, errors={"labels": "The label can't contain spaces."})
    return sorted(set(value))


def _type(call: Call, value: Any, project: Document) -> str:
    for type_id in project["types"]:
        if type_id == (value or {}).get("id") or call.world.types[type_id]["name"] == (value or {}).get("name"):
            return str(type_id)
    raise RefusedError(400, errors={"issuetype": "Specify a valid issue type"})


def _parent(call: Call, value: Any, project: Document) -> str | None:
    if value is None:
        return None
    parent = call.world.find(str(value.get("id") or value.get("key")))
    if parent is None or not call.account.may_see_project(parent["project"]):
        # [U] wording.
        raise RefusedError(400, errors={"parent": "Could not find issue by id or key."})
    return str(parent["id"])


def _priority(call: Call, value: Any, project: Document) -> str:
    if (value or {}).get("name") not in PRIORITIES:
        raise RefusedError(400, errors={"priority": "The priority selected is invalid."})
    return str(value["name"])


_READERS = {
    "summary": ("summary", _summary),
    "labels": ("labels", _labels),
    "issuetype": ("type", _type),
    "parent": ("parent", _parent),
    "priority": ("priority", _priority),
}


ROUTES: list[Route] = [
    ("POST", "/issue", create_issue),
    ("POST", "/issue/bulkfetch", bulk_fetch),
    ("GET", "/issue/<id_or_key>", get_issue),
    ("PUT", "/issue/<id_or_key>", edit_issue),
    ("DELETE", "/issue/<id_or_key>", delete_issue),
    ("GET", "/issue/<id_or_key>/transitions", get_transitions),
    ("POST", "/issue/<id_or_key>/transitions", do_transition),
]
