"""The Confluence Cloud client (REST v2, developer.atlassian.com/cloud/confluence).

No method sleeps, retries or follows a redirect; all raise the errors of ``connector.errors``. Writing never reads: the
page is written as the version that was read + 1, so that somebody else's edit in between is a Conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

import requests

from connector.calls import Calls, OnCall
from connector.checked import (
    as_object,
    moment_in,
    number_in,
    object_in,
    object_or_empty,
    objects_in,
    text_in,
    text_or_empty,
)
from connector.errors import Gone, Rejected, Unavailable
from connector.site_answers import Page, PageVersion, SiteAccount, Space, TitledPage

Query = Mapping[str, str | int]
MOST_LISTED = 250
MOST_LISTS = 40
_PAGES = "/wiki/api/v2/pages"
_PAGE = "/wiki/api/v2/pages/{}"


class ConfluenceClient:
    """One Confluence, called as one account; ``sync.ports.PageStore`` and what connecting and adding tables need.

    ``site_url`` is what people open; addresses of pages are built from it, not from what an answer claims.
    """

    def __init__(self, session: requests.Session, api_url: str, site_url: str, on_call: OnCall) -> None:
        self._calls = Calls(session, api_url, on_call)
        self._site_url = site_url.rstrip("/")

    def read(self, page_id: str) -> Page:
        """``GET /wiki/api/v2/pages/{id}?body-format=storage``. Gone where it cannot be seen."""
        return self._page(self._calls.get(_PAGE, page_id, query={"body-format": "storage"}).body)

    def read_draft(self, page_id: str) -> Page:
        """The same with ``get-draft=true``: the open draft, or the published page where there is none.

        Where Confluence answers that there is no draft, a second call reads the published page. A draft's version says
        nothing about the page's.
        """
        query = {"body-format": "storage", "get-draft": "true"}
        try:
            answer = self._calls.get(_PAGE, page_id, query=query)
        except Gone:
            return self.read(page_id)
        return self._page(answer.body)

    def read_version(self, page_id: str, number: int) -> Page:
        """``GET /wiki/api/v2/pages/{id}?body-format=storage&version={number}``: the page as it was then. Gone where it
        cannot be seen, or has no such version."""
        page = self._page(self._calls.get(_PAGE, page_id, query={"body-format": "storage", "version": number}).body)
        if page.version != number:
            raise Unavailable(f"Version {number} of the page was asked for, and version {page.version} came.")
        return page

    def write(self, page: Page, body: str, message: str) -> int:
        """``PUT /wiki/api/v2/pages/{id}`` at version ``page.version + 1``, with the title and status as read.

        Returns the new version. Conflict where the page moved on; Unavailable where nobody knows whether it was
        applied; Rejected, without a call, where the page as read is not a published one: writing would bring it back.
        """
        if page.status != "current":
            raise Rejected(f"The page is {page.status}; only a published page is written.", 0)
        number = page.version + 1
        sent = {
            "id": page.page_id,
            "status": page.status,
            "title": page.title,
            "body": {"representation": "storage", "value": body},
            "version": {"number": number, "message": message},
        }
        answer = as_object(self._calls.put(_PAGE, page.page_id, body=sent).body, "the answer")
        if number_in(object_in(answer, "version"), "number") != number:
            raise Unavailable(f"The page was to become version {number}, but the answer names another one.")
        return number

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        """``GET /wiki/api/v2/pages?id=…``: the version of each published or archived page that we may see; one call for
        each 250 ids."""
        found: dict[str, int] = {}
        for start in range(0, len(page_ids), MOST_LISTED):
            query: Query = {"id": ",".join(page_ids[start : start + MOST_LISTED]), "limit": MOST_LISTED}
            for row in self._listed(_PAGES, query=query):
                found[text_in(row, "id")] = number_in(object_in(row, "version"), "number")
        return found

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        """``GET /wiki/api/v2/pages/{id}/versions``: the versions above ``after``, oldest first."""
        query: Query = {"sort": "-modified-date", "limit": 50}
        found: dict[int, PageVersion] = {}
        for row in self._listed(_PAGE + "/versions", page_id, query=query):
            number = number_in(row, "number")
            if number <= after:
                break
            found[number] = PageVersion(
                number, text_or_empty(row, "authorId"), moment_in(row, "createdAt"), text_or_empty(row, "message")
            )
        return tuple(found[number] for number in sorted(found))

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        """``POST /wiki/api/v2/users-bulk``: those of the accounts that the site knows and lets us see; one call for
        each 250."""
        found: list[SiteAccount] = []
        for start in range(0, len(account_ids), MOST_LISTED):
            sent = {"accountIds": list(account_ids[start : start + MOST_LISTED])}
            answer = as_object(self._calls.post("/wiki/api/v2/users-bulk", body=sent).body, "the answer")
            found += map(_account, objects_in(answer, "results"))
        return tuple(found)

    def page_by_title(self, space_id: str, title: str) -> Page | None:
        """The published page with exactly this title, None only where Confluence says that there is none."""
        query: Query = {
            "space-id": space_id,
            "title": title,
            "status": "current",
            "body-format": "storage",
            "limit": 25,
        }
        pages = map(self._page, self._listed(_PAGES, query=query))
        return next((page for page in pages if page.title == title), None)

    def pages_titled(self, title: str) -> tuple[TitledPage, ...]:
        """``GET /wiki/api/v2/pages?title=…``: the published pages with exactly this title, in any space, at most 25."""
        query: Query = {"title": title, "status": "current", "limit": 25}
        rows = objects_in(as_object(self._calls.get(_PAGES, query=query).body, "the answer"), "results")
        return tuple(map(self._titled, rows))

    def create_page(self, space_id: str, title: str, body: str, parent_id: str | None = None) -> str:
        """``POST /wiki/api/v2/pages``: a published page, below ``parent_id`` or else the space's home page. Returns
        its id. Rejected where the title is taken."""
        sent: dict[str, object] = {
            "spaceId": space_id,
            "status": "current",
            "title": title,
            "body": {"representation": "storage", "value": body},
        }
        if parent_id is not None:
            sent["parentId"] = parent_id
        return text_in(as_object(self._calls.post(_PAGES, body=sent).body, "the answer"), "id")

    def may_edit(self, page_id: str) -> bool:
        """``GET /wiki/api/v2/pages/{id}/operations``: whether the account may update the page. Gone if unseen."""
        answer = as_object(self._calls.get(_PAGE + "/operations", page_id).body, "the answer")
        operations = objects_in(answer, "operations")
        return any((row.get("operation"), row.get("targetType")) == ("update", "page") for row in operations)

    def spaces(self) -> tuple[Space, ...]:
        """``GET /wiki/api/v2/spaces``: the spaces that the account may see, at most 10,000."""
        return tuple(map(_space, self._listed("/wiki/api/v2/spaces", query={"limit": MOST_LISTED})))

    def space_by_key(self, key: str) -> Space:
        """The space with this key. Gone where it cannot be seen."""
        found = map(_space, self._listed("/wiki/api/v2/spaces", query={"keys": key, "limit": 25}))
        space = next((one for one in found if one.key == key), None)
        if space is None:
            raise Gone(f"There is no space with the key {key}, or this account may not see it.")
        return space

    def _listed(self, template: str, *parts: str, query: Query) -> Iterator[dict[str, object]]:
        """The rows of a list, page by page; only the cursor is taken from the link to the next, never its host."""
        cursor: str | None = None
        for _ in range(MOST_LISTS):
            asked = query if cursor is None else {**query, "cursor": cursor}
            answer = as_object(self._calls.get(template, *parts, query=asked).body, "the answer")
            yield from objects_in(answer, "results")
            following = _cursor(text_or_empty(object_or_empty(answer, "_links"), "next"))
            if following is None:
                return
            if following == cursor:
                break
            cursor = following
        raise Unavailable("The list does not come to an end.")

    def _page(self, raw: object) -> Page:
        found = as_object(raw, "the answer")
        version = object_in(found, "version")
        page_id = text_in(found, "id")
        return Page(
            page_id=page_id,
            space_id=text_in(found, "spaceId"),
            title=text_or_empty(found, "title"),
            status=text_in(found, "status"),
            version=number_in(version, "number"),
            author_id=text_or_empty(version, "authorId"),
            body=_storage(found),
            subtype=text_or_empty(found, "subtype"),
            url=self._address(page_id, text_or_empty(object_or_empty(found, "_links"), "webui")),
            at=moment_in(version, "createdAt") if version.get("createdAt") else None,
            message=text_or_empty(version, "message"),
        )

    def _titled(self, found: dict[str, object]) -> TitledPage:
        page_id = text_in(found, "id")
        url = self._address(page_id, text_or_empty(object_or_empty(found, "_links"), "webui"))
        return TitledPage(page_id, text_or_empty(found, "title"), url)

    def _address(self, page_id: str, webui: str) -> str:
        own = (
            webui
            if webui.startswith("/") and not webui.startswith("//")
            else f"/pages/viewpage.action?pageId={page_id}"
        )
        return f"{self._site_url}/wiki{own}"


def _storage(found: dict[str, object]) -> str:
    value = object_in(object_in(found, "body"), "storage").get("value")
    if not isinstance(value, str):
        raise Unavailable("The answer is not complete: it holds no page text.")
    return value


def _cursor(link: str) -> str | None:
    if not link:
        return None
    cursors = parse_qs(urlsplit(link).query).get("cursor")
    if not cursors:
        raise Unavailable("The answer is not complete: its link to the rest cannot be read.")
    return cursors[0]


def _space(found: dict[str, object]) -> Space:
    return Space(text_in(found, "id"), text_in(found, "key"), text_or_empty(found, "name"))


# [S: confluence-v2 description, AccountType] atlassian | app | customer | unknown
_ACCOUNT_TYPES = {"atlassian": "person", "customer": "person", "app": "app"}


def _account(found: dict[str, object]) -> SiteAccount:
    account_type = _ACCOUNT_TYPES.get(text_or_empty(found, "accountType"), "unknown")
    name = text_or_empty(found, "displayName") or text_or_empty(found, "publicName")
    return SiteAccount(text_in(found, "accountId"), name, account_type)
