"""Confluence Cloud REST v2: the properties of a page, small JSON values with a version each.

Paths, fields and statuses: [S: confluence-v2 description] unless a line says otherwise.
"""

from typing import Any

from flask import Response, g, jsonify, request

from tests.site.confluence_answers import results
from tests.site.confluence_pages import RefusedError, Wiki, not_found, stamp
from tests.site.confluence_requests import sent_json
from tests.site.store import Document, Store

_TABLE = "page_properties"
_FIRST_ID = 98304


class Properties:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wiki = Wiki(store)

    def of_page(self, page_id: int) -> Response:
        """All properties of a page, or the one with a `key`."""
        self._wiki.page(str(page_id), g.account)
        key = request.args.get("key")
        return results([each for each in self._all(page_id) if key is None or each["key"] == key], dict)

    def one(self, page_id: int, property_id: int) -> Response:
        """One property by its id."""
        self._wiki.page(str(page_id), g.account)
        return jsonify(self._kept(page_id, property_id))

    def create(self, page_id: int) -> Response:
        """A new property, as version 1."""
        self._refuse_reader(page_id)
        sent = sent_json("key")
        if any(each["key"] == sent["key"] for each in self._all(page_id)):
            # [U] Status and words for a key that is there already.
            raise RefusedError(409, "A property with this key already exists")
        return self._save(page_id, str(self._store.next_id("page_property", _FIRST_ID)), sent, 1)

    def update(self, page_id: int, property_id: int) -> Response:
        """The next version of a property."""
        self._refuse_reader(page_id)
        before, sent = self._kept(page_id, property_id), sent_json("key", "version")
        current = before["version"]["number"]
        if not isinstance(sent["version"], dict) or sent["version"].get("number") != current + 1:
            # [U] 409 and words as for pages.
            raise RefusedError(409, f"Version must be incremented on update. Current version is: {current}")
        return self._save(page_id, before["id"], sent, current + 1)

    def delete(self, page_id: int, property_id: int) -> Response:
        """Forget a property."""
        self._refuse_reader(page_id)
        self._store.delete(_TABLE, f"{page_id}/{self._kept(page_id, property_id)['id']}")
        return Response(status=204)

    def _all(self, page_id: int) -> list[Document]:
        return [value for key, value in self._store.all(_TABLE).items() if key.startswith(f"{page_id}/")]

    def _kept(self, page_id: int, property_id: int) -> Document:
        found = self._store.get(_TABLE, f"{page_id}/{property_id}")
        if found is None:
            raise not_found()
        return found

    def _save(self, page_id: int, property_id: str, sent: dict[str, Any], number: int) -> Response:
        version = {
            "number": number,
            "message": str((sent.get("version") or {}).get("message") or ""),
            "minorEdit": False,
            "authorId": g.account.account_id,
            "createdAt": stamp(self._store.now()),
        }
        kept = {"id": property_id, "key": sent["key"], "value": sent.get("value"), "version": version}
        self._store.put(_TABLE, f"{page_id}/{property_id}", kept)
        return jsonify(kept)

    def _refuse_reader(self, page_id: int) -> None:
        if not self._wiki.may_edit(self._wiki.page(str(page_id), g.account), g.account):
            raise not_found()
