"""The migrations lead to the schema that the code uses, once, whoever applies them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, text

from connector.migrations import check_version, migrate, pending
from connector.store.engine import Database
from connector.store.errors import DatabaseNotMigrated, DatabaseTooNew
from connector.store.schema import metadata
from tests.databases import closing


def _default_differs(
    _context: object,
    _inspected: object,
    column: Column[object],
    in_database: str | None,
    _in_code: object,
    rendered: str | None,
) -> bool:
    """Compare the texts: Alembic's own comparison trips over JSON and over empty strings."""
    if column.primary_key:
        return False
    return (in_database or "").partition("::")[0].strip("()'") != (rendered or "").strip("'")


def test_the_migrated_schema_is_the_schema_of_the_code(database: Database) -> None:
    options = {"compare_type": True, "compare_server_default": _default_differs}
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts=options), metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert pending(database) == ()
    assert migrate(database) == ()
    check_version(database)


def test_a_new_database_tells_what_is_pending(tmp_path: Path) -> None:
    with closing(f"sqlite:///{tmp_path / 'new.sqlite3'}") as db:
        missing = pending(db)
        assert missing[0].startswith("r0001: ")
        with pytest.raises(DatabaseNotMigrated, match=r"There is no OKR Connector here yet.*`okr up`"):
            check_version(db)
        assert migrate(db) == missing
        assert pending(db) == ()


def test_an_older_database_is_to_be_migrated(database: Database) -> None:
    with database.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'r0001'"))
    with pytest.raises(DatabaseNotMigrated, match=r"not at this version yet.*okr migrate"):
        check_version(database)


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    for action in (migrate, pending, check_version):
        with pytest.raises(DatabaseTooNew, match=r"newer version.*r9999.*Install that version"):
            action(database)


MIGRATE = """
import sys
from connector.migrations import migrate
from connector.store.engine import Database, make_engine
print(len(migrate(Database(make_engine(sys.argv[1])))))
"""


def _migrate_in_parallel(url: str) -> list[str]:
    command = [sys.executable, "-c", MIGRATE, url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    return sorted(process.communicate(timeout=60)[0].strip() for process in processes)


def test_processes_that_migrate_at_once_apply_everything_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    with closing(url) as db:
        count = len(pending(db))
    (tmp_path / "new.sqlite3").unlink()
    assert _migrate_in_parallel(url) == ["0", "0", "0", str(count)]


@pytest.mark.postgres
def test_processes_that_migrate_at_once_on_postgresql(postgres_url: str) -> None:
    with closing(postgres_url) as db:
        with db.write() as conn:
            conn.execute(text("DROP SCHEMA public CASCADE"))
            conn.execute(text("CREATE SCHEMA public"))
        count = len(pending(db))
    assert _migrate_in_parallel(postgres_url) == ["0", "0", "0", str(count)]
