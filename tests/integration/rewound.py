"""A moment of the product that tests can go back to: a copy of its database, and its page in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from connector.store.connections import Connection
from connector.store.engine import Database
from sync.ports import JiraReader, Page, PageStore, PageVersion, SiteAccount, Sites
from tests.databases import closing
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage


class PageInMemory:
    """A PageStore of one page that only we write."""

    def __init__(self, page: Page, account_id: str) -> None:
        self.page = page
        self._older: dict[int, Page] = {}
        self._account_id = account_id
        self.written: list[PageVersion] = []

    def read(self, page_id: str) -> Page:
        return self.page

    def read_draft(self, page_id: str) -> Page:
        return self.page

    def write(self, page: Page, body: str, message: str) -> int:
        assert page.version == self.page.version
        self._older[page.version] = self.page
        self.page = replace(page, body=body, version=page.version + 1, author_id=self._account_id)
        self.written.append(PageVersion(self.page.version, self._account_id, datetime.now(UTC), message))
        return self.page.version

    def read_version(self, page_id: str, number: int) -> Page:
        return self.page if number == self.page.version else self._older[number]

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        return ()

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        return {self.page.page_id: self.page.version}

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        return tuple(version for version in self.written if version.number > after)


@dataclass(frozen=True)
class _Sites:
    """The real Jira, and a page in memory."""

    sites: Sites
    pages: PageInMemory

    def jira(self, connection: Connection) -> JiraReader:
        return self.sites.jira(connection)

    def confluence(self, connection: Connection) -> PageStore:
        return self.pages


@dataclass(frozen=True)
class Moment:
    """Everything that the product knew, and how its page stood. ``database`` is empty until it is gone back to."""

    line: Line
    page: Page
    account_id: str
    file: Path
    database: Database

    def again(self) -> tuple[Line, PageInMemory]:
        """The product as it was then, in a database and with a page of its own; the site goes on.

        It is the same database each time, so only the last one that was given out can be used."""
        self.database.close()
        _copy(self.file, file_of(self.database))
        pages = PageInMemory(self.page, self.account_id)
        on = replace(self.line.on, database=self.database, sites=_Sites(self.line.on.sites, pages))
        return replace(self.line, on=on), pages


@contextmanager
def remembered(page: OkrPage, folder: Path) -> Iterator[Moment]:
    """This moment. Only for a product on SQLite."""
    line, connection = page.line, page.line.connection("confluence")
    file = folder / "moment.sqlite3"
    _copy(file_of(line.on.database), file)
    seen = line.on.sites.confluence(connection).read(page.page_id)
    with closing(f"sqlite:///{folder / 'again.sqlite3'}") as database:
        yield Moment(line, seen, connection.account_id, file, database)


def file_of(database: Database) -> Path:
    """Where an SQLite database lies."""
    return Path(database.engine.url.database or "")


def _copy(source: Path, target: Path) -> None:
    there, here = sqlite3.connect(source), sqlite3.connect(target)
    there.backup(here)
    there.close()
    here.close()
