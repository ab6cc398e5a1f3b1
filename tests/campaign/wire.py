"""The wire between the product's real Confluence client and the site, in process; it listens, and cuts where told.

What happened is kept as ``Written``: what the site had, what we had last read and what we sent. The judge lives on it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import run_wsgi_app

from connector.auth.token import TokenAuth
from connector.confluence import ConfluenceClient
from connector.connecting import not_counted
from connector.http import make_session
from connector.jira import JiraClient
from connector.store.connections import Connection
from connector.store.engine import in_transaction
from tests.campaign.wiki import SITE_URL, OnePageWiki
from tests.clock import FakeClock
from tests.integration.hooked import Crashed
from tests.site.roster import SYNC


@dataclass(frozen=True)
class Written:
    """One version that we wrote and the site accepted."""

    number: int
    before_number: int
    before: str
    read_number: int
    read: str
    sent: str
    stored: str
    message: str
    draft: str | None
    at: datetime
    step: int


@dataclass
class Wire:
    """``cuts`` are done once each, at the n-th call from when they were set; see ``Cut``."""

    wiki: OnePageWiki
    clock: FakeClock
    step: int = 0
    calls: int = 0
    cuts: list[Cut] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    conflicts: int = 0
    seen_versions: list[int] = field(default_factory=list)
    refused_status: list[str] = field(default_factory=list)
    _read: tuple[int, str] = (0, "")

    def call(self, request: requests.PreparedRequest) -> tuple[int, Mapping[str, str], bytes]:
        """One call: what was set to happen before it, the site's answer, what was set to happen after it."""
        self.calls += 1
        method, path = str(request.method), urlsplit(str(request.url)).path
        writes = method == "PUT"
        for cut in self._due(writes, after=False):
            cut.act()
        before = self._state()
        status, headers, body = self._ask(request, method, path)
        self._listen(method, path, request, status, body, before)
        for cut in self._due(writes, after=True):
            cut.act()
        return status, headers, body

    def _due(self, writes: bool, *, after: bool) -> list[Cut]:
        due = []
        for cut in self.cuts:
            if cut.after is after and (writes or not cut.at_write):
                cut.left -= 1
                if cut.left == 0:
                    due.append(cut)
        self.cuts = [cut for cut in self.cuts if cut.left > 0]
        return due

    def _state(self) -> tuple[int, str, str | None]:
        return self.wiki.number, self.wiki.body, self.wiki.draft

    def _ask(self, request: requests.PreparedRequest, method: str, path: str) -> tuple[int, Mapping[str, str], bytes]:
        content = request.body or b""
        raw = content.encode() if isinstance(content, str) else content
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": urlsplit(str(request.url)).query,
            "SERVER_NAME": "wiki.test",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_AUTHORIZATION": request.headers["Authorization"],
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": io.StringIO(),
        }
        chunks, status, headers = run_wsgi_app(self.wiki.app.wsgi_app, environ)
        return int(status[:3]), dict(headers), b"".join(chunks)

    def _listen(
        self,
        method: str,
        path: str,
        request: requests.PreparedRequest,
        status: int,
        body: bytes,
        before: tuple[int, str, str | None],
    ) -> None:
        if method == "GET" and path.endswith(f"/pages/{self.wiki.page_id}") and status == 200:
            query = urlsplit(str(request.url)).query
            if "get-draft" not in query and "version=" not in query:
                self._read = (before[0], json.loads(body)["body"]["storage"]["value"])
                self.seen_versions.append(before[0])
        if method != "PUT":
            return
        if status == 409:
            self.conflicts += 1
        if status == 200:
            self._note_write(json.loads(request.body or b"{}"), before)
        else:
            self.refused_status.append(f"{status}: {body[:200]!r}")

    def _note_write(self, sent: dict[str, Any], before: tuple[int, str, str | None]) -> None:
        self.written.append(
            Written(
                number=sent["version"]["number"],
                before_number=before[0],
                before=before[1],
                read_number=self._read[0],
                read=self._read[1],
                sent=sent["body"]["value"],
                stored=self.wiki.body,
                message=sent["version"]["message"],
                draft=before[2],
                at=self.clock.now(),
                step=self.step,
            )
        )


@dataclass
class Cut:
    """Something that happens before or after the ``left``-th call from now (only PUTs counted with ``at_write``)."""

    left: int
    act: Callable[[], None]
    after: bool = False
    at_write: bool = False


def reply_lost() -> None:
    raise requests.ConnectionError("the reply was lost")


def killed() -> None:
    raise Crashed


class _Adapter(HTTPAdapter):
    def __init__(self, wire: Wire) -> None:
        super().__init__(max_retries=0)
        self._wire = wire

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        status, headers, body = self._wire.call(request)
        answer = HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return self.build_response(request, answer)


class WiredSites:
    """The one Confluence of a case; there is no Jira to call, its counts are put in."""

    def __init__(self, wire: Wire) -> None:
        session = make_session(
            TokenAuth(SYNC.email, SYNC.classic_tokens[0]), [SITE_URL], allow_private=True, forbidden=in_transaction
        )
        session.mount("http://", _Adapter(wire))
        self._client = ConfluenceClient(session, SITE_URL, SITE_URL, not_counted)

    def confluence(self, connection: Connection) -> ConfluenceClient:
        return self._client

    def jira(self, connection: Connection) -> JiraClient:
        raise AssertionError("no case calls Jira")
