"""A backup back into a database of either kind, all of it or nothing.

The tables are made as they were when the backup was made, filled, and then brought to this version, so that a backup of
an older version can be put back as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, column, func, insert, select, table, text
from sqlalchemy.exc import DataError, IntegrityError

from connector.backup.archive import Archive
from connector.backup.contents import Part
from connector.backup.refusal import BackupRefused
from connector.backup.saving import NOT_KEPT
from connector.backup.values import from_line, type_of
from connector.migrations.apply import knows, lead_to, migrate, take_away
from connector.store import workers
from connector.store.engine import Database
from connector.store.schema import metadata, workspace

# A worker says every few seconds that it is alive.
STILL_RUNNING = timedelta(seconds=60)
_MOST_ROWS = 500
# A table in a page remembers all of its cells, so a row can be large.
_MOST_BYTES = 4_000_000


def load(
    database: Database,
    archive: Archive,
    *,
    now: datetime,
    replace: bool,
    then: Callable[[Connection], None],
) -> None:
    """Put a backup back, in one transaction; ``then`` is done at its end.

    BackupRefused where the database holds anything already and ``replace`` was not asked for, where workers use it,
    or where the backup is of a newer version or does not fit. Raises StoreError.
    """
    if not knows(archive.contents.schema):
        raise BackupRefused(
            f"The backup was made by a newer version (its schema is {archive.contents.schema!r}). Install that version."
        )
    migrate(database)
    with database.write() as conn:
        _refuse_in_use(conn, now)
        if not replace:
            _refuse_full(conn)
        take_away(conn)
        lead_to(conn, archive.contents.schema)
        for part in archive.contents.parts:
            _fill(conn, archive, part)
        lead_to(conn, "head")
        _number_on(conn)
        then(conn)


def _refuse_in_use(conn: Connection, now: datetime) -> None:
    alive = workers.alive_since(conn, now - STILL_RUNNING)
    if alive:
        raise BackupRefused(
            f"{len(alive)} of the service's workers used this database within the last minute. Stop the service on"
            " every machine first (okr up, okr web, okr worker), and wait a minute."
        )


def _refuse_full(conn: Connection) -> None:
    """The first start makes a workspace, and nothing else."""
    for each in metadata.sorted_tables:
        if each.name not in NOT_KEPT | {workspace.name} and conn.execute(select(each).limit(1)).first():
            raise BackupRefused(
                "This database is not empty. Putting the backup back takes away all that it holds; to do so, add"
                " --replace. Make a backup of it first: okr backup FILE"
            )


def _fill(conn: Connection, archive: Archive, part: Part) -> None:
    into = table(part.table, *(column(name, type_of(kind)) for name, kind in part.columns.items()))
    try:
        for rows in _in_batches(archive.lines(part), part.columns):
            conn.execute(insert(into), rows)
    except (DataError, IntegrityError) as error:
        why = str(error.orig).strip().partition("\n")[0]
        raise BackupRefused(f"The table {part.table} of the backup does not fit into this database: {why}") from None


def _in_batches(lines: Iterator[bytes], columns: Mapping[str, str]) -> Iterator[list[dict[str, object]]]:
    kinds = list(columns.values())
    while some := _some(lines):
        yield [dict(zip(columns, from_line(line, kinds), strict=True)) for line in some]


def _some(lines: Iterator[bytes]) -> list[bytes]:
    found, size = [], 0
    for line in islice(lines, _MOST_ROWS):
        found.append(line)
        size += len(line)
        if size >= _MOST_BYTES:
            break
    return found


def _number_on(conn: Connection) -> None:
    """The next new row gets a number that none of those had. SQLite sees to that by itself."""
    if conn.dialect.name != "postgresql":
        return
    for each in metadata.sorted_tables:
        if "id" in each.columns:
            highest = conn.execute(select(func.max(each.c.id))).scalar_one()
            numbers = {"table": each.name, "next": (highest or 0) + 1}
            conn.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :next, false)"), numbers)
