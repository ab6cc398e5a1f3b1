"""One worker: does what is due when the bell rings, and looks by itself every few seconds because bells get lost.

The main thread listens to Redis through RQ; without Redis it looks at the work table twice a second. A second thread
gives a sign of life and holds the timer's lease if nobody else does; it never works, since work may take long. With
Redis a third one looks for work that no bell announced.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from types import FrameType

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from connector.store import workers
from connector.store.errors import StoreUnavailable
from sync.collector import fit_collector
from sync.jobs import at_the_ring
from sync.ports import Resources
from sync.queues import answer_the_ring, connect_for_ringing, connect_for_working, due_queue
from sync.stages import STAGES
from sync.timer import tick
from sync.work import do_what_is_due

log = logging.getLogger(__name__)

LOOK_SECONDS_WITH_REDIS = 3.0
LOOK_SECONDS_WITHOUT = 0.5
TICK_SECONDS = 1.0
REST_WITHOUT_DATABASE_SECONDS = 2.0
REST_WITHOUT_REDIS_SECONDS = 2.0
# A ring is answered for less than RQ allows a job (JOB_TIMEOUT_SECONDS), which it would break off at any point.
ANSWER_SECONDS = 600.0
SEEN_EVERY = timedelta(seconds=5)


def run_worker(on: Resources) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    fit_collector()
    stop = threading.Event()
    _stop_on_signal(stop)
    name = f"{socket.gethostname()}.{os.getpid()}.{token_hex(2)}"
    redis_url = on.settings.redis_address
    beside = [threading.Thread(target=_give_signs, args=(on, name, stop, bool(redis_url)), name="timer")]
    if redis_url:
        beside.append(threading.Thread(target=_look_without_a_ring, args=(on, stop), name="look"))
    for thread in beside:
        thread.start()
    try:
        if redis_url:
            _listen(on, name, redis_url, stop)
        else:
            _look(on, stop, LOOK_SECONDS_WITHOUT)
    finally:
        stop.set()
        for thread in beside:
            thread.join(30)
        _say_goodbye(on, name)


def _stop_on_signal(stop: threading.Event) -> None:
    def note(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)


def _listen(on: Resources, name: str, redis_url: str, stop: threading.Event) -> None:
    redis = connect_for_ringing(redis_url)

    def work() -> None:
        answer_the_ring(redis)
        until = time.monotonic() + ANSWER_SECONDS
        _work_once(on, lambda: stop.is_set() or time.monotonic() > until, stop)

    at_the_ring.set(work)
    while not stop.is_set():
        try:
            _ListeningWorker.named(name, redis_url, stop).work(logging_level="WARNING")
        except RedisError as error:
            log.warning("Redis is away (%s); looking for work without it", type(error).__name__)
            _look(on, stop, LOOK_SECONDS_WITHOUT, for_seconds=REST_WITHOUT_REDIS_SECONDS)


class _ListeningWorker(SimpleWorker):
    """RQ's worker in our own process: no fork, so that engines and clients stay usable."""

    stop: threading.Event

    @classmethod
    def named(cls, name: str, redis_url: str, stop: threading.Event) -> _ListeningWorker:
        redis = connect_for_working(redis_url)
        # The times keep RQ's own bookkeeping short; what is due stands in the database, not in its registries.
        made = cls(
            [due_queue(redis)],
            name=f"{name}.{token_hex(2)}",
            connection=redis,
            serializer=JSONSerializer,
            worker_ttl=30,
            maintenance_interval=30,
            job_monitoring_interval=5,
        )
        made.stop = stop
        return made

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """A signal came: whatever is in hand ends after its present batch."""
        self.stop.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def _look(on: Resources, stop: threading.Event, every: float, for_seconds: float | None = None) -> None:
    waited = 0.0
    while not stop.is_set() and (for_seconds is None or waited < for_seconds):
        _work_once(on, stop.is_set, stop)
        stop.wait(every)
        waited += every


def _look_without_a_ring(on: Resources, stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS_WITH_REDIS):
        try:
            _work_once(on, stop.is_set, stop)
        except Exception:
            # Rings may all be lost; then nobody else looks.
            log.exception("a look at the work table failed")


def _work_once(on: Resources, stopping: Callable[[], bool], stop: threading.Event) -> None:
    try:
        do_what_is_due(on, STAGES, stopping=stopping)
    except StoreUnavailable as error:
        log.warning("The database is away: %s", error)
        stop.wait(REST_WITHOUT_DATABASE_SECONDS)


def _give_signs(on: Resources, name: str, stop: threading.Event, has_redis: bool) -> None:
    started = on.clock.now()
    seen = started - SEEN_EVERY
    while not stop.wait(TICK_SECONDS):
        try:
            now = on.clock.now()
            if now - seen >= SEEN_EVERY:
                seen = now
                with on.database.write() as conn:
                    workers.record_alive(conn, name, started_at=started, seen_at=now, redis="yes" if has_redis else "")
            if tick(on, name):
                on.bell.ring()
        except StoreUnavailable as error:
            log.warning("The database is away: %s", error)
            stop.wait(REST_WITHOUT_DATABASE_SECONDS)
        except Exception:
            # This thread is the worker's sign of life; it must outlast any fault of one round.
            log.exception("a round of the timer failed")


def _say_goodbye(on: Resources, name: str) -> None:
    try:
        with on.database.write() as conn:
            workers.forget(conn, name)
    except StoreUnavailable:
        log.info("could not sign off; the sign of life runs out by itself")
