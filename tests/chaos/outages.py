"""What happens to the servers and to the wires between them and the product, and how it is mended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from tests.chaos.house import House
from tests.chaos.wires import Wire

Acts = dict[str, Callable[[], None]]


@dataclass
class Outages:
    """Each act leaves things broken until ``mend``."""

    house: House
    _lock: psycopg.Connection | None = None

    def acts(self, of: str, chance: Random) -> Acts:
        """By name: those of ``redis``, ``postgres`` or ``wire``."""
        if of == "redis":
            return self._of_redis()
        if of == "postgres":
            return self._of_postgres()
        kind = chance.choice(sorted(self.house.wires))
        wire = self.house.wires[kind][chance.choice(sorted(self.house.wires[kind]))]
        return {f"wire to {kind} is cut": lambda: self._cut(wire)}

    def mend(self) -> None:
        """Everything is whole again; processes of the product are left as they are."""
        for wires in self.house.wires.values():
            for wire in wires.values():
                wire.cut = False
        if not self._redis_is_well():
            self.house.redis.end()
            self.house.redis.start()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        for pid in _with_children(self.house.postgres.pid):
            os.kill(pid, signal.SIGCONT)
        if not self.house.postgres.pid:
            self.house.postgres.start()

    # ---- Redis

    def _of_redis(self) -> Acts:
        return {
            "redis is flushed": lambda: self._tell("FLUSHALL"),
            "redis is killed": self.house.redis.end,
            "redis is read-only": lambda: self._tell("REPLICAOF", "127.0.0.1", "1"),
            "redis lacks replicas": lambda: self._tell("CONFIG", "SET", "min-replicas-to-write", "1"),
            "redis is full": lambda: self._fill("noeviction"),
            "redis evicts": lambda: self._fill("allkeys-lru"),
        }

    def _fill(self, policy: str) -> None:
        self._tell("CONFIG", "SET", "maxmemory-policy", policy)
        self._tell("CONFIG", "SET", "maxmemory", "1")

    def _tell(self, *words: str) -> None:
        with Redis(unix_socket_path=str(self.house.redis.folder / "redis.sock")) as client:
            client.execute_command(*words)

    def _redis_is_well(self) -> bool:
        """Whether it was only flushed, if anything."""
        if not self.house.redis.pid:
            return False
        path = str(self.house.redis.folder / "redis.sock")
        with suppress(RedisError), Redis(unix_socket_path=path) as client:
            client.set("well", "1")
            return bool(client.config_get("maxmemory")["maxmemory"] == "0")
        return False

    # ---- PostgreSQL

    def _of_postgres(self) -> Acts:
        return {
            "postgres is restarted": self.house.postgres.end,
            "postgres stands still": self._freeze,
            "postgres cuts connections": self._terminate,
            "postgres holds the queue's lock": self._hold,
        }

    def _freeze(self) -> None:
        for pid in _with_children(self.house.postgres.pid):
            os.kill(pid, signal.SIGSTOP)

    def _terminate(self) -> None:
        others = "datname = 'okr' AND pid <> pg_backend_pid()"
        self.house.rows(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    def _hold(self) -> None:
        self._lock = psycopg.connect(self.house.rows_url)
        self._lock.execute("LOCK TABLE work IN ACCESS EXCLUSIVE MODE")

    # ---- wires

    def _cut(self, wire: Wire) -> None:
        wire.cut = True
        self.house.switchboard.drop(wire)


def _with_children(pid: int) -> Iterator[int]:
    if pid:
        yield pid
        yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
