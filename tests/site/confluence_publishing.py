"""New pages and new versions of pages: every rule that Confluence has about publishing stands here."""

import re
from dataclasses import dataclass
from datetime import datetime

from tests.site.accounts import Account
from tests.site.confluence_drafts import Drafts
from tests.site.confluence_markup import NotWellFormedError
from tests.site.confluence_pages import RefusedError, Wiki, stamp
from tests.site.page_records import PageRecords
from tests.site.storage_rewrite import Rewriting
from tests.site.store import Document, Store

_FIRST_SPACE_ID = 32770
_FIRST_PAGE_ID = 65540
_MACRO_ID = re.compile(r' ac:macro-id="[^"]*"')


@dataclass(frozen=True)
class Text:
    """What is to be published: title, body and what is said about the version."""

    title: str
    body: str
    message: str = ""
    minor: bool = False
    trigger: str = "edit_page"
    at: datetime | None = None


class Publishing:
    """Changes what `Wiki` reads. Whoever calls it holds the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wiki = Wiki(store)
        self._records = PageRecords(store)
        self._drafts = Drafts(store)

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
        created: datetime | None = None,
    ) -> Document:
        """Publish a new page as version 1; without a parent it stands below the home page. RefusedError 400."""
        self._records.refuse_taken_title(space["id"], title)
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
            "createdAt": stamp(created or self._store.now()),
            "version": 0,
            "viewers": None,
            "editors": None,
        }
        self._publish(page, account, Text(title, self._as_kept(body), at=created))
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
        minor: bool = False,
        at: datetime | None = None,
    ) -> None:
        """Publish the next version as the REST interface does; what becomes of an open draft, `Drafts` says.
        RefusedError 400, 403, 404, 409."""
        self._refuse_stale_writer(page, account, title, number)
        before = self._wiki.body(page)
        kept = self._as_kept(body)
        self._publish(page, account, Text(title, kept, message, minor, at=at))
        self._drafts.after_rest_write(page, before, title, kept)

    def edit(self, page: Document, account: Account, *, title: str, body: str, number: int, message: str = "") -> None:
        """Publish what a person saved in the editor, which was opened on version `number` - 1. Like `update`,
        but the editor rewrites more of the text, and the draft is gone afterwards."""
        self._refuse_stale_writer(page, account, title, number)
        self._publish(page, account, Text(title, self._as_kept(body, in_editor=True), message))
        self._store.delete("page_drafts", page["id"])

    def retitle(self, page: Document, account: Account, title: str) -> None:
        """Give the page another title, as a version of its own [U]. RefusedError 400, 403."""
        self._records.refuse_reader(page, account)
        self._records.refuse_taken_title(page["spaceId"], title, besides=page["id"])
        self._publish(page, account, Text(title, self._wiki.body(page)))

    def restore_version(self, page: Document, account: Account, number: int) -> None:
        """Publish an old version again: a new version with the old title and body. RefusedError 400, 403, 404."""
        self._records.refuse_reader(page, account)
        old = self._wiki.version(page["id"], number)
        self._records.refuse_taken_title(page["spaceId"], old["title"], besides=page["id"])
        # [U] The words that Confluence puts into the version.
        message = f"Reverted from v. {number}"
        self._publish(page, account, Text(old["title"], old["body"], message, trigger="revert"))

    def save_draft(self, page: Document, account: Account, *, title: str, body: str) -> None:
        """Keep what somebody typed without publishing it; no version is made. RefusedError 400, 403."""
        self._records.refuse_reader(page, account)
        self._drafts.save(page, account, title=title, body=self._as_kept(body, in_editor=True))

    def discard_draft(self, page: Document) -> None:
        """Forget the unpublished typing, if there is any."""
        self._drafts.discard(page)

    def copy(self, page: Document, account: Account) -> Document:
        """Publish the same text as another page. RefusedError 400 if there is a copy already."""
        # [S: Confluence v1 REST, content macro body] Macros of a copy have ids of their own.
        body = _MACRO_ID.sub("", self._wiki.body(page))
        title = f"Copy of {page['title']}"
        return self.create(account, self._wiki.space_of(page), title=title, body=body, parent_id=page["parentId"])

    # Within

    def _as_kept(self, body: str, *, in_editor: bool = False) -> str:
        how = Rewriting(**self._store.all("meta").get("rewriting", {}))
        try:
            return (how.by_editor if in_editor else how.by_rest)(body, self._store.new_id)
        except NotWellFormedError as error:
            raise RefusedError(400, str(error)) from error

    def _publish(self, page: Document, account: Account, text: Text) -> None:
        number = page["version"] + 1
        version = {
            "number": number,
            "authorId": account.account_id,
            "createdAt": stamp(text.at or self._store.now()),
            "message": text.message,
            "minorEdit": text.minor,
            "title": text.title,
            "body": text.body,
        }
        self._store.put("page_versions", f"{page['id']}/{number}", version)
        self._records.keep(page, title=text.title, version=number)
        kind = "page_created" if number == 1 else "page_updated"
        self._records.tell(kind, page, account, minor=text.minor, trigger=text.trigger)

    def _refuse_stale_writer(self, page: Document, account: Account, title: str, number: int) -> None:
        self._records.refuse_reader(page, account)
        # [S: justmiles/go-markdown2confluence issue 43] The sentence; 409: issue 6 of duo-labs/markdown-to-confluence.
        if number != page["version"] + 1:
            raise RefusedError(409, f"Version must be incremented on update. Current version is: {page['version']}")
        self._records.refuse_taken_title(page["spaceId"], title, besides=page["id"])
