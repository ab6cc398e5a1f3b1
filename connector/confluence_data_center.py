"""The Confluence Data Center client (REST v1 with storage format; there is no v2 on Data Center).

Shapes of answers: docs.atlassian.com/ConfluenceServer/rest and docs.nomagic.com, a public Confluence Data Center, as
quoted in public repositories. No method sleeps, retries or follows a redirect; all raise the errors of
``connector.errors``. Writing never reads: the page is written as the version that was read + 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import requests

from connector.calls import Answer, Calls, OnCall
from connector.checked import as_object, number_in, object_in, object_or_empty, objects_in, text_in
from connector.data_center_answers import (
    read_account,
    read_page,
    read_space,
    read_titled,
    read_user,
    read_version,
    read_webhook,
)
from connector.errors import Gone, OutsideError, Rejected, Unauthorized, Unavailable
from connector.site_answers import Page, PageVersion, SiteAccount, SiteUser, Space, TitledPage, Webhook

Query = Mapping[str, str | int]
MOST_LISTED = 250
MOST_LISTS = 40
WEBHOOK_EVENTS = ("page_updated", "page_restored", "page_trashed", "page_removed")
"""What is asked of a webhook: all after which a table in a page may be another one (names as in
mattermost/mattermost-plugin-confluence, which registers them at Data Center)."""

_CONTENT = "/rest/api/content/{}"
_WEBHOOKS = "/rest/api/webhooks"
_WHOLE = "body.storage,version,space"


class ConfluenceDataCenterClient:
    """One Confluence Data Center, called as one account; ``sync.ports.PageStore`` and what connecting, adding tables
    and webhooks need. An account's id here is its user key.

    ``site_url`` is what people open, with the context path where there is one (``https://wiki.acme.example/confluence``).
    """

    def __init__(self, session: requests.Session, site_url: str, on_call: OnCall) -> None:
        self._calls = Calls(session, site_url, on_call)
        self._site_url = site_url.rstrip("/")

    def read(self, page_id: str) -> Page:
        """``GET /rest/api/content/{id}?expand=body.storage,version,space``. Gone where it cannot be seen."""
        return self._page(page_id, self._calls.get(_CONTENT, page_id, query={"expand": _WHOLE}))

    def read_draft(self, page_id: str) -> Page:
        """The same with ``status=draft``: the shared draft of a page has the page's id. The published page, by a second
        call, where there is no draft.

        [U] That a page without a draft is answered with 404, and not with itself; both are understood.
        """
        try:
            answer = self._calls.get(_CONTENT, page_id, query={"expand": _WHOLE, "status": "draft"})
        except Gone:
            return self.read(page_id)
        return self._page(page_id, answer)

    def read_version(self, page_id: str, number: int) -> Page:
        """The same with ``status=historical&version={number}``: the page as it was then. Gone where it cannot be seen,
        or has no such version.

        [U] Whether the present version is also given as a historical one: where it is not, a second call reads it.
        """
        query: Query = {"expand": _WHOLE, "status": "historical", "version": number}
        try:
            page = self._page(page_id, self._calls.get(_CONTENT, page_id, query=query))
        except Gone as error:
            page = self.read(page_id)
            if page.version != number:
                raise error from None
        if page.version != number:
            raise Unavailable(f"Version {number} of the page was asked for, and version {page.version} came.")
        return page

    def write(self, page: Page, body: str, message: str) -> int:
        """``PUT /rest/api/content/{id}`` at version ``page.version + 1`` with ``minorEdit``, which mails nobody
        (DaveTCode/confluence-python-lib pull request 9, tried on a Server). Title as read; the place in the tree stays.

        Returns the new version. Conflict where the page moved on; Unavailable where nobody knows whether it was
        applied; Rejected, without a call, where the page as read is not a published one: writing would bring it back.
        """
        if page.status != "current":
            raise Rejected(f"The page is {page.status}; only a published page is written.", 0)
        number = page.version + 1
        sent = {
            "id": page.page_id,
            "type": "page",
            "status": page.status,
            "title": page.title,
            "body": {"storage": {"representation": "storage", "value": body}},
            "version": {"number": number, "message": message, "minorEdit": True},
        }
        answer = as_object(self._calls.put(_CONTENT, page.page_id, body=sent).body, "the answer")
        if number_in(object_in(answer, "version"), "number") != number:
            raise Unavailable(f"The page was to become version {number}, but the answer names another one.")
        return number

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        """``GET /rest/api/content/search`` with the CQL ``id in (…)``: the version of each page that we may see; one
        call for each 250 ids.

        The answer comes from the search index, which may be some seconds late (dapplo/Dapplo.Confluence issue 11): a
        version may be older than the page's, never newer.
        """
        found: dict[str, int] = {}
        for start in range(0, len(page_ids), MOST_LISTED):
            cql = f"id in ({','.join(page_ids[start : start + MOST_LISTED])})"
            for row in self._listed("/rest/api/content/search", query={"cql": cql, "expand": "version"}):
                found[text_in(row, "id")] = number_in(object_in(row, "version"), "number")
        return found

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        """``GET /rest/experimental/content/{id}/version``, newest first: the versions above ``after``, oldest first.

        Data Center lists versions there and not at ``/rest/api/content/{id}/version`` (support.atlassian.com, "How to
        retrieve all previous versions of content using the REST API"); atlassian-python-api 5.0.5 says that the newest
        releases did away with it, so what fails there is asked once more at the other address.
        """
        try:
            return self._versions("/rest/experimental/content/{}/version", page_id, after)
        except (Gone, Unavailable) as error:
            try:
                return self._versions("/rest/api/content/{}/version", page_id, after)
            except OutsideError:
                raise error from None

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        """``GET /rest/api/user?key={user key}``, one call for each: those that the site knows and lets us see."""
        found = (self._account(account_id) for account_id in account_ids)
        return tuple(account for account in found if account is not None)

    def current_user(self) -> SiteUser:
        """``GET /rest/api/user/current``. Unauthorized where the site takes us for nobody: a Confluence that does not
        know personal access tokens (before 7.9) does not look at ours and answers as it answers the anonymous."""
        found = as_object(self._calls.get("/rest/api/user/current").body, "the answer")
        if text_in(found, "type") == "anonymous" or not found.get("userKey"):
            raise Unauthorized("GET /rest/api/user/current was answered as for a person who is not signed in.")
        return read_user(found)

    def may_edit(self, page_id: str) -> bool:
        """``GET /rest/api/content/{id}?expand=operations``: whether the account may update the page. Gone if unseen.

        [U] True where the site lists no operations at all: then the first write finds out.
        """
        answer = as_object(self._calls.get(_CONTENT, page_id, query={"expand": "operations"}).body, "the answer")
        if text_in(answer, "id") and "operations" not in answer:
            return True
        operations = objects_in(answer, "operations")
        return any((row.get("operation"), row.get("targetType")) == ("update", "page") for row in operations)

    def spaces(self) -> tuple[Space, ...]:
        """``GET /rest/api/space``: the spaces that the account may see, at most 10,000."""
        return tuple(map(read_space, self._listed("/rest/api/space", query={})))

    def pages_titled(self, title: str) -> tuple[TitledPage, ...]:
        """``GET /rest/api/content?type=page&title=…``: the published pages with exactly this title, in any space, at
        most 25."""
        query: Query = {"type": "page", "title": title, "limit": 25}
        answer = as_object(self._calls.get("/rest/api/content", query=query).body, "the answer")
        return tuple(read_titled(row, self._site_url) for row in objects_in(answer, "results"))

    def webhooks(self) -> tuple[Webhook, ...]:
        """``GET /rest/api/webhooks``: for administrators only, Forbidden for others."""
        # Pages as in the webhook plugin of all Data Center products: values, isLastPage. [U] for Confluence.
        answer = as_object(self._calls.get(_WEBHOOKS, query={"limit": MOST_LISTED}).body, "the answer")
        return tuple(map(read_webhook, objects_in(answer, "values" if "values" in answer else "results")))

    def register_webhook(self, name: str, url: str, events: Sequence[str], secret: str) -> Webhook:
        """``POST /rest/api/webhooks``: a webhook for every page of the site. Forbidden for all but administrators."""
        sent = {"name": name, "url": url, "events": list(events), "active": True, "configuration": {"secret": secret}}
        return read_webhook(as_object(self._calls.post(_WEBHOOKS, body=sent).body, "the answer"))

    def delete_webhook(self, webhook_id: str) -> None:
        """``DELETE /rest/api/webhooks/{id}``."""
        self._calls.delete(_WEBHOOKS + "/{}", webhook_id)

    def _account(self, user_key: str) -> SiteAccount | None:
        try:
            answer = self._calls.get("/rest/api/user", query={"key": user_key})
        except Gone:
            return None
        return read_account(user_key, as_object(answer.body, "the answer"))

    def _versions(self, template: str, page_id: str, after: int) -> tuple[PageVersion, ...]:
        found: dict[int, PageVersion] = {}
        for row in self._listed(template, page_id, query={}):
            version = read_version(row)
            if version.number <= after:
                break
            found[version.number] = version
        return tuple(found[number] for number in sorted(found))

    def _listed(self, template: str, *parts: str, query: Query) -> Iterator[dict[str, object]]:
        """The rows of a list. The site may give fewer at a time than asked for; nothing of its link to the next ones is
        taken but that there is one."""
        start = 0
        for _ in range(MOST_LISTS):
            asked: Query = {**query, "start": start, "limit": MOST_LISTED}
            answer = as_object(self._calls.get(template, *parts, query=asked).body, "the answer")
            rows = objects_in(answer, "results")
            yield from rows
            if not object_or_empty(answer, "_links").get("next"):
                return
            if not rows:
                break
            start += len(rows)
        raise Unavailable("The list does not come to an end.")

    def _page(self, page_id: str, answer: Answer) -> Page:
        return read_page(page_id, as_object(answer.body, "the answer"), self._site_url)
