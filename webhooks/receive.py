"""The door for Jira's events: is it from Jira, is it committed, then 2xx. Everything else is done by workers later.

One event takes one short read, for the connection's secret, and one write transaction. A door must not tell strangers
which connections exist: an unknown one answers like one whose signature is wrong.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from flask import Blueprint, Request, Response, request
from sqlalchemy import Connection as Transaction
from werkzeug.exceptions import RequestEntityTooLarge

from connector.auth.signature import verify_signature
from connector.crypto import WrongKey
from connector.store.connection_state import count_rejected, record_event
from connector.store.connections import Connection, find_connection
from connector.store.deliveries import record_delivery
from connector.store.errors import StoreError
from connector.store.work import mark_due
from sync.ports import Resources
from webhooks.event_names import Handling
from webhooks.events import Event, UnreadableEvent, parse_event

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "X-Hub-Signature"
IDENTIFIER_HEADER = "X-Atlassian-Webhook-Identifier"
LARGEST_NUMBER = 2**63 - 1
EVENT_URGENCY = 2


def make_receiver(on: Resources) -> Blueprint:
    """The routes for events. They carry a signature instead of a session, so form protection must leave them out."""
    door = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    strangers_secret = token_hex(32)

    @door.post(f"/jira/<int(max={LARGEST_NUMBER}):connection_id>")
    def receive_from_jira(connection_id: int) -> Response:
        try:
            return _receive(on, connection_id, request, strangers_secret)
        except RequestEntityTooLarge:
            return _answer(413, "This event is larger than this service takes.")
        except (StoreError, WrongKey) as error:
            log.warning("an event for connection %d could not be kept: %s", connection_id, error)
            return _answer(503, "Not kept. Send it again.")

    return door


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came in, as it came in. Jira keeps the identifier the same when it sends an event again."""

    body: bytes
    signature: str
    identifier: str

    @property
    def body_hash(self) -> str:
        return sha256(self.body).hexdigest()


def _receive(on: Resources, connection_id: int, received: Request, strangers_secret: str) -> Response:
    sent = _sent(received, on.settings.webhook_max_bytes)
    connection = _connected_jira(on, connection_id)
    secret = on.secrets.open(connection.webhook_secret) if connection else strangers_secret
    is_genuine = verify_signature(secret, sent.signature, sent.body)
    if connection is None or not is_genuine:
        return _refused(on, connection)
    try:
        event = parse_event(sent.body)
    except UnreadableEvent as error:
        log.warning("an event for connection %d was signed but %s", connection_id, error)
        return _answer(400, f"Not understood: {error}.")
    return _kept(on, connection, sent, event)


def _sent(received: Request, most_bytes: int) -> _Sent:
    """Reads at most one byte more than is allowed; RequestEntityTooLarge then. Two signature headers are none."""
    # Werkzeug refuses by Content-Length, but cuts a body without one at the limit and says nothing.
    received.max_content_length = most_bytes + 1
    body = received.get_data(cache=False)
    if len(body) > most_bytes:
        raise RequestEntityTooLarge
    return _Sent(
        body=body,
        signature=",".join(received.headers.getlist(SIGNATURE_HEADER)),
        identifier=received.headers.get(IDENTIFIER_HEADER, ""),
    )


def _connected_jira(on: Resources, connection_id: int) -> Connection | None:
    with on.database.read() as conn:
        found = find_connection(conn, connection_id)
    return found if found is not None and found.product == "jira" else None


def _kept(on: Resources, connection: Connection, sent: _Sent, event: Event) -> Response:
    """Commit, answer, and only then ring: Jira never waits for Redis."""
    now = on.clock.now()
    with on.database.write() as conn:
        new = record_delivery(
            conn,
            connection.workspace_id,
            connection.id,
            identifier=sent.identifier,
            body_hash=sent.body_hash,
            event=event.name,
            issue_ids=event.issue_ids,
            at=now,
        )
        if new:
            _mark(conn, connection, event, now)
        record_event(conn, connection.workspace_id, connection.id, now)
    answer = _answer(200, "")
    if new:
        answer.call_on_close(on.bell.ring)
    return answer


def _mark(conn: Transaction, connection: Connection, event: Event, now: datetime) -> None:
    targets = [f"{connection.id}:{issue_id}" for issue_id in event.issue_ids]
    mark_due(conn, connection.workspace_id, "issue", targets, now, urgency=EVENT_URGENCY)
    if event.handling is Handling.READ_EVERYTHING:
        mark_due(conn, connection.workspace_id, "full_check", [str(connection.id)], now)


def _refused(on: Resources, connection: Connection | None) -> Response:
    """Counted after the answer is out, so that it takes as long for connections that exist as for others."""
    answer = _answer(401, "")
    if connection is not None:
        answer.call_on_close(lambda: _count_refused(on, connection))
    return answer


def _count_refused(on: Resources, connection: Connection) -> None:
    try:
        with on.database.write() as conn:
            count_rejected(conn, connection.workspace_id, connection.id)
    except StoreError:
        log.warning("a refused event for connection %d could not be counted", connection.id)


def _answer(status: int, text: str) -> Response:
    return Response(text, status, mimetype="text/plain")
