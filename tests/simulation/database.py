"""The real store on SQLite, with a point before and after each commit, at which a process may end or have to wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from connector.store.engine import Database
from connector.store.errors import StoreUnavailable

_NEXT_DUE = """
SELECT min(CASE WHEN claim_token IS NULL THEN due_at ELSE claimed_until END) FROM work WHERE parked_at IS NULL
"""


@dataclass
class CommitPoints:
    """``before`` may only end the process: on SQLite nobody else writes while a transaction is open. ``commits`` are
    counted. While it ``is_away``, every transaction fails of which ``is_felt`` says that a process of ours wants it;
    what people and judges do meanwhile stands for their doing it a little later."""

    before: Callable[[], None]
    after: Callable[[], None]
    is_felt: Callable[[], bool]
    is_away: bool = False
    commits: int = 0


class SteppedDatabase(Database):
    """Without points it is the product's own."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.points: CommitPoints | None = None
        self._onlooker = sqlite3.connect(str(engine.url.database))

    def next_due(self) -> datetime | None:
        """When anything of the queue is due, or a claim runs out, as an onlooker sees it: asked after every commit, and
        no part of what is played."""
        found: str | None = self._onlooker.execute(_NEXT_DUE).fetchone()[0]
        return None if found is None else datetime.fromisoformat(found).replace(tzinfo=UTC)

    def close(self) -> None:
        self._onlooker.close()
        super().close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._refuse_if_away()
        with super().read() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self._refuse_if_away()
        with super().write() as conn:
            yield conn
            if self.points is not None:
                self.points.before()
        if self.points is not None:
            self.points.commits += 1
            self.points.after()

    def _refuse_if_away(self) -> None:
        if self.points is not None and self.points.is_away and self.points.is_felt():
            raise StoreUnavailable("the database is away")
