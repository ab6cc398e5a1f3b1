"""The doorbell: a Redis queue that says nothing but "something is due". Losing it costs time, never work.

Ringing sets a key with a short life first, so that a thousand events make one job; the job clears it when it starts.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUE_NAME = "okr"
JOB = "sync.jobs.do_what_is_due"
RUNG_KEY = "okr:rung"
RUNG_SECONDS = 5
JOB_TIMEOUT_SECONDS = 900
REST_AFTER_FAILURE_SECONDS = 5.0


class SilentBell:
    """Where there is no Redis: workers look at the work table by themselves."""

    def ring(self) -> None:
        """Do nothing."""


class RedisBell:
    """Rings over Redis. After a failure it rests a few seconds: no webhook waits for a Redis that is away."""

    def __init__(self, redis: Redis, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._queue = due_queue(redis)
        self._monotonic = monotonic
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def ring(self) -> None:
        """Wake one worker, unless one was just woken. Never raises."""
        if self._monotonic() < self._silent_until:
            return
        try:
            if self._redis.set(RUNG_KEY, "1", nx=True, ex=RUNG_SECONDS):
                self._queue.enqueue(JOB, result_ttl=0, failure_ttl=60, job_timeout=JOB_TIMEOUT_SECONDS)
        except RedisError as error:
            with self._lock:
                self._silent_until = self._monotonic() + REST_AFTER_FAILURE_SECONDS
            log.warning("Redis is away (%s); workers look at the work table by themselves", type(error).__name__)


def answer_the_ring(redis: Redis) -> None:
    """Say that somebody is up, before looking at what is due: what comes from now on rings anew. Never raises."""
    try:
        redis.delete(RUNG_KEY)
    except RedisError as error:
        log.warning("Redis is away (%s); the ring runs out by itself", type(error).__name__)


def due_queue(redis: Redis) -> Queue:
    """The one queue. JSON, so that whoever can write to Redis cannot run code of his own through it."""
    return Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)


def connect_for_ringing(url: str) -> Redis:
    """A client that gives up at once: ringing is best effort."""
    return Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0))


def connect_for_working(url: str) -> Redis:
    """A client for a worker's blocking wait; RQ sets the waiting time itself."""
    return Redis.from_url(url, socket_connect_timeout=5)


def bell_for(url: str) -> RedisBell | SilentBell:
    """The bell for a Redis address; silent where there is none."""
    return RedisBell(connect_for_ringing(url)) if url else SilentBell()


def redis_trouble(url: str) -> str:
    """Empty where Redis answers and keeps what it is given; otherwise what is wrong and what to do."""
    try:
        client = connect_for_ringing(url)
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except RedisError as error:
        return f"Redis does not answer ({type(error).__name__}): work goes on, a few seconds slower. Start it again."
    if policy != "noeviction":
        return f"Redis may throw wake-up calls away (maxmemory-policy {policy}): set it to noeviction."
    return ""
