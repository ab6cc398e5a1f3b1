"""One visit to a large page: the service's own time, without the calls, and the memory that it takes."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from connector.store.connections import Connection
from connector.store.work import mark_due
from mapping.okr import CheckInOrigin
from sync import commands
from sync.ports import JiraReader, Page, PageStore, PageVersion, SiteAccount, Sites
from tests.benchmarks.figures import Counted, Outcome, Samples
from tests.databases import SqliteTemplate, closing
from tests.integration.line import Line, line
from tests.site.running import start_site

VISITS = 20
KEY_RESULTS = 200
OBJECTIVES = 50
PAGE_BYTES = 1_000_000
PARAGRAPH = "<p>What was said in the meeting, and <strong>who</strong> does what until when &amp; why.</p>"


@dataclass(slots=True)
class Timed:
    """Counts what is spent in calls, so that it can be left out: seconds that passed, and seconds of the processor."""

    seconds: float = 0.0
    processor: float = 0.0

    @contextmanager
    def call(self) -> Iterator[None]:
        began, used = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - began
            self.processor += time.process_time() - used


@dataclass(slots=True)
class TimedPages:
    """``sync.ports.PageStore`` that notes how long each call takes."""

    inner: PageStore
    timed: Timed

    def read(self, page_id: str) -> Page:
        with self.timed.call():
            return self.inner.read(page_id)

    def read_draft(self, page_id: str) -> Page:
        with self.timed.call():
            return self.inner.read_draft(page_id)

    def write(self, page: Page, body: str, message: str) -> int:
        with self.timed.call():
            return self.inner.write(page, body, message)

    def read_version(self, page_id: str, number: int) -> Page:
        with self.timed.call():
            return self.inner.read_version(page_id, number)

    def accounts(self, account_ids: Sequence[str]) -> tuple[SiteAccount, ...]:
        with self.timed.call():
            return self.inner.accounts(account_ids)

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        with self.timed.call():
            return self.inner.present_versions(page_ids)

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        with self.timed.call():
            return self.inner.versions(page_id, after)


@dataclass(frozen=True, slots=True)
class TimedSites:
    """``sync.ports.Sites`` with the page store timed."""

    inner: Sites
    timed: Timed

    def jira(self, connection: Connection) -> JiraReader:
        return self.inner.jira(connection)

    def confluence(self, connection: Connection) -> PageStore:
        return TimedPages(self.inner.confluence(connection), self.timed)


def measure(folder: Path) -> Iterator[Outcome]:
    """Visits that each write one changed value, visits that find nothing to write, and the memory of one more."""
    with start_site(folder) as site, closing(SqliteTemplate(folder).copy()) as database:
        made = line(database, site, folder, write_bucket=1000)
        page_id, table_id = _set_up(made)
        timed = Timed()
        made.on = replace(made.on, sites=TimedSites(made.on.sites, timed))
        written = tuple(_own_time(made, timed, partial(_check_in, made, number)) for number in range(VISITS))
        quiet = tuple(_own_time(made, timed, partial(_mark_table, made, table_id)) for _ in range(VISITS))
        before = len(made.site.body(page_id))
        peak = _peak_megabytes(made)
    yield Outcome(
        name="page",
        setting=f"one visit to a page of {before:,} characters with {KEY_RESULTS} key results of ours; in this "
        "process, on SQLite, without the time of the calls to Confluence",
        samples=(
            *_samples("visit that writes one changed value", written),
            *_samples("visit that finds nothing to write", quiet),
        ),
        counted=(Counted("most memory taken by a visit that writes (tracemalloc)", peak, "MB"),),
    )


def _samples(what: str, taken: Sequence[tuple[float, float]]) -> tuple[Samples, Samples]:
    return (
        Samples(what, "ms", tuple(passed for passed, _ in taken)),
        Samples(f"{what}: processor", "ms", tuple(used for _, used in taken)),
    )


def _set_up(made: Line) -> tuple[str, int]:
    """The page's id and the table's number."""
    made.connect()
    made.import_text(json.dumps(_okrs(made.clock.now())))  # JSON is YAML
    body = PARAGRAPH * (PAGE_BYTES // len(PARAGRAPH))
    page_id = made.site.create_page("OKR", "A large page", body)
    table_id = made.add_table(page_id, "large")
    made.work()
    assert "LAR-KR200" in made.site.body(page_id)
    return page_id, table_id


def _okrs(now: datetime) -> dict[str, object]:
    today = now.astimezone(UTC).date()
    of_each = KEY_RESULTS // OBJECTIVES
    return {
        "cycle": {
            "key": "large",
            "name": "Large",
            "starts": str(today - timedelta(days=30)),
            "ends": str(today + timedelta(days=60)),
        },
        "objectives": [
            {
                "key": f"LAR-O{objective + 1}",
                "title": f"Objective {objective + 1}",
                "team": "Large",
                "key_results": [
                    {
                        "key": f"LAR-KR{objective * of_each + place + 1}",
                        "title": f"Key result {objective * of_each + place + 1}",
                        "owner": "Ana Duarte",
                        "from": 0,
                        "to": 100,
                        "unit": "%",
                    }
                    for place in range(of_each)
                ],
            }
            for objective in range(OBJECTIVES)
        ],
    }


def _check_in(made: Line, number: int) -> None:
    """A value of one key result changes, so that the table has to be written."""
    commands.record_check_in(
        made.on,
        made.workspace_id,
        key=f"LAR-KR{number % KEY_RESULTS + 1}",
        value=Decimal(number + 1),
        confidence=6,
        done_since="",
        note="",
        blockers="",
        next_step=f"Step {number}",
        author="Ana Duarte",
        origin=CheckInOrigin.WEB,
        idempotency_key=f"bench-{number}-{time.monotonic_ns()}",
    )


def _mark_table(made: Line, table_id: int) -> None:
    with made.on.database.write() as conn:
        mark_due(conn, made.workspace_id, "table", [str(table_id)], made.clock.now())


def _own_time(made: Line, timed: Timed, change: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds of one round of work less the calls to Confluence within: as they passed, and of the processor."""
    change()
    timed.seconds = timed.processor = 0.0
    began, used = time.perf_counter(), time.process_time()
    made.work(until_quiet=False)
    passed, used = time.perf_counter() - began - timed.seconds, time.process_time() - used - timed.processor
    return passed * 1000, used * 1000


def _peak_megabytes(made: Line) -> float:
    _check_in(made, VISITS)
    tracemalloc.start()
    try:
        made.work(until_quiet=False)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
