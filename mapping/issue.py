"""One Jira issue as we know it, out of untrusted JSON.

Status *category* and hierarchy *level* decide, never a status or type name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

SUB_TASK_LEVEL = -1
BASE_LEVEL = 0
ISSUE_KEY_PATTERN = re.compile(r"[A-Z][A-Z0-9_]{0,254}-[1-9][0-9]{0,18}")

_ID = re.compile(r"[0-9]{1,19}")
_PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,254}")
_ALWAYS_NEEDED = ("project", "issuetype", "parent", "status", "resolution", "labels", "created", "updated")
LONGEST_TITLE = 300
_CATEGORY_KEYS = frozenset({"new", "indeterminate", "done"})


class StatusCategory(StrEnum):
    """Jira's status category keys; ``UNDEFINED`` is Jira's own word for a status without one."""

    NEW = "new"
    INDETERMINATE = "indeterminate"
    DONE = "done"
    UNDEFINED = "undefined"


class MalformedIssue(ValueError):
    """Jira's JSON for one issue lacks something that we need, or has it in another type; the text says what."""


@dataclass(frozen=True, slots=True)
class IssueSnapshot:
    """What Jira said about one issue at ``updated`` (aware, UTC). Ids are unique only within one connection. ``title``
    is empty where its project shows none."""

    issue_id: str
    issue_key: str
    project_id: str
    project_key: str
    level: int
    parent_id: str | None
    status_category: StatusCategory
    resolution_id: str | None
    estimate: Decimal | None
    created: datetime
    updated: datetime
    title: str = ""
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """How the issues of a site or project are read and counted: the estimate field (or none), the resolutions that mean
    "won't do", whether an admin chose to count estimates instead of issues, and whether titles are read at all."""

    estimate_field_id: str | None = None
    wont_do_resolution_ids: frozenset[str] = frozenset()
    by_points: bool = False
    shows_titles: bool = False


def needed_fields(choice: FieldChoice) -> tuple[str, ...]:
    """The ids of the Jira fields to ask for, so that ``read_issue`` finds all that it needs."""
    title = ("summary",) if choice.shows_titles else ()
    estimate = (choice.estimate_field_id,) if choice.estimate_field_id is not None else ()
    return (*_ALWAYS_NEEDED, *title, *estimate)


def is_done(snapshot: IssueSnapshot) -> bool:
    """True for every issue in category done, those closed as "won't do" included."""
    return snapshot.status_category is StatusCategory.DONE


def is_wont_do(snapshot: IssueSnapshot, choice: FieldChoice) -> bool:
    """True for a done issue whose resolution says "won't do". An open issue may keep an old resolution."""
    return is_done(snapshot) and snapshot.resolution_id in choice.wont_do_resolution_ids


def read_issue(raw: object, choice: FieldChoice) -> IssueSnapshot:
    """One issue of Jira's REST v3 (search, bulk fetch, get) or of a webhook's v2-shaped payload.

    Raises MalformedIssue where an id, a key, the project, the type, the status or a time is missing or of another type.
    A parent or resolution that is absent is none; an estimate that is no number at least 0 is none, so that a wrongly
    chosen field never costs the issue its state.
    """
    issue = _object(raw, "the issue")
    key = _matching(issue.get("key"), ISSUE_KEY_PATTERN, "key")
    fields = _object(issue.get("fields"), "fields")
    project = _object(fields.get("project"), "fields.project")
    return IssueSnapshot(
        issue_id=_id(issue.get("id"), "id"),
        issue_key=key,
        project_id=_id(project.get("id"), "fields.project.id"),
        project_key=_matching(project.get("key"), _PROJECT_KEY, "fields.project.key"),
        level=_level(_object(fields.get("issuetype"), "fields.issuetype")),
        parent_id=_optional_id(fields.get("parent"), "fields.parent"),
        status_category=_status_category(_object(fields.get("status"), "fields.status")),
        resolution_id=_optional_id(fields.get("resolution"), "fields.resolution"),
        estimate=_estimate(fields.get(choice.estimate_field_id)) if choice.estimate_field_id else None,
        created=_moment(fields.get("created"), "fields.created"),
        updated=_moment(fields.get("updated"), "fields.updated"),
        labels=_labels(fields.get("labels")),
        title=_title(fields.get("summary")) if choice.shows_titles else "",
    )


def project_id_of(raw: object) -> str | None:
    """The id of an issue's project, so that the choice for it can be made; None where ``read_issue`` will refuse it."""
    issue = raw if isinstance(raw, Mapping) else {}
    fields = issue.get("fields")
    project = fields.get("project") if isinstance(fields, Mapping) else None
    found = project.get("id") if isinstance(project, Mapping) else None
    return str(found) if isinstance(found, str | int) else None


def _level(issue_type: Mapping[object, object]) -> int:
    """Jira Cloud numbers its levels: sub-task −1, base 0, epic 1, above 2 and more; older sites only say sub-task."""
    level = issue_type.get("hierarchyLevel")
    if level is None:
        return SUB_TASK_LEVEL if issue_type.get("subtask") is True else BASE_LEVEL
    if isinstance(level, bool) or not isinstance(level, int):
        raise MalformedIssue(f"fields.issuetype.hierarchyLevel is {_shown(level)}, not a whole number")
    return level


def _status_category(status: Mapping[object, object]) -> StatusCategory:
    key = _object(status.get("statusCategory"), "fields.status.statusCategory").get("key")
    return StatusCategory(key) if isinstance(key, str) and key in _CATEGORY_KEYS else StatusCategory.UNDEFINED


def _title(value: object) -> str:
    return " ".join(value.split())[:LONGEST_TITLE] if isinstance(value, str) else ""


def _estimate(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    estimate = Decimal(str(value))
    return estimate if estimate.is_finite() and estimate >= 0 else None


def _labels(value: object) -> frozenset[str]:
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()


def _moment(value: object, where: str) -> datetime:
    """Jira writes ``2026-11-22T09:40:02.123+0000`` in the zone of the account that asks."""
    if not isinstance(value, str):
        raise MalformedIssue(f"{where} is {_shown(value)}, not a time")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise MalformedIssue(f"{where} is {_shown(value)}, a time without its zone")
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        if isinstance(error, MalformedIssue):
            raise
        raise MalformedIssue(f"{where} is {_shown(value)}, not a time") from error


def _object(value: object, where: str) -> Mapping[object, object]:
    if not isinstance(value, Mapping):
        raise MalformedIssue(f"{where} is {_shown(value)}, not an object")
    return value


def _optional_id(value: object, where: str) -> str | None:
    return None if value is None else _id(_object(value, where).get("id"), f"{where}.id")


def _id(value: object, where: str) -> str:
    """Ids are written as text, in some payloads as numbers."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return _matching(text, _ID, where)


def _matching(value: object, pattern: re.Pattern[str], where: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise MalformedIssue(f"{where} is {_shown(value)}, not what Jira writes there")
    return value


def _shown(value: object) -> str:
    """What stood there, short enough for a log; absent and null both read as missing."""
    if value is None:
        return "missing"
    return repr(value[:60]) if isinstance(value, str) else f"of type {type(value).__name__}"
