"""The wiki in a browser: spaces, a page as readers see it, its history, and a box to edit it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, redirect, request
from werkzeug.wrappers.response import Response as BaseResponse

from tests.site.accounts import Accounts
from tests.site.store import Store
from tests.site.wiki_acts import Acts
from tests.site.wiki_edit import Editing
from tests.site.wiki_views import Views

Answer = str | tuple[str, int] | BaseResponse
View = Callable[..., Answer]


def register(app: Flask, store: Store, accounts: Accounts) -> None:
    """Add the routes to the application. Each view runs under the store's lock, as the person chosen in the frame."""
    views = Views(store, accounts)
    editing, acts = Editing(store, accounts, views), Acts(store, accounts, views)
    space, page = "/wiki/spaces/<key>", "/wiki/spaces/<key>/pages/<int:page_id>"
    routes: tuple[tuple[str, str, View], ...] = (
        ("GET", "/wiki", views.spaces),
        ("GET", space, views.space),
        ("GET", page, views.page),
        ("GET", f"{page}/<path:title>", views.page),
        ("GET", f"{space}/history/<int:page_id>", views.history),
        ("GET", f"{space}/history/<int:page_id>/<int:number>", views.version),
        ("GET", f"{space}/pages/edit-v2/<int:page_id>", editing.show),
        ("POST", f"{space}/pages/edit-v2/<int:page_id>", editing.save),
        ("POST", f"{space}/acts/<int:page_id>/<act>", acts.do),
    )
    for method, path, view in routes:
        app.add_url_rule(path, f"wiki {method} {path}", _locked(store, view), methods=[method])

    @app.get("/wiki/pages/viewpage.action")
    def by_id() -> BaseResponse:
        # [S: an old form of address that still leads to the page]
        with store.lock:
            return redirect(views.address(request.args.get("pageId", "")))


def _locked(store: Store, view: View) -> View:
    @wraps(view)
    def locked(**path_values: Any) -> Answer:
        with store.lock:
            return view(**path_values)

    return locked
