"""All rows of the database as they were at one moment, while the service goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, select

from connector.backup.archive import ArchiveWriter, new_archive
from connector.backup.contents import Contents
from connector.backup.values import as_line, kind_of
from connector.migrations.apply import present_schema
from connector.store.engine import Database
from connector.store.schema import lease, metadata, worker

# What only says who is running just now.
NOT_KEPT = frozenset({lease.name, worker.name})
# A table in a page remembers all of its cells, so a row can be large.
_ROWS_AT_ONCE = 50


def save(database: Database, keys: Sequence[bytes], path: Path, at: datetime) -> Contents:
    """Write a backup to a new file. The whole is one read-only transaction, which holds up nobody: on SQLite a snapshot
    of the WAL, on PostgreSQL REPEATABLE READ. The file holds the keys, and so is worth as much as the data folder.

    Raises BackupRefused, StoreError. The database must be of this version.
    """
    with new_archive(path) as archive, database.read() as conn:
        for table in metadata.sorted_tables:
            if table.name not in NOT_KEPT:
                _add(conn, archive, table)
        schema, kind = present_schema(conn), conn.dialect.name
        return archive.finish(b"\n".join(keys) + b"\n", made_at=at, schema=schema, came_from=kind)


def _add(conn: Connection, archive: ArchiveWriter, table: Table) -> None:
    columns = {column.name: kind_of(column) for column in table.columns}
    archive.add_table(table.name, columns, _lines(conn, table, list(columns.values())))


def _lines(conn: Connection, table: Table, kinds: Sequence[str]) -> Iterator[bytes]:
    streaming = {"yield_per": _ROWS_AT_ONCE}
    found = conn.execute(select(table).order_by(*table.primary_key.columns), execution_options=streaming)
    for row in found:
        yield as_line(row, kinds)
