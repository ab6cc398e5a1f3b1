"""Confluence Data Center's REST interface, reading: contents, versions, people, spaces.

Paths, parameters and statuses: [S: docs.atlassian.com, Confluence Server REST] unless a line says otherwise.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import Response, g, jsonify, request

from tests.site import cql
from tests.site.accounts import Accounts
from tests.site.confluence_pages import RefusedError, Wiki, stamp
from tests.site.confluence_requests import one_of, whole_number
from tests.site.data_center_answers import (
    Contents,
    Json,
    address,
    expansions,
    missing,
    most_in_a_list,
    results,
    space_json,
    storage_json,
    user_json,
)
from tests.site.store import Document, Store

_STATUSES = ("current", "trashed", "draft", "historical", "any")


class DataCenterReads:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store, accounts: Accounts, search_lag: Callable[[], timedelta]) -> None:
        self._store = store
        self._accounts = accounts
        self._search_lag = search_lag
        self._wiki = Wiki(store)
        self._contents = Contents(self._wiki, accounts)

    def content(self, content_id: int) -> Response:
        """One page: as it is, its draft, or as of an older version."""
        status = (one_of("status", _STATUSES) or ["current"])[0]
        expand = expansions("history,space,version")
        if status == "draft":
            return jsonify(self._draft(self._page(content_id, "current"), expand))
        page = self._page(content_id, "current" if status == "historical" else status)
        number = whole_number("version")
        # [U] An older version is given only where it is asked for as historical (or any); without a number none is.
        if (status == "historical") is (number is None) and status != "any":
            raise missing(content_id)
        version = self._wiki.version(page["id"], number) if number is not None else None
        return jsonify(self._contents.content(page, expand, g.account, version))

    def contents(self) -> Response:
        """Pages by `spaceKey` and `title`."""
        key, title = request.args.get("spaceKey"), request.args.get("title")
        status = (one_of("status", _STATUSES) or ["current"])[0]
        pages = [page for page in self._wiki.pages(g.account, [status]) if title in (None, page["title"])]
        return self._listed([page for page in pages if key in (None, self._key(page))])

    def search(self) -> Response:
        """Pages by `cql`, out of the index.

        [S: dapplo/Dapplo.Confluence issue 11] Versions in an answer of the index may be older than the page is.
        """
        matches = cql.matching(request.args.get("cql", ""), self._key)
        pages = [page for page in self._wiki.pages(g.account, ["current"]) if matches(page)]
        return self._listed(pages, self._as_indexed)

    def versions(self, content_id: int) -> Response:
        """The published versions, newest first."""
        page = self._page(content_id, "current")
        return results(self._wiki.versions(page), self._contents.version)

    def restrictions(self, content_id: int) -> Response:
        """Who may read and update the page; nobody named means everybody in the space."""
        page = self._page(content_id, "current")
        return jsonify({"read": self._restriction("read", page["viewers"]),
                        "update": self._restriction("update", page["editors"])})  # fmt: skip

    def space(self, key: str) -> Response:
        """One space."""
        for space in self._wiki.spaces(g.account):
            if space["key"] == key:
                return jsonify(space_json(space))
        raise RefusedError(404, f"No space with key : {key}")

    def spaces(self) -> Response:
        """The spaces that the caller may see, by `spaceKey` or all."""
        keys = request.args.getlist("spaceKey")
        return results([each for each in self._wiki.spaces(g.account) if not keys or each["key"] in keys], space_json)

    def current_user(self) -> Response:
        """The caller."""
        return jsonify(user_json(g.account))

    def user(self) -> Response:
        """An account by `key` or `username`."""
        key, name = request.args.get("key"), request.args.get("username")
        if not key and not name:
            raise RefusedError(400, "A username or key must be provided")
        for account in self._accounts.all():
            if key == account.user_key or (not key and name == account.user_name):
                return jsonify(user_json(account))
        raise RefusedError(404, f"No user found with key or name : {key or name}")

    def _page(self, content_id: int, status: str) -> Document:
        statuses = ("current", "trashed", "archived") if status == "any" else (status,)
        try:
            return self._wiki.page(str(content_id), g.account, statuses)
        except RefusedError:
            raise missing(content_id) from None

    def _draft(self, page: Document, expand: set[str]) -> Json:
        draft = self._wiki.draft(page["id"])
        if draft is None:
            # [U] 404 where nobody is editing.
            raise missing(page["id"])
        # [S: javadoc ContentDraftService] The shared draft of a page has the page's id; [U] it is version 1.
        answer = self._contents.content(page, expand, g.account)
        answer |= {"status": "draft", "title": draft["title"]}
        if "version" in answer:
            answer["version"] |= {"number": 1}
        if "body" in answer:
            answer["body"] = {"storage": storage_json(draft["body"])}
        return answer

    def _listed(
        self, pages: list[Document], version_of: Callable[[Document], Document | None] = lambda _: None
    ) -> Response:
        expand = expansions("")
        shape = partial(self._listed_one, expand, version_of)
        return results(pages, shape, most_in_a_list(expand))

    def _listed_one(self, expand: set[str], version_of: Callable[[Document], Document | None], page: Document) -> Json:
        answer = self._contents.content(page, expand, g.account, version_of(page))
        # The index holds pages, not their history: what it gives is called current, however old it is.
        return answer | {"id": page["id"], "status": page["status"]}

    def _as_indexed(self, page: Document) -> Document | None:
        before = stamp(self._store.now() - self._search_lag())
        known = (version for version in self._wiki.versions(page) if version["createdAt"] <= before)
        return next(known, None)

    def _key(self, page: Document) -> str:
        return str(self._wiki.space_of(page)["key"])

    def _restriction(self, operation: str, account_ids: list[str] | None) -> Json:
        people = [user_json(each) for each in self._accounts.all() if each.account_id in (account_ids or ())]
        return {
            "operation": operation,
            "restrictions": {"user": {"results": people, "size": len(people)}, "group": {"results": [], "size": 0}},
            "_links": {"base": address()},
        }
