"""What happens to a page as a whole: archived, in the trash, back, gone for good, restricted, in another space."""

from tests.site.accounts import Account
from tests.site.confluence_pages import RefusedError
from tests.site.page_records import PageRecords
from tests.site.store import Document, Store


class PageStates:
    """Changes the state of pages; no version is made. Whoever calls it holds the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._records = PageRecords(store)

    def archive(self, page: Document) -> None:
        """Put a page aside: it can be read but not changed."""
        self._records.keep(page, status="archived")

    def trash(self, page: Document, by: Account) -> None:
        """Put a page into the trash."""
        self._records.keep(page, status="trashed")
        self._records.tell("page_trashed", page, by)

    def bring_back(self, page: Document, by: Account) -> None:
        """Out of the archive or the trash; RefusedError 400 if another page has its title by now."""
        if page["status"] == "trashed":
            self._records.refuse_taken_title(page["spaceId"], page["title"], besides=page["id"])
        self._records.keep(page, status="current")
        self._records.tell("page_restored", page, by)

    def make_live(self, page: Document) -> None:
        """Turn a page into a live doc [S: confluence-v2 description, subtype]; no version is made [U]."""
        self._records.keep(page, subtype="live")

    def restrict(self, page: Document, *, viewers: list[str] | None, editors: list[str] | None) -> None:
        """Say which accounts may view and edit the page; None means everybody in the space."""
        self._records.keep(page, viewers=viewers, editors=editors)

    def move(self, page: Document, space: Document, by: Account) -> None:
        """Put a page below the home page of another space: its id and its versions stay. RefusedError 400."""
        if space["id"] == page["spaceId"]:
            raise RefusedError(400, "The page is in this space already")
        self._records.refuse_taken_title(space["id"], page["title"])
        self._records.changed(page)
        # [U] Pages below go along on a real site; here a page moves alone.
        self._records.keep(page, spaceId=space["id"], parentId=space["homepageId"])
        self._records.tell("page_moved", page, by)

    def purge(self, page: Document, by: Account) -> None:
        """Forget the page for good."""
        for number in range(1, page["version"] + 1):
            self._store.delete("page_versions", f"{page['id']}/{number}")
        for table in ("page_drafts", "pages"):
            self._store.delete(table, page["id"])
        for comment in [each for each in self._store.all("page_comments").values() if each["pageId"] == page["id"]]:
            self._store.delete("page_comments", comment["id"])
        self._records.changed(page)
        self._records.tell("page_removed", page, by)
