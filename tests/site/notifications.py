"""Mails that Confluence sends about pages, counted, not sent."""

from collections.abc import Iterable

from tests.site.page_events import PageEvent
from tests.site.store import Store

_TABLE = "mails"
_NEWS = ("page_created", "page_updated")


class Notifications:
    """Listens to what happens to pages, and keeps one document of the table `mails` for each: `page`, `version`, `by`
    and `to` (account ids)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.page_listeners.append(self._hear)

    def _hear(self, event: PageEvent) -> None:
        # [S: confluence-v2 description, Version] No mails for minor versions.
        if event.minor or event.kind not in _NEWS:
            return
        for account_id in self._watchers(event.page_id):
            # [U] Nobody is told of what they did themselves, the setting that people start with.
            if account_id != event.account_id:
                self._send(event, account_id)

    def _send(self, event: PageEvent, account_id: str) -> None:
        number = str(self._store.next_id("mail", 1))
        mail = {"page": event.page_id, "version": event.version, "by": event.account_id, "to": account_id}
        self._store.put(_TABLE, number, mail)

    def _watchers(self, page_id: str) -> Iterable[str]:
        """Who made or edited the page. [S: Atlassian help, watch pages] Autowatch is on unless somebody turns it off.

        Service accounts and apps read no mail.
        """
        page = self._store.all("pages")[page_id]
        versions = (self._store.all("page_versions")[f"{page_id}/{number + 1}"] for number in range(page["version"]))
        authors = dict.fromkeys(version["authorId"] for version in versions)
        accounts = self._store.all("accounts")
        return (author for author in authors if accounts.get(author, {}).get("is_person", False))
