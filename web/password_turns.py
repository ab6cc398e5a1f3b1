"""Bounds what checking passwords and one-time codes may cost: each check takes 64 MiB and a good part of a second of
one core, by design, and whoever reaches the service may ask for one.

So they are made one after another, in the order in which people came, and few may wait: more are told at once to come
again. Those of one address are but a part of the few, and so many within a minute: whoever floods us from one address
does not keep out those at others.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from flask import Flask, Response, after_this_request, g, request
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from connector.store.fair_lock import FairLock
from sync.ports import Clock

# A whole company behind one address signs in within a few minutes; one core checks some hundred in a minute.
MOST_IN_A_MINUTE = 60
WAIT_SECONDS = 5.0
COME_AGAIN_SECONDS = 5
_MINUTE = timedelta(minutes=1)
_CHECKED = frozenset({"entry.try_sign_in", "entry.claim", "entry.come_in", "account.change_password"})


class Crowded(ServiceUnavailable):
    """More people want their password checked just now than may wait."""


class PasswordTurns:
    """Who is being checked and who waits, in this process. ``most``: how many of both there may be; ``turn``: whoever
    holds it is being checked."""

    def __init__(self, most: int, turn: FairLock) -> None:
        self._most = max(most, 1)
        self._most_of_one = max(most // 2, 1)
        self._turn = turn
        self._lock = threading.Lock()
        self._present: Counter[str] = Counter()
        self._minute: datetime | None = None
        self._asked: Counter[str] = Counter()

    def take(self, address: str, at: datetime) -> None:
        """Wait for the turn of whoever asks from this address. Raises TooManyRequests or Crowded."""
        with self._lock:
            self._count(address, at)
        if not self._turn.acquire(WAIT_SECONDS):
            self._go(address)
            raise Crowded(retry_after=COME_AGAIN_SECONDS)

    def give_back(self, address: str) -> None:
        """It is the next one's turn."""
        self._turn.release()
        self._go(address)

    def _count(self, address: str, at: datetime) -> None:
        if self._minute is None or not self._minute <= at < self._minute + _MINUTE:
            self._minute = at
            self._asked.clear()
        if self._asked[address] >= MOST_IN_A_MINUTE:
            raise TooManyRequests(retry_after=int(_MINUTE.total_seconds()))
        if self._present[address] >= self._most_of_one:
            raise TooManyRequests(retry_after=COME_AGAIN_SECONDS)
        if self._present.total() >= self._most:
            raise Crowded(retry_after=COME_AGAIN_SECONDS)
        self._asked[address] += 1
        self._present[address] += 1

    def _go(self, address: str) -> None:
        with self._lock:
            self._present[address] -= 1
            self._present += Counter()  # forgets those who are gone


def bound_password_checks(app: Flask, clock: Clock, turns: PasswordTurns) -> None:
    """Refuse with 429 or 503, and say when to come again, before anything is checked."""

    def wait() -> None:
        if request.method != "POST" or request.endpoint not in _CHECKED:
            return
        address = network_of(request.remote_addr or "")
        try:
            turns.take(address, clock.now())
        except (TooManyRequests, Crowded) as refusal:
            _say_when(str(refusal.retry_after))
            raise
        g.password_turn = address

    def leave(_error: BaseException | None) -> None:
        address = g.pop("password_turn", None)
        if address is not None:
            turns.give_back(address)

    app.before_request(wait)
    app.teardown_request(leave)


def network_of(address: str) -> str:
    """Whoever has an IPv6 address has the whole /64 that it lies in."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))
    return str(ip)


def _say_when(seconds: str) -> None:
    @after_this_request
    def say(answer: Response) -> Response:
        answer.headers["Retry-After"] = seconds
        return answer
