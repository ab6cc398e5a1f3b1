"""Bring a database to the schema of this version, and refuse one that comes from a newer version.

Alembic is configured here, in code. All changes run in one ``write()`` transaction: it either has the new schema or
the old one, and a second process that migrates at the same time waits for the first and then finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from connector.store.engine import Database
from connector.store.errors import DatabaseNotMigrated, DatabaseTooNew
from connector.store.schema import metadata

_LOCK = 0x0C0_44EC7  # any number will do, as long as nobody else locks it in the same database
_LOCK_SECONDS = 120


def migrate(db: Database) -> tuple[str, ...]:
    """Apply what is missing and tell it, oldest first; empty where nothing was missing.

    Raises DatabaseTooNew, StoreUnavailable. Safe to call from several processes at once.
    """
    with db.write() as conn:
        _wait_for_others(conn)
        missing = _missing(conn)
        if missing:
            lead_to(conn, "head")
        return missing


def lead_to(conn: Connection, revision: str) -> None:
    """Bring the database to a schema, from an older one or from nothing, within this transaction."""
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, revision)


def take_away(conn: Connection) -> None:
    """Drop every table of ours, with all rows, within this transaction; nobody else may migrate meanwhile. The database
    must be of this version."""
    _wait_for_others(conn)
    metadata.drop_all(conn)
    conn.execute(text("DROP TABLE alembic_version"))


def knows(revision: str) -> bool:
    """Whether this version has that schema among its own."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def present_schema(conn: Connection) -> str:
    """The schema that the database has. Raises DatabaseNotMigrated where it has none."""
    found = _present(conn)
    if found is None:
        raise DatabaseNotMigrated("The database is empty.")
    return found


def pending(db: Database) -> tuple[str, ...]:
    """What ``migrate`` would apply, oldest first. Raises DatabaseTooNew, StoreUnavailable."""
    with db.read() as conn:
        return _missing(conn)


def check_version(db: Database) -> None:
    """Raise DatabaseTooNew or DatabaseNotMigrated where this version cannot work with the database; the text says
    what to do. Raises StoreUnavailable as well."""
    with db.read() as conn:
        missing, is_new = _missing(conn), _present(conn) is None
    where = db.engine.url.set(query={}).render_as_string()
    if is_new:
        raise DatabaseNotMigrated(
            f"There is no OKR Connector here yet: the database {where} is empty. Begin with `okr up` (or with `okr"
            " migrate`, where web service and workers run apart). If there is one elsewhere, run this in its folder, or"
            " set OKR_DATA_DIR or OKR_DATABASE_URL as there."
        )
    if missing:
        raise DatabaseNotMigrated(
            f"The database {where} is not at this version yet. Run `okr migrate` first; what is stored stays."
        )


def _missing(conn: Connection) -> tuple[str, ...]:
    scripts = ScriptDirectory.from_config(_config())
    ours = list(scripts.walk_revisions())  # newest first
    present = _present(conn)
    known = [script.revision for script in ours]
    if present is None:
        newer = ours
    elif present in known:
        newer = ours[: known.index(present)]
    else:
        raise DatabaseTooNew(
            f"The database was made by a newer version (its schema is {present!r}, this version knows up to"
            f" {known[0]!r}). Install that version again, or restore a backup that was made before the update."
        )
    return tuple(f"{script.revision}: {script.doc}" for script in reversed(newer))


def _present(conn: Connection) -> str | None:
    """The schema that the database has; None where it has none."""
    return MigrationContext.configure(conn).get_current_revision()


def _wait_for_others(conn: Connection) -> None:
    if conn.dialect.name != "postgresql":
        return  # SQLite has one writer at a time anyway
    conn.execute(text(f"SET LOCAL lock_timeout = {_LOCK_SECONDS * 1000}"))
    conn.execute(text(f"SET LOCAL statement_timeout = {_LOCK_SECONDS * 1000}"))
    conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
