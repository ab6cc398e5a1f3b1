"""One session factory for all calls out: pinned to its own hosts, bounded in time and size, never redirected.

A session sends credentials only to the addresses it was made for, follows no redirect, keeps no cookies, takes nothing
from ``.netrc``, and refuses to call while a database transaction is open.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.cookies import RequestsCookieJar
from requests.utils import get_environ_proxies

from connector.bounded_body import BoundedBody
from connector.public_addresses import AddressRefused, PublicOnlyAdapter, refuse_private_literal

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
WHOLE_ANSWER_SECONDS = 180.0
MOST_ANSWER_BYTES = 64 * 1024 * 1024

Origin = tuple[str, str, int]

_GIVE_UP_AT: ContextVar[float | None] = ContextVar("when calls are given up", default=None)
# What a call is given that begins when the time is up: enough to fail as a call does.
_LEAST_SECONDS = 0.05


class TransactionOpen(RuntimeError):
    """A call was attempted while a database transaction was open: a fault in our own code."""


def make_session(
    auth: AuthBase | None,
    base_urls: Iterable[str],
    *,
    allow_private: bool,
    forbidden: Callable[[], bool],
    pool: int = 16,
    most_bytes: int = MOST_ANSWER_BYTES,
) -> requests.Session:
    """A session that talks to the hosts of ``base_urls`` and to nobody else.

    ``allow_private``: private addresses and plain http are allowed (the demo, tests, a site inside the company).
    ``forbidden``: asked before each call; True raises TransactionOpen. ``pool``: connections kept, at least as many as
    threads. AddressRefused for a base URL that is not https where private sites are not allowed.
    """
    session = _PinnedSession(frozenset(map(origin, base_urls)), forbidden, most_bytes)
    if not allow_private:
        _refuse_unsafe(session.origins)
    adapter_class = HTTPAdapter if allow_private else PublicOnlyAdapter
    adapter = adapter_class(max_retries=0, pool_connections=4, pool_maxsize=pool)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.auth = auth
    session.proxies = _proxies(session.origins)
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.headers["User-Agent"] = f"okr-connector/{_own_version()}"
    return session


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """The calls within the block have so long together, then they are given up: somebody waits for a page. Holds for
    this thread alone."""
    before = _GIVE_UP_AT.set(monotonic() + seconds)
    try:
        yield
    finally:
        _GIVE_UP_AT.reset(before)


def patience() -> float:
    """How many seconds a call may wait for its answer just now."""
    give_up_at = _GIVE_UP_AT.get()
    left = READ_SECONDS if give_up_at is None else give_up_at - monotonic()
    return min(max(left, _LEAST_SECONDS), READ_SECONDS)


def origin(url: str) -> Origin:
    """Scheme, host and port of a URL, in one spelling. ValueError for what is not an http(s) URL with a host."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http(s) address with a host")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]


def _refuse_unsafe(origins: Iterable[Origin]) -> None:
    for scheme, host, _ in origins:
        if scheme != "https":
            raise AddressRefused("The address must begin with https://, because a token is sent to it.")
        refuse_private_literal(host)


class _PinnedSession(requests.Session):
    """``trust_env`` is off, so that ``.netrc`` cannot replace our credentials; proxies and CA bundle of the environment
    are set by the factory instead."""

    def __init__(self, origins: frozenset[Origin], forbidden: Callable[[], bool], most_bytes: int) -> None:
        super().__init__()
        self.origins = origins
        self.trust_env = False
        self.cookies = _NoCookies()
        self._forbidden = forbidden
        self._most_bytes = most_bytes

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        if self._forbidden():
            raise TransactionOpen("a remote call was attempted while a database transaction is open")
        if origin(request.url or "") not in self.origins:
            raise AddressRefused(f"A call to {urlsplit(request.url or '').hostname} was refused: it is another host.")
        kwargs["stream"] = True
        wait = patience()
        kwargs["timeout"] = (min(CONNECT_SECONDS, wait), wait)
        deadline = _GIVE_UP_AT.get() or monotonic() + WHOLE_ANSWER_SECONDS
        response = super().send(request, **kwargs)
        response.raw = BoundedBody(response.raw, self._most_bytes, lambda: monotonic() > deadline)
        _ = response.content  # read now, within the bounds
        return response

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        """No redirect is followed, whatever the caller asks for."""
        return


class _NoCookies(RequestsCookieJar):
    """Keeps nothing: a session cookie could outlive the token it was given for."""

    def set_cookie(self, cookie: object, *args: object, **kwargs: object) -> None:
        """Drop it."""


def _proxies(origins: Iterable[Origin]) -> dict[str, str]:
    # Asked per host, so that NO_PROXY counts; keys of the form scheme://host as requests looks them up.
    found = {}
    for scheme, host, port in origins:
        proxy = get_environ_proxies(f"{scheme}://{host}:{port}").get(scheme)
        if proxy:
            found[f"{scheme}://{host}"] = proxy
    return found


@cache
def _own_version() -> str:
    try:
        return version("okr-connector")
    except PackageNotFoundError:
        return "0"
