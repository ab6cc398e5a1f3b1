"""The lock goes to those who wait in the order in which they came."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread

import pytest

from connector.store.fair_lock import FairLock


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_first_come_first_served() -> None:
    lock = FairLock()
    assert lock.acquire(1)
    order: list[int] = []

    def take(number: int) -> None:
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    threads = [Thread(target=take, args=(number,)) for number in range(10)]
    for waiting, thread in enumerate(threads, start=1):
        thread.start()
        _until(lambda waiting=waiting: len(lock._waiting) == waiting)  # type: ignore[misc]
    lock.release()
    for thread in threads:
        thread.join(5)
    assert order == list(range(10))


def test_who_waits_in_vain_leaves_the_queue() -> None:
    lock = FairLock()
    assert lock.acquire(1)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0)


class _Interrupted(Exception):
    pass


class _InterruptedGate:
    """A gate whose wait is ended by a signal, before or just after the turn was given."""

    def __init__(self, lock: FairLock, *, given: bool) -> None:
        self._lock = lock
        self._given = given

    def acquire(self, timeout: float) -> bool:
        if self._given:
            self._lock.release()
        raise _Interrupted

    def release(self) -> None:
        pass


@pytest.mark.parametrize("given", [False, True])
def test_an_interrupted_wait_does_not_take_the_turn_with_it(given: bool) -> None:
    lock = FairLock()
    assert lock.acquire(1)
    gate = _InterruptedGate(lock, given=given)
    lock._waiting.append(gate)  # type: ignore[arg-type]
    with pytest.raises(_Interrupted):
        lock._wait(gate, 1)  # type: ignore[arg-type]
    if not given:
        lock.release()
    assert lock.acquire(0)
