"""What people do in Jira, and what they see there, for tests."""

from typing import Any

from requests import Response

from tests.site.accounts import Account
from tests.site.hand import Hand, Json
from tests.site.roster import JIRA_ADMIN

# What the worker asks for in a webhook, unless a test says otherwise.
ISSUE_EVENTS = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")


class JiraHand(Hand):
    """The Jira half of a running site."""

    def jira(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Response:
        """A call below `/rest/api/3`; arguments as of the requests library."""
        return self._call(method, f"/rest/api/3{path}", by, arguments)

    def issue(self, key: str) -> Json:
        """An issue with all its fields."""
        return self._json("GET", f"/rest/api/3/issue/{key}")

    def search(self, jql: str, *fields: str) -> list[Json]:
        """All issues that match, with some fields."""
        found: list[Json] = []
        asked: Json = {"jql": jql, "fields": list(fields or ("summary", "status")), "maxResults": 100}
        for _ in range(10_000):
            page = self._json("POST", "/rest/api/3/search/jql", json=asked)
            found += page["issues"]
            if page["isLast"]:
                return found
            asked["nextPageToken"] = page["nextPageToken"]
        raise AssertionError(f"the search for {jql} does not end")

    def children(self, key: str) -> list[Json]:
        """The direct children of an issue in ascending order of keys."""
        return self.search(f"parent = {key} ORDER BY key ASC")

    def transition(self, key: str, status: str, resolution: str | None = None, by: Account | None = None) -> None:
        """Move an issue to the status of that name."""
        offered = self._json("GET", f"/rest/api/3/issue/{key}/transitions", by)["transitions"]
        wanted = next(one for one in offered if one["to"]["name"] == status)
        body: Json = {"transition": {"id": wanted["id"]}}
        if resolution:
            body["fields"] = {"resolution": {"name": resolution}}
        self._done("POST", f"/rest/api/3/issue/{key}/transitions", by, json=body)

    def create_issue(self, project: str, summary: str, kind: str = "Story", **fields: Any) -> str:
        """Create an issue; the answer is its key. `parent` is a key, the rest as Jira's fields."""
        body = {"project": {"key": project}, "summary": summary, "issuetype": {"name": kind}, **_written(fields)}
        return str(self._json("POST", "/rest/api/3/issue", json={"fields": body})["key"])

    def edit_issue(self, key: str, **fields: Any) -> None:
        """Change fields of an issue; `parent` is a key or None."""
        self._done("PUT", f"/rest/api/3/issue/{key}", json={"fields": _written(fields)})

    def delete_issue(self, key: str) -> None:
        """Delete an issue and its sub-tasks."""
        self._done("DELETE", f"/rest/api/3/issue/{key}?deleteSubtasks=true")

    def move_issue(self, key: str, project: str) -> str:
        """Move an issue to another project; the answer is its new key."""
        return str(self._json("POST", f"/_site/issues/{key}/move", json={"project": project})["key"])

    def rename_project(self, key: str, new_key: str) -> None:
        """Give a project another key."""
        self._done("POST", f"/_site/projects/{key}/rename", json={"key": new_key})

    def remove_project(self, key: str) -> None:
        """Delete a project with all its issues; no webhook tells of them."""
        self._done("DELETE", f"/_site/projects/{key}")

    def restore_project(self, key: str) -> None:
        """Bring back a project that was deleted, with its issues; no webhook tells of them."""
        self._done("POST", f"/_site/projects/{key}/restore")

    def reparent(self, key: str, **parents: Any) -> None:
        """Another `parent`, another `epic_link` ("" for none), or both, and in `told` which the changelog names."""
        self._done("POST", f"/_site/issues/{key}/parents", json=parents)

    def convert_issue(self, key: str, kind: str, parent: str | None = None, *, keeps_children: bool = False) -> None:
        """Another type, also from and to a sub-task; what was below it loses its parent unless it keeps it."""
        body = {"type": kind, "parent": parent, "keeps_children": keeps_children}
        self._done("POST", f"/_site/issues/{key}/convert", json=body)

    def lose_issue(self, key: str) -> None:
        """Delete an issue so that no webhook tells of it."""
        self._done("POST", f"/_site/issues/{key}/delete")

    def archive_issues(self, *keys: str) -> None:
        """Put issues and their sub-tasks aside."""
        self._done("PUT", "/rest/api/3/issue/archive", JIRA_ADMIN, json={"issueIdsOrKeys": keys})

    def unarchive_issues(self, *keys: str) -> None:
        """Bring them back."""
        self._done("PUT", "/rest/api/3/issue/unarchive", JIRA_ADMIN, json={"issueIdsOrKeys": keys})

    def bulk_transition(self, keys: list[str], status: str) -> None:
        """Move any number of issues of one workflow to the status of that name, 1,000 at a time."""
        offered = self._json("GET", f"/rest/api/3/issue/{keys[0]}/transitions")["transitions"]
        wanted = next(one["id"] for one in offered if one["to"]["name"] == status)
        for start in range(0, len(keys), 1000):
            inputs = [{"selectedIssueIdsOrKeys": keys[start : start + 1000], "transitionId": wanted}]
            self._done("POST", "/rest/api/3/bulk/issues/transition", json={"bulkTransitionInputs": inputs})

    def register_webhook(
        self, url: str, secret: str | None = None, jql: str = "", events: tuple[str, ...] = ISSUE_EVENTS
    ) -> Json:
        """Register a webhook as the Jira administrator."""
        body = {"name": "test", "url": url, "events": list(events), "secret": secret,
                "filters": {"issue-related-events-section": jql}}  # fmt: skip
        return self._json("POST", "/rest/webhooks/1.0/webhook", JIRA_ADMIN, json=body)


def _written(fields: Json) -> Json:
    if isinstance(fields.get("parent"), str):
        return {**fields, "parent": {"key": fields["parent"]}}
    return fields
