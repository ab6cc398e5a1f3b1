"""One Jira issue as we know it, and how many of an initiative's issues are done.

Status *category* and hierarchy *level* decide, never a status or type name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


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
    """What Jira said about one issue at ``updated`` (aware, UTC). Ids are unique only within one connection."""

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


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """How one connection's issues are read: the estimate field (or none), and the resolutions that mean "won't do"."""

    estimate_field_id: str | None = None
    wont_do_resolution_ids: frozenset[str] = frozenset()
