"""A site in this process, put together: what a test may reach for beside its interfaces."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from tests.site.accounts import Accounts
from tests.site.postman import Postman, deliver_all_due
from tests.site.site_clock import SiteClock
from tests.site.store import Document, Store
from tests.site.traffic import Traffic
from tests.site.webhook_trouble import Troubles
from tests.site.world import World


@dataclass(frozen=True)
class SiteParts:
    """The application, and what stands behind it."""

    app: Flask
    store: Store
    accounts: Accounts
    world: World
    clock: SiteClock
    troubles: Troubles
    traffic: Traffic
    issue_postman: Postman
    page_postman: Postman

    def deliver_due(self) -> list[Document]:
        """Make every delivery of a webhook that is due now; the answer is each after its try."""
        return deliver_all_due((self.issue_postman, self.page_postman))

    def next_due(self) -> datetime | None:
        """When the next delivery of a webhook is due; None if none waits."""
        waiting = (self.issue_postman.outbox.next_due(), self.page_postman.outbox.next_due())
        return min((due for due in waiting if due), default=None)
