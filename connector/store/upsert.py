"""``INSERT … ON CONFLICT``, which SQLite and PostgreSQL both know but SQLAlchemy spells once for each."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from connector.store.rows import Values


def insert_into(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that may go on with ``on_conflict_do_update`` or ``on_conflict_do_nothing``."""
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)


def insert_once(conn: Connection, table: Table, row: Values) -> bool:
    """Add the row. False, and nothing is written, where a unique key of it is taken already."""
    once = insert_into(conn, table).values(row).on_conflict_do_nothing()
    # Not ``rowcount``: with psycopg it says nothing for a single insert.
    return conn.execute(once.returning(table.c.id)).first() is not None
