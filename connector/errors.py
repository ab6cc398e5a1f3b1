"""What can go wrong outside, named for what the caller must do about it.

OutsideError
├── RateLimited    wait ``retry_after`` seconds, then the same again
├── Unavailable    nobody knows whether it was done: look again later
├── Unauthorized   the credentials are refused: a person must renew them
├── Forbidden      the account may not do this: a person must grant it
├── Gone           the thing is not there, or this account may not see it
├── Conflict       somebody else was first: read again and redo
└── Rejected       the request itself was wrong and will stay wrong
"""

from __future__ import annotations

from mapping.sentences import Explained


class OutsideError(Explained):
    """A remote call that did not do what was asked; the text is fit to be shown to an admin."""


class RateLimited(OutsideError):
    """The remote asks for patience. ``retry_after`` is in seconds, finite and at least 1; ``scope`` says what is
    limited (``quota``, ``burst``, ``issue``), as far as the remote told."""

    def __init__(self, message: str, retry_after: float, scope: str = "burst") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.scope = scope


class Unavailable(OutsideError):
    """No usable answer: network, time-out, 5xx, an HTML page or a truncated body. A write may have been applied."""


class Unauthorized(OutsideError):
    """401: the credentials are missing, wrong, expired or revoked."""


class Forbidden(OutsideError):
    """403: authenticated, but without the permission."""


class Gone(OutsideError):
    """404 or 410: not there, or not visible to this account. The two cannot be told apart."""


class Conflict(OutsideError):
    """409, or a 400 that says the version is stale: the thing changed since it was read."""


class Rejected(OutsideError):
    """Another 4xx: the request will not succeed unchanged. ``status`` is the HTTP status; ``said`` are the site's own
    words, empty where there are none."""

    def __init__(self, message: str, status: int, said: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.said = said
