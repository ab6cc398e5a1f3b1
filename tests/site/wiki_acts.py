"""What a person does to a page with one click: comment, copy, archive, delete, restrict, restore."""

from collections.abc import Callable
from urllib.parse import quote

from flask import abort, redirect, request
from werkzeug.wrappers.response import Response as BaseResponse

from tests.site.accounts import Account, Accounts
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.confluence_publishing import Publishing
from tests.site.page_comments import PageComments
from tests.site.page_states import PageStates
from tests.site.store import Document, Store
from tests.site.wiki_views import Views, page_path


class Acts:
    """Buttons below a page, for the person chosen in the frame."""

    def __init__(self, store: Store, accounts: Accounts, views: Views) -> None:
        self._store = store
        self._wiki = Wiki(store)
        self._comments = PageComments(store)
        self._publishing = Publishing(store)
        self._states = PageStates(store)
        self._accounts = accounts
        self._views = views
        self._acts: dict[str, Callable[[Document, Account], Document | None]] = {
            "comment": self._comment,
            "copy": self._publishing.copy,
            "archive": lambda page, _: self._states.archive(page),
            "delete": self._states.trash,
            "restore": self._states.bring_back,
            "restrict": self._restrict,
            "open": lambda page, _: self._states.restrict(page, viewers=None, editors=None),
            "restore-version": self._restore_version,
            "purge": self._purge,
            "move": self._move,
            "make-live": self._make_live,
        }

    def do(self, key: str, page_id: int, act: str) -> BaseResponse:
        """Do it and show the page that it leads to; a refusal is shown on the page."""
        page, person = self._views.page_by_id(key, page_id), self._accounts.person(request)
        if act not in self._acts:
            abort(404)
        if not self._wiki.may_edit(page, person):
            abort(403)
        try:
            shown = self._acts[act](page, person) or page
        except RefusedError as refusal:
            return redirect(f"/wiki/spaces/{key}/pages/{page_id}?refusal={quote(refusal.title)}", 303)
        if self._wiki_holds(shown):
            return redirect(page_path(self._wiki.space_of(shown)["key"], shown), 303)
        return redirect(f"/wiki/spaces/{key}", 303)

    def _wiki_holds(self, page: Document) -> bool:
        return page["id"] in self._store.all("pages")

    def _comment(self, page: Document, person: Account) -> None:
        self._comments.add(page, person, request.form.get("words", "").strip())

    def _purge(self, page: Document, person: Account) -> None:
        """Forget a page that is in the trash."""
        if page["status"] != "trashed":
            raise RefusedError(400, "Only a page in the trash can be forgotten")
        self._states.purge(page, person)

    def _move(self, page: Document, person: Account) -> None:
        """Put the page below the home page of the space whose key is given."""
        wanted = request.form.get("space", "")
        space = next((each for each in self._wiki.spaces(person) if each["key"] == wanted), None)
        if space is None:
            raise RefusedError(400, f"There is no space {wanted} for you")
        self._states.move(page, space, person)

    def _make_live(self, page: Document, _: Account) -> None:
        """Turn the page into a live doc: it is edited without publishing."""
        self._states.make_live(page)

    def _restrict(self, page: Document, person: Account) -> None:
        """Only the person may edit from now on; with `viewing` set, only they may see the page."""
        only = [person.account_id]
        self._states.restrict(page, viewers=only if request.form.get("viewing") else None, editors=only)

    def _restore_version(self, page: Document, person: Account) -> None:
        self._publishing.restore_version(page, person, request.form.get("number", type=int) or 0)
