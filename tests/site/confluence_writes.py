"""Confluence Cloud REST v2, writing: making, changing and deleting pages.

Paths, fields and statuses: [S: confluence-v2 description] unless a line says otherwise.
"""

from typing import Any

from flask import Response, g, jsonify

from tests.site.confluence_answers import page_json
from tests.site.confluence_pages import RefusedError, Wiki, not_found
from tests.site.confluence_publishing import Publishing
from tests.site.confluence_requests import flag, sent_json, storage_text
from tests.site.page_states import PageStates
from tests.site.store import Document, Store


class Writes:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store) -> None:
        self._wiki = Wiki(store)
        self._publishing = Publishing(store)
        self._states = PageStates(store)

    def create(self) -> Response:
        """Publish a new page."""
        sent = sent_json("spaceId", "title")
        space = self._wiki.space(str(sent["spaceId"]), g.account)
        if not g.account.may_edit_pages:
            raise not_found()
        parent_id = str(sent["parentId"]) if sent.get("parentId") else None
        if parent_id:
            self._wiki.page(parent_id, g.account)
        page = self._publishing.create(
            g.account,
            space,
            title=str(sent["title"]),
            body=storage_text(sent),
            parent_id=parent_id,
            subtype=sent.get("subtype"),
        )
        return self._written(page)

    def update(self, page_id: int) -> Response:
        """Publish the next version of a page, keep a draft, or bring a page back from the trash."""
        sent = sent_json("id", "status", "title", "body", "version")
        page = self._wiki.page(str(page_id), g.account, ("current", "archived", "trashed"))
        if str(sent["id"]) != page["id"]:
            raise RefusedError(400, "The id in the body is not the id in the path")
        body, number = storage_text(sent), _sent_number(sent)
        if page["status"] == "trashed":
            self._bring_back(page)
        elif sent["status"] == "draft":
            self._keep_draft(page, sent, body, number)
        else:
            message = str(sent["version"].get("message") or "")
            self._publishing.update(
                page, g.account, title=str(sent["title"]), body=body, number=number, message=message
            )
        return self._written(page)

    def retitle(self, page_id: int) -> Response:
        """Change the title only."""
        sent = sent_json("status", "title")
        page = self._wiki.page(str(page_id), g.account)
        self._publishing.retitle(page, g.account, str(sent["title"]))
        return self._written(page)

    def delete(self, page_id: int) -> Response:
        """Put a page into the trash; with `purge` forget a page in the trash; with `draft` forget its draft."""
        page = self._wiki.page(str(page_id), g.account, ["trashed"] if flag("purge") else None)
        if not self._wiki.may_edit(page, g.account):
            raise not_found()
        if flag("draft"):
            self._publishing.discard_draft(page)
        elif flag("purge"):
            self._states.purge(page, g.account)
        else:
            self._states.trash(page, g.account)
        return Response(status=204)

    def _bring_back(self, page: Document) -> None:
        # As described: title and body that were sent are not taken, only the status changes.
        if not self._wiki.may_edit(page, g.account):
            raise not_found()
        self._states.bring_back(page, g.account)

    def _keep_draft(self, page: Document, sent: dict[str, Any], body: str, number: int) -> None:
        # [S: confluence-v2 description, quoted in the platform notes] The version of a draft is always 1.
        if number != 1:
            raise RefusedError(400, "Version number of a draft must be 1")
        self._publishing.save_draft(page, g.account, title=str(sent["title"]), body=body)

    def _written(self, page: Document) -> Response:
        # [U] The answer holds the body as it is kept now, whatever format is asked for.
        kept = {"representation": "storage", "value": self._wiki.body(page)}
        return jsonify({**page_json(self._wiki, page, single=True), "body": {"storage": kept}})


def _sent_number(sent: dict[str, Any]) -> int:
    number = sent["version"].get("number") if isinstance(sent["version"], dict) else None
    if not isinstance(number, int):
        raise RefusedError(400, "version.number is required")
    return number
