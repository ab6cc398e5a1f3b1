"""Transactions begin and end in one place, and what goes wrong with the database has one name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from connector.store.engine import Database, database_now, in_transaction, make_engine
from connector.store.errors import StoreError, StoreUnavailable
from tests.databases import closing

ADD = text("INSERT INTO workspace (name, created_at) VALUES (:name, '2026-11-22 09:00:00.000000')")


def _names(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.execute(text("SELECT name FROM workspace ORDER BY id")).scalars())


def test_a_block_that_ends_is_committed(database: Database) -> None:
    with database.write() as conn:
        conn.execute(ADD, {"name": "kept"})
    assert _names(database) == ["kept"]


def test_a_block_that_raises_is_rolled_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_raise(database)
    assert _names(database) == []
    with database.write() as conn:
        conn.execute(ADD, {"name": "afterwards"})
    assert _names(database) == ["afterwards"]


def _add_and_raise(db: Database) -> None:
    with db.write() as conn:
        conn.execute(ADD, {"name": "half"})
        raise ZeroDivisionError


def test_reading_cannot_write_and_writing_can_afterwards(database: Database) -> None:
    with pytest.raises((DBAPIError, RuntimeError)), database.read() as conn:
        conn.execute(ADD, {"name": "by reading"})
    with database.write() as conn:
        conn.execute(ADD, {"name": "by writing"})
    assert _names(database) == ["by writing"]


def test_reading_sees_one_unchanging_state(database: Database) -> None:
    count = text("SELECT count(*) FROM workspace")
    with database.read() as conn:
        assert conn.execute(count).scalar_one() == 0
        other = Thread(target=lambda: _add(database, "meanwhile"))
        other.start()
        other.join(10)
        assert conn.execute(count).scalar_one() == 0
    assert _names(database) == ["meanwhile"]


def _add(db: Database, name: str) -> None:
    with db.write() as conn:
        conn.execute(ADD, {"name": name})


def test_a_transaction_is_known_to_its_own_thread_alone(database: Database) -> None:
    elsewhere: list[bool] = []
    assert not in_transaction()
    for begin in (database.read, database.write):
        with begin():
            assert in_transaction()
            other = Thread(target=lambda: elsewhere.append(in_transaction()))
            other.start()
            other.join(10)
        assert not in_transaction()
    with pytest.raises(ZeroDivisionError), database.write():
        raise ZeroDivisionError
    assert not in_transaction()
    assert elsewhere == [False, False]


def test_transactions_are_not_nested(database: Database) -> None:
    for outer in (database.read, database.write):
        for inner in (database.read, database.write):
            with outer(), pytest.raises(RuntimeError, match="open already"), inner():
                pass
    _add(database, "still works")
    assert _names(database) == ["still works"]


def test_the_databases_time(database: Database) -> None:
    with database.read() as conn:
        now = database_now(conn)
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_sqlite_is_set_up_to_lose_nothing(sqlite_database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with sqlite_database.read() as conn:
        assert {name: conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted} == wanted


@pytest.mark.postgres
def test_postgresql_is_set_up_to_wait_for_nothing_for_ever(postgres_url: str) -> None:
    settings = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "TimeZone")
    with closing(postgres_url) as db, db.read() as conn:
        assert [conn.execute(text(f"SHOW {name}")).scalar_one() for name in settings] == ["30s", "10s", "2min", "UTC"]
        assert conn.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
    with closing(postgres_url) as db, db.write() as conn:
        assert conn.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"


@pytest.mark.parametrize(
    "url", ["postgres://h/d", "postgresql://h/d?options=-csearch_path%3Dx", "postgresql+psycopg://h/d"]
)
def test_every_way_to_write_postgresql_takes_our_driver(url: str) -> None:
    engine = make_engine(url)
    assert engine.url.drivername == "postgresql+psycopg"
    assert "statement_timeout" in str(engine.url.query["options"])
    assert ("search_path=x" in str(engine.url.query["options"])) == ("search_path" in url)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(StoreError, match="'mysql' is not known; use sqlite or postgresql"):
        make_engine("mysql://h/d")


FORK = """
import os, sys
from connector.store.engine import Database, make_engine
db = Database(make_engine(sys.argv[1]))
with db.read():
    pass
if os.fork() == 0:
    for begin in (db.read, db.write):
        try:
            with begin():
                pass
        except RuntimeError as error:
            print(error, flush=True)
    os._exit(0)
os.wait()
"""


def test_an_engine_does_not_cross_a_fork(sqlite_url: str) -> None:
    done = subprocess.run([sys.executable, "-c", FORK, sqlite_url], capture_output=True, text=True, check=True)
    assert done.stdout.count("opened before the process forked") == 2


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with (
        closing(f"sqlite:///{tmp_path}/nowhere/okr.sqlite3") as db,
        pytest.raises(StoreUnavailable, match=r"nowhere/okr\.sqlite3 cannot be used now: the file cannot be opened"),
        db.read(),
    ):
        pass


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "okr.sqlite3").write_bytes(b"a letter to grandmother " * 100)
    with (
        closing(f"sqlite:///{tmp_path}/okr.sqlite3") as db,
        pytest.raises(StoreUnavailable, match="not a database"),
        db.read(),
    ):
        pass


def _pragma(db: Database, statement: str) -> None:
    event.listen(db.engine, "connect", lambda driver, _record: driver.execute(statement))


def test_a_full_disk(sqlite_url: str) -> None:
    with closing(sqlite_url) as db:
        _pragma(db, "PRAGMA max_page_count = 1")  # becomes the present size: it cannot grow any more
        with pytest.raises(StoreUnavailable, match="the disk is full"), db.write() as conn:
            conn.execute(ADD, {"name": "x" * 1_000_000})
        assert _names(db) == []


def test_a_database_that_stays_locked(sqlite_url: str) -> None:
    with closing(sqlite_url) as holder, closing(sqlite_url) as db, ThreadPoolExecutor() as threads:
        _pragma(db, "PRAGMA busy_timeout = 20")
        with holder.write():
            in_vain = threads.submit(_add, db, "in vain")
            with pytest.raises(StoreUnavailable, match="another process kept it locked"):
                in_vain.result(10)
        assert _names(db) == []


@pytest.mark.postgres
def test_a_server_that_is_away_and_whose_password_is_not_told(postgres_url: str) -> None:
    url = "postgresql://okr:very-secret@127.0.0.1:1/okr"
    with closing(url) as db, pytest.raises(StoreUnavailable) as caught, db.read():
        pass
    assert "cannot be used now" in str(caught.value)
    assert "very-secret" not in str(caught.value)


@pytest.mark.postgres
def test_a_server_that_restarts_under_a_transaction(postgres_url: str) -> None:
    with closing(postgres_url) as db:
        with pytest.raises(StoreUnavailable):
            _add_over_a_restart(db, postgres_url)
        assert _names(db) == []
        _end_all_sessions(postgres_url)
        _add(db, "afterwards")
        assert _names(db) == ["afterwards"]


def _add_over_a_restart(db: Database, url: str) -> None:
    with db.write() as conn:
        conn.execute(ADD, {"name": "half"})
        _end_all_sessions(url)
        conn.execute(ADD, {"name": "the other half"})


def _end_all_sessions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_wrong_statement_is_not_the_databases_fault(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as conn:
        conn.execute(text("SELECT * FROM nowhere"))


@pytest.fixture
def short_of_connections(sqlite_url: str) -> Iterator[Database]:
    with closing(sqlite_url) as db:
        pool: Any = db.engine.pool
        pool._timeout, pool._max_overflow = 0.01, 0
        yield db


def test_no_free_connection(short_of_connections: Database) -> None:
    with ExitStack() as taken:
        for _ in range(5):
            taken.enter_context(short_of_connections.engine.connect())
        with pytest.raises(StoreUnavailable, match="all connections to it are taken"), short_of_connections.read():
            pass


def test_what_goes_wrong_is_told_without_the_values(database: Database) -> None:
    wrong = text("INSERT INTO workspace (name, nowhere) VALUES (:name, 1)")
    with pytest.raises(DBAPIError) as caught, database.write() as conn:
        conn.execute(wrong, {"name": "what nobody may read in a log"})
    assert "what nobody may read in a log" not in str(caught.value)


def test_what_people_change_waits_for_what_others_change_and_workers_do_not(database: Database) -> None:
    done: list[str] = []

    def change() -> None:
        with database.for_people().write():
            done.append("second")

    with database.for_people().write() as conn:
        conn.execute(ADD, {"name": "first"})
        if database.engine.dialect.name == "postgresql":
            with ThreadPoolExecutor(1) as worker:
                worker.submit(_add, database, "by a worker").result()
        second = Thread(target=change)
        second.start()
        done.append("first")
    second.join()
    assert done == ["first", "second"]
