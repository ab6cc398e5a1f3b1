"""A server on 127.0.0.1 that answers with exactly the given bytes, and remembers what it was sent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]


class RawServer:
    """One connection after another; each request is read up to its blank line, then ``script`` answers it."""

    def __init__(self, script: Script) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.02)
        self._talking_to: socket.socket | None = None
        self._script = script
        self._stopped = threading.Event()
        self.requests: list[bytes] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End the thread and close the port."""
        self._stopped.set()
        with suppress(OSError):
            if self._talking_to:
                self._talking_to.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.connections += 1
            self._talking_to = connection
            with connection:
                connection.settimeout(2)
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        try:
            while request := _head(connection):
                self.requests.append(request)
                self._script(connection)
        except OSError:
            return


def _head(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return b""
        received += more
    return received


def answering(*parts: bytes) -> Script:
    """A script that sends the parts, keeping the connection open."""

    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return script


def ok(body: bytes, *headers: str) -> bytes:
    """A whole 200 answer of JSON."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def raw_server(script: Script) -> Iterator[RawServer]:
    """A server for the time of a test."""
    server = RawServer(script)
    try:
        yield server
    finally:
        server.stop()
