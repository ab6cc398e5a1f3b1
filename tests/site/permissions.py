"""Permissions that an account loses and gets back: for a project, a space, a page."""

from dataclasses import replace

from tests.site.accounts import Accounts
from tests.site.page_states import PageStates
from tests.site.store import Store


class Permissions:
    """Changes what one account may do, and nobody else. Whoever calls it holds the store's lock.

    KeyError for an account, project, space or page that is not there.
    """

    def __init__(self, store: Store, accounts: Accounts) -> None:
        self._store, self._accounts, self._states = store, accounts, PageStates(store)

    def project(self, account_id: str, key: str, *, may_see: bool) -> None:
        """Whether the account may browse a project, whatever else it may see."""
        account = self._accounts.by_id(account_id)
        hidden = _with(account.hidden_projects, self._store.all("projects")[key]["key"], not may_see)
        self._accounts.save(replace(account, hidden_projects=tuple(hidden)))

    def space(self, account_id: str, key: str, *, may_see: bool) -> None:
        """Whether the account may view a space."""
        if key not in {space["key"] for space in self._store.all("spaces").values()}:
            raise KeyError(key)
        account = self._accounts.by_id(account_id)
        hidden = _with(account.hidden_spaces, key, not may_see)
        self._accounts.save(replace(account, hidden_spaces=tuple(hidden)))

    def page(self, account_id: str, page_id: str, *, may_view: bool, may_edit: bool) -> None:
        """Whether the page's own restriction lets the account see and change it."""
        self._accounts.by_id(account_id)
        page = self._store.all("pages")[page_id]
        viewers = self._restricted(page["viewers"], account_id, may_view)
        editors = self._restricted(page["editors"], account_id, may_edit)
        self._states.restrict(page, viewers=viewers, editors=editors)

    def _restricted(self, listed: list[str] | None, account_id: str, may: bool) -> list[str] | None:
        """Everybody who may by now, with or without the account; None where that is everybody."""
        everybody = list(self._store.all("accounts"))
        allowed = _with(everybody if listed is None else listed, account_id, may)
        return None if set(allowed) >= set(everybody) else allowed


def _with(names: list[str] | tuple[str, ...], name: str, wanted: bool) -> list[str]:
    return [each for each in names if each != name] + ([name] if wanted else [])
