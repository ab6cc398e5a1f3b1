"""Confluence Cloud REST v2: who an account id stands for.

Path, fields and statuses: [S: confluence-v2 description, users-bulk] unless a line says otherwise.
"""

from typing import Any

from flask import Response, g, jsonify

from tests.site.accounts import Account, Accounts
from tests.site.confluence_answers import base_address
from tests.site.confluence_pages import RefusedError, not_found
from tests.site.confluence_requests import sent_json

_MOST = 250


class Users:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def bulk(self) -> Response:
        """The accounts with these ids; ids that nobody has are left out, also all of them."""
        asked = sent_json("accountIds")["accountIds"]
        if not isinstance(asked, list) or not all(isinstance(each, str) for each in asked):
            raise RefusedError(400, "accountIds must be a list of strings")
        if not 1 <= len(asked) <= _MOST:
            raise RefusedError(400, f"accountIds must hold 1 to {_MOST} ids")
        # As described: 404 without the permission to use Confluence. [U] Who may see no space at all has none.
        if g.account.may_see_spaces == ():
            raise not_found()
        # [U] The order of the answer: the site's own, not that of the question; an id asked twice comes once.
        found = [user_json(account) for account in self._accounts.all() if account.account_id in asked]
        return jsonify({"results": found, "_links": {"base": base_address()}})


def user_json(account: Account) -> dict[str, Any]:
    """A `User`: its privacy settings leave the e-mail empty and the time zone out."""
    return {
        "displayName": account.display_name,
        "isExternalCollaborator": False,
        "accountStatus": "active",
        "accountId": account.account_id,
        "email": "",
        "accountType": account.account_type,
        # [U] Apps and people alike: the name again, where nobody chose another.
        "publicName": account.display_name,
        "profilePicture": None,
    }
