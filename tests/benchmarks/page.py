"""One visit to a large page: the service's own time, without the calls, and the memory that it takes."""

from __future__ import annotations

import json
import re
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
from sync.collector import fit_collector
from sync.ports import JiraReader, Page, PageStore, PageVersion, SiteAccount, Sites
from tests.benchmarks.figures import Counted, Outcome, Samples
from tests.databases import SqliteTemplate, closing
from tests.integration.line import Line, line
from tests.site.running import start_site

VISITS = 20
KEY_RESULTS = 200
OBJECTIVES = 50
# Three initiatives of each key result, of a generated world: nothing in it is real.
EPICS = 600
ISSUES = 4
OWN_TARGET = "≤ 150 ms"
PAGE_BYTES = 1_000_000
PARAGRAPH = "<p>What was said in the meeting, and <strong>who</strong> does what until when &amp; why.</p>"
# The content of the second cell behind the one that holds the key result's link.
_NOW_CELL = re.compile(r"</td><td[^>]*>.*?</td><td[^>]*><p>([^<]*)</p></td>")


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
    """Visits that each write one changed value, that take one value somebody typed, that find nothing to write; and the
    memory of one more that writes."""
    with (
        start_site(folder, world=f"generated:{EPICS}x{ISSUES}") as site,
        closing(SqliteTemplate(folder).copy()) as database,
    ):
        made = line(database, site, folder, write_bucket=1000)
        page_id, table_id = _set_up(made)
        fit_collector()  # as a worker does when it starts
        timed = Timed()
        made.on = replace(made.on, sites=TimedSites(made.on.sites, timed))
        kinds: dict[str, Callable[[int], None]] = {
            "writes one changed value": partial(_raise_value, made),
            "takes one typed value": partial(_type_value, made, page_id, table_id),
            "finds nothing to write": partial(_mark_table, made, table_id),
        }
        taken = {
            kind: [_visit(made, timed, partial(act, number)) for number in range(VISITS)] for kind, act in kinds.items()
        }
        before = len(made.site.body(page_id))
        peak = _peak_megabytes(made)
    yield Outcome(
        name="page",
        setting=f"one visit to a page of {before:,} characters with {KEY_RESULTS} key results of ours and {EPICS} "
        "initiatives; in this process, on SQLite. Own: everything that this process does but for the calls to "
        "Confluence (client, HTTP library, JSON), whose time in this process stands beside; Python's collector is "
        "set as a worker sets it",
        samples=tuple(sample for kind, visits in taken.items() for sample in _samples(f"visit that {kind}", visits)),
        counted=(Counted("most memory taken by a visit that writes (tracemalloc)", peak, "MB"),),
    )


def _samples(what: str, visits: Sequence[Visit]) -> tuple[Samples, ...]:
    return (
        Samples(f"{what}: own, processor", "ms", tuple(each.own_processor for each in visits), OWN_TARGET),
        Samples(f"{what}: own, time that passed", "ms", tuple(each.own_passed for each in visits)),
        Samples(f"{what}: calls, processor", "ms", tuple(each.calls_processor for each in visits)),
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """Milliseconds: of our own as they passed and of the processor, and of the processor in calls."""

    own_passed: float
    own_processor: float
    calls_processor: float


def _set_up(made: Line) -> tuple[str, int]:
    """The page's id and the table's number. Every key result has had a check-in."""
    made.connect()
    made.import_text(json.dumps(_okrs(made.clock.now())))  # JSON is YAML
    for number in range(KEY_RESULTS):
        _check_in(made, number, Decimal(number))
    made.work()
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
                        "initiatives": _epics_of(objective * of_each + place),
                    }
                    for place in range(of_each)
                ],
            }
            for objective in range(OBJECTIVES)
        ],
    }


def _epics_of(place: int) -> list[str]:
    of_each = EPICS // KEY_RESULTS
    return [f"GEN-{epic * (ISSUES + 1) + 1}" for epic in range(place * of_each, (place + 1) * of_each)]


def _raise_value(made: Line, number: int) -> None:
    """A value of one key result changes, so that the table has to be written."""
    _check_in(made, number, Decimal(number) + Decimal("0.5"))


def _check_in(made: Line, number: int, value: Decimal) -> None:
    commands.record_check_in(
        made.on,
        made.workspace_id,
        key=f"LAR-KR{number % KEY_RESULTS + 1}",
        value=value,
        confidence=6,
        done_since="",
        note="",
        blockers="",
        next_step=f"Step {number}",
        author="Ana Duarte",
        origin=CheckInOrigin.WEB,
        idempotency_key=f"bench-{number}-{time.monotonic_ns()}",
    )


def _type_value(made: Line, page_id: str, table_id: int, number: int) -> None:
    """A person types into the cell under Now of one key result, and publishes."""

    def typed(body: str) -> str:
        row = body.index(f'/kr/LAR-KR{number + VISITS + 1}"')
        at = _NOW_CELL.search(body, row)
        assert at is not None
        return f"{body[: at.start(1)]}{number + 2 * VISITS}{body[at.end(1) :]}"

    made.site.edit_page(page_id, typed)
    _mark_table(made, table_id)


def _mark_table(made: Line, table_id: int, _number: int = 0) -> None:
    with made.on.database.write() as conn:
        mark_due(conn, made.workspace_id, "table", [str(table_id)], made.clock.now())


def _visit(made: Line, timed: Timed, change: Callable[[], None]) -> Visit:
    """One round of work after that change."""
    change()
    timed.seconds = timed.processor = 0.0
    began, used = time.perf_counter(), time.process_time()
    made.work(until_quiet=False)
    passed, used = time.perf_counter() - began - timed.seconds, time.process_time() - used - timed.processor
    return Visit(passed * 1000, used * 1000, timed.processor * 1000)


def _peak_megabytes(made: Line) -> float:
    _raise_value(made, VISITS)
    tracemalloc.start()
    try:
        made.work(until_quiet=False)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
