"""Changes to spaces and pages: every rule that Confluence has about publishing stands here."""

import re
from datetime import datetime
from typing import Any

from tests.site.accounts import Account
from tests.site.confluence_comments import with_marker
from tests.site.confluence_markup import NotWellFormedError
from tests.site.confluence_pages import RefusedError, Wiki, not_found, stamp
from tests.site.storage_rewrite import as_saved_by_editor, as_saved_by_rest
from tests.site.store import Document, Store

_FIRST_SPACE_ID = 32770
_FIRST_PAGE_ID = 65540
_MACRO_ID = re.compile(r' ac:macro-id="[^"]*"')


class Publishing:
    """Changes what `Wiki` reads. Whoever calls it holds the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wiki = Wiki(store)

    def add_space(self, key: str, name: str, author_id: str, created: datetime) -> Document:
        """Make an empty space."""
        space = {
            "id": str(self._store.next_id("space", _FIRST_SPACE_ID)),
            "key": key,
            "name": name,
            "type": "global",
            "status": "current",
            "authorId": author_id,
            "createdAt": stamp(created),
            "homepageId": None,
        }
        self._store.put("spaces", str(space["id"]), space)
        return space

    def create(
        self,
        account: Account,
        space: Document,
        *,
        title: str,
        body: str = "",
        parent_id: str | None = None,
        subtype: str | None = None,
        message: str = "",
        created: datetime | None = None,
    ) -> Document:
        """Publish a new page as version 1; without a parent it stands below the home page. RefusedError 400."""
        self._refuse_taken_title(space["id"], title)
        moment = created or self._store.now()
        page = {
            "id": str(self._store.next_id("page", _FIRST_PAGE_ID)),
            "status": "current",
            "title": title,
            "spaceId": space["id"],
            "parentId": parent_id or space["homepageId"],
            "authorId": account.account_id,
            "ownerId": account.account_id,
            "lastOwnerId": None,
            "subtype": subtype,
            "createdAt": stamp(moment),
            "version": 0,
            "viewers": None,
            "editors": None,
        }
        self._publish(page, account, title=title, body=self._kept(body), message=message, moment=moment)
        if space["homepageId"] is None:
            self._store.put("spaces", space["id"], {**space, "homepageId": page["id"]})
        return page

    def update(
        self,
        page: Document,
        account: Account,
        *,
        title: str,
        body: str,
        number: int,
        message: str = "",
        at: datetime | None = None,
    ) -> None:
        """Publish the next version as the REST interface does. RefusedError 400, 403, 404, 409.

        [S: confluence-v2 description, update page] An open draft is merged with what was sent, and "may" be
        overridden by it; [U] here it always is, which is the worst case for whoever was typing.
        """
        self._refuse_reader(page, account)
        self._refuse_stale(page, number)
        self._refuse_taken_title(page["spaceId"], title, besides=page["id"])
        kept = self._kept(body)
        self._publish(page, account, title=title, body=kept, message=message, moment=at)
        draft = self._wiki.draft(page["id"])
        if draft:
            self._store.put("page_drafts", page["id"], {**draft, "title": title, "body": kept})

    def edit(self, page: Document, account: Account, *, title: str, body: str, number: int, message: str = "") -> None:
        """Publish what a person saved in the editor, which was opened on version `number` - 1. Like `update`,
        but the editor rewrites more of the text, and the draft is gone afterwards."""
        self._refuse_reader(page, account)
        self._refuse_stale(page, number)
        self._refuse_taken_title(page["spaceId"], title, besides=page["id"])
        self._publish(page, account, title=title, body=self._kept(body, in_editor=True), message=message)
        self._store.delete("page_drafts", page["id"])

    def retitle(self, page: Document, account: Account, title: str) -> None:
        """Give the page another title, as a version of its own [U]. RefusedError 400, 403."""
        self._refuse_reader(page, account)
        self._refuse_taken_title(page["spaceId"], title, besides=page["id"])
        self._publish(page, account, title=title, body=self._wiki.body(page), message="")

    def restore_version(self, page: Document, account: Account, number: int) -> None:
        """Publish an old version again: a new version with the old title and body. RefusedError 400, 403, 404."""
        self._refuse_reader(page, account)
        old = self._wiki.version(page["id"], number)
        self._refuse_taken_title(page["spaceId"], old["title"], besides=page["id"])
        # [U] The words that Confluence puts into the version.
        message = f"Reverted from v. {number}"
        self._publish(page, account, title=old["title"], body=old["body"], message=message)

    def save_draft(self, page: Document, account: Account, *, title: str, body: str) -> None:
        """Keep what somebody typed without publishing it; no version is made. RefusedError 400, 403."""
        self._refuse_reader(page, account)
        draft = {"title": title, "body": self._kept(body, in_editor=True), "authorId": account.account_id}
        self._store.put("page_drafts", page["id"], {**draft, "createdAt": stamp(self._store.now())})
        self._changed(page)

    def discard_draft(self, page: Document) -> None:
        """Forget the unpublished typing, if there is any."""
        self._store.delete("page_drafts", page["id"])
        self._changed(page)

    def comment(self, page: Document, words: str) -> None:
        """Add an inline comment on some words of the page. RefusedError 400 if they stand nowhere.

        [S: hunyadi/md2conf issue 277] Its marker stands in the body from now on; the version stays.
        """
        version = self._wiki.version(page["id"], page["version"])
        body = with_marker(version["body"], words, self._store.new_id()) if words else None
        if body is None:
            raise RefusedError(400, "These words do not stand in one piece on the page")
        self._store.put("page_versions", f"{page['id']}/{page['version']}", {**version, "body": body})
        self._changed(page)

    def copy(self, page: Document, account: Account) -> Document:
        """Publish the same text as another page. RefusedError 400 if there is a copy already."""
        # [S: Confluence v1 REST, content macro body] Macros of a copy have ids of their own.
        body = _MACRO_ID.sub("", self._wiki.body(page))
        title = f"Copy of {page['title']}"
        return self.create(account, self._wiki.space_of(page), title=title, body=body, parent_id=page["parentId"])

    def set_status(self, page: Document, status: str) -> None:
        """Archive a page, put it into the trash or bring it back; the version stays. RefusedError 400."""
        if status == "current" and page["status"] == "trashed":
            self._refuse_taken_title(page["spaceId"], page["title"], besides=page["id"])
        self._keep(page, status=status)

    def restrict(self, page: Document, *, viewers: list[str] | None, editors: list[str] | None) -> None:
        """Say which accounts may view and edit the page; None means everybody in the space."""
        self._keep(page, viewers=viewers, editors=editors)

    def purge(self, page: Document) -> None:
        """Forget the page for good."""
        for number in range(1, page["version"] + 1):
            self._store.delete("page_versions", f"{page['id']}/{number}")
        for table in ("page_drafts", "pages"):
            self._store.delete(table, page["id"])
        self._changed(page)

    # Within

    def _kept(self, body: str, *, in_editor: bool = False) -> str:
        rewrite = as_saved_by_editor if in_editor else as_saved_by_rest
        try:
            return rewrite(body, self._store.new_id)
        except NotWellFormedError as error:
            raise RefusedError(400, str(error)) from error

    def _publish(
        self, page: Document, account: Account, *, title: str, body: str, message: str, moment: datetime | None = None
    ) -> None:
        number = page["version"] + 1
        version = {
            "number": number,
            "authorId": account.account_id,
            "createdAt": stamp(moment or self._store.now()),
            "message": message,
            # [S: confluence-v2 description] The update request has no field for a minor edit.
            "minorEdit": False,
            "title": title,
            "body": body,
        }
        self._store.put("page_versions", f"{page['id']}/{number}", version)
        self._keep(page, title=title, version=number)

    def _keep(self, page: Document, **changes: Any) -> None:
        page.update(changes)
        self._store.put("pages", page["id"], page)
        self._changed(page)

    def _changed(self, page: Document) -> None:
        self._store.bump(f"page/{page['id']}", f"space/{self._wiki.space_of(page)['key']}")

    def _refuse_reader(self, page: Document, account: Account) -> None:
        # [S: confluence-v2 description] 404 without the permission in the space; [U] 403 by the page's restriction.
        if not account.may_edit_pages:
            raise not_found()
        if not self._wiki.may_edit(page, account):
            raise RefusedError(403, "Current user not permitted to use Confluence")
        if page["status"] != "current":
            # [U] An archived page is read-only; the words are ours.
            raise RefusedError(400, f"Content with status {page['status']} cannot be edited")

    def _refuse_stale(self, page: Document, number: int) -> None:
        # [S: justmiles/go-markdown2confluence issue 43] The sentence; 409: issue 6 of duo-labs/markdown-to-confluence.
        if number != page["version"] + 1:
            raise RefusedError(409, f"Version must be incremented on update. Current version is: {page['version']}")

    def _refuse_taken_title(self, space_id: str, title: str, besides: str = "") -> None:
        if not title.strip():
            raise RefusedError(400, "Title must not be empty")
        for page in self._store.all("pages").values():
            same = page["spaceId"] == space_id and page["title"] == title and page["id"] != besides
            if same and page["status"] != "trashed":
                # [U] The words; that a title is unique in its space is certain.
                text = "A page with this title already exists: A page already exists with the same TITLE in this space"
                raise RefusedError(400, text)
