"""Databases for tests: migrated once, then copied for each test, so that each has one of its own."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.engine import make_url

from connector.migrations import migrate
from connector.store.engine import Database, make_engine


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
    """A migrated PostgreSQL database and its copies. The server's account must be allowed to create databases."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._prefix = f"okr_{uuid4().hex[:12]}"
        self._numbers = itertools.count(1)
        self._run(f"CREATE DATABASE {self._prefix}")
        with closing(self._url(self._prefix)) as db:
            migrate(db)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a new database with the schema and no rows; it is dropped at the end of the block."""
        name = f"{self._prefix}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._prefix}")
        try:
            yield self._url(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def drop(self) -> None:
        self._run(f"DROP DATABASE {self._prefix} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server_url, autocommit=True) as conn:
            conn.execute(statement.encode())


@contextmanager
def closing(url: str) -> Iterator[Database]:
    """The database at the address, closed at the end of the block."""
    db = Database(make_engine(url))
    try:
        yield db
    finally:
        db.close()
