"""What tests may do to the site beside its interfaces: permissions, a slow index, projects, how pages are kept."""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.site.accounts import Accounts
from tests.site.confluence_drafts import ON_REST_WRITE
from tests.site.storage_rewrite import Rewriting
from tests.site.store import Store
from tests.site.world import World


def register(app: Flask, store: Store, accounts: Accounts, world: World) -> None:
    """Add the routes below `/_site/`; they need no credentials, the site listens on this machine only."""
    _register_state(app, store)
    _register_changes(app, store, accounts, world)


def _register_state(app: Flask, store: Store) -> None:
    @app.get("/_site/state")
    def state() -> Response:
        with store.lock:
            sizes = {name: len(store.all(name)) for name in ("projects", "issues", "spaces", "pages", "webhooks")}
            deliveries = Counter(delivery["state"] for delivery in store.all("deliveries").values())
            accounts = [{"id": key, "name": value["display_name"]} for key, value in store.all("accounts").items()]
            meta = dict(store.all("meta").get("site", {}))
            return jsonify({**meta, **sizes, "deliveries": dict(deliveries), "accounts": accounts})

    @app.get("/_site/pages/<page_id>/mails")
    def mails(page_id: str) -> Response:
        with store.lock:
            return jsonify([mail for mail in store.all("mails").values() if mail["page"] == page_id])


def _register_changes(app: Flask, store: Store, accounts: Accounts, world: World) -> None:
    @app.post("/_site/search-lag")
    def search_lag() -> Any:
        with store.lock:
            sent = request.get_json(force=True)
            world.search_index.lag, world.search_index.seed = (
                timedelta(seconds=float(sent["seconds"])),
                sent.get("seed"),
            )
        return "", 204

    @app.patch("/_site/accounts/<account_id>")
    def change_account(account_id: str) -> Any:
        with store.lock:
            try:
                accounts.change(account_id, **request.get_json(force=True))
            except (KeyError, TypeError) as error:
                return jsonify({"error": str(error)}), 400
        return "", 204

    _register_page_settings(app, store)


def _register_page_settings(app: Flask, store: Store) -> None:
    @app.post("/_site/rewrite")
    def rewrite() -> Any:
        try:
            how = Rewriting.named(request.get_json(force=True)["how"])
        except (KeyError, ValueError) as error:
            return jsonify({"error": str(error)}), 400
        store.put("meta", "rewriting", asdict(how))
        return "", 204

    @app.post("/_site/drafts")
    def drafts() -> Any:
        wanted = request.get_json(force=True).get("on_rest_write")
        if wanted not in ON_REST_WRITE:
            return jsonify({"error": f"on_rest_write is one of {', '.join(ON_REST_WRITE)}"}), 400
        store.put("meta", "drafts", {"on_rest_write": wanted})
        return "", 204
