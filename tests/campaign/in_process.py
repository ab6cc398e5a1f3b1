"""An application asked in this process, in place of a server that is called over a network."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import requests
from flask import Flask
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import run_wsgi_app


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


Call = Callable[[requests.PreparedRequest], Answer]


def ask(app: Flask, request: requests.PreparedRequest) -> Answer:
    """What the application answers. requests.ConnectionError where it ends the connection first; an answer that broke
    off is shorter than it says."""
    content = request.body or b""
    raw = content.encode() if isinstance(content, str) else content
    url = urlsplit(str(request.url))
    environ = {
        "REQUEST_METHOD": str(request.method),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_AUTHORIZATION": request.headers.get("Authorization", ""),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(raw),
        "wsgi.errors": io.StringIO(),
    }
    try:
        chunks, status, headers = run_wsgi_app(app.wsgi_app, environ)
    except ConnectionAbortedError as error:
        raise requests.ConnectionError(str(error)) from error
    body = b""
    with suppress(ConnectionAbortedError):
        for chunk in chunks:
            body += chunk
    return Answer(int(status[:3]), dict(headers), body)


class InProcessAdapter(HTTPAdapter):
    """Sends each request of a session to ``call``; a shorter body than it says is an answer that broke off."""

    def __init__(self, call: Call) -> None:
        super().__init__(max_retries=0)
        self._call = call

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        status, headers, body = self._call(request)
        answer = HTTPResponse(
            io.BytesIO(body), headers=headers, status=status, preload_content=False, enforce_content_length=True
        )
        return self.build_response(request, answer)
