"""Calling a Data Center site with a personal access token, sent as ``Authorization: Bearer``.

confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html; Confluence 7.9 and later.
"""

from __future__ import annotations

from requests import PreparedRequest
from requests.auth import AuthBase


class PersonalTokenAuth(AuthBase):
    """Signs each request with the token. It never shows it, also not in ``repr``."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = self._header
        return request

    def __repr__(self) -> str:
        return "PersonalTokenAuth(…)"
