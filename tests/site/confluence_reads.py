"""Confluence Cloud REST v2, reading: spaces, pages and versions.

Paths, parameters, fields and statuses: [S: confluence-v2 description] unless a line says otherwise.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, g, jsonify, request

from tests.site.confluence_answers import (
    detailed_version_json,
    draft_json,
    operations_json,
    page_json,
    page_version_json,
    results,
    space_json,
)
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.confluence_requests import flag, listed, one_of, whole_number
from tests.site.store import Document, Store

_PAGE_SORTS: dict[str, Callable[[Wiki, Document], Any]] = {
    "id": lambda _, page: int(page["id"]),
    "title": lambda _, page: page["title"],
    "created-date": lambda _, page: page["createdAt"],
    "modified-date": lambda wiki, page: wiki.version(page["id"], page["version"])["createdAt"],
}
_LISTED_STATUSES = ("current", "archived", "trashed", "deleted")


class Reads:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store) -> None:
        self._wiki = Wiki(store)

    def spaces(self) -> Response:
        """Spaces by `ids` and `keys`."""
        ids, keys = listed("ids"), listed("keys", numbers=False)
        found = [space for space in self._wiki.spaces(g.account) if not ids or space["id"] in ids]
        return results([space for space in found if not keys or space["key"] in keys], space_json)

    def space(self, space_id: int) -> Response:
        """One space."""
        return jsonify(space_json(self._wiki.space(str(space_id), g.account)))

    def pages_of_space(self, space_id: int) -> Response:
        """The pages of one space."""
        wanted = self._wiki.space(str(space_id), g.account)["id"]
        return self._list(lambda page: page["spaceId"] == wanted)

    def pages(self) -> Response:
        """Pages by `id`, `space-id`, `title`, `status` and `subtype`."""
        ids, spaces, subtype = listed("id"), listed("space-id"), request.args.get("subtype")

        def wanted(page: Document) -> bool:
            right_kind = subtype is None or (page["subtype"] or "page") == subtype
            return (not ids or page["id"] in ids) and (not spaces or page["spaceId"] in spaces) and right_kind

        return self._list(wanted)

    def page(self, page_id: int) -> Response:
        """One page: as it is, as a draft, or as of an older version."""
        statuses = one_of("status", (*_LISTED_STATUSES, "historical", "draft"))
        as_draft = flag("get-draft") or statuses == ["draft"]
        page = self._wiki.page(str(page_id), g.account, None if as_draft else statuses)
        if as_draft:
            return jsonify(draft_json(self._wiki, page))
        number = whole_number("version")
        version = self._wiki.version(page["id"], number) if number is not None else None
        return jsonify(page_json(self._wiki, page, single=True, version=version))

    def operations(self, page_id: int) -> Response:
        """What the caller may do with the page."""
        return jsonify(operations_json(self._wiki, self._wiki.page(str(page_id), g.account), g.account))

    def direct_children(self, page_id: int) -> Response:
        """The pages right below a page."""
        parent = self._wiki.page(str(page_id), g.account)
        below = [page for page in self._wiki.pages(g.account, ["current"]) if page["parentId"] == parent["id"]]
        return results(below, lambda page: {name: page[name] for name in ("id", "status", "title", "spaceId")})

    def versions(self, page_id: int) -> Response:
        """The published versions, newest first unless asked otherwise [U: which order is usual]."""
        page = self._wiki.page(str(page_id), g.account)
        order = (one_of("sort", ("modified-date", "-modified-date")) or ["-modified-date"])[0]
        found = self._wiki.versions(page)
        in_order = found if order.startswith("-") else found[::-1]
        return results(in_order, lambda version: page_version_json(page, version))

    def version(self, page_id: int, number: int) -> Response:
        """Who made one version and when."""
        page = self._wiki.page(str(page_id), g.account)
        return jsonify(detailed_version_json(self._wiki.version(page["id"], number), page["version"]))

    def _list(self, wanted: Callable[[Document], bool]) -> Response:
        statuses = one_of("status", _LISTED_STATUSES) or ["current", "archived"]
        title = request.args.get("title")
        found = [page for page in self._wiki.pages(g.account, statuses) if wanted(page)]
        pages = [page for page in found if title is None or page["title"] == title]
        order = request.args.get("sort", "id")
        key = _PAGE_SORTS.get(order.removeprefix("-"))
        if key is None:
            raise RefusedError(400, f"Provided value {{{order}}} for 'sort' is not the correct type")
        pages.sort(key=lambda page: key(self._wiki, page), reverse=order.startswith("-"))
        return results(pages, lambda page: page_json(self._wiki, page, single=False))
