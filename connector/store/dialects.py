"""How SQLite and PostgreSQL are opened, how their transactions begin, and what their errors mean.

Sources: SQLite's pages on WAL and on ``BEGIN IMMEDIATE``; PostgreSQL's chapter on client connection defaults. WAL with
a busy time-out alone is not enough: a deferred transaction that turns into a writing one fails at once with
SQLITE_BUSY_SNAPSHOT, hence BEGIN IMMEDIATE for everything that writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from connector.store.errors import StoreError, StoreUnavailable

BUSY_SECONDS = 10
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 30
IDLE_IN_TRANSACTION_SECONDS = 120

READ = "read"
WRITE = "write"

_SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY: f"another process kept it locked for more than {BUSY_SECONDS} seconds",
    sqlite3.SQLITE_LOCKED: "it is locked",
    sqlite3.SQLITE_READONLY: "it cannot be written",
    sqlite3.SQLITE_IOERR: "reading or writing the disk failed",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; see that its folder exists and may be written",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
}


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def prepare_sqlite(engine: Engine) -> None:
    """Set up every new connection. ``transaction`` begins instead of the driver, and does so itself: a listener to
    SQLAlchemy's beginnings would make it look for listeners at each statement."""
    if sqlite3.sqlite_version_info < (3, 35):
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old; version 3.35 or newer is needed")
    event.listen(engine, "connect", _open_sqlite)


def _open_sqlite(driver: Any, _record: object) -> None:
    driver.isolation_level = None
    driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = FULL")
    driver.execute("PRAGMA foreign_keys = ON")


def postgres_url(url: URL) -> URL:
    """The address with our driver and our time-outs; options that it already carries stay."""
    ours = (
        f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c lock_timeout={BUSY_SECONDS * 1000}"
        f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_SECONDS * 1000} -c timezone=UTC"
    )
    theirs = url.query.get("options", "")
    query = {"connect_timeout": str(CONNECT_SECONDS), **url.query, "options": f"{ours} {theirs}".strip()}
    return url.set(drivername="postgresql+psycopg", query=query)


@contextmanager
def transaction(conn: Connection, mode: str) -> Iterator[Connection]:
    """A transaction that reads (one unchanging view) or one that writes and is committed at the end. What writes in one
    that reads is rolled back: PostgreSQL refuses it, on SQLite the end raises RuntimeError.

    SQLite would refuse as well with ``PRAGMA query_only``, but changing that makes it compile anew every statement that
    the connection had ready (its ``pragma.c`` says so), which takes longer than answering most of them.
    """
    if conn.dialect.name != "sqlite":
        with _postgres_in_mode(conn, mode).begin():
            yield conn
        return
    driver: Any = conn.connection.driver_connection
    driver.execute("BEGIN" if mode == READ else "BEGIN IMMEDIATE")
    before = driver.total_changes
    with conn.begin():
        yield conn
        if mode == READ and driver.total_changes != before:
            raise RuntimeError("a transaction that only reads has written; nothing of it was kept")


def _postgres_in_mode(conn: Connection, mode: str) -> Connection:
    if mode == READ:
        return conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return conn.execution_options(isolation_level="READ COMMITTED", postgresql_readonly=False)


def trouble(error: Exception, url: URL) -> StoreUnavailable | None:
    """The error as StoreUnavailable, or None where it speaks of a wrong statement and not of the database's state."""
    why = _why(error)
    if why is None:
        return None
    return StoreUnavailable(f"The database {url.set(query={}).render_as_string()} cannot be used now: {why}.")


def _why(error: Exception) -> str | None:
    if isinstance(error, NoFreeConnection):
        return "all connections to it are taken"
    driver_said = getattr(error, "orig", error)
    if isinstance(driver_said, sqlite3.Error):
        return _SQLITE_TROUBLE.get(getattr(driver_said, "sqlite_errorcode", 0) & 0xFF)
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return str(error.orig).strip().partition("\n")[0].rstrip(".") or "the connection was lost"
    return None
