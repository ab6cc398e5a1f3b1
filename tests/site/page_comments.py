"""Inline comments: what somebody said about words of a page, and whether these words can still be found."""

from tests.site.accounts import Account
from tests.site.confluence_comments import marker_refs, with_marker
from tests.site.confluence_pages import RefusedError, Wiki, not_found, stamp
from tests.site.page_records import PageRecords
from tests.site.store import Document, Store

_TABLE = "page_comments"
_FIRST_ID = 131072


class PageComments:
    """Comments on pages; the marker of each stands in the body. Whoever calls it holds the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wiki = Wiki(store)
        self._records = PageRecords(store)

    def add(self, page: Document, by: Account, words: str, said: str = "") -> Document:
        """Add a comment on the first place of some words. RefusedError 400 if they stand nowhere in one piece.

        [S: hunyadi/md2conf issue 277] Its marker stands in the body from now on; the version stays.
        """
        version = self._wiki.version(page["id"], page["version"])
        ref = self._store.new_id()
        body = with_marker(version["body"], words, ref) if words else None
        if body is None:
            raise RefusedError(400, "These words do not stand in one piece on the page")
        self._store.put("page_versions", f"{page['id']}/{page['version']}", {**version, "body": body})
        self._records.changed(page)
        comment = {
            "id": str(self._store.next_id("comment", _FIRST_ID)),
            "pageId": page["id"],
            "ref": ref,
            "words": words,
            "said": said,
            "resolved": False,
            "authorId": by.account_id,
            "createdAt": stamp(self._store.now()),
        }
        self._store.put(_TABLE, comment["id"], comment)
        return comment

    def of(self, page: Document) -> list[Document]:
        """The comments on a page, oldest first."""
        return [each for each in self._store.all(_TABLE).values() if each["pageId"] == page["id"]]

    def one(self, comment_id: str) -> Document:
        """A comment; RefusedError 404."""
        comment = self._store.get(_TABLE, comment_id)
        if comment is None:
            raise not_found()
        return comment

    def resolve(self, comment: Document, resolved: bool) -> None:
        """Say that a comment is dealt with, or open it again; [U] its marker stays in the body."""
        self._store.put(_TABLE, comment["id"], {**comment, "resolved": resolved})

    def status(self, comment: Document, refs: set[str]) -> str:
        """open, resolved, or dangling: its marker is no longer among the refs of the body.

        [S: confluence-v2 description] The words; [S: confluence-publisher issue 289] when a comment dangles, and that
        it is open again when the same marker is back.
        """
        if comment["resolved"]:
            return "resolved"
        return "open" if comment["ref"] in refs else "dangling"

    def refs(self, page: Document) -> set[str]:
        """The refs of the markers in the body of now."""
        return marker_refs(self._wiki.body(page))
