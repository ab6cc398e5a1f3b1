"""What all tests share: a clock, and a database of one's own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.store.engine import Database
from tests import servers
from tests.clock import FakeClock
from tests.databases import PostgresTemplate, SqliteTemplate, closing
from tests.statement_watch import watching


@pytest.fixture(autouse=True)
def every_statement_names_its_workspace() -> Iterator[list[str]]:
    """Fails a test during which the store read or changed the rows of all workspaces at once."""
    with watching() as found:
        yield found
    assert found == []


@pytest.fixture
def clock() -> FakeClock:
    """Stands at Sunday, 22 November 2026, 09:00 UTC until it is moved."""
    return FakeClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[PostgresTemplate]:
    with servers.postgres() as server:
        if isinstance(server, servers.Missing):
            servers.unavailable("postgres", server.reason)
        template = PostgresTemplate(server.url)
        yield template
        template.drop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis server that all tests share: flush it before use."""
    with servers.redis() as server:
        if isinstance(server, servers.Missing):
            servers.unavailable("redis", server.reason)
        yield server.url


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate) -> str:
    """A new SQLite database with the schema and no rows."""
    return sqlite_template.copy()


@pytest.fixture
def postgres_url(postgres_template: PostgresTemplate) -> Iterator[str]:
    """A PostgreSQL database with the schema and no rows."""
    with postgres_template.copy() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs once on each kind of database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the schema and no rows, once SQLite and once PostgreSQL."""
    with closing(database_url) as db:
        yield db


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """The same, only on SQLite, for tests that have nothing to do with the kind of database."""
    with closing(sqlite_url) as db:
        yield db
