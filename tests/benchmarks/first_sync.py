"""The first sync of a generated world: how long, how many calls beside the fewest possible, how much memory; and what a
worker that was killed in the middle costs. Nothing in this world is real, and its project says so."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.benchmarks.figures import Counted, Outcome
from tests.benchmarks.processes import Running, Service, wait_for
from tests.site.roster import SYNC
from tests.site.running import Site, start_site

EPICS = 2_000
ISSUES = 50
KEY_RESULTS = 200
KEY_RESULTS_OF_ONE_OBJECTIVE = 4
# Jira returns at most so many issues with fields in one answer, and fetches so many by id in one call.
IN_A_PAGE = 100
IN_A_FETCH = 100
DONE_WITHIN_SECONDS = 3600.0

Json = dict[str, Any]


def measure(folder: Path) -> Iterator[Outcome]:
    """Once undisturbed, once with the worker killed when half of the calls are made."""
    for name, killed in (("undisturbed", False), ("killed in the middle", True)):
        place = folder / name.replace(" ", "-")
        place.mkdir()
        yield _measure(place, name, killed=killed)


def fewest_calls() -> int:
    """Each epic fetched by id, and all issues below them listed, every answer full."""
    return ceil(EPICS / IN_A_FETCH) + ceil(EPICS * ISSUES / IN_A_PAGE)


def _measure(folder: Path, name: str, *, killed: bool) -> Outcome:
    with start_site(folder, world=f"generated:{EPICS}x{ISSUES}") as site:
        service = Service(folder, site, {"OKR_POLL_SECONDS": "3600"})
        imported = _set_up(service)
        site.forget_requests()
        began = time.monotonic()
        counted = _sync_with_a_kill(service, began) if killed else _sync(service, began)
        calls = _calls(site)
    return Outcome(
        name=f"first sync, {name}",
        setting=f"generated world of {EPICS:,} epics × {ISSUES} issues, {KEY_RESULTS} key results, one okr worker on "
        f"SQLite without Redis; fewest calls = ⌈epics ÷ {IN_A_FETCH}⌉ + ⌈epics × issues ÷ {IN_A_PAGE}⌉",
        counted=(*counted, *_told(calls), Counted("import of the OKRs before that", imported, "s")),
    )


def _set_up(service: Service) -> float:
    okrs = service.folder / "okrs.yaml"
    okrs.write_text(json.dumps(_okrs()))  # JSON is YAML
    service.okr("migrate")
    service.connect()
    began = time.monotonic()
    service.okr("import", str(okrs))
    return time.monotonic() - began


def _okrs() -> Json:
    """Every epic drives exactly one key result."""
    today = datetime.now(UTC).date()
    of_each = EPICS // KEY_RESULTS
    keys = [f"GEN-{epic * (ISSUES + 1) + 1}" for epic in range(EPICS)]
    results = [
        {
            "key": f"GEN-KR{number + 1}",
            "title": f"Generated key result {number + 1}",
            "from": 0,
            "to": 100,
            "unit": "%",
            "initiatives": keys[number * of_each : (number + 1) * of_each],
        }
        for number in range(KEY_RESULTS)
    ]
    step = KEY_RESULTS_OF_ONE_OBJECTIVE
    return {
        "cycle": {
            "key": "generated",
            "name": "Generated",
            "starts": str(today - timedelta(days=30)),
            "ends": str(today + timedelta(days=60)),
        },
        "objectives": [
            {
                "key": f"GEN-O{start // step + 1}",
                "title": f"Generated objective {start // step + 1}",
                "team": "Generated",
                "key_results": results[start : start + step],
            }
            for start in range(0, KEY_RESULTS, step)
        ],
    }


def _sync(service: Service, began: float) -> tuple[Counted, ...]:
    with service.running("worker") as worker:
        _wait_until_done(service)
        return _used(worker, began)


def _sync_with_a_kill(service: Service, began: float) -> tuple[Counted, ...]:
    with service.running("worker") as first:
        wait_for(lambda: len(_calls(service.site)) > fewest_calls() / 2, DONE_WITHIN_SECONDS, "half was not reached")
        first.kill()
        killed_after = time.monotonic() - began
    with service.running("worker") as second:
        _wait_until_done(service)
        return (*_used(second, began), Counted("killed after", killed_after, "s"))


def _wait_until_done(service: Service) -> None:
    engine = create_engine(service.database_url)
    try:
        wait_for(lambda: _left(engine) == 0, DONE_WITHIN_SECONDS, "the first sync did not end", every=0.5)
    finally:
        engine.dispose()


def _left(engine: Any) -> int:
    waiting = "SELECT count(*) FROM work WHERE kind IN ('children', 'initiative', 'issue') AND parked_at IS NULL"
    with engine.connect() as conn:
        return int(conn.execute(text(waiting)).scalar_one())


def _used(worker: Running, began: float) -> tuple[Counted, ...]:
    return (
        Counted("wall time", time.monotonic() - began, "s"),
        Counted("processor time of the worker", worker.processor_seconds(), "s"),
        Counted("peak memory of the worker", worker.peak_megabytes(), "MB", "≤ 250 MB"),
    )


def _calls(site: Site) -> list[Json]:
    """The calls to Jira that read issues."""
    ours = (call for call in site.requests(by=SYNC) if call["path"].startswith("/rest/api/3/"))
    return [call for call in ours if call["path"].endswith(("/bulkfetch", "/search/jql"))]


def _told(calls: list[Json]) -> tuple[Counted, ...]:
    pages = sum(call["path"].endswith("/search/jql") for call in calls)
    twice = max(pages - ceil(EPICS * ISSUES / IN_A_PAGE), 0) * IN_A_PAGE
    return (
        Counted("calls made", len(calls)),
        Counted("fewest calls possible", fewest_calls()),
        Counted("issues read twice, at most", twice, "", f"of {EPICS * ISSUES:,}"),
        Counted("of the time, spent in the stand-in site", sum(call["seconds"] for call in calls), "s"),
    )
