"""Databases for tests: migrated once, then copied for each test, so that each has one of its own."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Table, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from connector.migrations import check_version, migrate
from connector.store.engine import Database, make_engine
from connector.store.errors import StoreError
from connector.store.schema import metadata

Rows = list[tuple[Table, list[dict[str, Any]]]]


def rows_of(database: Database) -> Rows:
    """Everything that stands in it."""
    with database.read() as conn:
        found = [(each, conn.execute(select(each)).mappings().all()) for each in metadata.sorted_tables]
    return [(table, [{str(name): row[name] for name in row} for row in rows]) for table, rows in found if rows]


def put_rows_back(database: Database, rows: Rows) -> None:
    """Nothing else stands in it then, and on SQLite the next numbers are the same again."""
    with database.write() as conn:
        for table in reversed(metadata.sorted_tables):
            conn.execute(table.delete())
        for table, kept in rows:
            conn.execute(insert(table), kept)


class SqliteTemplate:
    """A migrated SQLite file and its copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._template = folder / "template.sqlite3"
        with closing(f"sqlite:///{self._template}") as db:
            migrate(db)

    def copy(self) -> str:
        """The address of a new database with the schema and no rows."""
        path = self._folder / f"{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"


class PostgresTemplate:
    """A migrated PostgreSQL database and its copies. The server's account must be allowed to create databases.

    A copy that a test leaves with the schema as it was is emptied and used again, which is much quicker than a new one;
    only the numbers of its rows go on.
    """

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._prefix = f"okr_{uuid4().hex[:12]}"
        self._numbers = itertools.count(1)
        self._emptied: list[str] = []
        self._run(self._server_url, f"CREATE DATABASE {self._prefix}")
        with closing(self._url(self._prefix)) as db:
            migrate(db)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a database with the schema and no rows, for the time of the block."""
        name = self._emptied.pop() if self._emptied else self._create()
        try:
            yield self._url(name)
        finally:
            if self._empty(name):
                self._emptied.append(name)
            else:
                self._drop(name)

    def drop(self) -> None:
        """Leave nothing behind."""
        for name in (*self._emptied, self._prefix):
            self._drop(name)

    def _create(self) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._run(self._server_url, f"CREATE DATABASE {name} TEMPLATE {self._prefix}")
        return name

    def _empty(self, name: str) -> bool:
        """End all sessions and delete all rows. False where the schema is not ours any more."""
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        self._run(self._url(name), f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")
        with closing(self._url(name)) as db:
            try:
                check_version(db)
                with db.write() as conn:
                    for table in reversed(metadata.sorted_tables):
                        conn.execute(table.delete())
            except (StoreError, SQLAlchemyError):
                return False
        return True

    def _drop(self, name: str) -> None:
        self._run(self._server_url, f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)

    @staticmethod
    def _run(url: str, statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(statement.encode())


@contextmanager
def closing(url: str) -> Iterator[Database]:
    """The database at the address, closed at the end of the block."""
    db = Database(make_engine(url))
    try:
        yield db
    finally:
        db.close()
