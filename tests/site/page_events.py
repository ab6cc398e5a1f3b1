"""What happened to a page: told to whoever listens, by whoever changes pages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PageEvent:
    """One thing that happened to a page.

    `kind` is the event's name as Confluence Data Center's webhooks write it: page_created, page_updated, page_trashed,
    page_restored, page_removed, page_moved [S: confluence.atlassian.com, managing webhooks]. `minor` is true for a
    version that was published as a minor edit; `trigger` says what made a new version: edit_page or revert.
    """

    kind: str
    page_id: str
    account_id: str
    version: int
    at: datetime
    minor: bool = False
    trigger: str = ""
