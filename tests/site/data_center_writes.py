"""Confluence Data Center's REST interface, writing: making, changing and deleting pages.

Paths, fields and statuses: [S: docs.atlassian.com, Confluence Server REST] unless a line says otherwise.
"""

from typing import Any

from flask import Response, g, jsonify, request

from tests.site.accounts import Accounts
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.confluence_publishing import Publishing
from tests.site.confluence_requests import sent_json
from tests.site.data_center_answers import Contents, missing
from tests.site.page_states import PageStates
from tests.site.store import Document, Store

_SHOWN = ("body.storage", "version", "space", "history")


class DataCenterWrites:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._wiki = Wiki(store)
        self._publishing = Publishing(store)
        self._states = PageStates(store)
        self._contents = Contents(self._wiki, accounts)

    def create(self) -> Response:
        """Publish a new page in the space of that key, below the last of `ancestors`."""
        sent = sent_json("type", "title", "space")
        spaces = {space["key"]: space for space in self._wiki.spaces(g.account)}
        space = spaces.get(str(sent["space"].get("key")))
        if space is None or not g.account.may_edit_pages:
            raise RefusedError(403, "Could not create content: no permission, or no such space")
        above = sent.get("ancestors") or [{}]
        page = self._publishing.create(
            g.account, space, title=str(sent["title"]), body=_storage(sent), parent_id=above[-1].get("id")
        )
        return self._written(page)

    def update(self, content_id: int) -> Response:
        """Publish the next version; with `version.minorEdit` nobody is told by mail."""
        sent = sent_json()
        page = self._editable(content_id)
        if sent.get("type") != "page" or not sent.get("title"):
            # [S: johnpduane/confluence-api issue 14] 400 without version, type or title.
            raise RefusedError(400, "type and title are required")
        self._publishing.update(
            page,
            g.account,
            title=str(sent["title"]),
            body=_storage(sent),
            number=_number(sent),
            message=str(sent["version"].get("message") or ""),
            minor=sent["version"].get("minorEdit") is True,
        )
        return self._written(page)

    def delete(self, content_id: int) -> Response:
        """Put a page into the trash; with `status=trashed` forget one that is there."""
        if request.args.get("status") == "trashed":
            self._states.purge(self._editable(content_id, "trashed"), g.account)
        else:
            self._states.trash(self._editable(content_id), g.account)
        return Response(status=204)

    def _editable(self, content_id: int, status: str = "current") -> Document:
        try:
            page = self._wiki.page(str(content_id), g.account, (status,))
        except RefusedError:
            raise missing(content_id) from None
        if not self._wiki.may_edit(page, g.account):
            # [S: description of the resource] 403 where the page may be seen but not edited; [U] the words.
            raise RefusedError(403, "User not permitted to edit this content")
        return page

    def _written(self, page: Document) -> Response:
        return jsonify(self._contents.content(page, _SHOWN, g.account))


def _storage(sent: dict[str, Any]) -> str:
    body = sent.get("body")
    storage = body.get("storage") if isinstance(body, dict) else None
    if not isinstance(storage, dict) or not isinstance(storage.get("value"), str):
        raise RefusedError(400, "body.storage.value is required")
    return str(storage["value"])


def _number(sent: dict[str, Any]) -> int:
    number = sent["version"].get("number") if isinstance(sent.get("version"), dict) else None
    if not isinstance(number, int):
        # [S: public reports] The sentence.
        raise RefusedError(400, "Must supply an incremented version when updating Content. No version supplied.")
    return number
