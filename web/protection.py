"""What guards every answer, whatever the view: headers, known hosts, proxies, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from connector.settings import Settings

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_FORM_BYTES = 64 * 1024
YEAR_SECONDS = 31_536_000

# connect-src lets the page fetch itself again; everything else that is not named is refused.
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
))  # fmt: skip

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Over HTTPS the CSRF check wants the referrer of our own pages; other sites are told nothing.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(app: Flask, settings: Settings) -> None:
    """Refuse unknown hosts and over-long forms, trust as many proxies as the settings say, and set the headers."""
    is_https = urlsplit(settings.public_url).scheme == "https"
    app.config.update(MAX_CONTENT_LENGTH=MOST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES)
    _refuse_unknown_hosts(app, known_hosts(settings))
    _make_room_for_what_was_typed(app)
    _refuse_zero_bytes(app)
    n = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]  # Flask's way

    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}; includeSubDomains")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add_headers)


def _make_room_for_what_was_typed(app: Flask) -> None:
    """The sign-in carries the form that somebody was about to send, and that may have been as long as a form may be."""

    def widen() -> None:
        if request.endpoint == "entry.try_sign_in":
            request.max_content_length = request.max_form_memory_size = 2 * MOST_FORM_BYTES

    app.before_request(widen)


def _refuse_zero_bytes(app: Flask) -> None:
    """Nobody can type one, and a database may refuse a text that holds one."""

    def check() -> None:
        sent = [request.path, *_texts(request.args)]
        if request.endpoint is not None and request.blueprint != "webhooks":  # whose signature is of the bytes
            sent += _texts(request.form)
        if any("\0" in each for each in sent):
            raise BadRequest

    app.before_request(check)


def _texts(sent: MultiDict[str, str]) -> Iterator[str]:
    for name, value in sent.items(multi=True):
        yield name
        yield value


def known_hosts(settings: Settings) -> frozenset[str]:
    """Host names under which we answer: the public address, those of the settings, and this machine itself."""
    return (
        LOOPBACK_HOSTS
        | {_host_name(f"//{host}") for host in settings.allowed_hosts}
        | {_host_name(settings.public_url)}
    )


def _refuse_unknown_hosts(app: Flask, known: frozenset[str]) -> None:
    """Ours rather than Flask's TRUSTED_HOSTS, which cannot hold an IPv6 address (werkzeug 3.1)."""

    def check() -> None:
        if _host_name(f"//{request.host}") not in known:
            raise SecurityError

    app.before_request(check)


def _host_name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
