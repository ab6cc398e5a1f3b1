"""Webhooks of Confluence Data Center: registered by administrators, told of what happens to pages, signed.

[S: developer.atlassian.com/server/confluence/webhooks and rest/v1000/api-group-webhooks] for paths and fields;
[S: confluence.atlassian.com, managing webhooks] for events and signature, unless a line says otherwise.
"""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, jsonify

from tests.site.accounts import Accounts
from tests.site.confluence_pages import RefusedError
from tests.site.confluence_requests import sent_json
from tests.site.data_center_answers import results
from tests.site.outbox import Outbox
from tests.site.page_events import PageEvent
from tests.site.postman import Letter
from tests.site.store import Document, Store

_HOOKS = "page_webhooks"
_EVENTS = {
    "page_created", "page_updated", "page_trashed", "page_restored", "page_removed", "page_moved",
    "page_children_reordered", "comment_created", "comment_updated", "comment_removed", "space_removed",
}  # fmt: skip
_TIMEOUTS = (5.0, 10.0)


class PageWebhooks:
    """Listens to what happens to pages and puts it into its outbox for whoever registered."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self.outbox = Outbox(store, "page_deliveries")
        self._store = store
        self._accounts = accounts
        store.page_listeners.append(self._hear)

    def _hear(self, event: PageEvent) -> None:
        body = self._payload(event)
        for hook in self._store.all(_HOOKS).values():
            if hook["active"] and event.kind in hook["events"]:
                delivery = {"webhook": str(hook["id"]), "event": event.kind, "body": body, "outcome": None}
                self.outbox.accept(delivery, lambda: body)  # a payload names the page only, which is never old

    def _payload(self, event: PageEvent) -> str:
        # [S: Sundsvallskommun/api-service-ai-data-collector, what it receives] These fields, the page's id a number.
        payload: Document = {
            "timestamp": int(event.at.timestamp() * 1000),
            "event": event.kind,
            "userKey": self._accounts.by_id(event.account_id).user_key,
            "page": {"id": int(event.page_id)},
        }
        return json.dumps(payload | ({"updateTrigger": event.trigger} if event.kind == "page_updated" else {}))

    def letter(self, delivery: Document) -> Letter | None:
        """The delivery as it is sent; None if the webhook was deleted."""
        hook = self._store.get(_HOOKS, delivery["webhook"])
        if hook is None:
            return None
        body = delivery["body"].encode()
        # [U] X-Event-Key, as in the other products that use the same webhook library.
        headers = {"Content-Type": "application/json; charset=utf-8", "X-Event-Key": delivery["event"]}
        secret = hook["configuration"].get("secret")
        if secret:
            headers["X-Hub-Signature"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return Letter(hook["url"], headers, body, _TIMEOUTS)

    def after(self, delivery: Document, outcome: int | str) -> str | float:
        """[S2: support.terratruehq.com] Nothing is tried again."""
        delivery["outcome"] = outcome
        return "sent"


class WebhookRegistry:
    """One method per path, for administrators. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self) -> Response:
        """All webhooks."""
        _administrators_only()
        return results(list(self._store.all(_HOOKS).values()), dict)

    def create(self) -> Response:
        """A new webhook."""
        _administrators_only()
        kept = self._keep(str(self._store.next_id("page_webhook", 1)), sent_json("name", "url", "events"))
        kept.status_code = 201
        return kept

    def change(self, hook_id: int) -> Response:
        """Another webhook in its place."""
        self._found(hook_id)
        return self._keep(str(hook_id), sent_json("name", "url", "events"))

    def one(self, hook_id: int) -> Response:
        """One webhook."""
        return jsonify(self._found(hook_id))

    def delete(self, hook_id: int) -> Response:
        """Forget a webhook."""
        self._found(hook_id)
        self._store.delete(_HOOKS, str(hook_id))
        return Response(status=204)

    def _found(self, hook_id: int) -> Document:
        _administrators_only()
        found = self._store.get(_HOOKS, str(hook_id))
        if found is None:
            raise RefusedError(404, f"There is no webhook with the id {hook_id}")
        return found

    def _keep(self, hook_id: str, sent: dict[str, Any]) -> Response:
        events = sent["events"]
        if not isinstance(events, list) or not events or set(map(str, events)) - _EVENTS:
            raise RefusedError(400, "events must be a list of known events")
        if urlsplit(str(sent["url"])).scheme not in ("http", "https"):
            raise RefusedError(400, "url must be an absolute address")
        now = int(self._store.now().timestamp() * 1000)
        before = self._store.get(_HOOKS, hook_id) or {"createdDate": now}
        hook: Document = {
            "id": int(hook_id),
            "name": str(sent["name"]),
            "createdDate": before["createdDate"],
            "updatedDate": now,
            "events": events,
            # [U] The secret is shown again to administrators, as in the other products that use the same library.
            "configuration": dict(sent.get("configuration") or {}),
            "url": str(sent["url"]),
            "active": sent.get("active", True) is True,
        }
        self._store.put(_HOOKS, hook_id, hook)
        return jsonify(hook)


def _administrators_only() -> None:
    if not g.account.jira_admin:
        raise RefusedError(403, "Only administrators may manage webhooks")
