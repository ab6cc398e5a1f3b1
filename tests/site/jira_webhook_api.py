"""Registering webhooks at `/rest/webhooks/1.0/webhook`, which Atlassian's interface description leaves out.

[S2] developer.atlassian.com/cloud/jira/platform/webhooks: paths, fields, administrators only, `isSigned`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, request

from tests.site.accounts import Accounts
from tests.site.jira_call import RefusedError, unauthenticated
from tests.site.jira_search import Search
from tests.site.jql_tokens import JqlError
from tests.site.store import Document, Store

_PATH = "/rest/webhooks/1.0/webhook"
_FILTER = "issue-related-events-section"


def register(app: Flask, store: Store, accounts: Accounts, search: Search) -> None:
    """Add the routes."""
    guard = accounts.required(unauthenticated)
    handlers = WebhookApi(store, search)
    for method, path, handler in (
        ("GET", "", handlers.list),
        ("POST", "", handlers.create),
        ("GET", "/<hook_id>", handlers.get),
        ("PUT", "/<hook_id>", handlers.change),
        ("DELETE", "/<hook_id>", handlers.delete),
    ):
        view = guard(partial(_admin_only, handler))
        app.add_url_rule(_PATH + path, f"webhooks {method} {path}", view, methods=[method])


def _admin_only(handler: Callable[..., Any], **parts: str) -> Any:
    if "site.gateway" in request.environ:
        # [S2] github.com/port-labs/port-docs pull 2390: a scoped token cannot register webhooks.
        return unauthenticated()
    if not g.account.jira_admin:
        # [U] wording.
        refused = RefusedError(403, "You need to be a Jira administrator to manage webhooks.")
        return jsonify(refused.body), refused.status
    try:
        return handler(**parts)
    except RefusedError as error:
        return jsonify(error.body), error.status


class WebhookApi:
    """The views, for administrators."""

    def __init__(self, store: Store, search: Search) -> None:
        self._store = store
        self._search = search

    def list(self) -> Response:
        """All webhooks."""
        return jsonify([_shown(hook) for hook in self._store.all("webhooks").values()])

    def get(self, hook_id: str) -> Response:
        """One webhook."""
        return jsonify(_shown(self._hook(hook_id)))

    def create(self) -> Any:
        """201 with the webhook as registered."""
        hook = self._checked({"enabled": True, "excludeBody": False, "filters": {}, "secret": None, **self._sent()})
        hook["id"] = str(self._store.next_id("webhook", 1))
        self._store.put("webhooks", hook["id"], hook)
        return jsonify(_shown(hook)), 201

    def change(self, hook_id: str) -> Response:
        """Replaces the fields that are sent; a secret that is not sent stays."""
        hook = self._checked({**self._hook(hook_id), **self._sent()})
        self._store.put("webhooks", hook_id, hook)
        return jsonify(_shown(hook))

    def delete(self, hook_id: str) -> Any:
        """204."""
        self._hook(hook_id)
        self._store.delete("webhooks", hook_id)
        return "", 204

    def _hook(self, hook_id: str) -> Document:
        hook = self._store.get("webhooks", hook_id)
        if hook is None:
            raise RefusedError(404, f"The webhook with id '{hook_id}' does not exist.")  # [U] wording
        return hook

    def _sent(self) -> Document:
        sent = request.get_json(force=True, silent=True)
        if not isinstance(sent, dict):
            raise RefusedError(400, "There was an error parsing JSON. Check that your request body is valid.")
        known = ("name", "url", "events", "filters", "excludeBody", "enabled", "secret", "description")
        return {name: sent[name] for name in known if name in sent}

    def _checked(self, hook: Document) -> Document:
        """[U] What is refused, and in what words."""
        if not hook.get("name"):
            raise RefusedError(400, "The name of the webhook is required.")
        if urlsplit(hook.get("url", "")).scheme not in ("http", "https"):
            raise RefusedError(400, "The URL of the webhook must start with http or https.")
        if not hook.get("events"):
            raise RefusedError(400, "The webhook needs at least one event.")
        try:
            if jql := hook["filters"].get(_FILTER, ""):
                self._search.check(jql, g.account)
        except JqlError as error:
            raise RefusedError(400, str(error)) from None
        now = int(self._store.now().timestamp() * 1000)
        return {**hook, "lastUpdated": now, "lastUpdatedUser": g.account.account_id,
                "lastUpdatedDisplayName": g.account.display_name}  # fmt: skip


def _shown(hook: Document) -> Document:
    kept = {name: value for name, value in hook.items() if name not in ("id", "secret")}
    own = f"{request.host_url.rstrip('/')}{_PATH}/{hook['id']}"
    return {**kept, "self": own, "isSigned": bool(hook["secret"])}
