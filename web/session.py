"""Who is signed in: a signed cookie that holds no more than who, which sign-in, since when, and when last seen.

A sign-in ends after IDLE without a visit, after ABSOLUTE in any case, and at once when the person signs out, has a new
password or is removed: then a copy of its cookie is worth nothing either. A page that refreshes itself is no visit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, request, session

from connector.crypto import load_keys
from connector.settings import Settings
from connector.store.people import Person

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
# Seen is noted at most this often, so that not every answer carries a new cookie.
NOTED_EVERY = timedelta(minutes=1)
REFRESH_HEADER = "X-OKR-Refresh"
_KEY = "signed_in"


def prepare_sessions(app: Flask, settings: Settings) -> None:
    """Cookies signed with the first of our secret keys; those signed with an older one are still read.

    Raises BadKeys where there are none that can be used.
    """
    keys = [_for_cookies(key) for key in load_keys(settings)]
    is_https = urlsplit(settings.public_url).scheme == "https"
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        # With the prefix a browser takes the cookie only over HTTPS, for this host alone.
        SESSION_COOKIE_NAME="__Host-okr" if is_https else "okr_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
    )


def start_session(person: Person, at: datetime) -> None:
    """A new session for this person; nothing of the one before is kept, its CSRF token neither."""
    session.clear()
    session[_KEY] = {
        "workspace": person.workspace_id,
        "person": person.person_id,
        "stamp": stamp_of(person),
        "which": token_hex(8),
        "since": at.timestamp(),
        "seen": int(at.timestamp()),
    }


def end_session() -> None:
    """Forget who was signed in."""
    session.clear()


def claimed_person(at: datetime) -> tuple[int, int] | None:
    """Workspace and person that the cookie names, if the sign-in has not run out. Whether they still exist and still
    have that password is for the caller to look up."""
    kept = session.get(_KEY)
    if kept is None:
        return None
    now = at.timestamp()
    if now - kept["seen"] > IDLE.total_seconds() or now - kept["since"] > ABSOLUTE.total_seconds():
        end_session()
        return None
    return int(kept["workspace"]), int(kept["person"])


def is_still_valid(person: Person) -> bool:
    """False where the password was changed since the sign-in, or the sign-in was ended."""
    kept = session.get(_KEY)
    if kept is None or kept["stamp"] != stamp_of(person):
        return False
    ended_before = person.signed_out_at.timestamp() if person.signed_out_at else 0
    return kept["since"] >= ended_before and kept.get("which") not in {which for which, _ in person.ended_sign_ins}


def present_sign_in() -> tuple[str, datetime] | None:
    """Which sign-in this is, and until when its cookie could hold; None where nobody is signed in."""
    kept = session.get(_KEY)
    return (kept.get("which", ""), datetime.fromtimestamp(kept["since"], UTC) + ABSOLUTE) if kept else None


def note_visit(at: datetime) -> None:
    """The person is here; a page that refreshes itself does not count."""
    kept = session.get(_KEY)
    if kept is None or REFRESH_HEADER in request.headers:
        return
    if at - datetime.fromtimestamp(kept["seen"], UTC) >= NOTED_EVERY:
        session[_KEY] = kept | {"seen": int(at.timestamp())}


def stamp_of(person: Person) -> str:
    """Changes with the password, and says nothing about it."""
    return sha256(f"{person.person_id}:{person.password_hash}".encode()).hexdigest()[:16]


def _for_cookies(key: bytes) -> bytes:
    """A key of its own for this purpose, so that a signed cookie says nothing about the key that encrypts."""
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"okr web session").derive(key)
