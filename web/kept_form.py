"""What somebody typed when their sign-in had ended: kept, signed, until they are signed in again and send it.

Nothing of it stays with us: it travels in a hidden field of the sign-in page and back. Only a form of our own pages is
kept, never one that another site sent in a person's name, and never a password, token or code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

FIELD = "kept"
LIVES_SECONDS = 12 * 3600
_SECRET = re.compile(r"password|token|secret|(^|_)code($|_)|credential", re.IGNORECASE)
_OURS = frozenset({"csrf_token", FIELD})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """``address`` that it goes to; ``fields`` in the order of the form. ``left_out``: there were secrets in it."""

    address: str
    fields: tuple[tuple[str, str], ...]
    left_out: bool


def is_from_our_page() -> bool:
    """Whether a page of ours sent this form: browsers say so, and no page of others can make them say it."""
    if request.method != "POST":
        return False
    origin = request.headers.get("Origin", "")
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and _host(origin) == request.host


def keep_form() -> str:
    """The form of this request as a hidden field holds it; empty where there is nothing to keep: it comes from
    elsewhere, holds nothing, or is a sign-out."""
    if not is_from_our_page() or request.endpoint == "entry.sign_out" or request.files:
        return ""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
    fields = [(name, value) for name, value in typed if not _SECRET.search(name)]
    return _signer().dumps([request.full_path.rstrip("?"), fields, len(fields) < len(typed)]) if fields else ""


def kept_form(kept: str) -> KeptForm | None:
    """What was kept; None where it is too old, was changed, or goes to no form of ours (any more)."""
    try:
        address, fields, left_out = _signer().loads(kept, max_age=LIVES_SECONDS)
    except BadData:
        return None
    if not _takes_forms(address):
        return None
    return KeptForm(address, tuple((name, value) for name, value in fields), left_out)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _takes_forms(address: str) -> bool:
    routes = current_app.url_map.bind_to_environ(request.environ)
    try:
        routes.match(urlsplit(address).path, method="POST")
    except (HTTPException, RequestRedirect, ValueError):
        return False
    return True


def _signer() -> URLSafeTimedSerializer:
    """With the keys of the sessions, for this purpose alone; old ones can be read."""
    made = SecureCookieSessionInterface().get_signing_serializer(current_app)
    assert made is not None  # noqa: S101 - prepare_sessions gives every app its keys
    return URLSafeTimedSerializer(made.secret_keys, salt="okr kept form")
