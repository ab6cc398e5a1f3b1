"""The box in which a person edits a page: storage format as text, and what happens when somebody else was faster."""

from flask import abort, redirect, render_template, request
from werkzeug.wrappers.response import Response as BaseResponse

from tests.site.accounts import Account, Accounts
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.confluence_publishing import Publishing
from tests.site.store import Document, Store
from tests.site.wiki_views import Views, page_path


class Editing:
    """The edit screen, for the person chosen in the frame."""

    def __init__(self, store: Store, accounts: Accounts, views: Views) -> None:
        self._wiki = Wiki(store)
        self._publishing = Publishing(store)
        self._accounts = accounts
        self._views = views

    def show(self, key: str, page_id: int) -> str:
        """The box with the open draft, else with what is published.

        [S: Atlassian help on collaborative editing] There is one draft per page, shared by all who edit.
        """
        page = self._editable(key, page_id)
        text = self._wiki.draft(page["id"]) or self._wiki.version(page["id"], page["version"])
        return self._box(page, text["title"], text["body"], page["version"])

    def save(self, key: str, page_id: int) -> BaseResponse | tuple[str, int]:
        """Publish the text, keep it as a draft, or forget the draft, as the button says."""
        page = self._editable(key, page_id)
        button = request.form.get("button", "publish")
        try:
            if button == "discard":
                self._publishing.discard_draft(page)
            else:
                self._keep(page, publish=button == "publish")
        except RefusedError as refusal:
            return self._refused(page, refusal)
        return redirect(page_path(key, page), 303)

    def _keep(self, page: Document, *, publish: bool) -> None:
        title, body = _typed()
        if not publish:
            self._publishing.save_draft(page, self._person(), title=title, body=body)
            return
        opened_on = request.form.get("version", type=int) or 0
        message = request.form.get("message", "")
        self._publishing.edit(page, self._person(), title=title, body=body, number=opened_on + 1, message=message)

    def _refused(self, page: Document, refusal: RefusedError) -> tuple[str, int]:
        """The box again, with all that was typed. After a conflict the next try would replace what is published."""
        title, body = _typed()
        opened_on = request.form.get("version", type=int) or 0
        if refusal.status != 409:
            return self._box(page, title, body, opened_on, problem=refusal.title), refusal.status
        theirs = self._wiki.version(page["id"], page["version"])
        return self._box(page, title, body, page["version"], theirs=theirs), 409

    def _box(
        self, page: Document, title: str, body: str, version: int, problem: str = "", theirs: Document | None = None
    ) -> str:
        return render_template(
            "wiki_edit.html",
            page=page,
            title=title,
            body=body,
            version=version,
            problem=problem,
            theirs=theirs,
            draft=self._wiki.draft(page["id"]),
            **self._views.around(self._wiki.space_of(page), page),
        )

    def _editable(self, key: str, page_id: int) -> Document:
        page = self._views.page_by_id(key, page_id)
        if page["status"] != "current" or not self._wiki.may_edit(page, self._person()):
            abort(403)
        return page

    def _person(self) -> Account:
        return self._accounts.person(request)


def _typed() -> tuple[str, str]:
    # Browsers send line breaks of a text box as CR LF.
    return request.form.get("title", ""), request.form.get("body", "").replace("\r\n", "\n")
