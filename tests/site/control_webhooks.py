"""The site's clock and its webhooks in a test's hand, below `/_site/`: time, trouble on the way, steps."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.site.outbox import Outbox
from tests.site.parts import SiteParts
from tests.site.postman import Postman
from tests.site.store import Document
from tests.site.webhook_trouble import read_plan


def register(app: Flask, parts: SiteParts) -> None:
    """Add the routes; they need no credentials, the site listens on this machine only."""
    _register_clock(app, parts)
    _register_trouble(app, parts)
    _register_steps(app, parts)
    _register_deliveries(app, "/_site/webhooks", parts.issue_postman)
    _register_deliveries(app, "/_site/page-webhooks", parts.page_postman)


def _register_clock(app: Flask, parts: SiteParts) -> None:
    @app.get("/_site/clock")
    def clock() -> Response:
        due = parts.next_due()
        shown = {"now": parts.store.now().isoformat(), "stands": parts.clock.stands}
        return jsonify({**shown, "next_delivery": due.isoformat() if due else None})

    @app.post("/_site/clock")
    def set_clock() -> Any:
        try:
            _set(parts, request.get_json(force=True))
        except (KeyError, TypeError, ValueError) as error:
            return jsonify({"error": str(error)}), 400
        return clock()


def _set(parts: SiteParts, sent: Document) -> None:
    if sent == {"run": True}:
        parts.clock.run()
    elif "advance" in sent:
        parts.clock.advance(float(sent["advance"]))
    else:
        parts.clock.stand_still(None if sent["at"] == "now" else _moment(sent["at"]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs an offset from UTC")
    return moment


def _register_trouble(app: Flask, parts: SiteParts) -> None:
    @app.get("/_site/webhook-trouble")
    def trouble() -> Response:
        return jsonify([asdict(plan) for plan in parts.troubles.plans()])

    @app.post("/_site/webhook-trouble")
    def plan_trouble() -> Any:
        sent = request.get_json(force=True)
        try:
            parts.troubles.plan([read_plan(plan) for plan in (sent if isinstance(sent, list) else [sent])])
        except (TypeError, ValueError) as error:
            return jsonify({"error": str(error)}), 400
        return "", 204

    @app.delete("/_site/webhook-trouble")
    def end_trouble() -> Any:
        parts.troubles.plan([])
        return "", 204


def _register_steps(app: Flask, parts: SiteParts) -> None:
    @app.post("/_site/deliver")
    def deliver() -> Response:
        return jsonify(parts.deliver_due())


def _register_deliveries(app: Flask, path: str, postman: Postman) -> None:
    outbox = postman.outbox
    acts: dict[str, Callable[[str, float], object]] = {
        "drop": lambda delivery_id, _: outbox.drop(delivery_id),
        "delay": outbox.delay,
        "again": outbox.again,
        "deliver": lambda delivery_id, _: postman.deliver(delivery_id),
    }

    def listed() -> Response:
        return jsonify(_shown(outbox))

    def act(delivery_id: str, act: str) -> Any:
        seconds = (request.get_json(silent=True) or {}).get("seconds", 0.0)
        try:
            return jsonify({"done": acts[act](delivery_id, float(seconds))})
        except KeyError as error:
            return jsonify({"error": f"there is no such thing, or it waits no more: {error}"}), 404

    app.add_url_rule(path, f"deliveries at {path}", listed)
    app.add_url_rule(f"{path}/<delivery_id>/<act>", f"a delivery at {path}", act, methods=["POST"])


def _shown(outbox: Outbox) -> list[Document]:
    with outbox.changed:
        return outbox.all()
