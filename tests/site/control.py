"""What tests may do to the site beside its interfaces: faults, the log of requests, permissions, a slow index."""

import re
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.site.accounts import Accounts
from tests.site.confluence_drafts import ON_REST_WRITE
from tests.site.storage_rewrite import Rewriting
from tests.site.store import Store
from tests.site.traffic import Fault, Traffic
from tests.site.world import World


def register(app: Flask, traffic: Traffic, store: Store, accounts: Accounts, world: World) -> None:
    """Add the routes below `/_site/`; they need no credentials, the site listens on this machine only."""
    _register_faults(app, traffic)
    _register_requests(app, traffic)
    _register_state(app, store)
    _register_changes(app, store, accounts, world)
    _register_projects(app, store, world)


def _register_faults(app: Flask, traffic: Traffic) -> None:
    @app.post("/_site/faults")
    def add_faults() -> Any:
        sent = request.get_json(force=True)
        try:
            rules = [Fault(**rule) for rule in (sent if isinstance(sent, list) else [sent])]
        except (TypeError, ValueError, re.error) as error:
            return jsonify({"error": str(error)}), 400
        return jsonify({"rules": traffic.add_faults(rules)})

    @app.delete("/_site/faults")
    def clear_faults() -> Any:
        traffic.clear_faults()
        return "", 204


def _register_requests(app: Flask, traffic: Traffic) -> None:
    @app.get("/_site/requests")
    def requests() -> Response:
        calls = traffic.calls()
        counts = Counter(f"{call['method']} {_shape(call['path'])}" for call in calls)
        return jsonify({"total": len(calls), "counts": dict(counts.most_common()), "requests": calls})

    @app.delete("/_site/requests")
    def forget_requests() -> Any:
        traffic.forget_calls()
        return "", 204


def _shape(path: str) -> str:
    """A path with ids and keys replaced, so that calls of one kind are counted together."""
    below = re.sub(r"^/ex/(jira|confluence)/[^/]+", r"/ex/\1", path)
    return re.sub(r"(?<!api)/(\d+|[A-Z][A-Z0-9]*-\d+)(?=/|$)", "/{id}", below)


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
            world.search_lag = timedelta(seconds=float(request.get_json(force=True)["seconds"]))
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

    @app.post("/_site/issues/<key>/move")
    def move(key: str) -> Any:
        with store.lock:
            issue = world.find(key)
            if issue is None:
                return jsonify({"error": f"no issue {key}"}), 404
            world.move(issue, request.get_json(force=True)["project"], accounts.people()[0])
            return jsonify({"key": issue["key"]})


def _register_projects(app: Flask, store: Store, world: World) -> None:
    @app.post("/_site/projects/<key>/rename")
    def rename(key: str) -> Any:
        with store.lock:
            if key not in world.projects:
                return jsonify({"error": f"no project {key}"}), 404
            world.rename_project(key, request.get_json(force=True)["key"])
        return "", 204

    @app.delete("/_site/projects/<key>")
    def remove(key: str) -> Any:
        with store.lock:
            if key not in world.projects:
                return jsonify({"error": f"no project {key}"}), 404
            world.remove_project(key)
        return "", 204


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
