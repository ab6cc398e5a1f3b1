"""A worker's short life: it looks, works, gives a sign of life, and stops when it is told to."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from pydantic import SecretStr
from redis import Redis

from connector.crypto import SecretBox, load_keys
from connector.errors import Unavailable
from connector.settings import Settings
from connector.store import work_list, workers, workspaces
from connector.store.connections import Connection, NewConnection, add_connection
from connector.store.engine import Database
from connector.store.work import mark_due
from sync.ports import Resources
from sync.queues import bell_for
from sync.timer import LEASE_SECONDS
from sync.wiring import DatabaseClock, SiteClients
from sync.worker import TICK_SECONDS, run_worker

MOST_SECONDS = 20.0


@pytest.fixture
def resources(sqlite_database: Database, tmp_path: Path) -> Resources:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    secrets = SecretBox(load_keys(settings))
    clock = DatabaseClock(sqlite_database)
    with sqlite_database.write() as conn:
        workspaces.first_workspace(conn, clock.now())
    return Resources(settings, sqlite_database, clock, bell_for(""), secrets, SiteClients(settings, secrets))


def a_jira(name: str) -> NewConnection:
    url = f"https://{name}.example"
    return NewConnection("jira", url, url, "classic", "okr@acme.example", b"sealed", b"sealed")


def mark(on: Resources) -> None:
    """A table that is not there: done without any call."""
    with on.database.write() as conn:
        mark_due(conn, 1, "table", ["77"], on.clock.now())


def is_done(on: Resources) -> bool:
    with on.database.read() as conn:
        return not work_list.marked(conn, 1, "table", ["77"])


def alive(on: Resources) -> tuple[workers.Worker, ...]:
    with on.database.read() as conn:
        return workers.alive_since(conn, on.clock.now() - timedelta(minutes=1))


def until(happened: Callable[[], bool]) -> float:
    """How long it took; an assertion if it does not happen."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < MOST_SECONDS, "it does not happen"
        time.sleep(0.02)
    return time.monotonic() - began


def run_until_told(on: Resources, watch: Callable[[], None]) -> None:
    """The worker in this thread, as it has to be for its signals; ``watch`` in another, which ends it as a machine
    would."""

    def watch_and_end() -> None:
        try:
            watch()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    watcher = threading.Thread(target=watch_and_end)
    signal.signal(signal.SIGTERM, lambda *_: None)
    watcher.start()
    try:
        run_worker(on)
    finally:
        watcher.join(MOST_SECONDS)
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture(autouse=True)
def collector_as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_it_fits_the_collector_to_its_visits(resources: Resources) -> None:
    seen: list[int] = []

    def watch() -> None:
        until(lambda: len(alive(resources)) == 1)
        seen.extend((gc.get_threshold()[0], gc.get_freeze_count()))

    run_until_told(resources, watch)
    threshold, kept_out = seen
    assert threshold >= 10_000
    assert kept_out >= 10_000
    assert gc.isenabled()


def test_without_redis_it_looks_by_itself_and_says_good_bye(resources: Resources) -> None:
    def watch() -> None:
        mark(resources)
        until(lambda: is_done(resources))
        until(lambda: len(alive(resources)) == 1)

    run_until_told(resources, watch)
    assert is_done(resources)
    assert alive(resources) == ()


def test_a_ring_wakes_it_before_it_would_look(resources: Resources, redis_url: str) -> None:
    Redis.from_url(redis_url).flushall()
    on = replace(
        resources,
        settings=resources.settings.model_copy(update={"redis_url": SecretStr(redis_url)}),
        bell=bell_for(redis_url),
    )
    took: list[float] = []

    def watch() -> None:
        time.sleep(1.0)
        for _ in range(3):
            mark(on)
            on.bell.ring()
            took.append(until(lambda: is_done(on)))

    run_until_told(on, watch)
    assert len(took) == 3
    assert sorted(took)[1] < 1.5


def test_work_whose_rings_all_got_lost_is_done(resources: Resources, redis_url: str) -> None:
    """Redis is there and nobody hears anything: the bell is a silent one."""
    Redis.from_url(redis_url).flushall()
    settings = resources.settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    on = replace(resources, settings=settings)

    def watch() -> None:
        mark(on)
        until(lambda: is_done(on))

    run_until_told(on, watch)
    assert is_done(on)


class StuckSites:
    """Sites that do not answer until they are let go."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.let_go = threading.Event()

    def jira(self, connection: Connection) -> NoReturn:
        self.asked.append(connection.id)
        self.let_go.wait(MOST_SECONDS)
        raise Unavailable("nobody answered")

    confluence = jira


def test_a_worker_whose_threads_are_all_busy_still_gives_signs_and_ticks(resources: Resources, redis_url: str) -> None:
    Redis.from_url(redis_url).flushall()
    stuck = StuckSites()
    settings = resources.settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    on = replace(resources, settings=settings, bell=bell_for(redis_url), sites=stuck)
    with on.database.write() as conn:
        for name in ("one", "two"):
            add_connection(conn, 1, a_jira(name), on.clock.now())

    def watch() -> None:
        try:
            until(lambda: len(set(stuck.asked)) == 2)
            time.sleep(2 * TICK_SECONDS)
            with on.database.read() as conn:
                ticked = conn.exec_driver_sql("SELECT until FROM lease WHERE name = 'timer'").scalar_one()
            assert datetime.fromisoformat(ticked).replace(tzinfo=UTC) > on.clock.now() + timedelta(
                seconds=LEASE_SECONDS - 2 * TICK_SECONDS
            )
            signs.append(ticked)
        finally:
            stuck.let_go.set()

    signs: list[str] = []
    run_until_told(on, watch)
    assert signs
