"""The database: ``read()`` and ``write()`` are the only places in the product that begin and commit.

Take short transactions around remote calls, never across them: ``in_transaction()`` tells the HTTP layer to refuse.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from connector.store.dialects import READ, WRITE, is_sqlite, postgres_url, prepare_sqlite, transaction, trouble
from connector.store.errors import StoreError, StoreUnavailable
from connector.store.fair_lock import FairLock

TURN_SECONDS = 30
# More than a worker and the screens have together; what falls out is compiled anew.
STATEMENTS_KEPT_READY = 600
# One number for everything that people change; migrations have another.
_PEOPLES_TURN = 0x4F4B5255

_inside: ContextVar[bool] = ContextVar("inside a transaction", default=False)


def make_engine(url: str) -> Engine:
    """An engine for ``sqlite:///<file>`` or ``postgresql://…``. Make it after a fork, one for each process. What it
    raises names no values: they are hashes, addresses and what people wrote, and errors end in the log.

    Raises StoreError for an address of another kind.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        kept_ready = {"cached_statements": STATEMENTS_KEPT_READY}
        engine = create_engine(parsed, pool_timeout=10, hide_parameters=True, connect_args=kept_ready)
        prepare_sqlite(engine)
        return engine
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return create_engine(postgres_url(parsed), pool_pre_ping=True, pool_timeout=10, hide_parameters=True)
    raise StoreError(f"a database of the kind {parsed.get_backend_name()!r} is not known; use sqlite or postgresql")


def in_transaction() -> bool:
    """True where this thread is inside ``read()`` or ``write()``."""
    return _inside.get()


def database_now(conn: Connection) -> datetime:
    """The database's own time, aware, in UTC; not frozen at the start of the transaction."""
    if conn.dialect.name == "sqlite":
        stamp: str = conn.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    now: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    return now.astimezone(UTC)


class Database:
    """One database of one process.

    ``read()`` sees one unchanging state and cannot write. ``write()`` commits at the end of its block, or rolls back
    where the block raised. On SQLite the threads of a process write one after another in the order in which they came.
    Both raise StoreUnavailable where the database is away, full or locked for too long, and RuntimeError where they
    are nested or used in a process other than the one that made them.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._pid = os.getpid()
        self._turns = FairLock() if is_sqlite(engine) else None
        self._is_for_people = False
        self._ask_first: Callable[[Connection], None] | None = None

    def for_people(self) -> Database:
        """The same database, in which ``write()`` also waits for every other ``write()`` of this kind, of whatever
        process: what people change is looked at before it is changed, and must not change in between. Workers, who have
        leases for that, wait for nobody."""
        other = copy(self)
        other._is_for_people = True  # noqa: SLF001 - of our own kind
        return other

    def asking_first(self, ask: Callable[[Connection], None]) -> Database:
        """The same database, each ``write()`` of which begins with ``ask``, in its transaction: whether whoever writes
        may do so, as things are by then. What it raises ends the transaction, and nothing is written."""
        other = copy(self)
        other._ask_first = ask  # noqa: SLF001 - of our own kind
        return other

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only transaction. What writes in it all the same is a fault in our own code: nothing of it is kept,
        and it raises, on SQLite RuntimeError at the end, on PostgreSQL the database's own error."""
        with self._translated(), self._begun(READ) as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block."""
        with self._turn(), self._translated(), self._begun(WRITE) as conn:
            if self._is_for_people and self._turns is None:
                conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _PEOPLES_TURN})
            if self._ask_first is not None:
                self._ask_first(conn)
            yield conn

    def close(self) -> None:
        """Give back every idle connection."""
        self.engine.dispose()

    @contextmanager
    def _begun(self, mode: str) -> Iterator[Connection]:
        self._refuse_misuse()
        with self.engine.connect() as fresh:
            before = _inside.set(True)
            try:
                with transaction(fresh, mode) as conn:
                    yield conn
            finally:
                _inside.reset(before)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._refuse_misuse()
        if self._turns is None:
            yield
            return
        if not self._turns.acquire(TURN_SECONDS):
            raise StoreUnavailable(f"The database was busy with other changes for {TURN_SECONDS} seconds.")
        try:
            yield
        finally:
            self._turns.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            unavailable = trouble(error, self.engine.url)
            if unavailable is None:
                raise
            raise unavailable from error

    def _refuse_misuse(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError("this database was opened before the process forked: open it anew in the child")
        if _inside.get():
            raise RuntimeError("a transaction is open already: pass its connection on instead of beginning another")
