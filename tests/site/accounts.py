"""Who may call the site: accounts, their tokens, and what each may see."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import wraps
from hashlib import md5
from typing import Any, ParamSpec

from flask import Request, Response, g, request

from tests.site.store import Document, Store

P = ParamSpec("P")
PERSON_COOKIE = "site_person"


@dataclass(frozen=True)
class Account:
    """A person or a service account of the world.

    `classic_tokens` are valid at the site address only, `scoped_tokens` at the API gateway only
    [S: support.atlassian.com, manage API tokens]; `access_tokens` are the personal ones of Data Center. None for
    projects or spaces means all of them; the hidden ones are never seen. `account_type` is atlassian, app, customer or
    unknown [S: confluence-v2 description, AccountType].
    """

    account_id: str
    email: str
    display_name: str
    time_zone: str
    classic_tokens: tuple[str, ...] = ()
    scoped_tokens: tuple[str, ...] = ()
    access_tokens: tuple[str, ...] = ()
    may_see_projects: tuple[str, ...] | None = None
    may_see_spaces: tuple[str, ...] | None = None
    hidden_projects: tuple[str, ...] = ()
    hidden_spaces: tuple[str, ...] = ()
    may_edit_issues: bool = True
    may_edit_pages: bool = True
    jira_admin: bool = False
    is_person: bool = True
    account_type: str = "atlassian"

    @property
    def user_name(self) -> str:
        """The name that the account logs in with at Data Center: the first half of its e-mail."""
        return self.email.partition("@")[0]

    @property
    def user_key(self) -> str:
        """What Data Center calls the account: [U] 32 characters of hexadecimal that never change."""
        return md5(self.account_id.encode(), usedforsecurity=False).hexdigest()

    @property
    def may_bulk_change(self) -> bool:
        """Whether the account has the global permission "Bulk change": people have it, service accounts have not."""
        return self.is_person

    def may_see_project(self, project_key: str) -> bool:
        """Whether the account has "Browse projects" there."""
        listed = self.may_see_projects is None or project_key in self.may_see_projects
        return listed and project_key not in self.hidden_projects

    def may_see_space(self, space_key: str) -> bool:
        """Whether the account may view the space."""
        listed = self.may_see_spaces is None or space_key in self.may_see_spaces
        return listed and space_key not in self.hidden_spaces


class Accounts:
    """The accounts kept in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, account: Account) -> None:
        """Add or replace an account."""
        self._store.put("accounts", account.account_id, asdict(account))

    def change(self, account_id: str, **changes: Any) -> Account:
        """Change some fields of an account. KeyError if there is no such account, TypeError for an unknown field."""
        account = replace(self.by_id(account_id), **{name: _frozen(value) for name, value in changes.items()})
        self.save(account)
        return account

    def follow_renamed_project(self, key: str, new_key: str) -> None:
        """Permissions are of the project, not of its key: who could or could not see it still can or cannot."""
        for account in self.all():
            seen = account.may_see_projects
            renamed = None if seen is None else tuple(new_key if one == key else one for one in seen)
            hidden = tuple(new_key if one == key else one for one in account.hidden_projects)
            self.save(replace(account, may_see_projects=renamed, hidden_projects=hidden))

    def by_id(self, account_id: str) -> Account:
        """The account; KeyError if there is none."""
        return _account(self._store.all("accounts")[account_id])

    def all(self) -> list[Account]:
        """Every account, in the order in which they were added."""
        return [self.by_id(account_id) for account_id in self._store.all("accounts")]

    def people(self) -> list[Account]:
        """The persons that somebody at a browser can be."""
        return [account for account in self.all() if account.is_person]

    def authenticate(self, request: Request) -> Account | None:
        """Who calls the API: Basic e-mail and token, the token of the right kind for the door. None if nobody known."""
        email, token = _basic(request.headers.get("Authorization", ""))
        tokens = "scoped_tokens" if "site.gateway" in request.environ else "classic_tokens"
        for document in self._store.all("accounts").values():
            if document["email"].lower() == email.lower() and token in document[tokens]:
                return _account(document)
        return None

    def authenticate_at_data_center(self, request: Request) -> Account | None:
        """Who calls Data Center: a personal access token as bearer [U: from version 7.9 on]. None if nobody known."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return next((account for account in self.all() if token in account.access_tokens), None)

    def person(self, request: Request) -> Account:
        """Who acts in the browser: the person chosen in the frame, else the first of the world."""
        chosen = request.cookies.get(PERSON_COOKIE)
        people = self.people()
        return next((person for person in people if person.account_id == chosen), people[0])

    def required(
        self, refuse: Callable[[], Response], *, at_data_center: bool = False
    ) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
        """A decorator for API views, the same at the site address and at the gateway.

        The view runs under the store's lock with the caller in `flask.g.account`; without valid credentials the
        answer is what `refuse` makes.
        """
        authenticate = self.authenticate_at_data_center if at_data_center else self.authenticate

        def decorate(view: Callable[P, Any]) -> Callable[P, Any]:
            @wraps(view)
            def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
                with self._store.lock:
                    account = authenticate(request)
                    if account is None:
                        return refuse()
                    g.account = account
                    request.environ.get("site.caller", {})["account"] = account.account_id
                    return view(*args, **kwargs)

            return guarded

        return decorate


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return email, token


def _account(document: Document) -> Account:
    return Account(**{name: _frozen(value) for name, value in document.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
