"""What every door for events does: is it from whom it says, is it committed, then 2xx. Workers do the rest later.

One event takes one short read, for the connection's secret, and one write transaction. A door must not tell strangers
which connections exist: an unknown one answers like one whose signature is wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from threading import BoundedSemaphore

from flask import Request, Response
from werkzeug.exceptions import RequestEntityTooLarge

from connector.auth.signature import verify_signature
from connector.crypto import WrongKey
from connector.store.connection_state import count_rejected, record_event
from connector.store.connections import Connection, find_connection
from connector.store.deliveries import record_delivery
from connector.store.errors import StoreError
from sync.ports import Resources
from webhooks.event_names import Handling
from webhooks.news import News, mark_news
from webhooks.payload import UnreadableEvent

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "X-Hub-Signature"
NOT_UNDERSTOOD = "not understood"
"""In the place of an event's name, where a signed body has none that can be read."""
# Of an event that nobody here knows, so much is kept: enough to see what it is about.
MOST_KEPT_OF_A_BODY = 65_536
# Hardly any event is so large, and whoever sends one may be anybody until it was read to its end.
LARGE_BYTES = 1024 * 1024
MOST_LARGE = 2


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came in, as it came in."""

    body: bytes
    signature: str
    identifier: str

    @property
    def body_hash(self) -> str:
        return sha256(self.body).hexdigest()


class _NoRoom(Exception):
    """As many large events as may be are being read."""


class Door:
    """The door for the events of one product. ``understand`` turns a body into news, or raises UnreadableEvent.

    ``identifier``: the header by which the product names an event, the same when it sends it again; empty where it has
    none. No signature covers a header: under another product's, one event could be sent again as ever new ones.
    """

    def __init__(self, on: Resources, product: str, understand: Callable[[bytes], News], identifier: str = "") -> None:
        self._on = on
        self._product = product
        self._understand = understand
        self._identifier = identifier
        self._strangers_secret = token_hex(32)
        self._large = BoundedSemaphore(MOST_LARGE)

    def receive(self, connection_id: int, received: Request) -> Response:
        """The answer to one request: 200 committed, 400 signed but not understood (kept all the same, for an admin to
        look at), 401, 413, or 503 not kept."""
        try:
            with self._room_for(received):
                return self._receive(connection_id, received)
        except _NoRoom:
            return _answer(503, "Not read. Send it again.")
        except RequestEntityTooLarge:
            return _answer(413, "This event is larger than this service takes.")
        except (StoreError, WrongKey) as error:
            log.warning("an event for connection %d could not be kept: %s", connection_id, error)
            return _answer(503, "Not kept. Send it again.")

    @contextmanager
    def _room_for(self, received: Request) -> Iterator[None]:
        """A body stands whole in memory, so few large ones are read at once; _NoRoom for one more."""
        length = received.content_length
        if length is not None and length <= LARGE_BYTES:
            yield
            return
        if not self._large.acquire(blocking=False):
            raise _NoRoom
        try:
            yield
        finally:
            self._large.release()

    def _receive(self, connection_id: int, received: Request) -> Response:
        sent = _sent(received, self._identifier, self._on.settings.webhook_max_bytes)
        connection = self._connected(connection_id)
        secret = self._on.secrets.open(connection.webhook_secret) if connection else self._strangers_secret
        is_genuine = verify_signature(secret, sent.signature, sent.body)
        if connection is None or not is_genuine:
            return self._refused(connection)
        try:
            news = self._understand(sent.body)
        except UnreadableEvent as error:
            log.warning("an event for connection %d was signed but %s", connection_id, error)
            self._keep(connection, sent, News(NOT_UNDERSTOOD, Handling.UNKNOWN))
            return _answer(400, f"Not understood: {error}.")
        return self._kept(connection, sent, news)

    def _connected(self, connection_id: int) -> Connection | None:
        with self._on.database.read() as conn:
            found = find_connection(conn, connection_id)
        return found if found is not None and found.product == self._product else None

    def _kept(self, connection: Connection, sent: _Sent, news: News) -> Response:
        """Commit, answer, and only then ring: the sender never waits for Redis."""
        is_new, answer = self._keep(connection, sent, news), _answer(200, "")
        if is_new:
            answer.call_on_close(self._on.bell.ring)
        return answer

    def _keep(self, connection: Connection, sent: _Sent, news: News) -> bool:
        """False where it came before."""
        now = self._on.clock.now()
        with self._on.database.write() as conn:
            new = record_delivery(
                conn,
                connection.workspace_id,
                connection.id,
                identifier=sent.identifier,
                body_hash=sent.body_hash,
                event=news.event,
                issue_ids=news.issue_ids,
                page_id=news.page_id,
                handling=news.handling,
                body=self._to_keep(sent, news),
                at=now,
            )
            if new:
                mark_news(conn, connection, news, now)
            record_event(conn, connection.workspace_id, connection.id, now)
        return new

    def _to_keep(self, sent: _Sent, news: News) -> bytes | None:
        """The contents, encrypted, where nobody here knows what they are good for; of all others ids are enough."""
        if news.handling is not Handling.UNKNOWN:
            return None
        return self._on.secrets.seal(sent.body[:MOST_KEPT_OF_A_BODY].decode("utf-8", "ignore"))

    def _refused(self, connection: Connection | None) -> Response:
        """Counted after the answer is out, so that it takes as long for connections that exist as for others."""
        answer = _answer(401, "")
        if connection is not None:
            answer.call_on_close(lambda: self._count_refused(connection))
        return answer

    def _count_refused(self, connection: Connection) -> None:
        try:
            with self._on.database.write() as conn:
                count_rejected(conn, connection.workspace_id, connection.id)
        except StoreError:
            log.warning("a refused event for connection %d could not be counted", connection.id)


def _sent(received: Request, identifier: str, most_bytes: int) -> _Sent:
    """Reads at most one byte more than is allowed; RequestEntityTooLarge then. Two signature headers are none."""
    # Werkzeug refuses by Content-Length, but cuts a body without one at the limit and says nothing.
    received.max_content_length = most_bytes + 1
    body = received.get_data(cache=False)
    if len(body) > most_bytes:
        raise RequestEntityTooLarge
    return _Sent(
        body=body,
        signature=",".join(received.headers.getlist(SIGNATURE_HEADER)),
        identifier=received.headers.get(identifier, "") if identifier else "",
    )


def _answer(status: int, text: str) -> Response:
    return Response(text, status, mimetype="text/plain")
