"""Serves the site: one process, a thread per connection, connections kept open between requests.

Flask's own development server closes every connection after one answer, which no real site does.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.test import run_wsgi_app


class SiteServer(ThreadingHTTPServer):
    """Listens on this machine only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, app: Flask, port: int, now: Callable[[], datetime]) -> None:
        """Bind the port; 0 takes a free one. OSError if it is in use. Answers are dated by `now`."""
        super().__init__(("127.0.0.1", port), SiteHandler)
        self.app, self.now = app, now

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that ended early is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class SiteHandler(BaseHTTPRequestHandler):
    """HTTP/1.1: hands each request, read whole, to the application."""

    server: SiteServer
    server_version = "AtlassianEdge"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120.0

    def serve(self) -> None:
        """Answer one request."""
        if "transfer-encoding" in self.headers:
            self.close_connection = True
            self.send_error(411)
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        chunks, status, headers = run_wsgi_app(self.server.app, self._environ(body))
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            if name.lower() not in ("server", "date"):
                self.send_header(name, value)
        if "content-length" not in headers:
            self.send_header("Content-Length", "0")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)
            self.wfile.flush()

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "site.socket": self.connection,
        }
        for name, value in self.headers.items():
            environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        return environ

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time of an answer, by the site's clock."""
        return format_datetime(self.server.now(), usegmt=True)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are in `/_site/requests`, not on the console."""


# The base class looks handlers up by these names.
for _method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
    setattr(SiteHandler, f"do_{_method}", SiteHandler.serve)
