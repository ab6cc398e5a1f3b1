"""Calling with an account's e-mail address and API token.

Classic tokens work at the site's own address, scoped ones at the API gateway only; both are sent as HTTP Basic
(support.atlassian.com, "Manage API tokens for your Atlassian account").
"""

from __future__ import annotations

import base64

from requests import PreparedRequest
from requests.auth import AuthBase


class TokenAuth(AuthBase):
    """Signs each request with e-mail and token. It never shows the token, also not in ``repr``."""

    def __init__(self, email: str, token: str) -> None:
        pair = f"{email}:{token}".encode()
        self._header = "Basic " + base64.b64encode(pair).decode("ascii")

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = self._header
        return request

    def __repr__(self) -> str:
        return "TokenAuth(…)"
