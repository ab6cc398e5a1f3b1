"""What Jira says about itself and the caller: serverInfo, myself, mypermissions, field, projects."""

from datetime import UTC
from typing import Any

from flask import Response, jsonify, request

from tests.site.accounts import Accounts
from tests.site.issue_documents import EPIC_LINK, POINTS_FIELDS, SPRINT
from tests.site.jira_call import Call, RefusedError, Route, unauthenticated
from tests.site.jira_fields import RESOLUTIONS, moment, user
from tests.site.store import Document, Store

# [S] developer.atlassian.com: built-in permissions; those that anybody here asks for.
_PROJECT_PERMISSIONS = ("BROWSE_PROJECTS", "EDIT_ISSUES", "CREATE_ISSUES", "DELETE_ISSUES", "TRANSITION_ISSUES",
                        "LINK_ISSUES", "ADD_COMMENTS", "ADMINISTER_PROJECTS")  # fmt: skip
_GLOBAL_PERMISSIONS = ("ADMINISTER", "SYSTEM_ADMIN", "BULK_CHANGE", "USER_PICKER", "CREATE_SHARED_OBJECTS")
_CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes"
_AGILE = "com.pyxis.greenhopper.jira"
_SYSTEM_FIELDS = (
    ("statuscategorychangedate", "Status Category Changed", "datetime", ["statusCategoryChangedDate"]),
    ("summary", "Summary", "string", ["summary"]),
    ("issuetype", "Issue Type", "issuetype", ["issuetype", "type"]),
    ("parent", "Parent", "issuelink", ["parent"]),
    ("project", "Project", "project", ["project"]),
    ("status", "Status", "status", ["status"]),
    ("resolution", "Resolution", "resolution", ["resolution"]),
    ("resolutiondate", "Resolved", "datetime", ["resolutiondate", "resolved"]),
    ("priority", "Priority", "priority", ["priority"]),
    ("labels", "Labels", "array", ["labels"]),
    ("created", "Created", "datetime", ["created", "createdDate"]),
    ("updated", "Updated", "datetime", ["updated", "updatedDate"]),
    ("description", "Description", "string", ["description"]),
    ("assignee", "Assignee", "user", ["assignee"]),
    ("subtasks", "Sub-tasks", "array", ["subtasks"]),
)
_CUSTOM_FIELDS = (
    (POINTS_FIELDS["classic"], "number", f"{_CUSTOM}:float"),
    (POINTS_FIELDS["next-gen"], "number", f"{_AGILE}:jsw-story-points"),
    ((EPIC_LINK, "Epic Link"), "any", f"{_AGILE}:gh-epic-link"),
    ((SPRINT, "Sprint"), "array", f"{_AGILE}:gh-sprint"),
)


def server_info(store: Store, accounts: Accounts) -> Response:
    """[S: Get Jira instance info] also for anybody, but not with wrong credentials.

    `displayUrl` is the site's address, also when the gateway was asked. [U] The gateway lets nobody in unknown.
    """
    anonymous = "Authorization" not in request.headers and "site.gateway" not in request.environ
    if not anonymous and accounts.authenticate(request) is None:
        return unauthenticated()
    site = request.host_url.rstrip("/")
    return jsonify(
        {
            "baseUrl": site,
            "displayUrl": site,
            "displayUrlConfluence": f"{site}/wiki",
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100290,
            "buildDate": "2026-11-01T00:00:00.000+0000",
            "serverTime": moment(int(store.now().timestamp() * 1000), UTC),
            "serverTimeZone": "Etc/UTC",
            "scmInfo": "0" * 40,
            "serverTitle": "Acme (stand-in)",
        }
    )


def myself(call: Call) -> Response:
    """[S: Get current user] with the e-mail address and the time zone of the caller."""
    known = user(call.account, call.base, call.version)
    return jsonify({**known, "emailAddress": call.account.email, "locale": "en_US"})


def my_permissions(call: Call) -> Response:
    """[S: Get my permissions] the `permissions` parameter is required; unknown keys are refused with 400."""
    asked = call.listed("permissions")
    if not asked:
        # [U] wording.
        raise RefusedError(400, "The 'permissions' query parameter is required.")
    unknown = [key for key in asked if key not in (*_PROJECT_PERMISSIONS, *_GLOBAL_PERMISSIONS)]
    if unknown:
        raise RefusedError(400, *(f"Unrecognized permission: {key}" for key in unknown))
    project = _project_asked_about(call)
    return jsonify({"permissions": {key: _permission(call, key, project) for key in asked}})


def _project_asked_about(call: Call) -> str | None:
    if issue := request.args.get("issueId") or request.args.get("issueKey"):
        return str(call.issue(issue)["project"])
    asked = request.args.get("projectId") or request.args.get("projectKey")
    return str(_project(call, asked)["key"]) if asked else None


def _permission(call: Call, key: str, project: str | None) -> Document:
    return {
        "id": str(10 + (*_PROJECT_PERMISSIONS, *_GLOBAL_PERMISSIONS).index(key)),
        "key": key,
        "name": key.replace("_", " ").title(),
        "type": "PROJECT" if key in _PROJECT_PERMISSIONS else "GLOBAL",
        "description": "",
        "havePermission": _has(call, key, project),
    }


def _has(call: Call, key: str, project: str | None) -> bool:
    account = call.account
    if key in ("ADMINISTER", "SYSTEM_ADMIN", "ADMINISTER_PROJECTS"):
        return account.jira_admin and key != "SYSTEM_ADMIN"
    if key in _GLOBAL_PERMISSIONS:
        return account.may_bulk_change if key == "BULK_CHANGE" else account.is_person
    # [S: Get my permissions] without a project: whether the caller has it in any project.
    seen = account.may_see_project(project) if project else account.may_see_projects != ()
    return seen and (key == "BROWSE_PROJECTS" or account.may_edit_issues)


def fields(call: Call) -> Response:
    """[S: Get fields] system and custom fields with their schema."""
    return jsonify([*(_system_field(*field) for field in _SYSTEM_FIELDS), *(_custom_field(*f) for f in _CUSTOM_FIELDS)])


def _system_field(field_id: str, name: str, kind: str, clauses: list[str]) -> Document:
    schema: dict[str, Any] = {"type": kind, "system": field_id}
    if kind == "array":
        schema["items"] = "string" if field_id == "labels" else "issuelinks"
    return _field(field_id, name, clauses, schema)


def _custom_field(names: tuple[str, str], kind: str, custom: str) -> Document:
    field_id, name = names
    number = field_id.removeprefix("customfield_")
    schema: dict[str, Any] = {"type": kind, "custom": custom, "customId": int(number)}
    if kind == "array":
        schema["items"] = "json"
    return _field(field_id, name, [f"cf[{number}]", name], schema)


def _field(field_id: str, name: str, clauses: list[str], schema: Document) -> Document:
    return {
        "id": field_id,
        "key": field_id,
        "name": name,
        "custom": field_id.startswith("customfield_"),
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": clauses,
        "schema": schema,
    }


def project(call: Call, id_or_key: str) -> Response:
    """[S: Get project] the key is compared with case."""
    found = _project(call, id_or_key)
    types = [call.json.issue_type(type_id) for type_id in found["types"]]
    return jsonify({**_project_json(call, found), "description": "", "issueTypes": types})


def _project(call: Call, id_or_key: str) -> Document:
    for candidate in call.world.projects.values():
        if id_or_key in (candidate["id"], candidate["key"]) and call.account.may_see_project(candidate["key"]):
            return candidate
    # [U] wording, as it stands in many public reports.
    raise RefusedError(404, f"No project could be found with key '{id_or_key}'.")


def _project_json(call: Call, found: Document) -> Document:
    return {**call.json.project(found), "style": found["style"], "isPrivate": False}


def project_search(call: Call) -> Response:
    """[S: Get projects paginated] with `startAt`, `maxResults` ≤ 100, `keys`, `id`, `query`; only visible ones."""
    start, size = _number("startAt", 0), min(_number("maxResults", 50), 100)
    found = [one for one in call.world.projects.values() if _wanted(call, one)]
    found.sort(key=lambda one: one["key"])
    page = found[start : start + size]
    answer = {
        "self": request.url,
        "maxResults": size,
        "startAt": start,
        "total": len(found),
        "isLast": start + size >= len(found),
        "values": [_project_json(call, one) for one in page],
    }
    if not answer["isLast"]:
        answer["nextPage"] = f"{request.base_url}?startAt={start + size}&maxResults={size}"
    return jsonify(answer)


def _wanted(call: Call, candidate: Document) -> bool:
    keys, ids, text = request.args.getlist("keys"), request.args.getlist("id"), request.args.get("query", "").lower()
    return (
        call.account.may_see_project(candidate["key"])
        and (not keys or candidate["key"] in keys)
        and (not ids or candidate["id"] in ids)
        and (text in candidate["key"].lower() or text in candidate["name"].lower())
    )


def resolution_search(call: Call) -> Response:
    """[S: Search resolutions] a page of them; [S: schema ResolutionJsonBean] `default`, not `isDefault`."""
    start, most = _number("startAt", 0), min(_number("maxResults", 50), 200)
    listed = [
        {"id": str(number), "name": name, "description": "", "default": False}
        for number, name in enumerate(RESOLUTIONS, start=1)
    ]
    page = listed[start : start + most]
    last = start + most >= len(listed)
    return jsonify({"startAt": start, "maxResults": most, "total": len(listed), "isLast": last, "values": page})


def _number(name: str, default: int) -> int:
    value = request.args.get(name, str(default))
    if not value.isdigit():
        raise RefusedError(400, f"The value '{value}' is not a valid number for '{name}'.")
    return int(value)


ROUTES: list[Route] = [
    ("GET", "/myself", myself),
    ("GET", "/mypermissions", my_permissions),
    ("GET", "/field", fields),
    ("GET", "/resolution/search", resolution_search),
    ("GET", "/project/search", project_search),
    ("GET", "/project/<id_or_key>", project),
]
