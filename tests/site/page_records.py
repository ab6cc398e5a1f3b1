"""The documents of pages: kept, told about, and guarded by the rules that hold for every change."""

from typing import Any

from tests.site.accounts import Account
from tests.site.confluence_pages import RefusedError, Wiki, not_found
from tests.site.page_events import PageEvent
from tests.site.store import Document, Store


class PageRecords:
    """What all changes of pages have in common. Whoever calls it holds the store's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wiki = Wiki(store)

    def keep(self, page: Document, **changes: Any) -> None:
        """Change fields of a page's document."""
        page.update(changes)
        self._store.put("pages", page["id"], page)
        self.changed(page)

    def changed(self, page: Document) -> None:
        """Say to browsers that the page is another one now."""
        self._store.bump(f"page/{page['id']}", f"space/{self._wiki.space_of(page)['key']}")

    def tell(self, kind: str, page: Document, by: Account, *, minor: bool = False, trigger: str = "") -> None:
        """Say to all listeners what happened."""
        event = PageEvent(kind, page["id"], by.account_id, page["version"], self._store.now(), minor, trigger)
        for listener in self._store.page_listeners:
            listener(event)

    def refuse_reader(self, page: Document, account: Account) -> None:
        """RefusedError 400, 403, 404 where the account may not change the text of the page."""
        # [S: confluence-v2 description] 404 without the permission in the space; [U] 403 by the page's restriction.
        if not account.may_edit_pages:
            raise not_found()
        if not self._wiki.may_edit(page, account):
            raise RefusedError(403, "Current user not permitted to use Confluence")
        if page["status"] != "current":
            # [U] An archived page is read-only; the words are ours.
            raise RefusedError(400, f"Content with status {page['status']} cannot be edited")

    def refuse_taken_title(self, space_id: str, title: str, besides: str = "") -> None:
        """RefusedError 400 where another page of the space has the title, or there is none."""
        if not title.strip():
            raise RefusedError(400, "Title must not be empty")
        for page in self._store.all("pages").values():
            same = page["spaceId"] == space_id and page["title"] == title and page["id"] != besides
            if same and page["status"] != "trashed":
                # [U] The words; that a title is unique in its space is certain.
                text = "A page with this title already exists: A page already exists with the same TITLE in this space"
                raise RefusedError(400, text)
