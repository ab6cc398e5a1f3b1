"""Callers who send slowly, or nothing at all, or who do not take their answers, must not hold the threads that others
need.

Gunicorn's threads read a request, and send an answer, however long it takes, so a handful of callers who stop in the
middle of one would silence the whole service, the webhook door too (gunicorn's documentation advises a buffering proxy
for this reason).
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

ARRIVE_SECONDS = 10.0
# Longer than a request may take to arrive, since it bounds every wait for the caller. The largest page is 300 kB.
ANSWER_SECONDS = 15.0


class ImpatientWorker(ThreadWorker):
    """Gunicorn's threaded worker, which gives a thread only to who has begun to send, and stops listening to a request
    that has not arrived ``ARRIVE_SECONDS`` later. An answer that is being made then is still sent; one that is not
    taken within ``ANSWER_SECONDS`` is given up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.poller: Any
        self._lock = threading.Lock()
        self._deadlines: dict[Any, float] = {}

    def enqueue_req(self, conn: Any) -> None:
        """A thread for this connection, at once or with its first byte."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)  # type: ignore[no-untyped-call]
        else:
            self._wait_for_first_byte(conn)

    def handle(self, conn: Any) -> Any:
        """One request, in a thread of its own."""
        with self._lock:
            self._deadlines[conn] = time.monotonic() + ARRIVE_SECONDS
        try:
            return super().handle(conn)  # type: ignore[no-untyped-call]
        finally:
            with self._lock:
                self._deadlines.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The request has begun to arrive; make its answer and send it."""
        conn.sock.settimeout(ANSWER_SECONDS)
        try:
            return super().handle_request(req, conn)  # type: ignore[no-untyped-call]
        except TimeoutError:
            # As gunicorn knows a caller who went away: nothing that anybody has to read in the log.
            raise ConnectionResetError(errno.ECONNRESET, "the answer was not taken") from None

    def murder_pending(self) -> None:
        """Gunicorn's main loop asks for this at least once a second."""
        super().murder_pending()  # type: ignore[no-untyped-call]
        for conn in self._overdue():
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)

    def _wait_for_first_byte(self, conn: Any) -> None:
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _overdue(self) -> list[Any]:
        now = time.monotonic()
        with self._lock:
            late = [conn for conn, deadline in self._deadlines.items() if deadline < now]
            for conn in late:
                del self._deadlines[conn]
        return late
