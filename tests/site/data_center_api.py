"""Confluence Data Center, put together: which path is answered by what, and which doors of Cloud it does not have."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.wrappers.response import Response as BaseResponse

from tests.site.accounts import Accounts
from tests.site.answering import View, answering
from tests.site.data_center_answers import refused, unauthorized
from tests.site.data_center_reads import DataCenterReads
from tests.site.data_center_webhooks import WebhookRegistry
from tests.site.data_center_writes import DataCenterWrites
from tests.site.hand import BY_HAND
from tests.site.store import Store

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

_CLOUD_ONLY = re.compile(r"^/(wiki/(api|rest)|ex|_edge|rest/api/[23]|rest/webhooks)(/|$)")


def register(app: Flask, store: Store, accounts: Accounts, search_lag: Callable[[], timedelta]) -> None:
    """Add the routes below `/rest/`. All but one are for known accounts only; each runs under the store's lock."""
    reads, writes = DataCenterReads(store, accounts, search_lag), DataCenterWrites(store, accounts)
    hooks = WebhookRegistry(store)
    content, hook = "/rest/api/content/<int:content_id>", "/rest/api/webhooks/<int:hook_id>"
    routes: tuple[tuple[str, str, View], ...] = (
        ("GET", "/rest/api/content", reads.contents),
        ("POST", "/rest/api/content", writes.create),
        ("GET", "/rest/api/content/search", reads.search),
        ("GET", content, reads.content),
        ("PUT", content, writes.update),
        ("DELETE", content, writes.delete),
        # [S: support.atlassian.com, "How to retrieve all previous versions of content"] Experimental, yet documented;
        # [U] newer releases know the second address too.
        ("GET", "/rest/experimental/content/<int:content_id>/version", reads.versions),
        ("GET", f"{content}/version", reads.versions),
        ("GET", f"{content}/restriction/byOperation", reads.restrictions),
        ("GET", "/rest/api/space", reads.spaces),
        ("GET", "/rest/api/space/<key>", reads.space),
        ("GET", "/rest/api/user", reads.user),
        ("GET", "/rest/api/webhooks", hooks.list),
        ("POST", "/rest/api/webhooks", hooks.create),
        ("GET", hook, hooks.one),
        ("PUT", hook, hooks.change),
        ("DELETE", hook, hooks.delete),
    )
    guard = accounts.required(unauthorized, at_data_center=True)
    for method, path, view in routes:
        app.add_url_rule(path, f"data center {method} {path}", guard(answering(view, refused)), methods=[method])
    _register_for_anybody(app, guard(answering(reads.current_user, refused)))


def _register_for_anybody(app: Flask, current_user: View) -> None:
    @app.get("/rest/api/user/current")
    def caller() -> Response:
        if request.headers.get("Authorization", "").lower().startswith("bearer "):
            return current_user()
        # [U] Who shows no token is nobody, and is told so with 200.
        return jsonify({"type": "anonymous", "displayName": "Anonymous"})

    @app.get("/pages/viewpage.action")
    def screen() -> BaseResponse:
        # The screens are the same for both kinds of site.
        return redirect(f"/wiki/pages/viewpage.action?pageId={request.args.get('pageId', '')}")


class OnlyDataCenter:
    """In front of a site that is Data Center: Cloud's interfaces are not there, but for a test's own hand."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if BY_HAND in environ or not _CLOUD_ONLY.match(environ["PATH_INFO"]):
            return self._inner(environ, start_response)
        # [U] The server's own page for an address that it does not know.
        answer = Response("<html><title>Page Not Found</title></html>", 404, content_type="text/html;charset=UTF-8")
        return answer(environ, start_response)
