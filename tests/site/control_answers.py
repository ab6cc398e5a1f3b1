"""What tests may do to the site's answers, below `/_site/`: faults, points; and the log of what was asked."""

import re
from collections import Counter
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.site.faults import Fault, FaultPlan
from tests.site.traffic import Traffic


def register(app: Flask, traffic: Traffic) -> None:
    """Add the routes; they need no credentials, the site listens on this machine only."""
    _register_faults(app, traffic)
    _register_points(app, traffic)
    _register_requests(app, traffic)


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

    @app.post("/_site/fault-plan")
    def plan_faults() -> Any:
        sent = request.get_json(force=True)
        try:
            kinds = {"kinds": tuple(sent["kinds"])} if "kinds" in sent else {}
            traffic.plan_faults(FaultPlan(**{**sent, **kinds}))
        except (TypeError, ValueError, re.error) as error:
            return jsonify({"error": str(error)}), 400
        return "", 204

    @app.delete("/_site/fault-plan")
    def end_plan() -> Any:
        traffic.plan_faults(None)
        return "", 204


def _register_points(app: Flask, traffic: Traffic) -> None:
    @app.get("/_site/points")
    def points() -> Response:
        return jsonify(traffic.points.state())

    @app.post("/_site/points")
    def count_points() -> Any:
        sent = request.get_json(force=True)
        hourly = sent.get("hourly")
        if not isinstance(hourly, int | None):
            return jsonify({"error": "hourly is a whole number, or null for no budget"}), 400
        traffic.points.count(hourly, enforced=sent.get("enforced", True) is True)
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
