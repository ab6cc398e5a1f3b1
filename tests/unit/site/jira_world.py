"""A small Jira in this process: two open projects and one that the low account may not see."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.site import roster
from tests.site.accounts import Account
from tests.site.app import assemble
from tests.site.issue_documents import blank_issue
from tests.site.sample import Catalogue, add_accounts, put_project
from tests.site.store import Document, Store

NOON = int(datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp() * 1000)
MINUTE = 60_000
ISSUE_EVENTS = ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"]


class SmallJira:
    """Project ABC is company-managed, GRO team-managed; the low account sees GRO only.

    ABC-1 is an epic with the children ABC-2 (done), ABC-3 (in progress, 5 points), ABC-4 (to do) and GRO-2; ABC-5 is a
    sub-task of ABC-2; ABC-6 stands alone, given up. GRO-1 is an epic of a type called Feature. Issue n of ABC was
    updated n minutes after noon (UTC) of 22 November 2026.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), **options: Any) -> None:
        """The options are those of `assemble`."""
        self.store = Store(None, clock)
        add_accounts(self.store)
        catalogue = Catalogue(self.store)
        self.todo = catalogue.status("To Do", "new")
        self.doing = catalogue.status("In Progress", "indeterminate")
        self.done = catalogue.status("Done", "done")
        epic, feature = catalogue.type("Epic", 1), catalogue.type("Feature", 1)
        story, subtask = catalogue.type("Story", 0), catalogue.type("Sub-task", -1)
        self._add("101", "ABC-1", epic, self.doing, summary="Big thing", labels=["okr"])
        self._add("102", "ABC-2", story, self.done, parent="101", resolution="Done", resolved=NOON)
        self._add("103", "ABC-3", story, self.doing, parent="101", points=5.0, summary="Say “hello” twice")
        self._add("104", "ABC-4", story, self.todo, parent="101")
        self._add("105", "ABC-5", subtask, self.done, parent="102", resolution="Done", resolved=NOON)
        self._add("106", "ABC-6", story, self.done, resolution="Won't Do", resolved=NOON)
        self._add("201", "GRO-1", feature, self.todo)
        self._add("202", "GRO-2", story, self.todo, parent="101", points=3.0)
        for number, key, style in (("10001", "ABC", "classic"), ("10002", "GRO", "next-gen")):
            issues = [issue for issue in self.store.all("issues").values() if issue["project"] == key]
            put_project(self.store, catalogue, number, key, f"Project {key}", style, issues)
        self.store.put("sequences", "issue", {"next": 1000})
        self.parts = assemble(self.store, cloud_id="cloud-1", **options)
        self.client: FlaskClient = self.parts.app.test_client()

    def _add(self, issue_id: str, key: str, kind: str, status: str, **fields: Any) -> None:
        at = NOON + int(key.rpartition("-")[2]) * MINUTE
        made = {"summary": f"Issue {key}", "project": key.split("-")[0], **fields}
        self.store.put("issues", issue_id, blank_issue(issue_id, key, at, type=kind, status=status, **made))

    def call(self, method: str, path: str, account: Account = roster.SYNC, **options: Any) -> TestResponse:
        """A call of the interface at the site address."""
        login = (account.email, account.classic_tokens[0])
        return self.client.open(f"/rest/api/3{path}", method=method, auth=login, **options)

    def search(self, account: Account = roster.SYNC, **asked: Any) -> Document:
        """A page of a search; the call has to be answered."""
        answer = self.call("POST", "/search/jql", account, json={"fields": ["key"], **asked})
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def keys(self, jql: str, account: Account = roster.SYNC) -> list[str]:
        """The keys of all issues that match, sorted."""
        found = self.search(account, jql=f"{jql} ORDER BY key ASC", maxResults=5000)["issues"]
        return [issue["key"] for issue in found]

    def move(self, key: str, status: str) -> None:
        """Move an issue to the status of that id."""
        answer = self.call("POST", f"/issue/{key}/transitions", json={"transition": {"id": status}})
        assert answer.status_code == 204, answer.text

    def register_webhook(
        self, url: str = "http://okr/hook", account: Account = roster.JIRA_ADMIN, **more: Any
    ) -> Document:
        """Register a webhook for what happens to issues; the answer is it."""
        sent = {"name": "okr", "url": url, "events": ISSUE_EVENTS, **more}
        login = (account.email, account.classic_tokens[0])
        answer = self.client.post("/rest/webhooks/1.0/webhook", auth=login, json=sent)
        assert answer.status_code == 201, answer.text
        return dict(answer.get_json())

    def refusal(self, jql: str, account: Account = roster.SYNC) -> str:
        """The message with which Jira refuses a query."""
        answer = self.call("POST", "/search/jql", account, json={"jql": jql})
        assert answer.status_code == 400
        body = answer.get_json()
        assert body["errors"] == {}
        return str(body["errorMessages"][0])


def local(account: Account, minutes: int) -> str:
    """Noon plus so many minutes, as a person in the account's zone would write it."""
    return datetime.fromtimestamp(NOON / 1000 + minutes * 60, ZoneInfo(account.time_zone)).strftime("%Y-%m-%d %H:%M")
