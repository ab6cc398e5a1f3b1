"""An issue as Jira writes it in JSON, and which of its fields a caller gets."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tests.site.accounts import Account
from tests.site.issue_documents import EPIC_LINK, POINTS_FIELDS, SPRINT
from tests.site.store import Document
from tests.site.world import World

_CATEGORIES = {
    "new": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
    "indeterminate": {"id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"},
    "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
}
RESOLUTIONS = (
    "Done", "Fixed", "Won't Do", "Won't Fix", "Duplicate", "Cannot Reproduce", "Invalid", "Hold", "Not Our Bug",
    "Needs more info", "完成",
)  # fmt: skip
PRIORITIES = ("Critical", "High", "Medium", "Low", "Trivial", "None")


def moment(milliseconds: int | None, zone: tzinfo) -> str | None:
    """A time as Jira writes it: `2026-11-22T09:40:02.123+0000`, in the zone of whoever asks [S: JSON of any issue]."""
    if milliseconds is None:
        return None
    at = datetime.fromtimestamp(milliseconds // 1000, UTC).astimezone(zone)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + f".{milliseconds % 1000:03d}" + at.strftime("%z")


def user(account: Account, base: str, version: str) -> Document:
    """A user as it appears inside other answers [S: schema User]."""
    return {
        "self": f"{base}/rest/api/{version}/user?accountId={account.account_id}",
        "accountId": account.account_id,
        "displayName": account.display_name,
        "active": True,
        "timeZone": account.time_zone,
        "accountType": "atlassian" if account.is_person else "app",
    }


class IssueJson:
    """Writes issues for one caller: `base` is the address that links start with, `version` the one of the API."""

    def __init__(self, world: World, base: str, version: str, viewer: Account | None, zone: str = "UTC") -> None:
        self._world = world
        self._root = f"{base}/rest/api/{version}"
        self._base = base
        self._version = version
        self._viewer = viewer
        self._zone = ZoneInfo(viewer.time_zone if viewer else zone)
        self._writers = self._all_writers()

    def issue(self, issue: Document, fields: Iterable[str], default: str, properties: Iterable[str] = ()) -> Document:
        """The issue with the fields asked for, `default` (`*all`, `*navigable` or `id`) if none are named."""
        names = self._chosen(list(fields) or [default])
        if names == ["id"]:
            # [S: search/jql] the default gives ids only; [U] that no key stands beside it.
            return {"id": issue["id"]}
        written: Document = {"id": issue["id"], "self": f"{self._root}/issue/{issue['id']}", "key": issue["key"]}
        written["fields"] = {name: self._writers[name](issue) for name in names if name in self._writers}
        if written["fields"].get("parent", "") is None:
            del written["fields"]["parent"]  # [U] an issue without a parent has no such field, not one that is null
        if properties:
            kept = self._world.store.get("properties", issue["id"]) or {}
            written["properties"] = {key: kept[key] for key in properties if key in kept}
        return written

    def _chosen(self, asked: list[str]) -> list[str]:
        # [S: Get issue, search/jql] a name with a minus takes a field away, from all navigable ones if none is added.
        added = [name for name in asked if not name.startswith("-")]
        if not added:
            added = ["*navigable"]
        everything = "*all" in added or "*navigable" in added
        names = list(self._writers) if everything else list(dict.fromkeys(added))
        return [name for name in names if f"-{name}" not in asked]

    def _all_writers(self) -> dict[str, Callable[[Document], Any]]:
        zone = self._zone
        writers: dict[str, Callable[[Document], Any]] = {
            "statuscategorychangedate": lambda issue: moment(issue["category_changed"], zone),
            "summary": lambda issue: issue["summary"],
            "issuetype": lambda issue: self.issue_type(issue["type"]),
            "parent": self._parent,
            "project": lambda issue: self.project(self._world.projects[issue["project"]]),
            "status": lambda issue: self.status(issue["status"]),
            "resolution": lambda issue: self._named("resolution", issue["resolution"], RESOLUTIONS),
            "resolutiondate": lambda issue: moment(issue["resolved"], zone),
            "priority": lambda issue: self._named("priority", issue["priority"], PRIORITIES),
            "labels": lambda issue: issue["labels"],
            "created": lambda issue: moment(issue["created"], zone),
            "updated": lambda issue: moment(issue["updated"], zone),
            "description": lambda issue: None,
            "assignee": lambda issue: None,
            "subtasks": self._subtasks,
            EPIC_LINK: self._epic_link,
            SPRINT: self._sprint,
        }
        for style, (field_id, _) in POINTS_FIELDS.items():
            writers[field_id] = self._points_writer(style)
        return writers

    def _points_writer(self, style: str) -> Callable[[Document], float | None]:
        def write(issue: Document) -> float | None:
            points = issue["points"] if self._world.projects[issue["project"]]["style"] == style else None
            return None if points is None else float(points)

        return write

    def _parent(self, issue: Document) -> Document | None:
        parent = self._world.issues.get(issue["parent"] or "")
        # [U] A parent in a project that the viewer may not browse is left out.
        if not parent or (self._viewer and not self._viewer.may_see_project(parent["project"])):
            return None
        return self._reference(parent)

    def _reference(self, issue: Document) -> Document:
        return {
            "id": issue["id"],
            "key": issue["key"],
            "self": f"{self._root}/issue/{issue['id']}",
            "fields": {
                "summary": issue["summary"],
                "status": self.status(issue["status"]),
                "priority": self._named("priority", issue["priority"], PRIORITIES),
                "issuetype": self.issue_type(issue["type"]),
            },
        }

    def _subtasks(self, issue: Document) -> list[Document]:
        return [self._reference(child) for child in self._world.children(issue["id"]) if self._world.level(child) < 0]

    def _epic_link(self, issue: Document) -> str | None:
        # [U] that it keeps the key of an epic that is gone.
        epic = self._world.epic_link(issue)
        return self._world.key_of(epic) if epic else None

    def _sprint(self, issue: Document) -> list[Document] | None:
        if not issue["sprint"]:
            return None
        return [{"id": 1 + sum(map(ord, issue["sprint"])), "name": issue["sprint"], "state": "closed", "boardId": 1}]

    def status(self, status_id: str) -> Document:
        """A status with its category [S: schema StatusDetails]."""
        status = self._world.statuses[status_id]
        category = _CATEGORIES[status["category"]]
        return {
            "self": f"{self._root}/status/{status_id}",
            "description": "",
            "iconUrl": f"{self._base}/images/icons/statuses/generic.png",
            "name": status["name"],
            "id": status_id,
            "statusCategory": {"self": f"{self._root}/statuscategory/{category['id']}", **category},
        }

    def issue_type(self, type_id: str) -> Document:
        """An issue type with its level [S: schema IssueTypeDetails]."""
        kind = self._world.types[type_id]
        return {
            "self": f"{self._root}/issuetype/{type_id}",
            "id": type_id,
            "description": "",
            "iconUrl": f"{self._base}/images/icons/issuetypes/{type_id}.svg",
            "name": kind["name"],
            "subtask": kind["level"] < 0,
            "hierarchyLevel": kind["level"],
        }

    def project(self, project: Document) -> Document:
        """A project as it stands inside an issue [S: schema ProjectDetails]."""
        return {
            "self": f"{self._root}/project/{project['id']}",
            "id": project["id"],
            "key": project["key"],
            "name": project["name"],
            "projectTypeKey": "software",
            "simplified": project["style"] == "next-gen",
        }

    def _named(self, kind: str, name: str | None, names: tuple[str, ...]) -> Document | None:
        if name is None:
            return None
        number = str(names.index(name) + 1 if name in names else 10000)
        written = {"self": f"{self._root}/{kind}/{number}", "id": number, "name": name}
        return {**written, "description": ""} if kind == "resolution" else written
