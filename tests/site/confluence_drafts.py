"""The one open draft of a page, shared by all who edit it."""

from tests.site.accounts import Account
from tests.site.confluence_pages import Wiki, stamp
from tests.site.draft_merge import merged
from tests.site.page_records import PageRecords
from tests.site.store import Document, Store

ON_REST_WRITE = ("override", "merge")


class Drafts:
    """What somebody typed and has not published. Whoever calls it holds the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wiki = Wiki(store)
        self._records = PageRecords(store)

    def save(self, page: Document, account: Account, *, title: str, body: str) -> None:
        """Keep a text that was rewritten already, in place of the draft that is there."""
        draft = {"title": title, "body": body, "authorId": account.account_id, "createdAt": stamp(self._store.now())}
        self._store.put("page_drafts", page["id"], draft)
        self._records.changed(page)

    def discard(self, page: Document) -> None:
        """Forget the unpublished typing, if there is any."""
        self._store.delete("page_drafts", page["id"])
        self._records.changed(page)

    def after_rest_write(self, page: Document, before: str, title: str, written: str) -> None:
        """What becomes of an open draft when the page was written by REST.

        [S: confluence-v2 description, update page] The new text is merged into the draft, and may override it; which
        of both happens here is a setting of the site. Overriding is the worst case for whoever was typing.
        """
        draft = self._wiki.draft(page["id"])
        if draft is None:
            return
        merges = self._store.all("meta").get("drafts", {}).get("on_rest_write") == "merge"
        body = merged(before, draft["body"], written) if merges else written
        self._store.put("page_drafts", page["id"], {**draft, "title": title, "body": body})
