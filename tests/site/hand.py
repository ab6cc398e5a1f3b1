"""A test's own hand at a running site: calls over HTTP as a person of the world."""

from typing import Any

from requests import Response, Session

from tests.site.accounts import Account

Json = dict[str, Any]
HAND = "X-Site-Hand"
"""The header with which a test's own hand calls: no plan spoils its calls, and no site is Data Center for it."""
BY_HAND = "HTTP_X_SITE_HAND"
"""The same in an environment of WSGI."""


class Hand:
    """Calls of one site, as `person` unless another account is given."""

    url: str
    person: Account
    _session: Session

    def _call(self, method: str, path: str, by: Account | None, arguments: Json) -> Response:
        account = by or self.person
        login = (account.email, account.classic_tokens[0])
        headers = {HAND: "1", **arguments.pop("headers", {})}
        return self._session.request(method, self.url + path, auth=login, headers=headers, timeout=60, **arguments)

    def _done(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Response:
        answer = self._call(method, path, by, arguments)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def _json(self, method: str, path: str, by: Account | None = None, **arguments: Any) -> Json:
        return dict(self._done(method, path, by, **arguments).json())
