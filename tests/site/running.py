"""Starting the stand-in site for a test, and doing there what people do."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from requests import Response, Session, get

from tests.site.accounts import Account
from tests.site.data_center_api import HAND
from tests.site.process import start_process, wait_for_end
from tests.site.roster import JIRA_ADMIN, PEOPLE

Json = dict[str, Any]
# What the worker asks for in a webhook, unless a test says otherwise.
ISSUE_EVENTS = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")


@dataclass
class Site:
    """A running site. What its verbs do goes over HTTP, as a person of the world unless another account is given."""

    url: str
    cloud_id: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes]
    person: Account = PEOPLE[0]
    _session: Session = field(default_factory=Session)

    @property
    def port(self) -> int:
        """The port that it listens on; a restart keeps it."""
        return int(self.url.rpartition(":")[2])

    @property
    def jira_gateway(self) -> str:
        """Where scoped tokens reach Jira."""
        return f"{self.url}/ex/jira/{self.cloud_id}"

    @property
    def confluence_gateway(self) -> str:
        """Where scoped tokens reach Confluence."""
        return f"{self.url}/ex/confluence/{self.cloud_id}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process; its data stays in the file."""
        self.process.terminate()
        self._gone()

    def kill(self) -> None:
        """End the process at once, as a failing machine would."""
        self.process.kill()
        self._gone()

    def _gone(self) -> None:
        wait_for_end(self.process)
        self._session.close()

    def restart(self) -> None:
        """Start again on the same port with the same data."""
        self.process, _ = start_process(self.command, self.log)

    # ---- Jira

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

    def register_webhook(
        self, url: str, secret: str | None = None, jql: str = "", events: tuple[str, ...] = ISSUE_EVENTS
    ) -> Json:
        """Register a webhook as the Jira administrator."""
        body = {"name": "test", "url": url, "events": list(events), "secret": secret,
                "filters": {"issue-related-events-section": jql}}  # fmt: skip
        return self._json("POST", "/rest/webhooks/1.0/webhook", JIRA_ADMIN, json=body)

    # ---- Confluence

    def confluence(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Response:
        """A call below `/wiki/api/v2`; arguments as of the requests library."""
        return self._call(method, f"/wiki/api/v2{path}", by, arguments)

    def page(self, page_id: str, by: Account | None = None) -> Json:
        """A page with its body in storage format."""
        return self._json("GET", f"/wiki/api/v2/pages/{page_id}?body-format=storage", by)

    def body(self, page_id: str) -> str:
        """The storage format of a page."""
        return str(self.page(page_id)["body"]["storage"]["value"])

    def page_called(self, title: str) -> Json:
        """The page with that title, with its body."""
        found = self._json("GET", "/wiki/api/v2/pages", params={"title": title, "body-format": "storage"})["results"]
        return dict(found[0])

    def versions(self, page_id: str) -> list[Json]:
        """The versions of a page, newest first."""
        return list(self._json("GET", f"/wiki/api/v2/pages/{page_id}/versions?limit=200")["results"])

    def create_page(self, space_key: str, title: str, body: str, by: Account | None = None) -> str:
        """Create a page; the answer is its id."""
        space = self._json("GET", f"/wiki/api/v2/spaces?keys={space_key}", by)["results"][0]
        sent = {"spaceId": space["id"], "status": "current", "title": title, "body": _storage(body)}
        return str(self._json("POST", "/wiki/api/v2/pages", by, json=sent)["id"])

    def edit_page(self, page_id: str, change: Callable[[str], str], by: Account | None = None) -> int:
        """Replace the body by `change(body)`; the answer is the new version's number."""
        page = self.page(page_id, by)
        sent = {
            "id": page_id,
            "status": "current",
            "title": page["title"],
            "body": _storage(change(page["body"]["storage"]["value"])),
            "version": {"number": page["version"]["number"] + 1},
        }
        return int(self._json("PUT", f"/wiki/api/v2/pages/{page_id}", by, json=sent)["version"]["number"])

    def comments(self, page_id: str) -> list[Json]:
        """The inline comments on a page, with `resolutionStatus` (open, resolved, dangling) and `properties`."""
        return list(self._json("GET", f"/wiki/api/v2/pages/{page_id}/inline-comments?limit=250")["results"])

    def notifications(self, page_id: str) -> list[Json]:
        """The mails about a page, oldest first: `version`, `by` and `to` (account ids); none for minor edits."""
        return list(self._call("GET", f"/_site/pages/{page_id}/mails", None, {}).json())

    def delete_page(self, page_id: str) -> None:
        """Move a page to the trash."""
        self._done("DELETE", f"/wiki/api/v2/pages/{page_id}")

    # ---- control

    def requests(self, by: Account | None = None) -> list[Json]:
        """The log of calls to the interfaces, oldest first; of one account only, if one is given."""
        calls = self._json("GET", "/_site/requests")["requests"]
        return [call for call in calls if by is None or call["account"] == by.account_id]

    def forget_requests(self) -> None:
        """Empty the log."""
        self._done("DELETE", "/_site/requests")

    def faults(self, *rules: Json) -> None:
        """Add fault rules; `tests.site.traffic.Fault` says what a rule is."""
        self._done("POST", "/_site/faults", json=list(rules))

    def clear_faults(self) -> None:
        """Forget all fault rules."""
        self._done("DELETE", "/_site/faults")

    def deliveries(self) -> list[Json]:
        """All webhook deliveries with their attempts."""
        answer = self._call("GET", "/_site/webhooks", None, {})
        return list(answer.json())

    def page_deliveries(self) -> list[Json]:
        """What was sent to webhooks of Data Center: `event`, `body`, `outcome` (a status, what failed, or None yet)."""
        return list(self._call("GET", "/_site/page-webhooks", None, {}).json())

    def rewrite(self, how: str) -> None:
        """From now on, saving rewrites bodies so: mild, full or wild:<seed>."""
        self._done("POST", "/_site/rewrite", json={"how": how})

    def drafts(self, on_rest_write: str) -> None:
        """What a write by REST does to an open draft from now on: override or merge."""
        self._done("POST", "/_site/drafts", json={"on_rest_write": on_rest_write})

    def search_lag(self, seconds: float) -> None:
        """From now on, searches see changes that late."""
        self._done("POST", "/_site/search-lag", json={"seconds": seconds})

    def change_account(self, account: Account, **changes: Any) -> None:
        """Change what an account may do, or its tokens; fields of `tests.site.accounts.Account`."""
        self._done("PATCH", f"/_site/accounts/{account.account_id}", json=changes)

    def state(self) -> Json:
        """A small summary of what is there."""
        return self._json("GET", "/_site/state")

    def _call(self, method: str, path: str, by: Account | None, arguments: Json) -> Response:
        account = by or self.person
        login = (account.email, account.classic_tokens[0])
        headers = {HAND: "1", **arguments.pop("headers", {})}
        return self._session.request(method, self.url + path, auth=login, headers=headers, timeout=60, **arguments)

    def _done(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Response:
        answer = self._call(method, path, by, arguments)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def _json(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Json:
        return dict(self._done(method, path, by, **arguments).json())


def start_site(
    folder: Path,
    world: str = "sample",
    *,
    port: int = 0,
    fresh: bool = False,
    retry_scale: float = 0.001,
    record: Path | None = None,
    data_center: bool = False,
) -> Site:
    """Start a site with its data (site.db) and log (site.log) in `folder` and wait until it answers.

    Port 0 takes a free one. Webhooks are tried again 1,000 times sooner than Jira would, unless `retry_scale` says
    otherwise. With `data_center` it is Confluence Data Center to all but this `Site`. RuntimeError with what it printed
    if it does not start.
    """
    command = [sys.executable, "-m", "tests.site", "--data", str(folder / "site.db"), "--world", world,
               "--retry-scale", str(retry_scale), "--until-stdin-closes"]  # fmt: skip
    command += ["--fresh"] if fresh else []
    command += ["--record", str(record)] if record else []
    command += ["--data-center"] if data_center else []
    log = folder / "site.log"
    process, url = start_process([*command, "--port", str(port)], log)
    cloud_id = get(f"{url}/_edge/tenant_info", headers={HAND: "1"}, timeout=10).json()["cloudId"]
    again = [part for part in command if part != "--fresh"]
    return Site(url, cloud_id, [*again, "--port", url.rpartition(":")[2]], log, process)


def _written(fields: Json) -> Json:
    if isinstance(fields.get("parent"), str):
        return {**fields, "parent": {"key": fields["parent"]}}
    return fields


def _storage(value: str) -> Json:
    return {"representation": "storage", "value": value}
