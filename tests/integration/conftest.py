"""One stand-in site for all tests here, left as it was found; a database and a line of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from connector.store.engine import Database
from tests.integration.line import Line, line
from tests.integration.okr_page import OkrPage, written
from tests.site.roster import SYNC
from tests.site.running import Site, start_site


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The site without faults; what a test changes of it as a whole is put back."""
    running_site.forget_requests()
    yield running_site
    running_site.clear_faults()
    running_site.search_lag(0)
    rights = asdict(SYNC)
    running_site.change_account(SYNC, **{name: rights[name] for name in rights if name != "account_id"})


@pytest.fixture
def okr_line(sqlite_database: Database, site: Site, tmp_path: Path) -> Line:
    """A workspace with nothing connected yet."""
    return line(sqlite_database, site, tmp_path)


@pytest.fixture
def page(okr_line: Line) -> OkrPage:
    """Two key results on two epics, in a page that is written and right; the log of calls is empty."""
    return written(okr_line)
