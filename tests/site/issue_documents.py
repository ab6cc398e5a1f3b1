"""Issues as they are kept, the fields that differ from site to site, and what a change looks like in the changelog."""

from typing import Any

from tests.site.store import Document

# [S] Company-managed projects use "Story Points", team-managed ones another field, "Story point estimate";
# the ids differ from site to site.
POINTS_FIELDS = {
    "classic": ("customfield_10036", "Story Points"),
    "next-gen": ("customfield_10016", "Story point estimate"),
}
EPIC_LINK = "customfield_10014"
SPRINT = "customfield_10020"
# [U] `IssueParentAssociation` for a new parent: seen in company-managed projects; which name team-managed projects
# use is not known.
_CHANGELOG_NAMES = {
    "parent": ("parent", "IssueParentAssociation"),
    "epic_link": (EPIC_LINK, "Epic Link"),
    "type": ("issuetype", "issuetype"),
    "resolved": ("resolutiondate", "resolutiondate"),
    "key": ("Key", "Key"),
}


def blank_issue(issue_id: str, key: str, at: int, **fields: Any) -> Document:
    """An issue document with every field, made at the given time."""
    blank: Document = {
        "id": issue_id,
        "key": key,
        "parent": None,
        "epic_link": None,
        "points": None,
        "labels": [],
        "priority": "Medium",
        "resolution": None,
        "created": at,
        "updated": at,
        "resolved": None,
        "category_changed": at,
        "archived": None,
        "sprint": None,
        "reporter": None,
    }
    return {**blank, **fields}


def changelog_item(
    name: str, style: str, ids: tuple[str | None, str | None], texts: tuple[str | None, str | None]
) -> Document:
    """One changed field, from and to, as Jira writes it [S2: Atlassian's page on webhooks].

    `style` is the one of the project; the ids are None for fields whose values have none.
    """
    field_id, shown = POINTS_FIELDS[style] if name == "points" else _CHANGELOG_NAMES.get(name, (name, name))
    return {
        "field": shown,
        "fieldtype": "custom" if field_id.startswith("customfield_") else "jira",
        "fieldId": field_id,
        "from": ids[0],
        "fromString": texts[0],
        "to": ids[1],
        "toString": texts[1],
    }
