"""The doorbell: a real Redis, one that is away, and none."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from sync.jobs import at_the_ring
from sync.queues import (
    JOB,
    RedisBell,
    SilentBell,
    answer_the_ring,
    bell_for,
    connect_for_ringing,
    due_queue,
    redis_trouble,
)

NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client = connect_for_ringing(redis_url)
    client.flushall()
    yield client
    client.close()


def answer_all(redis: Redis) -> None:
    """As RQ does it, until nothing rings; the signals of this process stay as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    SimpleWorker([due_queue(redis)], connection=redis, serializer=JSONSerializer).work(burst=True)
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_ring_leaves_one_job_that_carries_nothing(redis: Redis) -> None:
    RedisBell(redis).ring()
    (job,) = due_queue(redis).jobs
    assert (job.func_name, list(job.args), job.kwargs) == (JOB, [], {})


def test_a_thousand_rings_leave_one_job(redis: Redis) -> None:
    bell = RedisBell(redis)
    for _ in range(1000):
        bell.ring()
    assert len(due_queue(redis)) == 1


def test_after_somebody_is_up_it_rings_anew(redis: Redis) -> None:
    """What comes while a job runs must not wait for the next look."""
    bell = RedisBell(redis)
    bell.ring()
    redis.delete(due_queue(redis).key)
    bell.ring()
    assert len(due_queue(redis)) == 0
    answer_the_ring(redis)
    bell.ring()
    assert len(due_queue(redis)) == 1


def test_a_ring_during_the_work_is_heard_when_it_ends(redis: Redis) -> None:
    """A job that ends takes away what RQ knows under its id, and nothing of the one that waits."""
    bell = RedisBell(redis)
    answered: list[int] = []

    def work() -> None:
        answer_the_ring(redis)
        answered.append(1)
        if len(answered) == 1:
            bell.ring()

    at_the_ring.set(work)
    bell.ring()
    answer_all(redis)
    assert len(answered) == 2


def test_a_ring_that_nobody_hears_runs_out(redis: Redis) -> None:
    RedisBell(redis).ring()
    assert 0 < int(redis.ttl("okr:rung")) <= 5


def test_without_redis_ringing_rests_and_never_raises(caplog: pytest.LogCaptureFixture) -> None:
    moment = [100.0]
    client = connect_for_ringing(NOWHERE)
    bell = RedisBell(client, lambda: moment[0])
    for _ in range(10):
        bell.ring()
    assert len(caplog.records) == 1
    moment[0] += 6
    bell.ring()
    assert len(caplog.records) == 2
    answer_the_ring(client)


def test_no_address_means_silence() -> None:
    assert isinstance(bell_for(""), SilentBell)


def test_trouble_with_redis_is_told_with_what_to_do(redis: Redis, redis_url: str) -> None:
    assert redis_trouble(redis_url) == ""
    redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert "noeviction" in redis_trouble(redis_url)
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
    assert "Start it again" in redis_trouble(NOWHERE)
