"""The token that every form carries, written anew for each answer.

Answers are compressed, and the length of one may tell whoever makes a reader's browser ask again and again whether a
guess that comes back in the page was right (breachattack.com). So the token stands in no two answers in the same
letters: it is hidden under a mask that is made for one answer, and stands beside it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes
from typing import cast

from flask import g
from flask_wtf.csrf import CSRFProtect, generate_csrf


class MaskedTokens(CSRFProtect):  # type: ignore[misc]  # Flask-WTF brings no types
    """Asks every form for its token; one without a mask is none."""

    def _get_csrf_token(self) -> str | None:
        return unmasked(super()._get_csrf_token() or "")


def form_token() -> str:
    """The token of this answer, the same in all of its forms."""
    if "form_token" not in g:
        g.form_token = masked(generate_csrf())
    return cast("str", g.form_token)


def masked(token: str) -> str:
    """Other letters each time."""
    mask = token_bytes(len(token.encode()))
    return urlsafe_b64encode(mask + _over(mask, token.encode())).decode()


def unmasked(sent: str) -> str | None:
    """The token again; None for what is none."""
    try:
        both = urlsafe_b64decode(sent.encode())
        return _over(both[: len(both) // 2], both[len(both) // 2 :]).decode()
    except ValueError:
        return None


def _over(mask: bytes, text: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, text, strict=True))
