"""Done clicked in Jira → the page in Confluence changed, by webhook, with all processes as in production."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mapping.interchange import write_okrs
from tests.benchmarks.figures import Outcome, Samples
from tests.benchmarks.processes import Service, wait_for
from tests.demo_check import what_is_wrong
from tests.demo_okrs import demo_okrs, moved_to
from tests.site.running import Site, start_site

RUNS = 60
PAGE_TITLE = "OKRs Q4 2026"
EPIC = "PAY-412"
LOOK_EVERY_SECONDS = 0.02
# Write budget is left, and no poll helps: it comes once an hour.
SETTINGS = {
    "OKR_WRITE_BUCKET": "1000",
    "OKR_WRITE_REFILL_MINUTES": "0.1",
    "OKR_POLL_SECONDS": "3600",
}


def measure(folder: Path) -> Iterator[Outcome]:
    """Once with the Redis that ``okr up`` starts, once without any."""
    for name, with_redis in (("with Redis", True), ("without Redis", False)):
        place = folder / name.replace(" ", "-")
        place.mkdir()
        yield _measure(place, name, with_redis=with_redis)


def _measure(folder: Path, name: str, *, with_redis: bool) -> Outcome:
    with start_site(folder) as site:
        service = Service(folder, site, SETTINGS)
        with _running(service, with_redis=with_redis):
            page_id = _set_up(service)
            seconds = tuple(_one_run(site, page_id) for _ in range(RUNS))
    return Outcome(
        name=f"line, {name}",
        setting=f"{'okr up' if with_redis else 'okr web and two of okr worker'} on SQLite; from the answer to Jira's "
        f"transition until the page's body holds the new figure, looked at every {LOOK_EVERY_SECONDS * 1000:.0f} ms",
        samples=(Samples("Done → page changed", "s", seconds, "median ≤ 2 s, p95 ≤ 4 s" if with_redis else ""),),
    )


@contextmanager
def _running(service: Service, *, with_redis: bool) -> Iterator[None]:
    if not with_redis:
        service.okr("migrate")
    with ExitStack() as running:
        for words in (("up",),) if with_redis else (("web",), ("worker",), ("worker",)):
            running.enter_context(service.running(*words))
        service.wait_until_up()
        yield


def _set_up(service: Service) -> str:
    """As an admin does it; returns the page's id once the page is right."""
    site = service.site
    parsed = moved_to(demo_okrs(), datetime.now(UTC).date())
    okrs = service.folder / "okrs.yaml"
    okrs.write_text(write_okrs(parsed))
    service.connect()
    site.register_webhook(*service.webhook())
    service.okr("import", str(okrs))
    page_id = str(site.page_called(PAGE_TITLE)["id"])
    service.okr("table", "add", page_id, "--cycle", parsed.cycles[0].key)
    wait_for(lambda: not what_is_wrong(site, page_id), 120, "the page did not become right", every=0.5)
    return page_id


def _one_run(site: Site, page_id: str) -> float:
    """Move one issue to Done, or a done one back; wait until the page counts it."""
    child = site.children(EPIC)[-1]
    is_done = child["fields"]["status"]["statusCategory"]["key"] == "done"
    done, all_issues = _figure(site, page_id)
    expected = (done + (-1 if is_done else 1), all_issues)
    time.sleep(random.uniform(0.5, 1.5))  # so that no run meets the same moment of the workers' rounds
    site.transition(child["key"], "To Do" if is_done else "Done")
    return wait_for(lambda: _figure(site, page_id) == expected, 60, "the page did not change", every=LOOK_EVERY_SECONDS)


def _figure(site: Site, page_id: str) -> tuple[int, int]:
    """What the page says of the epic: so many done, of so many."""
    text = re.sub(r"<[^>]+>", " ", site.body(page_id)).replace("\u00a0", " ").replace("&nbsp;", " ")
    found = re.search(rf"{EPIC}\s+(\d+) of (\d+) done", text)
    assert found is not None, "the page does not name the epic"
    return int(found.group(1)), int(found.group(2))
