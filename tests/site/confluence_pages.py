"""Spaces, pages, their versions and drafts: what there is, and who may see and change it."""

from collections.abc import Iterable
from datetime import datetime

from tests.site.accounts import Account
from tests.site.store import Document, Store


class RefusedError(Exception):
    """A request that cannot be fulfilled: the status of the answer and the sentence in it."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def not_found() -> RefusedError:
    """The answer for what is not there and for what the account may not see: both look the same."""
    return RefusedError(404, "Not Found")


def stamp(moment: datetime) -> str:
    """A moment as Confluence writes it: `2026-11-22T09:40:02.123Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


class Wiki:
    """The spaces and pages kept in a store, to read. Whoever calls it holds the store's lock.

    A page is one document of the table `pages`; each published version is one of `page_versions` under `id/number`;
    an open draft is one of `page_drafts`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def spaces(self, account: Account) -> list[Document]:
        """The spaces that the account may see, by id."""
        return [each for each in self._store.all("spaces").values() if account.may_see_space(each["key"])]

    def space(self, space_id: str, account: Account) -> Document:
        """The space; RefusedError 404."""
        for space in self.spaces(account):
            if space["id"] == space_id:
                return space
        raise not_found()

    def space_of(self, page: Document) -> Document:
        """The space that a page is in."""
        return self._store.all("spaces")[page["spaceId"]]

    def pages(self, account: Account, statuses: Iterable[str]) -> list[Document]:
        """The pages of any space that the account may view and whose status is one of those, by id."""
        wanted = set(statuses)
        found = (page for page in self._store.all("pages").values() if page["status"] in wanted)
        return sorted((page for page in found if self.may_view(page, account)), key=lambda page: int(page["id"]))

    def page(self, page_id: str, account: Account, statuses: Iterable[str] | None = None) -> Document:
        """The page; RefusedError 404 if it is missing, hidden from the account or in another status.

        [U] Without `statuses` a page in the trash is missing, an archived one is not.
        """
        page = self._store.get("pages", page_id)
        wanted = set(statuses or ("current", "archived"))
        if page is None or page["status"] not in wanted or not self.may_view(page, account):
            raise not_found()
        return page

    def may_view(self, page: Document, account: Account) -> bool:
        """Whether space permission and the page's own restriction let the account see it."""
        return account.may_see_space(self.space_of(page)["key"]) and _allows(page["viewers"], account)

    def may_edit(self, page: Document, account: Account) -> bool:
        """Whether the account may see and change the page."""
        return self.may_view(page, account) and account.may_edit_pages and _allows(page["editors"], account)

    def version(self, page_id: str, number: int) -> Document:
        """One published version with title and body; RefusedError 404."""
        version = self._store.get("page_versions", f"{page_id}/{number}")
        if version is None:
            raise not_found()
        return version

    def versions(self, page: Document) -> list[Document]:
        """All published versions, newest first."""
        return [self.version(page["id"], number) for number in range(page["version"], 0, -1)]

    def body(self, page: Document) -> str:
        """The published body of now."""
        return str(self.version(page["id"], page["version"])["body"])

    def draft(self, page_id: str) -> Document | None:
        """What somebody typed and has not published; None if nothing is open."""
        return self._store.get("page_drafts", page_id)


def _allows(account_ids: list[str] | None, account: Account) -> bool:
    return account_ids is None or account.account_id in account_ids
