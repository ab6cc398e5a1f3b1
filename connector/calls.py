"""One call at a time to one product: path and query in, checked JSON or a named error out, each call counted once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests
from atlassian.rest_client import AtlassianRestAPI
from urllib3.exceptions import HTTPError

from connector.errors import Rejected, Unavailable
from connector.http import CONNECT_SECONDS, READ_SECONDS
from connector.pacing import Room, http_date, room_left
from connector.translation import Json, check_done, translate

OnCall = Callable[[str, str, int], None]
"""Told of each call: method, path template (``/rest/api/3/issue/{}``), HTTP status, or 0 where no answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of an answer, the site's own time and the calls that it still allows, None where it did not say."""

    body: Json
    server_time: datetime | None
    room: Room | None


class Calls:
    """The verbs at one base address. None of them sleeps, retries or follows a redirect.

    atlassian-python-api carries the requests over our session and does nothing else: its own helpers re-read versions
    before writing, its retries sleep in the thread, and its errors lose the status.
    """

    def __init__(self, session: requests.Session, base_url: str, on_call: OnCall) -> None:
        self._transport = AtlassianRestAPI(
            base_url, session=session, advanced_mode=True, retry_with_header=False, backoff_and_retry=False
        )
        # Set here because the constructor takes whole seconds only; the session insists on the same times.
        self._transport.timeout = (CONNECT_SECONDS, READ_SECONDS)  # type: ignore[assignment]
        self._on_call = on_call
        _quiet_transport_log()

    def get(self, template: str, *parts: str, query: Mapping[str, str | int] | None = None) -> Answer:
        """GET; each ``{}`` of the template takes a part, quoted."""
        return self._answer("GET", template, parts, query=query)

    def post(self, template: str, *parts: str, body: Mapping[str, Any]) -> Answer:
        """POST of a JSON object."""
        return self._answer("POST", template, parts, body=body)

    def put(self, template: str, *parts: str, body: Mapping[str, Any]) -> Answer:
        """PUT of a JSON object."""
        return self._answer("PUT", template, parts, body=body)

    def delete(self, template: str, *parts: str) -> None:
        """DELETE; the answer's content does not matter."""
        check_done(self._send("DELETE", template, parts), f"DELETE {template}")

    def _answer(self, method: str, template: str, parts: tuple[str, ...], **sent: Any) -> Answer:
        response = self._send(method, template, parts, **sent)
        found = translate(response, f"{method} {template}")
        return Answer(found, http_date(response.headers.get("Date")), room_left(response.headers))

    def _send(
        self,
        method: str,
        template: str,
        parts: tuple[str, ...],
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> requests.Response:
        path = template.format(*map(_segment, parts))
        status = 0
        try:
            response = self._transport.request(
                method,
                path,
                data=dict(body) if body is not None else None,
                params=dict(query or {}),
                allow_redirects=False,
            )
            status = response.status_code
        except Unavailable as error:
            raise Unavailable(f"{method} {template}: {error}") from None
        except (requests.RequestException, HTTPError) as error:
            # The library's own texts are left out: they may hold the address of a proxy with its password.
            raise Unavailable(f"{method} {template}: {_why(error)}") from None
        finally:
            self._on_call(method, template, status)
        return response


def _quiet_transport_log() -> None:
    """Keep the transport's log at INFO: at DEBUG atlassian-python-api 5.0.5 writes whole bodies and headers."""
    log = logging.getLogger("atlassian")
    if log.level < logging.INFO:  # setting it again would make every logger of the process think anew
        log.setLevel(logging.INFO)


def _segment(part: str) -> str:
    if part in {"", ".", ".."}:
        raise Rejected(f"{part!r} cannot be part of an address.", 0)
    return quote(part, safe="")


def _why(error: Exception) -> str:
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS:.0f} s."
    if isinstance(error, requests.Timeout):
        return f"no answer within {READ_SECONDS:.0f} s."
    if isinstance(error, requests.exceptions.SSLError):
        return "the site's certificate is not trusted. Set REQUESTS_CA_BUNDLE if your company uses its own authority."
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy (HTTPS_PROXY) cannot be reached or refuses the call."
    if isinstance(error, requests.ConnectionError):
        return "no connection, or it broke off. Check the address, the network and whether the site is up."
    return f"the call failed ({type(error).__name__})."
