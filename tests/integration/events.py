"""Jira's events as they reach the product: signed bodies at its door, without a network between."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from itertools import count

from flask import Flask
from flask.testing import FlaskClient

from connector.store.deliveries import Delivery
from connector.store.delivery_list import DeliveryWish, list_deliveries
from tests.integration.line import Line
from webhooks.receive import make_receiver

_NUMBERS = count(1)


@dataclass(frozen=True)
class Event:
    """One event as Jira made it; sent again it is the same, to the byte."""

    identifier: str
    body: bytes


def updated(*issue_ids: str, name: str = "jira:issue_updated", left_parent: str = "") -> Event:
    """An event about one issue. ``left_parent``: the changelog tells that it was below that one before."""
    number = next(_NUMBERS)
    payload: dict[str, object] = {"webhookEvent": name, "timestamp": 1763800000000 + number}
    payload["issue"] = {"id": issue_ids[0], "key": f"OLD-{number}", "fields": {"status": {"name": "Anything"}}}
    if left_parent:
        payload["changelog"] = {"items": [{"field": "IssueParentAssociation", "from": left_parent, "to": ""}]}
    return Event(f"event-{number}", json.dumps(payload).encode())


class Door:
    """The product's receiver, and what has come in through it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        app = Flask("door")
        app.register_blueprint(make_receiver(line.on))
        self._client: FlaskClient = app.test_client()
        self._connection = line.connection()
        self._secret = line.on.secrets.open(self._connection.webhook_secret)

    def send(self, event: Event) -> int:
        """The status of the answer."""
        signature = hmac.new(self._secret.encode(), event.body, "sha256").hexdigest()
        headers = {"X-Hub-Signature": f"sha256={signature}", "X-Atlassian-Webhook-Identifier": event.identifier}
        return self._client.post(f"/webhooks/jira/{self._connection.id}", data=event.body, headers=headers).status_code

    def inbox(self) -> tuple[Delivery, ...]:
        """What was accepted, newest first."""
        with self._line.on.database.read() as conn:
            return list_deliveries(conn, self._line.workspace_id, DeliveryWish(self._connection.id), 50)
