"""Every method of the clients that makes a call, with the verb and path it uses: the rows of tables of tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from connector.confluence import ConfluenceClient
from connector.confluence_data_center import WEBHOOK_EVENTS, ConfluenceDataCenterClient
from connector.connecting import Client
from connector.jira import JiraClient
from connector.site_answers import Page
from tests.unit.connector.recorded_calls import SITE, Counted, confluence_at, data_center_at, jira_at

AT = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
PAGE = Page("77", "9", "OKRs", "current", 4, "me", "<p>x</p>", "", f"{SITE}/wiki/pages/77", AT, "")


@dataclass(frozen=True)
class OneCall:
    """``make`` calls one method of a client of ``product``, which asks ``verb`` of ``path``."""

    name: str
    product: str
    verb: str
    path: str
    make: Callable[[Client], object]

    def run(self, counted: Counted | None = None, url: str = SITE) -> object:
        """Make the call with a client of its own."""
        return self.make(_CLIENTS[self.product](url, counted=counted))


_CLIENTS: dict[str, Callable[..., Client]] = {
    "jira": jira_at,
    "confluence": confluence_at,
    "data_center": data_center_at,
}


def _jira(name: str, verb: str, path: str, make: Callable[[JiraClient], object]) -> OneCall:
    return OneCall(name, "jira", verb, path, make)  # type: ignore[arg-type]


def _confluence(name: str, verb: str, path: str, make: Callable[[ConfluenceClient], object]) -> OneCall:
    return OneCall(name, "confluence", verb, path, make)  # type: ignore[arg-type]


def _data_center(name: str, verb: str, path: str, make: Callable[[ConfluenceDataCenterClient], object]) -> OneCall:
    return OneCall(f"data_center_{name}", "data_center", verb, path, make)  # type: ignore[arg-type]


_HOOK = ("OKR", "https://okr.example/webhooks/jira/1", ["jira:issue_updated"], "project = PAY", "hook-secret")
_HOOKS = "/rest/webhooks/1.0/webhook"
_PAGES = "/wiki/api/v2/pages"

JIRA_CALLS = (
    _jira("search", "POST", "/rest/api/3/search/jql", lambda c: c.search("project = PAY", ["status"])),
    _jira("fetch", "POST", "/rest/api/3/issue/bulkfetch", lambda c: c.fetch(["10001"], ["status"])),
    _jira("count", "POST", "/rest/api/3/search/approximate-count", lambda c: c.count("project = PAY")),
    _jira("issue", "GET", "/rest/api/3/issue/PAY-1", lambda c: c.issue("PAY-1", ["status"])),
    _jira("myself", "GET", "/rest/api/3/myself", lambda c: c.myself()),
    _jira("server_info", "GET", "/rest/api/3/serverInfo", lambda c: c.server_info()),
    _jira("my_permissions", "GET", "/rest/api/3/mypermissions", lambda c: c.my_permissions(["BROWSE_PROJECTS"])),
    _jira("fields", "GET", "/rest/api/3/field", lambda c: c.fields()),
    _jira("resolutions", "GET", "/rest/api/3/resolution/search", lambda c: c.resolutions()),
    _jira("register_webhook", "POST", _HOOKS, lambda c: c.register_webhook(*_HOOK)),
    _jira("webhooks", "GET", _HOOKS, lambda c: c.webhooks()),
    _jira("projects", "GET", "/rest/api/3/project/search", lambda c: c.projects()),
    _jira("project", "GET", "/rest/api/3/project/10000", lambda c: c.project("10000")),
)
DELETE_WEBHOOK = _jira("delete_webhook", "DELETE", f"{_HOOKS}/5", lambda c: c.delete_webhook("5"))
CONFLUENCE_CALLS = (
    _confluence("read", "GET", f"{_PAGES}/77", lambda c: c.read("77")),
    _confluence("read_version", "GET", f"{_PAGES}/77", lambda c: c.read_version("77", 3)),
    _confluence("accounts", "POST", "/wiki/api/v2/users-bulk", lambda c: c.accounts(["me"])),
    _confluence("write", "PUT", f"{_PAGES}/77", lambda c: c.write(PAGE, "<p>y</p>", "said")),
    _confluence("present_versions", "GET", _PAGES, lambda c: c.present_versions(["77"])),
    _confluence("versions", "GET", f"{_PAGES}/77/versions", lambda c: c.versions("77", 3)),
    _confluence("page_by_title", "GET", _PAGES, lambda c: c.page_by_title("9", "OKRs")),
    _confluence("pages_titled", "GET", _PAGES, lambda c: c.pages_titled("OKRs")),
    _confluence("create_page", "POST", _PAGES, lambda c: c.create_page("9", "OKRs", "<p>x</p>")),
    _confluence("may_edit", "GET", f"{_PAGES}/77/operations", lambda c: c.may_edit("77")),
    _confluence("spaces", "GET", "/wiki/api/v2/spaces", lambda c: c.spaces()),
    _confluence("space_by_key", "GET", "/wiki/api/v2/spaces", lambda c: c.space_by_key("OKR")),
)
# All whose answer has content; a deletion has none.
READING_CALLS = (*JIRA_CALLS, *CONFLUENCE_CALLS)
ALL_CALLS = (*READING_CALLS, DELETE_WEBHOOK)

_CONTENT = "/rest/api/content/77"
_DC_HOOK = ("OKR", "https://okr.example/webhooks/confluence/1", WEBHOOK_EVENTS, "hook-secret")
# Those that make one call whatever comes back; the others ask once more where something is not there.
DATA_CENTER_CALLS = (
    _data_center("read", "GET", _CONTENT, lambda c: c.read("77")),
    _data_center("write", "PUT", _CONTENT, lambda c: c.write(PAGE, "<p>y</p>", "said")),
    _data_center("present_versions", "GET", "/rest/api/content/search", lambda c: c.present_versions(["77"])),
    _data_center("current_user", "GET", "/rest/api/user/current", lambda c: c.current_user()),
    _data_center("may_edit", "GET", _CONTENT, lambda c: c.may_edit("77")),
    _data_center("spaces", "GET", "/rest/api/space", lambda c: c.spaces()),
    _data_center("pages_titled", "GET", "/rest/api/content", lambda c: c.pages_titled("OKRs")),
    _data_center("webhooks", "GET", "/rest/api/webhooks", lambda c: c.webhooks()),
    _data_center("register_webhook", "POST", "/rest/api/webhooks", lambda c: c.register_webhook(*_DC_HOOK)),
)
DELETE_DATA_CENTER_WEBHOOK = _data_center(
    "delete_webhook", "DELETE", "/rest/api/webhooks/5", lambda c: c.delete_webhook("5")
)
