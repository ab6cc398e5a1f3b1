"""Which of Jira's events say that an issue should be read again, and why the others are left alone.

The names are those of Jira Cloud's list of webhook events (developer.atlassian.com/cloud/jira/platform/webhooks).
"""

from __future__ import annotations

from enum import StrEnum


class Handling(StrEnum):
    """What is done about an event: its issues are read again, everything linked is, it is left alone on purpose, or
    nobody here knows it."""

    READ_AGAIN = "read_again"
    READ_EVERYTHING = "read_everything"
    LEFT_ALONE = "left_alone"
    UNKNOWN = "unknown"


READ_AGAIN = frozenset(
    {
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_deleted",
        "issuelink_created",
        "issuelink_deleted",
        "issue_property_set",
        "issue_property_deleted",
    }
)

# Issues come, go or change their keys with their project, and Jira sends no event for each of them.
READ_EVERYTHING = frozenset(
    {
        "project_updated",
        "project_deleted",
        "project_soft_deleted",
        "project_restored_deleted",
        "project_archived",
        "project_restored_archived",
    }
)

_BESIDE_AN_ISSUE = "it changes nothing that is counted; where the issue itself changes too, Jira says so separately"
_EMPTY_PROJECT = "nothing in a new project is linked yet"
_NOT_COUNTED = "sprints, boards, versions and filters take no part in any figure"
_ABOUT_PEOPLE = "no figure is about a person"
_ABOUT_THE_SITE = "a setting of the site; the full check reads every issue again under the new one"
_ABOUT_APPS = "it tells how apps of the site are doing, and says nothing about an issue"

# By the beginning of the name, since Jira keeps adding to these families.
LEFT_ALONE = (
    ("comment_", _BESIDE_AN_ISSUE),
    ("worklog_", _BESIDE_AN_ISSUE),
    ("jira:worklog_", _BESIDE_AN_ISSUE),
    ("attachment_", _BESIDE_AN_ISSUE),
    ("project_created", _EMPTY_PROJECT),
    ("jira:version_", _NOT_COUNTED),
    ("sprint_", _NOT_COUNTED),
    ("board_", _NOT_COUNTED),
    ("filter_", _NOT_COUNTED),
    ("user_", _ABOUT_PEOPLE),
    ("issuetype_", _ABOUT_THE_SITE),
    ("option_", _ABOUT_THE_SITE),
    ("jira_expression_evaluation_failed", _ABOUT_APPS),
    ("app_access_to_objects", _ABOUT_APPS),
)


def handling_of(name: str) -> Handling:
    """What is done about the event of this name."""
    if name in READ_AGAIN:
        return Handling.READ_AGAIN
    if name in READ_EVERYTHING:
        return Handling.READ_EVERYTHING
    return Handling.LEFT_ALONE if why_left_alone(name) else Handling.UNKNOWN


def why_left_alone(name: str) -> str:
    """The reason for which this event is left alone; empty where it is not."""
    return next((reason for beginning, reason in LEFT_ALONE if name.startswith(beginning)), "")
